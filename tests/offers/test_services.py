"""Issuing, approving, redeeming, revoking, expiring and sending offers."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import Actor
from apps.customers.models import Customer
from apps.failures.models import Failure
from apps.journal.models import Entry
from apps.messaging.models import Message
from apps.offers import errors, queries, services
from apps.offers.models import Offer, Redemption
from tests.factories import NOW, make_customer, make_failure, make_location

pytestmark = pytest.mark.usefixtures("inside")


def issue(failure: Failure, actor: Actor, **changes: Any) -> Offer:
    values: dict[str, Any] = {
        "remedy": "redo",
        "title": "Brake service, free",
        "terms": "Once, at Mill Lane, for the bike of the failed service.",
        "value_minor": 46_00,
        "days": 30,
        "now": NOW,
    }
    return services.issue_offer(failure=failure, actor=actor, **values | changes)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_a_button_pressed_twice_promises_once(failure: Failure, alice: Actor) -> None:
    first = issue(failure, alice)
    again = issue(failure, alice, now=NOW + timedelta(seconds=2), title=" Brake service, free ")
    assert again.pk == first.pk
    assert Offer.objects.count() == 1
    assert kinds().count("offer.issued") == 1
    assert issue(failure, alice, value_minor=45_00).pk != first.pk
    later = issue(failure, alice, now=NOW + timedelta(minutes=1))
    assert later.pk != first.pk


@pytest.fixture
def nora() -> Customer:
    return make_customer()


@pytest.fixture
def failure(nora: Customer) -> Failure:
    failure: Failure = make_failure(customer=nora)
    return failure


def test_an_offer_within_the_limit_is_issued_at_once(failure: Failure, bob: Actor) -> None:
    offer = issue(failure, bob, value_minor=50_00)
    assert (offer.state, offer.issued_at, offer.limit_minor) == ("issued", NOW, 50_00)
    assert offer.expires_at == NOW + timedelta(days=30)
    assert offer.currency == "GBP"
    assert kinds() == ["offer.issued"]


def test_an_offer_above_the_limit_waits_and_changes_nothing_else(
    failure: Failure, bob: Actor
) -> None:
    offer = issue(failure, bob, value_minor=50_01)
    assert (offer.state, offer.issued_at, offer.approval_asked_at) == (
        "waiting_approval",
        None,
        NOW,
    )
    assert kinds() == ["offer.asked"]


def test_a_limit_cannot_be_split_into_two_offers(failure: Failure, bob: Actor) -> None:
    assert issue(failure, bob, value_minor=30_00).state == "issued"
    second = issue(failure, bob, value_minor=30_00, title="And a puncture mended")
    assert second.state == "waiting_approval"


def test_a_person_gets_three_times_the_limit_in_a_year(nora: Customer, bob: Actor) -> None:
    states = [issue(make_failure(customer=nora), bob, value_minor=50_00).state for _ in range(4)]
    assert states == ["issued", "issued", "issued", "waiting_approval"]
    later = issue(make_failure(customer=nora), bob, now=NOW + timedelta(days=366))
    assert later.state == "issued"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"terms": " "}, "terms"),
        ({"title": ""}, "title"),
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
        ({"value_minor": -1}, "value"),
        ({"remedy": "money"}, "remedy"),
        ({"currency": "USD"}, "currency"),
        ({"terms": "Ten pounds if you leave us a five star review."}, "terms"),
    ],
)
def test_an_offer_that_is_not_complete_is_refused_at_the_field(
    failure: Failure, bob: Actor, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(AppError) as refused:
        issue(failure, bob, **changes)
    assert refused.value.field == field
    assert Offer.objects.count() == 0


def test_analysts_issue_and_redeem_nothing(failure: Failure, bob: Actor, ana: Actor) -> None:
    offer = issue(failure, bob)
    with pytest.raises(ForbiddenError):
        issue(failure, ana)
    with pytest.raises(ForbiddenError):
        services.redeem_offer(code=services.code_of(offer), actor=ana, now=NOW)
    with pytest.raises(ForbiddenError):
        services.revoke_offer(offer=offer, actor=ana, now=NOW)
    offer.refresh_from_db()
    assert (Offer.objects.count(), offer.state) == (1, "issued")


def test_a_manager_approves_within_her_own_limit(
    failure: Failure, bob: Actor, mona: Actor, alice: Actor
) -> None:
    offer = issue(failure, bob, value_minor=500_00)
    later = NOW + timedelta(days=2)
    with pytest.raises(ForbiddenError):
        services.approve_offer(offer=offer, actor=bob, now=later)
    services.approve_offer(offer=offer, actor=mona, now=later)
    assert (offer.state, offer.approved_by_id, offer.issued_at) == ("issued", mona.id, later)
    assert offer.expires_at == later + timedelta(days=30)
    with pytest.raises(ConflictError):
        services.approve_offer(offer=offer, actor=alice, now=later)
    told = list(Entry.objects.order_by("pk").values_list("kind", "actor_id"))
    assert told == [
        ("offer.asked", bob.id),
        ("offer.approved", mona.id),
        ("offer.issued", bob.id),
    ]


def test_nobody_approves_above_their_own_limit(
    failure: Failure, bob: Actor, mona: Actor, alice: Actor
) -> None:
    offer = issue(failure, bob, value_minor=500_01)
    with pytest.raises(errors.AboveLimit) as refused:
        services.approve_offer(offer=offer, actor=mona, now=NOW)
    assert refused.value.message == "This is more than you may allow: you have £500 left here."
    offer.refresh_from_db()
    assert offer.state == "waiting_approval"
    assert services.approve_offer(offer=offer, actor=alice, now=NOW).state == "issued"


def test_only_a_hash_of_the_code_is_kept(failure: Failure, bob: Actor) -> None:
    offer = issue(failure, bob)
    code = services.code_of(offer)
    assert len(code) == 10
    assert len(offer.code_hash) == 64
    assert code not in str(Offer.objects.values().get())
    assert services.code_of(offer) == code


def test_a_code_is_redeemed_however_it_is_typed(failure: Failure, bob: Actor) -> None:
    offer = issue(failure, bob)
    code = services.code_of(offer)
    place = make_location()
    used = services.redeem_offer(
        code=f" {code[:5].lower()}-{code[5:]} ",
        location=place,
        reference="Bill 7",
        actor=bob,
        now=NOW,
    )
    offer.refresh_from_db()
    assert (offer.state, offer.redeemed_at) == ("redeemed", NOW)
    assert (used.actor_id, used.location, used.reference) == (bob.id, place, "Bill 7")
    assert kinds() == ["offer.issued", "offer.redeemed"]


def test_a_used_code_tells_when_and_where(failure: Failure, bob: Actor) -> None:
    code = services.code_of(issue(failure, bob))
    services.redeem_offer(code=code, location=make_location(), actor=bob, now=NOW)
    with pytest.raises(errors.OfferUsed) as refused:
        services.redeem_offer(code=code, actor=bob, now=NOW + timedelta(hours=1))
    assert refused.value.message == (
        "This code was used on 13 May 2026, 10:00 at Mill Lane. Each code works once."
    )
    assert Redemption.objects.count() == 1


def test_codes_that_cannot_be_used_say_why(failure: Failure, bob: Actor, alice: Actor) -> None:
    offer = issue(failure, bob, days=1)
    code = services.code_of(offer)
    waiting = issue(failure, bob, value_minor=99_00)
    revoked = issue(failure, alice)
    services.revoke_offer(offer=revoked, actor=alice, now=NOW)
    late = NOW + timedelta(days=1)
    wrong = {
        code: (late, errors.OfferExpired, "This offer ran out on 14 May 2026, 10:00."),
        services.code_of(waiting): (
            NOW,
            errors.OfferNotIssued,
            "This offer still waits for approval. A manager or an owner can allow it.",
        ),
        services.code_of(revoked): (
            NOW,
            errors.OfferRevoked,
            "This offer was taken back on 13 May 2026, 10:00.",
        ),
        "0000000000": (NOW, errors.CodeUnknown, "No offer has this code."),
        "hello": (
            NOW,
            errors.CodeMistyped,
            "This is not one of our codes. Check it letter by letter.",
        ),
    }
    for typed, (when, error, words) in wrong.items():
        with pytest.raises(error) as refused:
            services.redeem_offer(code=typed, actor=bob, now=when)
        assert (refused.value.message, refused.value.field) == (words, "code")
    assert Redemption.objects.count() == 0


def test_only_its_maker_or_a_manager_takes_an_offer_back(
    failure: Failure, bob: Actor, mona: Actor
) -> None:
    offer = issue(failure, mona)
    with pytest.raises(ForbiddenError):
        services.revoke_offer(offer=offer, actor=bob, now=NOW)
    assert services.revoke_offer(offer=offer, actor=mona, now=NOW).state == "revoked"
    with pytest.raises(ConflictError):
        services.revoke_offer(offer=offer, actor=mona, now=NOW)
    assert kinds() == ["offer.issued", "offer.revoked"]


def test_an_offer_expires_by_the_clock_once(failure: Failure, bob: Actor) -> None:
    offer = issue(failure, bob, days=1)
    end = NOW + timedelta(days=1)
    assert not services.expire_offer(offer_id=offer.pk, now=end - timedelta(seconds=1))
    assert services.expire_offer(offer_id=offer.pk, now=end)
    assert not services.expire_offer(offer_id=offer.pk, now=end)
    offer.refresh_from_db()
    assert offer.state == "expired"
    assert kinds() == ["offer.issued", "offer.expired"]


def test_no_offer_goes_out_before_an_apology(failure: Failure, bob: Actor) -> None:
    offer = issue(failure, bob)
    with pytest.raises(errors.ApologyMissing):
        services.send_offer(offer=offer, channel="email", actor=bob, now=NOW)
    assert Message.objects.count() == 0
    Failure.objects.update(apologised_at=NOW)
    offer = queries.get_offer(actor=bob, offer_id=offer.pk)
    services.send_offer(offer=offer, channel="email", actor=bob, now=NOW)
    services.send_offer(offer=offer, channel="email", actor=bob, now=NOW)
    message = Message.objects.get()
    assert (message.purpose, message.link_purpose, message.link_id) == (
        "winback_offer",
        "o",
        offer.pk,
    )
    assert "Brake service, free" in message.text
    assert services.code_of(offer) not in message.text


def test_an_offer_needs_an_address_of_the_kind(bob: Actor) -> None:
    customer = make_customer(phone="")
    offer = issue(make_failure(customer=customer, apologised_at=NOW), bob)
    with pytest.raises(AppError) as refused:
        services.send_offer(offer=offer, channel="sms", actor=bob, now=NOW)
    assert refused.value.field == "channel"
    assert Message.objects.count() == 0


def test_related_remedies_come_first() -> None:
    remedies = queries.list_remedies(failure_kind="billing")
    assert [value for value, _, related in remedies if related] == [
        "refund_part",
        "credit_same_service",
        "discount_same_service",
    ]
    assert [value for value, *_ in remedies[:3]] == [value for value, _, ok in remedies if ok]


def test_only_an_issued_offer_is_sent(failure: Failure, bob: Actor) -> None:
    offer = issue(failure, bob, value_minor=50_01)
    with pytest.raises(AppError, match="Only an issued offer"):
        services.send_offer(offer=offer, channel="email", actor=bob, now=NOW)
    assert Message.objects.count() == 0


def test_an_offer_of_nobody_is_told_in_person(bob: Actor) -> None:
    offer = issue(make_failure(apologised_at=NOW), bob)
    with pytest.raises(AppError, match="no customer to send it to"):
        services.send_offer(offer=offer, channel="email", actor=bob, now=NOW)
    assert Message.objects.count() == 0


def test_an_offer_is_made_in_the_currency_of_the_business(failure: Failure, bob: Actor) -> None:
    with pytest.raises(AppError, match="Offers are made in GBP") as caught:
        issue(failure, bob, currency="EUR")
    assert caught.value.field == "currency"
    assert issue(failure, bob, currency="GBP").currency == "GBP"


def test_a_used_offer_is_not_taken_back(failure: Failure, mona: Actor) -> None:
    offer = issue(failure, mona)
    services.redeem_offer(code=services.code_of(offer), actor=mona, now=NOW)
    with pytest.raises(ConflictError, match="cannot be taken back"):
        services.revoke_offer(offer=offer, actor=mona, now=NOW)
    assert kinds() == ["offer.issued", "offer.redeemed"]


def test_the_offer_of_a_key_is_issued_in_the_name_of_who_approved_it(
    failure: Failure, mona: Actor
) -> None:
    key = Actor(kind="api_key", id=uuid4(), permissions=frozenset({"offers.issue"}))
    offer = issue(failure, key)
    assert (offer.state, offer.issued_by_id) == ("waiting_approval", None)
    services.approve_offer(offer=offer, actor=mona, now=NOW)
    told = list(Entry.objects.order_by("pk").values_list("kind", "actor_id"))
    assert told == [
        ("offer.asked", key.id),
        ("offer.approved", mona.id),
        ("offer.issued", mona.id),
    ]
