"""Small database helpers: time-ordered ids and the rows of a raw query."""

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

Params = Sequence[Any] | Mapping[str, Any]


def uuid7() -> UUID:
    """Return a time-ordered UUID (RFC 9562, version 7): 48 bits of milliseconds, 74 of chance."""
    value = int.from_bytes(os.urandom(10), "big")
    stamp = time.time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF
    number = (
        stamp << 80 | 0x7 << 76 | (value >> 68 & 0xFFF) << 64 | 0b10 << 62 | value & (1 << 62) - 1
    )
    return UUID(int=number)


def fetch_all(sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
    """Run a constant query of a room's ``sql.py`` and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def execute(sql: str, params: Params = ()) -> int:
    """Run a constant statement of a room's ``sql.py`` and return the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)
