"""How much time is left, and which stretch of the queue something belongs to."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.insights.rules import Clock, read_clock, section_of

NOW = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("started", "due", "clock"),
    [
        (-4, 4, Clock(50, "")),
        (-5, 4, Clock(44, "warn")),
        (-9, 1, Clock(10, "bad")),
        (-4, 0, Clock(0, "bad")),
        (-8, -4, Clock(0, "bad")),
        (0, 0, Clock(0, "bad")),
        (1, 2, Clock(100, "")),
    ],
)
def test_clock_shows_the_share_of_time_left(started: int, due: int, clock: Clock) -> None:
    assert read_clock(started_at=NOW + started * HOUR, due_at=NOW + due * HOUR, now=NOW) == clock


@pytest.mark.parametrize(
    ("hours", "section"),
    [(-3, "now"), (4, "now"), (5, "today"), (24, "today"), (25, "week"), (169, "later")],
)
def test_section_follows_the_time_left(hours: int, section: str) -> None:
    assert section_of(due_at=NOW + hours * HOUR, now=NOW) == section


def test_without_a_clock_it_comes_last() -> None:
    assert section_of(due_at=None, now=NOW) == "later"
