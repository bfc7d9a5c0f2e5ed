"""Pure decisions about figures and about the order of work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_N = 5
NOW, TODAY, WEEK, LATER = "now", "today", "week", "later"


@dataclass(frozen=True)
class Clock:
    """How much of the time is left: per cent of the whole, and the tone it has."""

    share: int
    tone: str


def read_clock(*, started_at: datetime, due_at: datetime, now: datetime) -> Clock:
    """Return how much time is left; empty and bad once it is over."""
    whole = max((due_at - started_at).total_seconds(), 1.0)
    left = (due_at - now).total_seconds()
    share = max(0, min(100, round(100 * left / whole)))
    if left <= 0 or share < 20:  # noqa: PLR2004 - the last fifth
        return Clock(share, "bad")
    return Clock(share, "warn" if share < 50 else "")  # noqa: PLR2004 - the second half


def section_of(*, due_at: datetime | None, now: datetime) -> str:
    """Return the stretch of the queue something belongs to."""
    if due_at is None:
        return LATER
    left = due_at - now
    if left <= timedelta(hours=4):
        return NOW
    if left <= timedelta(hours=24):
        return TODAY
    return WEEK if left <= timedelta(days=7) else LATER
