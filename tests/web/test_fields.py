"""Days and moments: what lies within reach is taken, everything else is refused in words."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from apps.web.shared.fields import DayField, MomentField


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59",
        "1899-12-31T12:00",
        "2201-01-01T12:00",
        "2026-02-30T12:00",
        "soon",
    ],
)
def test_moment_out_of_reach_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        MomentField().clean(text)


def test_moment_keeps_its_offset() -> None:
    moment = MomentField().clean("2026-05-14T10:30+02:00")
    assert moment == datetime(2026, 5, 14, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "2026-02-30", "x"])
def test_day_out_of_reach_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(text)


def test_day_within_reach_is_taken() -> None:
    assert DayField().clean("2200-12-31") == date(2200, 12, 31)
