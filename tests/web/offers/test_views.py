"""The offers pages: list, one offer, approval, the till."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.consent.services import record_consent
from apps.core import clock
from apps.core.facts import Actor
from apps.customers.models import ContactPoint
from apps.failures.models import Failure
from apps.messaging.models import Message
from apps.offers import services
from apps.offers.models import Offer, Redemption
from apps.recovery import services as recovery
from apps.staff.models import Member
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.factories import make_customer, make_failure, make_location


def make_offer(actor: Actor, failure: Failure | None = None, **changes: Any) -> Offer:
    values: dict[str, Any] = {
        "remedy": "redo",
        "title": "Brake care, free",
        "terms": "Once, at Mill Lane.",
        "value_minor": 46_00,
        "days": 30,
        "now": clock.now(),
    } | changes
    return services.issue_offer(failure=failure or make_failure(), actor=actor, **values)


def test_an_empty_list_teaches(inside: Business, client_for: ClientFor) -> None:
    page = client_for("bob").get("/offers/").content.decode()
    assert "Nothing has been given yet" in page


def test_the_list_is_narrowed_by_state(bob: Actor, client_for: ClientFor) -> None:
    make_offer(bob)
    make_offer(bob, title="A whole new wheel", value_minor=99_00)
    client = client_for("mona")
    page = client.get("/offers/").content.decode()
    assert "Brake care, free" in page
    assert "A whole new wheel" in page
    page = client.get("/offers/?state=waiting_approval").content.decode()
    assert "Brake care, free" not in page
    assert "£99" in page
    assert "Approve" in page
    assert "Approve" not in client_for("bob").get("/offers/").content.decode()


def test_the_list_takes_the_same_queries_for_one_row_and_three(
    bob: Actor, client_for: ClientFor
) -> None:
    client = client_for("bob")

    def count() -> int:
        with CaptureQueriesContext(connection) as run:
            client.get("/offers/")
        return len(run)

    for number in range(3):
        customer = make_customer(email=f"n{number}@example.com", phone="")
        make_offer(bob, make_failure(customer=customer))
        if number == 0:
            client.get("/offers/")
            one = count()
    assert count() == one


def test_the_page_of_an_offer_shows_its_code_to_those_at_the_till(
    bob: Actor, client_for: ClientFor
) -> None:
    offer = make_offer(bob)
    code = services.code_of(offer)
    shown = f"{code[:5]}-{code[5:]}"
    page = client_for("bob").get(f"/offers/{offer.pk}/").content.decode()
    assert shown in page
    assert "/o/" in page
    page = client_for("ana").get(f"/offers/{offer.pk}/").content.decode()
    assert "Brake care, free" in page
    assert shown not in page
    assert "/o/" not in page


def test_a_code_is_looked_at_and_then_used(bob: Actor, client_for: ClientFor) -> None:
    offer, place = make_offer(bob, make_failure(customer=make_customer())), make_location()
    client, code = client_for("bob"), services.code_of(offer).lower()
    page = client.get("/offers/redeem/").content.decode()
    assert "See what it is for" in page
    assert "Use it now" not in page
    page = client.post("/offers/redeem/", {"code": code, "look": "1"}).content.decode()
    for words in ("Once, at Mill Lane.", "For Nora Keane", "Because of: Rear", "Use it now"):
        assert words in page
    assert Redemption.objects.count() == 0
    values = {"code": code, "location": str(place.pk), "reference": "Bill 7"}
    page = client.post("/offers/redeem/", values, follow=True).content.decode()
    assert "Used just now." in page
    used = Redemption.objects.get()
    assert (used.offer, used.location, used.reference, used.actor_id) == (
        offer, place, "Bill 7", bob.id,
    )  # fmt: skip


def test_the_till_of_another_place_is_not_told_whose_a_code_is(
    bob: Actor, client_for: ClientFor
) -> None:
    here, there = make_location(), make_location(name="Quay")
    customer = make_customer(location=there)
    offer = make_offer(bob, make_failure(customer=customer, location=there))
    Member.objects.filter(name="Bob").update(location_ids=[here.pk])
    values = {"code": services.code_of(offer), "look": "1"}
    page = client_for("bob").post("/offers/redeem/", values).content.decode()
    assert "Once, at Mill Lane." in page
    assert "Nora Keane" not in page
    assert "Rear brake" not in page


def test_a_used_code_is_told_with_when_and_where(bob: Actor, client_for: ClientFor) -> None:
    offer = make_offer(bob)
    code = services.code_of(offer)
    services.redeem_offer(code=code, location=make_location(), actor=bob, now=clock.now())
    client = client_for("bob")
    for extra in ({}, {"look": "1"}):
        answer = client.post("/offers/redeem/", {"code": code} | extra)
        assert answer.status_code == 422
        assert "This code was used on" in answer.content.decode()
        assert "at Mill Lane. Each code works once." in answer.content.decode()
        assert code in answer.content.decode()
    assert Redemption.objects.count() == 1


@pytest.mark.parametrize("code", ["", "hello", "0000000000", "\u0000", "<b>", "9" * 60])
def test_any_other_text_is_no_code(bob: Actor, client_for: ClientFor, code: str) -> None:
    answer = client_for("bob").post("/offers/redeem/", {"code": code})
    assert answer.status_code == 422
    assert 'value="<b>"' not in answer.content.decode()
    assert Redemption.objects.count() == 0


def test_nobody_approves_above_their_limit(bob: Actor, client_for: ClientFor) -> None:
    offer = make_offer(bob, value_minor=500_01)
    answer = client_for("mona").post(f"/offers/{offer.pk}/approve/", follow=True)
    assert "This is more than you may allow: you have £500 left here." in answer.content.decode()
    assert client_for("bob").post(f"/offers/{offer.pk}/approve/").status_code == 403
    offer.refresh_from_db()
    assert offer.state == "waiting_approval"
    client_for("alice").post(f"/offers/{offer.pk}/approve/")
    offer.refresh_from_db()
    assert offer.state == "issued"


def test_approve_is_shown_to_whom_it_is_allowed(bob: Actor, client_for: ClientFor) -> None:
    offer = make_offer(bob, value_minor=500_01)
    for name, shown in (("mona", False), ("alice", True), ("bob", False)):
        for address in ("/offers/", f"/offers/{offer.pk}/"):
            page = client_for(name).get(address).content.decode()
            assert (f"/offers/{offer.pk}/approve/" in page) is shown
        words = "you can allow it right here." if shown else "May allow it: Alice."
        assert words in page
    Member.objects.update(offer_limit_minor=500_00)
    page = client_for("alice").get(f"/offers/{offer.pk}/").content.decode()
    assert f"/offers/{offer.pk}/approve/" not in page
    assert "limit reaches this far any more." in page


def test_sending_waits_for_the_apology(bob: Actor, client_for: ClientFor) -> None:
    failure = make_failure(customer=make_customer())
    offer = make_offer(bob, failure)
    client = client_for("bob")
    answer = client.post(f"/offers/{offer.pk}/send/", {"channel": "email"}, follow=True)
    assert "First the apology, then the offer" in answer.content.decode()
    assert Message.objects.count() == 0
    page = client.get(f"/offers/{offer.pk}/").content.decode()
    assert "Not said yet" in page
    assert "Not by mail or text" in page
    Failure.objects.update(apologised_at=clock.now())
    client.post(f"/offers/{offer.pk}/send/", {"channel": "email"})
    message = Message.objects.get()
    assert message.link_purpose == "o"
    Message.objects.update(state="suppressed", reason="no_consent")
    page = client.get(f"/offers/{offer.pk}/").content.decode()
    assert "Said on" in page
    assert f'href="/messages/{message.pk}/"' in page
    assert "The customer has not agreed to this kind of message" in page
    assert "no_consent" not in page


def test_sending_says_whether_it_goes(
    bob: Actor, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now().replace(hour=12)
    customer = make_customer()
    record_consent(
        contact=ContactPoint.objects.get(customer=customer, channel="email"),
        purposes=["winback_offer"], basis="express", source="test", actor=bob, now=now,
    )  # fmt: skip
    offer = make_offer(bob, make_failure(customer=customer, apologised_at=now), now=now)
    monkeypatch.setattr(clock, "now", lambda: now)
    client, told = client_for("bob"), {}
    for channel in ("email", "sms"):
        at = f"/offers/{offer.pk}/send/"
        answer = client.post(at, {"channel": channel}, follow=True)
        told[channel] = [str(one) for one in answer.context["messages"]]
    refused = "It does not go out. The customer has not agreed to this kind of message: "
    assert told == {"email": ["On its way."], "sms": [f"{refused}tell them in person."]}


def test_an_offer_is_taken_back_after_one_is_asked(bob: Actor, client_for: ClientFor) -> None:
    failure = make_failure()
    offer = make_offer(bob, failure)
    case = recovery.open_case(failure_id=failure.pk, now=clock.now())
    for address in (f"/offers/{offer.pk}/", f"/recovery/{case.pk}/"):
        page = client_for("bob").get(address).content.decode()
        assert f'data-dialog="take-back-{offer.pk}"' in page
        assert f'<dialog class="dialog" id="take-back-{offer.pk}"' in page
        assert page.index("Take this offer back?") < page.rindex(f"/offers/{offer.pk}/revoke/")
    client_for("bob").post(f"/offers/{offer.pk}/revoke/")
    offer.refresh_from_db()
    assert offer.state == "revoked"


def test_a_new_offer_begins_at_a_case(bob: Actor, client_for: ClientFor) -> None:
    client = client_for("bob")
    assert "No case is open" in client.get("/offers/new/").content.decode()
    case = recovery.open_case(failure_id=make_failure().pk, now=clock.now())
    assert "1001 · Rear brake failed" in client.get("/offers/new/").content.decode()
    answer = client.post("/offers/new/", {"case": str(case.pk)})
    assert answer.headers["Location"] == f"/recovery/{case.pk}/?do=offer#work"
    assert client.post("/offers/new/", {"case": "x"}).status_code == 422


def test_analysts_only_read(bob: Actor, client_for: ClientFor) -> None:
    offer = make_offer(bob)
    client = client_for("ana")
    assert client.get("/offers/").status_code == 200
    codes = {
        client.post(f"/offers/{offer.pk}/{verb}/").status_code
        for verb in ("approve", "revoke", "send")
    }
    codes.add(client.post("/offers/redeem/", {"code": services.code_of(offer)}).status_code)
    codes.add(client.get("/offers/new/").status_code)
    assert codes == {403}
    offer.refresh_from_db()
    assert offer.state == "issued"


def test_other_businesses_find_nothing(bob: Actor, client_for: ClientFor) -> None:
    offer = make_offer(bob)
    client = client_for("dora", business="beta")
    assert client.get(f"/offers/{offer.pk}/").status_code == 404
    assert client.post(f"/offers/{offer.pk}/revoke/").status_code == 404
    answer = client.post("/offers/redeem/", {"code": services.code_of(offer)})
    assert "No offer has this code." in answer.content.decode()
    offer.refresh_from_db()
    assert offer.state == "issued"
