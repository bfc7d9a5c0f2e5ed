"""Small database helpers: time-ordered ids, what an actor may see, the rows of a raw query."""

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q, QuerySet

from apps.core.facts import Actor

M = TypeVar("M", bound=Model)
R = TypeVar("R")
Params = Sequence[Any] | Mapping[str, Any]


def uuid7() -> UUID:
    """Return a time-ordered UUID (RFC 9562, version 7): 48 bits of milliseconds, 74 of chance."""
    value = int.from_bytes(os.urandom(10), "big")
    stamp = time.time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF
    number = (
        stamp << 80 | 0x7 << 76 | (value >> 68 & 0xFFF) << 64 | 0b10 << 62 | value & (1 << 62) - 1
    )
    return UUID(int=number)


def within(actor: Actor, rows: QuerySet[M, R], field: str = "location_id") -> QuerySet[M, R]:
    """Narrow rows to the actor's places; what belongs to no place is seen by everybody."""
    if actor.location_ids is None:
        return rows
    return rows.filter(Q(**{field: None}) | Q(**{f"{field}__in": actor.location_ids}))


def scope_values(actor: Actor) -> dict[str, Any]:
    """Return ``everywhere`` and ``places`` for a raw query that narrows as ``within`` does."""
    return {
        "everywhere": actor.location_ids is None,
        "places": list(actor.location_ids or ()),
    }


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
