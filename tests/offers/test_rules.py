"""Offers: what they must hold, which remedy fits, and codes that survive typing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import AppError
from apps.failures.choices import FailureKind
from apps.offers import rules
from apps.offers.choices import OfferState, Remedy
from apps.offers.rules import LimitGrade, Refusal

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
keys = st.binary(min_size=10, max_size=32)


@pytest.mark.parametrize(
    ("amount", "limit", "grade"),
    [
        (0, 0, LimitGrade.WITHIN),
        (5000, 5000, LimitGrade.WITHIN),
        (5001, 5000, LimitGrade.ABOVE),
    ],
)
def test_grade_limit(amount: int, limit: int, grade: LimitGrade) -> None:
    assert rules.grade_limit(amount, limit) == grade


@given(keys)
def test_make_code_is_steady_and_reads_back(key: bytes) -> None:
    code = rules.make_code(key)
    assert len(code) == 10
    assert set(code) <= set(rules.ALPHABET)
    assert rules.make_code(key) == code
    assert rules.read_code(code) == code


@given(keys, st.integers(0, 9), st.sampled_from(rules.ALPHABET))
def test_read_code_finds_every_single_mistake(key: bytes, place: int, sign: str) -> None:
    code = rules.make_code(key)
    typed = code[:place] + sign + code[place + 1 :]
    assert rules.read_code(typed) == (code if typed == code else None)


@given(keys, st.integers(0, 9), st.integers(0, 9))
def test_read_code_finds_every_swap(key: bytes, first: int, second: int) -> None:
    signs = list(rules.make_code(key))
    signs[first], signs[second] = signs[second], signs[first]
    typed = "".join(signs)
    assert rules.read_code(typed) in {None, rules.make_code(key)}
    assert (rules.read_code(typed) is None) == (typed != rules.make_code(key))


def test_make_code_has_no_look_alikes() -> None:
    assert not set("ILOSU") & set(rules.ALPHABET)
    with pytest.raises(ValueError, match="ten random bytes"):
        rules.make_code(b"short")


@given(keys)
def test_read_code_forgives_how_it_is_typed(key: bytes) -> None:
    code = rules.make_code(key)
    shown = rules.show_code(code)
    assert shown == f"{code[:5]}-{code[5:]}"
    sloppy = shown.lower().translate(str.maketrans("015v", "oisu"))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for typed in (f" {shown} ", sloppy, shown.replace("-", " – "), " ".join(code), wide):
        assert rules.read_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["", "ABC", "0" * 9, "0" * 11, "0000000001", "ÄÖÜ0000000", "💥" * 10]
)
def test_read_code_refuses_what_is_no_code(typed: str) -> None:
    assert rules.read_code(typed) is None


@given(st.text(max_size=30))
def test_read_code_takes_anything(typed: str) -> None:
    code = rules.read_code(typed)
    assert code is None or rules.read_code(code) == code


GOOD = {
    "title": "Free colour again",
    "terms": "Once, at the shop in Bonn, any weekday.",
    "value_minor": 4000,
    "days": 30,
    "remedy": "redo",
}


def check(**changes: object) -> None:
    rules.check_offer(**{**GOOD, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes", [{}, {"days": 1}, {"days": 365}, {"value_minor": 0}, {"remedy": "other"}]
)
def test_check_offer_accepts(changes: dict[str, object]) -> None:
    check(**changes)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"title": " "}, "title", "title_missing"),
        ({"title": "x" * 121}, "title", "title_long"),
        ({"terms": ""}, "terms", "terms_missing"),
        ({"terms": "x" * 2001}, "terms", "terms_long"),
        ({"value_minor": -1}, "value", "value"),
        ({"days": 0}, "days", "days"),
        ({"days": 366}, "days", "days"),
        ({"remedy": "gift"}, "remedy", "remedy"),
        ({"terms": "Valid when you change your review."}, "terms", "tied_to_review"),
        ({"title": "Free lunch for a review"}, "title", "tied_to_review"),
        ({"terms": "Please keep this between us."}, "terms", "buys_silence"),
    ],
)
def test_check_offer_refuses_at_the_field(
    changes: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(AppError) as caught:
        check(**changes)
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize(
    ("remedy", "kind", "expected"),
    [
        (Remedy.REDO, FailureKind.BROKEN, True),
        (Remedy.REPLACE, FailureKind.MISSING, True),
        (Remedy.REPLACE, FailureKind.WAIT, False),
        (Remedy.REFUND_PART, FailureKind.BILLING, True),
        (Remedy.REDO, FailureKind.BILLING, False),
        (Remedy.DISCOUNT_SAME, FailureKind.SAFETY, False),
    ],
)
def test_is_related(remedy: Remedy, kind: FailureKind, *, expected: bool) -> None:
    assert rules.is_related(remedy, kind) is expected


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_failure_has_a_related_remedy_and_other_never_is(kind: FailureKind) -> None:
    assert any(rules.is_related(remedy, kind) for remedy in Remedy)
    assert rules.is_related(Remedy.OTHER, kind) is False


@pytest.mark.parametrize(
    ("state", "left", "refusal"),
    [
        (OfferState.ISSUED, timedelta(seconds=1), None),
        (OfferState.ISSUED, timedelta(0), Refusal.EXPIRED),
        (OfferState.REDEEMED, timedelta(days=1), Refusal.REDEEMED),
        (OfferState.REVOKED, timedelta(days=1), Refusal.REVOKED),
        (OfferState.EXPIRED, timedelta(days=1), Refusal.EXPIRED),
        (OfferState.DRAFT, timedelta(days=1), Refusal.NOT_ISSUED),
        (OfferState.WAITING_APPROVAL, timedelta(days=1), Refusal.NOT_ISSUED),
    ],
)
def test_may_redeem(state: str, left: timedelta, refusal: Refusal | None) -> None:
    assert rules.may_redeem(state, NOW + left, NOW) == refusal
