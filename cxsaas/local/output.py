"""What the person at the terminal sees: prefixed lines of each process, and our own."""

import contextlib
import os
from pathlib import Path
from typing import TextIO

COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
RESET = "\x1b[0m"
WIDTH = 9
LARGEST_LOG = 5_000_000


class Output:
    """Writes to the terminal and to one log file a process; a closed terminal is no error."""

    def __init__(self, stream: TextIO, folder: Path) -> None:
        """Take the terminal and the folder of the log files."""
        self.stream = stream
        self.folder = folder
        self.coloured = stream.isatty() and "NO_COLOR" not in os.environ
        self._colours: dict[str, int] = {}
        self._files: dict[str, TextIO] = {}

    def line(self, name: str, text: str, *, shown: bool = True) -> None:
        """Keep one line that a process wrote, and pass it on to the terminal."""
        if shown:
            self._show(name, text)
        file = self._files.get(name) or self._open(name)
        # A full disk must not take the supervisor down with it.
        with contextlib.suppress(OSError):
            file.write(f"{text}\n")
            file.flush()

    def _show(self, name: str, text: str) -> None:
        colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
        label = f"{name:<{WIDTH}}|"
        self._write(f"\x1b[{colour}m{label}{RESET} {text}" if self.coloured else f"{label} {text}")

    def say(self, text: str) -> None:
        """Write a line of our own."""
        self._write(text)

    def close(self) -> None:
        """Close the log files."""
        for file in self._files.values():
            with contextlib.suppress(OSError):
                file.close()
        self._files.clear()

    def _open(self, name: str) -> TextIO:
        path = self.folder / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        file = self._files[name] = path.open("a", encoding="utf-8")
        return file

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"{text}\n")
            self.stream.flush()
