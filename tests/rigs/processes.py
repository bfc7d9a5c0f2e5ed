"""The real product as processes of its own: web, workers and scheduler that a test may kill."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from cxsaas.local import catalogue, children
from cxsaas.local.bootstrap import bootstrap_database
from cxsaas.local.environment import APP, DATABASE, OWNER, OWNER_URL
from cxsaas.local.layout import Layout
from cxsaas.local.postgres import EmbeddedPostgres
from cxsaas.local.processes import Service
from cxsaas.local.valkey import EmbeddedValkey

ROOT = Path(__file__).resolve().parent.parent.parent
READY_S = 60.0
STOP = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))
LOG_TAIL = 4000
WORKERS = ("fast", "bulk")
PRODUCT = ("web", *WORKERS, "beat")


class NotReady(AssertionError):
    """A process did not come up; the message carries the end of its log."""


@dataclass
class Process:
    """One service that is started, killed and started again, its words kept in a file."""

    service: Service
    log: Path
    kills: int = 0
    _running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process; it dies with this one, whatever happens to us."""
        if self.service.before:
            self.service.before()
        with self.log.open("ab") as log:
            self._running = children.spawn(
                self.service.command,
                death_signal=signal.SIGKILL,
                env=self.service.environment,
                cwd=ROOT,
                stdout=log,
            )

    @property
    def is_alive(self) -> bool:
        """Tell whether the first process still runs."""
        return self._running is not None and self._running.poll() is None

    def pids(self) -> list[int]:
        """List the process and its children, the parent first."""
        if self._running is None:
            return []
        leader = self._running.pid
        start = children.start_time(leader) or "0"
        members = set(children.session_members(leader, start))
        return [leader, *sorted(members - {leader})] if self.is_alive else sorted(members)

    def kill(self) -> None:
        """Kill -9 the process and its children at once."""
        if self._running is not None:
            self.kills += 1
            children.kill_session(self._running)
            self._running.wait()

    def kill_one(self, chance: random.Random) -> int:
        """Kill -9 one of the process and its children; gives the victim's id, or 0."""
        pids = self.pids()
        if not pids:
            return 0
        victim = chance.choice(pids)
        self.kills += 1
        children.signal_one(victim, signal.SIGKILL)
        return victim

    def stop(self) -> None:
        """Ask the process to end, then make it."""
        if self._running is not None:
            children.end(self._running, STOP)
            children.kill_session(self._running)

    def tail(self) -> str:
        """Give the end of the log."""
        if not self.log.exists():
            return ""
        return self.log.read_text("utf-8", errors="replace")[-LOG_TAIL:]


class Product:
    """The product over a database and a broker of its own, or over given ones.

    `environment` may bring `DATABASE_URL` with `DATABASE_OWNER_URL`, and `CELERY_BROKER_URL`;
    what it lacks is embedded in `folder`.
    """

    def __init__(
        self, folder: Path, *, environment: Mapping[str, str] | None = None, durable: bool = True
    ) -> None:
        self.layout = Layout(folder)
        self.port = free_port()
        self.processes: dict[str, Process] = {}
        given = dict(environment or {})
        self.postgres = (
            None
            if "DATABASE_URL" in given
            else EmbeddedPostgres(self.layout.postgres, durable=durable)
        )
        self.valkey = None if "CELERY_BROKER_URL" in given else EmbeddedValkey(self.layout.valkey)
        self.environment = {**_defaults(self.layout, self.port), **self._servers(), **given}

    @property
    def url(self) -> str:
        """Where the web server listens; a business is named by the Host header."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *names: str) -> Self:
        """Start servers, migrate, start the named processes (all, when none is named)."""
        self.layout.create()
        if self.valkey:
            self.valkey.start()
        if self.postgres:
            self.postgres.start()
            bootstrap_database(self.postgres.superuser_dsn(), DATABASE, OWNER, APP)
            self.manage("migrate_all")
        for name in names or PRODUCT:
            self.launch(name)
        if "web" in self.processes:
            self.wait_ready()
        return self

    def launch(self, name: str, *, environment: Mapping[str, str] | None = None) -> Process:
        """Start one more process of the product, or one that had ended, again."""
        known = self.processes.get(name)
        if known is None or environment is not None:
            own = {**self.environment, **(environment or {})}
            known = Process(self._service(name, own), self.layout.logs / f"{name}.log")
            self.processes[name] = known
        known.start()
        return known

    def revive(self) -> list[str]:
        """Start again whatever has died, as a supervisor would; gives the names."""
        dead = [name for name, process in self.processes.items() if not process.is_alive]
        for name in dead:
            self.processes[name].kill()
            self.processes[name].start()
        return dead

    def manage(self, *words: str) -> str:
        """Run a management command with the owner's rights and give what it printed."""
        return self._run(catalogue.manage("manage", words, self.environment).command)

    def run(self, module: str, *words: str) -> str:
        """Run a module of ours with the owner's rights and give what it printed."""
        return self._run((sys.executable, "-m", module, *words))

    def _run(self, command: tuple[str, ...]) -> str:
        done = subprocess.run(
            command,
            env=dict(self.environment),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            message = f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}"
            raise NotReady(message[-LOG_TAIL:])
        return done.stdout

    def wait_ready(self, *, seconds: float = READY_S) -> None:
        """Wait until /readyz answers."""
        web = self.processes["web"]
        deadline = time.monotonic() + seconds
        while not answers(f"{self.url}/readyz"):
            if not web.is_alive or time.monotonic() > deadline:
                raise NotReady(f"web did not get ready:\n{web.tail()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop everything; nothing is left running."""
        for process in reversed(list(self.processes.values())):
            process.stop()
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()

    def kill_broker(self) -> None:
        """Kill -9 the broker, with all it held, and start it again."""
        if self.valkey:
            _kill_server(self.valkey)
            self.valkey.start()

    def kill_database(self) -> None:
        """Kill -9 the database server with its backends, and start it again."""
        if self.postgres:
            _kill_server(self.postgres)
            self.postgres.start()

    def kill(self) -> None:
        """Kill -9 every process of the product at once."""
        for process in self.processes.values():
            process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _servers(self) -> dict[str, str]:
        found = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url(APP, DATABASE)
            found[OWNER_URL] = self.postgres.url(OWNER, DATABASE)
        if self.valkey:
            found["CELERY_BROKER_URL"] = self.valkey.url(0)
            found["CACHE_URL"] = self.valkey.cache_url(1)
        return found

    def _service(self, name: str, environment: Mapping[str, str]) -> Service:
        if name == "web":
            return catalogue.web(environment, self.port)
        if name == "beat":
            return catalogue.scheduler(environment, self.layout)
        kind = name.split("-", maxsplit=1)[0]
        service = catalogue.worker(kind, environment)
        if kind == name:
            return service
        # A second worker of a kind needs a name of its own.
        command = tuple(word.replace(f"{kind}@", f"{name}@") for word in service.command)
        return Service(name=name, command=command, environment=service.environment)


def _kill_server(server: EmbeddedPostgres | EmbeddedValkey) -> None:
    running = server._process
    if running is not None:
        children.kill_session(running)
        running.wait()
    server.stop()


def answers(url: str) -> bool:
    """Tell whether an address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    """Find a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], *, seconds: float, pause: float = 0.1) -> bool:
    """Wait until something holds; False when it never did."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def _defaults(layout: Layout, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "DJANGO_SETTINGS_MODULE": "cxsaas.settings",
        "SECRET_KEY": "only-for-rigs-0123456789abcdefghijklmnopqrstuvwxyz",
        "LOCAL_MODE": "1",
        "LOGIN_LIMITS_OFF": "1",
        "ALLOW_LOOPBACK_PROVIDERS": "1",
        "BASE_DOMAIN": "localhost",
        "PORT": str(port),
        "DATA_DIR": str(layout.root),
        "CXSAAS_DEMO_KEY_FILE": str(layout.demo_key),
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "random",
        "VIRTUAL_ENV": sys.prefix,
    }
