"""How figures are put: with their interval, their number of cases, and no verdict too early."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, stdev

from apps.core import stats

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


@dataclass(frozen=True)
class Figure:
    """A value with the 95 % interval around it, and the number of cases behind it.

    ``value`` None: there is nothing to show yet.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    trend: Trend = Trend.UNKNOWN


def share_figure(successes: int, n: int, *, before: tuple[int, int] | None = None) -> Figure:
    """Return a share; ``before`` are successes and cases of the period to compare with."""
    if n <= 0:
        return Figure(None, 0)
    low, high = stats.wilson(successes, n)
    trend = Trend.UNKNOWN
    if before is not None and before[1] > 0:
        trend = _read_trend(*stats.newcombe(successes, n, *before))
    return Figure(successes / n, n, low, high, trend)


def mean_figure(values: Sequence[float], *, before: Sequence[float] = ()) -> Figure:
    """Return a mean of measured values; ``before`` are those of the period to compare with."""
    n = len(values)
    if not n:
        return Figure(None, 0)
    sd = stdev(values) if n > 1 else 0.0
    older_sd = stdev(before) if len(before) > 1 else 0.0
    older = fmean(before) if before else 0.0
    return mean_from_moments(fmean(values), sd, n, before=(older, older_sd, len(before)))


def mean_from_moments(
    mean: float, sd: float, n: int, *, before: tuple[float, float, int] = (0.0, 0.0, 0)
) -> Figure:
    """Return a mean from what a database has added up: mean, standard deviation, cases."""
    if n <= 0:
        return Figure(None, 0)
    interval = stats.mean_interval(mean, sd, n)
    low, high = interval or (None, None)
    change = stats.welch(mean, sd, n, *before)
    trend = _read_trend(*change) if change else Trend.UNKNOWN
    return Figure(mean, n, low, high, trend)


def promoter_figure(promoters: int, passives: int, detractors: int) -> Figure:
    """Return the net promoter score in points, from -100 to 100."""
    n = promoters + passives + detractors
    if n <= 0:
        return Figure(None, 0)
    value, margin = stats.net_promoter(promoters, passives, detractors)
    return Figure(value, n, max(value - margin, -100.0), min(value + margin, 100.0))


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


def _read_trend(low: float, high: float) -> Trend:
    if low > 0:
        return Trend.UP
    return Trend.DOWN if high < 0 else Trend.UNSURE
