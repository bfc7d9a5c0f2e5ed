"""Failures: which answers tell of one, how grave it is, and what it is called."""

from decimal import Decimal

import pytest

from apps.failures import rules
from apps.failures.choices import Evidence, FailureKind


@pytest.mark.parametrize(
    ("rating", "rating_max", "flags", "sentiment", "expected"),
    [
        (1, 5, [], None, True),
        (2, 5, [], 0.9, True),
        (3, 5, [], 0.0, False),
        (3, 5, [], -0.6, True),
        (3, 5, ["safety"], 0.5, True),
        (4, 5, ["wait", "rude"], -0.9, False),
        (5, 5, ["safety"], 0.8, False),
        (5, 5, ["safety"], -0.1, True),
        (4, 10, [], None, True),
        (5, 10, [], None, False),
        (None, None, [], None, False),
        (None, None, [], -0.59, False),
        (None, None, [], -0.6, True),
        (None, None, ["safety"], None, True),
        (None, None, ["wait"], 0.1, False),
    ],
)
def test_is_failure(
    rating: int | None,
    rating_max: int | None,
    flags: list[str],
    sentiment: float | None,
    *,
    expected: bool,
) -> None:
    stars = None if rating is None else Decimal(rating)
    found = rules.is_failure(rating=stars, rating_max=rating_max, flags=flags, sentiment=sentiment)
    assert found is expected


@pytest.mark.parametrize(
    ("rating", "flags", "value", "because"),
    [
        ("1", [], 4, ("rating",)),
        ("2", [], 3, ("rating",)),
        ("3", [], 2, ("rating",)),
        ("4", [], 1, ("rating",)),
        ("5", ["safety"], 5, ("safety",)),
        ("2", ["wait", "rude"], 3, ("rating",)),
        ("2", ["wait", "rude", "broken"], 4, ("rating", "broken", "rude", "wait")),
        ("1", ["wait", "rude", "broken"], 4, ("rating", "broken", "rude", "wait")),
        ("2", ["wait", "rude", "refund"], 3, ("rating",)),
        (None, [], 3, ()),
    ],
)
def test_grade_severity(
    rating: str | None, flags: list[str], value: int, because: tuple[str, ...]
) -> None:
    stars = Decimal(rating) if rating else None
    grade = rules.grade_severity(rating=stars, rating_max=5 if rating else None, flags=flags)
    assert (grade.value, grade.evidence, grade.because) == (value, Evidence.ESTIMATED, because)


@pytest.mark.parametrize(
    ("text", "flags", "kind", "title"),
    [
        (
            "Nice place. But we waited an hour for cold soup. Never again.",
            ["wait", "broken"],
            FailureKind.BROKEN,
            "But we waited an hour for cold soup",
        ),
        ("The waiter was rude.", [], FailureKind.RUDE, "The waiter was rude"),
        ("I want my money back!", ["refund"], FailureKind.OTHER, "I want my money back"),
        ("They charged me twice", [], FailureKind.BILLING, "They charged me twice"),
        ("My parcel never arrived", [], FailureKind.MISSING, "My parcel never arrived"),
        ("We got sick after the fish", [], FailureKind.SAFETY, "We got sick after the fish"),
        ("", ["wait"], FailureKind.WAIT, "Wait or delay"),
        ("...", [], FailureKind.OTHER, "Something else"),
        ("bad " * 30, [], FailureKind.OTHER, ("bad " * 30)[:79] + "…"),
    ],
)
def test_name_failure(text: str, flags: list[str], kind: FailureKind, title: str) -> None:
    assert rules.name_failure(flags=flags, text=text) == (kind, title)
