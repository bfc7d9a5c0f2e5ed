"""Pure decisions about figures and about the order of work."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from apps.core import stats

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


LEAST_PEOPLE = 30
LEAST_EVENTS = 5


class Trend(StrEnum):
    """What can be said about a change; UNSURE when chance alone may have made it."""

    UP = "up"
    DOWN = "down"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What an experiment has shown so far."""

    NOT_ENOUGH = "not_enough"
    UNCLEAR = "unclear"
    HELPS = "helps"
    HARMS = "harms"


def share_trend(now: tuple[int, int], before: tuple[int, int]) -> Trend:
    """Compare two shares, each as successes and cases."""
    if now[1] <= 0 or before[1] <= 0:
        return Trend.UNKNOWN
    return _read_trend(stats.newcombe(*now, *before))


def mean_trend(now: tuple[float, float, int], before: tuple[float, float, int]) -> Trend:
    """Compare two means, each as mean, standard deviation and number of values."""
    change = stats.welch(*now, *before)
    return Trend.UNKNOWN if change is None else _read_trend(change)


def judge_uplift(returned: int, n: int, held_returned: int, held_n: int) -> Verdict:
    """Judge a win-back against those held out, by assignment, once both groups are large enough.

    To be asked once, at the size that was planned: each early look adds false alarms.
    """
    if min(n, held_n) < LEAST_PEOPLE or min(returned, held_returned) < LEAST_EVENTS:
        return Verdict.NOT_ENOUGH
    low, high = stats.newcombe(returned, n, held_returned, held_n)
    if low > 0:
        return Verdict.HELPS
    return Verdict.HARMS if high < 0 else Verdict.UNCLEAR


def plan_groups(share: float, wanted: float, *, power: float = 0.8) -> int | None:
    """Return how many people each group needs; None when no number shows it."""
    size = stats.sample_size(share, wanted, power=power)
    return None if math.isinf(size) else math.ceil(size)


def _read_trend(change: tuple[float, float]) -> Trend:
    low, high = change
    if low > 0:
        return Trend.UP
    return Trend.DOWN if high < 0 else Trend.UNSURE
