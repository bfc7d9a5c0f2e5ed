"""A lock that ends with its process, however that process ends."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """An exclusive advisory lock on a file that names its holder."""

    def __init__(self, path: Path) -> None:
        """Name the lock file; it is created on the first attempt."""
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Try to take the lock at once; False when another process holds it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; the file stays, since removing it would race."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> str:
        """Say which process wrote itself into the file last."""
        try:
            return self.path.read_text().strip() or "unknown"
        except FileNotFoundError:
            return "unknown"
