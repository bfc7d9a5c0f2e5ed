"""Consent as it is written down: once, never weakened, and withdrawn at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.consent import queries
from apps.consent import services as consent
from apps.consent.models import Event, Policy, Standing, Suppression
from apps.consent.rules import Decision
from apps.core.errors import AppError
from apps.core.facts import SYSTEM
from apps.customers.models import ContactPoint
from apps.journal.models import Entry
from apps.tenants.models import Business
from tests.messaging.conftest import make_contact

NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


def grant(contact: ContactPoint, **changes: Any) -> consent.Grant:
    values: dict[str, Any] = {
        "contact": contact,
        "purposes": ["review_request"],
        "basis": "express",
        "source": "import May",
    }
    return consent.Grant(**{**values, **changes})


def record(*grants: consent.Grant, now: datetime = NOON) -> int:
    return consent.record_many(list(grants), actor=SYSTEM, now=now)


def withdraw(contact: ContactPoint, now: datetime = LATER) -> bool:
    return consent.withdraw(
        address_hash=contact.address_hash, channel="email", source="test", actor=SYSTEM, now=now
    )


@pytest.fixture
def nora(inside: Business) -> ContactPoint:
    """Return a contact point without any consent."""
    return make_contact("nora@example.com", agrees=False)


def ask(contact: ContactPoint, **changes: Any) -> Decision:
    values: dict[str, Any] = {
        "key": 1,
        "channel": contact.channel,
        "purpose": "review_request",
        "address_hash": contact.address_hash,
    }
    question = queries.GateQuestion(**{**values, **changes})
    return queries.bars([question], NOON)[1]


def test_the_same_import_twice_writes_consent_once(nora: ContactPoint) -> None:
    assert record(grant(nora), grant(nora)) == 1
    assert record(grant(nora), now=LATER) == 0
    assert Event.objects.count() == Entry.objects.filter(kind="consent.granted").count() == 1
    assert Standing.objects.get().since == NOON


def test_implied_consent_runs_out_and_express_consent_does_not(nora: ContactPoint) -> None:
    record(grant(nora, basis="implied"))
    assert Standing.objects.get().expires_at == NOON + timedelta(days=730)
    record(grant(nora), now=LATER)
    assert Standing.objects.values_list("basis", "expires_at").get() == ("express", None)
    record(grant(nora, basis="implied"), now=LATER)
    assert Standing.objects.get().basis == "express"


def test_an_import_never_revives_what_was_withdrawn(nora: ContactPoint) -> None:
    record(grant(nora))
    assert withdraw(nora)
    assert record(grant(nora), now=LATER) == 0
    assert not Standing.objects.get().is_granted
    assert str(ask(nora).reason) == "suppressed"


def test_withdrawing_twice_is_one_withdrawal(nora: ContactPoint) -> None:
    record(grant(nora, purposes=["review_request", "service"]))
    assert [withdraw(nora), withdraw(nora)] == [True, False]
    assert Event.objects.filter(action="withdrawn").count() == 2
    assert Entry.objects.filter(kind="consent.withdrawn").count() == 1


def test_allowing_again_restores_what_the_withdrawal_took(nora: ContactPoint) -> None:
    record(grant(nora))
    withdraw(nora)
    values: dict[str, Any] = {
        "address_hash": nora.address_hash, "channel": "email", "source": "undo",
        "actor": SYSTEM, "now": LATER,
    }  # fmt: skip
    assert consent.allow_again(**values)
    assert ask(nora).allowed
    assert not consent.allow_again(**values)


def test_a_persons_own_word_stands_above_a_failed_address(nora: ContactPoint) -> None:
    failed: dict[str, Any] = {
        "address_hash": nora.address_hash, "channel": "email", "reason": "bounced",
        "source": "x", "now": NOON,
    }  # fmt: skip
    assert consent.suppress(**failed)
    assert not consent.suppress(**failed)
    assert withdraw(nora)
    assert Suppression.objects.get().reason == "opted_out"
    assert not consent.suppress(**failed)
    assert Suppression.objects.get().reason == "opted_out"


@pytest.mark.parametrize(
    ("changes", "allowed", "reason"),
    [
        ({}, False, "no_consent"),
        ({"purpose": "recovery"}, True, None),
        ({"purpose": "recovery", "is_erased": True}, False, "erased"),
        ({"purpose": "service", "channel": "sms"}, False, "no_consent"),
    ],
)
def test_who_has_not_agreed_may_only_be_answered(
    nora: ContactPoint, changes: dict[str, Any], allowed: Any, reason: str | None
) -> None:
    answer = ask(nora, **changes)
    assert (answer.allowed, answer.reason) == (allowed, reason)


def test_the_business_sets_its_own_cap(nora: ContactPoint) -> None:
    record(grant(nora))
    Policy.objects.create(cap_messages=1, cap_days=2)
    answer = ask(nora, sent_at=[NOON - timedelta(days=1)])
    assert (str(answer.reason), answer.until) == ("capped", NOON + timedelta(days=1))
    assert ask(nora, sent_at=[NOON - timedelta(days=3)]).allowed


@pytest.mark.parametrize("count", [1, 3])
def test_many_questions_take_three_queries(
    inside: Business, count: int, django_assert_num_queries: Any
) -> None:
    contacts = [make_contact(f"c{number}@example.com") for number in range(count)]
    questions = [
        queries.GateQuestion(
            key=contact.pk, channel="email", purpose="review_request",
            address_hash=contact.address_hash,
        )
        for contact in contacts
    ]  # fmt: skip
    with django_assert_num_queries(3):
        answers = queries.bars(questions, NOON)
    assert [answer.allowed for answer in answers.values()] == [True] * count


def test_consent_is_told_in_sentences(nora: ContactPoint) -> None:
    assert queries.explain_contact(nora) == [
        "May be written to about a problem, but not asked for a review or offered anything."
    ]
    record(grant(nora))
    assert queries.explain_contact(nora) == [
        "Asking for a review by email: yes (said yes, import May, 13 May 2026)."
    ]
    withdraw(nora)
    assert queries.explain_contact(nora) == [
        "Nothing more by email: they asked to stop on 14 May 2026."
    ]


def test_what_was_agreed_to_together_is_one_sentence(nora: ContactPoint) -> None:
    record(grant(nora, purposes=["review_request", "winback_offer"]))
    assert queries.explain_contact(nora) == [
        "Asking for a review and win-back offer by email: yes (said yes, import May, 13 May 2026)."
    ]
    record(grant(nora, purposes=["marketing"], source="till"))
    assert len(queries.explain_contact(nora)) == 2


@pytest.mark.parametrize(
    ("changes", "field"), [({"basis": "x"}, "basis"), ({"purposes": ["x"]}, "purposes")]
)
def test_consent_that_says_nothing_is_refused(
    nora: ContactPoint, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(AppError) as refused:
        record(grant(nora, **changes))
    assert refused.value.field == field
    assert (Standing.objects.count(), Event.objects.count()) == (0, 0)
