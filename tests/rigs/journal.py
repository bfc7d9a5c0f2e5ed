"""An append-only journal: one JSON line for each message that a fake provider has accepted."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Line = dict[str, Any]


class Journal:
    """Writes whole lines with one system call each, so that a killed writer leaves no half line."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.lines: list[Line] = []
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if path else None

    def write(self, line: Line) -> None:
        """Keep a line for good before anybody is answered."""
        if self._file is None:
            self.lines.append(line)
        else:
            os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def read(self) -> list[Line]:
        """Give every line written so far, by this writer and any before it."""
        return list(read(self.path)) if self.path else list(self.lines)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read(path: Path) -> Iterator[Line]:
    """Read a journal line by line."""
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def accepted(path: Path) -> list[Line]:
    """Give every accepted message in order."""
    return list(read(path))


def duplicates(path: Path, *, key: str = "message") -> dict[str, int]:
    """Give each message id (or other value) accepted more than once, with how often."""
    counts = Counter(str(line.get(key, "")) for line in read(path))
    return {value: count for value, count in counts.items() if value and count > 1}
