"""Times and facts of a case in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.recovery.queries import Event
from apps.web.recovery import words

FIVE_PENCE: dict[str, object] = {"value_minor": 5, "currency": "GBP"}
NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=9, minutes=5), "9 h 5 min"),
        (timedelta(hours=10, minutes=5), "10 h"),
        (timedelta(hours=47, minutes=59), "47 h"),
        (timedelta(hours=48), "2 days"),
        (-timedelta(hours=2), "2 h"),
    ],
)
def test_a_length_of_time(span: timedelta, said: str) -> None:
    assert words.duration(span) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW + timedelta(hours=2), "today 11:00"),
        (NOW + timedelta(days=2), "Fri 09:00"),
        (NOW - timedelta(days=6), "Thu 09:00"),
        (NOW + timedelta(days=7), "20 May"),
        (NOW - timedelta(days=200), "25 Oct 2025"),
    ],
)
def test_a_moment(at: datetime, said: str) -> None:
    with timezone.override("UTC"):
        assert words.moment(at, NOW) == said


def test_what_is_left_and_how_late() -> None:
    assert words.time_left(None, NOW) == ""
    assert words.time_left(NOW + timedelta(minutes=5), NOW) == "5 min left"
    assert words.time_left(NOW, NOW) == "0 min late"
    assert words.time_left(NOW - timedelta(days=3), NOW) == "3 days late"


def test_the_share_of_the_time_that_is_left() -> None:
    begin = NOW - timedelta(hours=1)
    assert words.share_left(begin, None, NOW) is None
    assert words.share_left(NOW, NOW, NOW) == 0.0
    assert words.share_left(begin, NOW + timedelta(hours=3), NOW) == 75.0
    assert words.share_left(begin, NOW - timedelta(minutes=1), NOW) == 0.0
    assert words.share_left(NOW + timedelta(hours=1), NOW + timedelta(hours=2), NOW) == 100.0


@pytest.mark.parametrize(
    ("event", "text", "note"),
    [
        (
            Event(at=NOW, kind="case.escalated", who="", data={"why": "late"}),
            "Escalated by itself: a stage took too long",
            "",
        ),
        (
            Event(at=NOW, kind="note.staff", who="Bob", data={}, text="Ring her"),
            "Note",
            "Bob: “Ring her”",
        ),
        (
            Event(at=NOW, kind="note.customer", who="", data={}, text="Yes"),
            "The customer says",
            "“Yes”",
        ),
        (
            Event(at=NOW, kind="offer.issued", who="Bob", data=FIVE_PENCE),
            "Offer issued, worth £0.05",
            "Bob",
        ),
        (Event(at=NOW, kind="offer.revoked", who="", data={}), "Offer taken back, worth ", ""),
        (
            Event(at=NOW, kind="case.stage_changed", who="", data={"stage": "nowhere"}),
            "Moved on: nowhere",
            "",
        ),
        (
            Event(at=NOW, kind="review.changed", who="", data={"what": "mended"}),
            "In the inbox: mended",
            "",
        ),
        (Event(at=NOW, kind="case.painted", who="", data={}), "case.painted", ""),
    ],
)
def test_a_fact_is_told(event: Event, text: str, note: str) -> None:
    line = words.tell(event)
    assert (line.text, line.note) == (text, note)
