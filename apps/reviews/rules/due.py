"""The clock of the first reply: how long a customer may wait for it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

USUAL = timedelta(hours=24)
GRAVE = timedelta(hours=8)
LATE_SOON = timedelta(hours=2)
RECENT = timedelta(days=14)
GRAVE_SHARE = Decimal("0.4")
GRAVE_FLAGS = frozenset({"safety"})


def is_grave(
    *, rating: Decimal | None, rating_max: int | None, flags: Collection[str] = ()
) -> bool:
    """Tell whether a customer is in trouble: two stars of five or fewer, or safety words."""
    if not GRAVE_FLAGS.isdisjoint(flags):
        return True
    return bool(rating is not None and rating_max and rating / rating_max <= GRAVE_SHARE)


def due_at(
    *,
    received_at: datetime,
    rating: Decimal | None,
    rating_max: int | None,
    flags: Collection[str] = (),
) -> datetime:
    """Return when the first reply is due."""
    grave = is_grave(rating=rating, rating_max=rating_max, flags=flags)
    return received_at + (GRAVE if grave else USUAL)


def late_before(now: datetime) -> datetime:
    """Return the moment before which a reply counts as late soon."""
    return now + LATE_SOON


def is_recent(*, written_at: datetime | None, now: datetime) -> bool:
    """Tell whether something written then still wants an answer; without a date nobody knows."""
    return written_at is not None and now - RECENT <= written_at <= now + timedelta(days=1)
