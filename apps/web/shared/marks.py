"""The three marks of the product as numbers: clock, whisker, progress parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FULL = 100.0
LARGEST = 1e15
TREND_WIDTH, TREND_HEIGHT, TREND_EDGE = 80.0, 28.0, 2.0


def to_number(value: object) -> float | None:
    """Return the value as a float, or None where there is none."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if -LARGEST < number < LARGEST else None


def clamp(value: float, low: float = 0.0, high: float = FULL) -> float:
    """Keep a value between two bounds."""
    return max(low, min(high, value))


def share_of(part: object, whole: object) -> float:
    """Return part of whole in per cent between 0 and 100; nothing of nothing is 0."""
    top, bottom = to_number(part), to_number(whole)
    if top is None or bottom is None or bottom <= 0:
        return 0.0
    return round(clamp(FULL * top / bottom), 2)


@dataclass(frozen=True)
class Whisker:
    """Where the parts of a whisker stand, in per cent of its width."""

    start: float
    width: float
    point: float
    tick: float | None
    nought: float | None


def place_whisker(
    *, low: float, value: float, high: float, scale: tuple[float, float], tick: float | None = None
) -> Whisker:
    """Place an interval, its value and an earlier value on a scale."""
    floor, ceiling = scale
    reach = (ceiling - floor) or 1.0

    def place(number: float) -> float:
        return round(clamp(FULL * (number - floor) / reach), 2)

    start, end = place(min(low, high)), place(max(low, high))
    return Whisker(
        start=start,
        width=round(end - start, 2),
        point=place(value),
        tick=None if tick is None else place(tick),
        nought=place(0.0) if floor < 0 < ceiling else None,
    )


def guess_scale(
    *, low: float, value: float, high: float, tick: float | None
) -> tuple[float, float]:
    """Return a scale on which the whole interval can be seen."""
    numbers = [low, value, high] if tick is None else [low, value, high, tick]
    reach = (max(numbers) - min(numbers)) or 1.0
    return min(numbers) - reach, max(numbers) + reach


@dataclass(frozen=True)
class Part:
    """One part of a progress track, placed."""

    start: float
    width: float
    tone: str
    soft: bool
    title: str
    count: object


def place_parts(parts: Iterable[Mapping[str, object]], total: object) -> list[Part]:
    """Lay parts of a whole end to end, in per cent."""
    placed: list[Part] = []
    start = 0.0
    for part in parts:
        width = min(share_of(part.get("count"), total), round(FULL - start, 2))
        placed.append(
            Part(
                start=round(start, 2),
                width=width,
                tone=str(part.get("tone") or ""),
                soft=bool(part.get("soft")),
                title=str(part.get("title") or ""),
                count=part.get("count"),
            )
        )
        start += width
    return placed


def draw_trend(points: Sequence[float]) -> list[tuple[float, float]]:
    """Return the corners of a small trend line, oldest first."""
    if len(points) < 2:  # noqa: PLR2004 -- a line needs two ends
        return []
    low, reach = min(points), (max(points) - min(points)) or 1.0
    step = (TREND_WIDTH - 2) / (len(points) - 1)
    height = TREND_HEIGHT - 2 * TREND_EDGE
    return [
        (round(1 + step * i, 1), round(TREND_EDGE + height * (1 - (p - low) / reach), 1))
        for i, p in enumerate(points)
    ]
