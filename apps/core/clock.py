"""The time, read at the edges (doors and tasks) and passed down as ``now``."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _held.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be ``moment`` for what runs inside: so the demo lives through its history."""
    before = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(before)
