"""A note on this machine of which calls to a provider were begun and how they ended.

It survives kill -9 (not the machine's own end, which the boot's name at its top reveals), so that
after a worker's death what was certainly not sent can be told from what may have been.
"""

import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from apps.messaging.providers.base import Result, Status

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_OPEN = os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC


class Fate(StrEnum):
    """What a note tells of an attempt that has no result in the ledger."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    ENDED = "ended"
    UNKNOWN = "unknown"  # no note of this boot on this machine


@dataclass(frozen=True)
class Finding:
    """The fate of one attempt, with the provider's answer where it came."""

    fate: Fate
    result: Result | None = None


class Note:
    """Written by the worker that sends, one line before and one after each call."""

    def __init__(self, schema: str, name: str) -> None:
        self._path = _path(schema, name)
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(self._path, _OPEN, 0o600)
        self._write(f"b {_boot()}")

    def begin(self, attempt_id: int) -> None:
        """Say that the call is about to be made."""
        self._write(f"s {attempt_id}")

    def end(self, attempt_id: int, result: Result) -> None:
        """Say how the call ended."""
        self._write(f"d {attempt_id} {json.dumps(asdict(result))}")

    def _write(self, line: str) -> None:
        os.write(self._file, f"{line}\n".encode())

    def close(self) -> None:
        """Let go of the file and leave it to be read."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def remove(self) -> None:
        """Forget it: everything in it is in the ledger."""
        self.close()
        self._path.unlink(missing_ok=True)


def make_name(owner: str) -> str:
    """Return a name for the note of one set of a worker that no other set has."""
    safe = "".join(sign if sign.isalnum() or sign in "-." else "_" for sign in owner)
    return f"{safe[:60]}.{secrets.token_hex(8)}"


def list_old(schema: str, *, before: float) -> list[str]:
    """Return the names of notes that nobody has written in since ``before`` (seconds)."""
    folder = Path(settings.PROGRESS_DIR) / schema
    return [path.stem for path in folder.glob("*.log") if path.stat().st_mtime < before]


def read(schema: str, name: str) -> Mapping[int, Finding] | None:
    """Return what was begun and ended under a name; None without a trustworthy note."""
    try:
        raw = _path(schema, name).read_bytes()
    except OSError:
        return None
    if not raw.endswith(b"\n"):
        return None
    first, *lines = raw.decode(errors="replace").splitlines()
    if first != f"b {_boot()}":
        return None
    found: dict[int, Finding] = {}
    try:
        for line in lines:
            word, key, *rest = line.split(" ", 2)
            if word == "s":
                found[int(key)] = Finding(Fate.BEGUN)
            else:
                found[int(key)] = Finding(Fate.ENDED, _result(rest[0]))
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return found


def remove(schema: str, name: str) -> None:
    """Forget a dead worker's note."""
    with contextlib.suppress(OSError):
        _path(schema, name).unlink()


def _result(text: str) -> Result:
    values = json.loads(text)
    return Result(**{**values, "status": Status(values["status"])})


def _path(schema: str, name: str) -> Path:
    return Path(settings.PROGRESS_DIR) / schema / f"{name}.log"


def _boot() -> str:
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return "unknown"
