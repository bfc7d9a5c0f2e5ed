"""Where the local stack keeps its things, and the keys it makes for itself once."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cxsaas.local.errors import LocalError
from cxsaas.local.sockets import make_private

CHECKOUT = Path(__file__).resolve().parent.parent.parent
KEYS = ("SECRET_KEY", "MASTER_KEYS")
FOLDERS = ("run", "logs", "media", "progress", "static")


@dataclass(frozen=True)
class Layout:
    """The names of all files under one data folder."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The database's own folder."""
        return self.root / "pg"

    @property
    def valkey(self) -> Path:
        """The broker's folder, which holds its socket."""
        return self.root / "valkey"

    @property
    def run(self) -> Path:
        """What only matters while something runs: locks, process lists, the beat's notes."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """One log file for each process."""
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """The file whose lock says that a supervisor is at work here."""
        return self.run / "supervisor.lock"

    @property
    def demo_key(self) -> Path:
        """The demo's API key, kept so that a later start can show it again."""
        return self.root / "demo_api_key"

    @property
    def secrets(self) -> Path:
        """The keys that this machine made for itself."""
        return self.root / "secrets.env"

    def contents(self) -> list[Path]:
        """List what of ours is there: a data folder that the user named may hold more."""
        names = ("pg*", "valkey*", "secrets.env", "demo_api_key", *FOLDERS)
        return [path for name in names for path in self.root.glob(name)]

    def forget_beat(self) -> None:
        """Remove what the scheduler noted."""
        for path in self.run.glob("beat-schedule*"):
            path.unlink()

    def create(self) -> None:
        """Make the folders that are missing, for this user alone."""
        try:
            make_private(self.root)
            for name in FOLDERS:
                make_private(self.root / name)
        except OSError as error:
            message = f"The data folder {self.root} cannot be made: {error.strerror}."
            raise LocalError(message) from error


def layout() -> Layout:
    """Give the layout of this checkout, or of `DATA_DIR` where it is set."""
    given = os.environ.get("DATA_DIR")
    return Layout(Path(given).resolve() if given else CHECKOUT / ".local")


def read_keys(path: Path) -> dict[str, str]:
    """Read the keys of this machine; none when the file is not there."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and line[:1] != "#")
    return {name.strip(): value.strip() for name, _, value in pairs}


def ensure_keys(path: Path) -> dict[str, str]:
    """Read the keys of this machine, making those that are missing."""
    keys = read_keys(path)
    missing = [name for name in KEYS if not keys.get(name)]
    if missing:
        keys |= {name: secrets.token_urlsafe(48) for name in missing}
        text = "# Made once for this machine. Losing it makes stored secrets unreadable.\n"
        text += "".join(f"{name}={value}\n" for name, value in keys.items())
        write_private(path, text)
    return keys


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
