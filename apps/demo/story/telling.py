"""The story as it is written down: tables of the folder ``data``, read into their classes."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_DATA = Path(__file__).parent / "data"


def read_tables(name: str) -> dict[str, Any]:
    """Return what a file of the story holds."""
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))


def read_rows(name: str, kind: type[T]) -> tuple[T, ...]:
    """Return the rows of a file that holds one table of rows."""
    (rows,) = read_tables(name).values()
    return tuple(kind(**row) for row in rows)
