"""What one row of a file of reviews says, or everything that is wrong with it."""

from datetime import date

import pytest

from apps.reviews import rules
from apps.reviews.rules import RowOptions, StagedRow

FIELDS = (
    "remote_id", "source", "label", "location", "author_name", "written_at", "rating",
    "rating_max", "title", "text", "language",
)  # fmt: skip
MAPPING = dict(enumerate(FIELDS))
OPTIONS = RowOptions(source="google", zone="Europe/London", today=date(2026, 5, 13))


def read(options: RowOptions = OPTIONS, /, **values: str) -> StagedRow | list[str]:
    given = {"text": "Good"} | values
    return rules.read_row(2, [given.get(field, "") for field in FIELDS], MAPPING, options)


@pytest.mark.parametrize(
    ("values", "rating"),
    [
        ({"rating": "4"}, ("4.00", 5)),
        ({"rating": "4,5"}, ("4.50", 5)),
        ({"rating": "4 stars"}, ("4.00", 5)),
        ({"rating": "8/10"}, ("8.00", 10)),
        ({"rating": "3 out of 5"}, ("3.00", 5)),
        ({"rating": "70", "rating_max": "100"}, ("70.00", 100)),
        ({"rating": ""}, ("", None)),
    ],
)
def test_ratings(values: dict[str, str], rating: tuple[str, int | None]) -> None:
    row = read(**values)
    assert isinstance(row, StagedRow)
    assert (row.rating, row.rating_max) == rating


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"rating": "good"}, "“good” is not a rating."),
        ({"rating": "6"}, "The rating 6 is above the highest, 5."),
        (
            {"rating": "6", "rating_max": "many"},
            "“many” is not a highest rating; it goes from 1 to 100.",
        ),
        (
            {"rating": "6", "rating_max": "1000"},
            "“1000” is not a highest rating; it goes from 1 to 100.",
        ),
        (
            {"rating": "6", "rating_max": "NaN"},
            "“NaN” is not a highest rating; it goes from 1 to 100.",
        ),
        ({"text": "", "rating": ""}, "There is neither a text nor a rating."),
        ({"text": "x" * 20_001}, "The text has 20001 characters; at most 20000 can be kept."),
        ({"remote_id": "x" * 161}, "The review's number is longer than 160 characters."),
        ({"written_at": "2026-05-15"}, "The date 2026-05-15 lies in the future."),
        ({"written_at": "1850-01-01T00:00:00"}, "1850-01-01"),
    ],
)
def test_what_cannot_come_in(values: dict[str, str], reason: str) -> None:
    reasons = read(**values)
    assert isinstance(reasons, list)
    assert len(reasons) == 1
    assert reason in reasons[0]


def test_every_reason_is_told_at_once() -> None:
    reasons = read(RowOptions(), text="", rating="lots", written_at="some day")
    assert isinstance(reasons, list)
    assert reasons[0] == "“lots” is not a rating."
    assert reasons[-1] == "The site is missing."
    assert len(reasons) == 3


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-05-10T08:30:00+02:00", "2026-05-10T06:30:00+00:00"),
        ("2026-05-10 08:30:00", "2026-05-10T07:30:00+00:00"),
        ("2026-05-10", "2026-05-10T11:00:00+00:00"),
        ("10.05.2026", "2026-05-10T11:00:00+00:00"),
        ("", ""),
    ],
)
def test_dates_are_read_in_the_business_time(written: str, kept: str) -> None:
    row = read(written_at=written)
    assert isinstance(row, StagedRow)
    assert row.written_at == kept


def test_long_fields_are_cut_and_what_cannot_be_stored_goes() -> None:
    row = read(title="t" * 400, author_name="A\x00nn", language="english (british)", source="Yelp")
    assert isinstance(row, StagedRow)
    assert (len(row.title), row.author_name, row.language) == (300, "Ann", "english (bri")
    assert row.source == "yelp"


def test_the_same_words_without_a_number_are_the_same_review() -> None:
    first, again, other = read(), read(), read(text="Bad")
    assert isinstance(first, StagedRow)
    assert isinstance(again, StagedRow)
    assert isinstance(other, StagedRow)
    assert first.remote_id == again.remote_id != other.remote_id
