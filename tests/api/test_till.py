"""Transactions, offers and redemptions through the API."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.facts import Actor
from apps.customers.models import Transaction
from apps.journal.models import Entry
from apps.offers import queries as offers
from apps.offers import services
from apps.offers.models import Offer, Redemption
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, KeyFor
from tests.api.test_door import problem
from tests.conftest import actor_of
from tests.factories import make_customer, make_failure, make_location

VISIT = {
    "external_id": "T-1",
    "customer_external_id": "K-17",
    "kind": "visit",
    "happened_at": "2026-05-12T19:30:00+02:00",
    "amount": {"amount": "12.50", "currency": "EUR"},
    "description": "Brake pads",
}


@pytest.fixture
def nora(caller: Caller) -> str:
    """Return the id of a customer with the number K-17."""
    made: str = caller.post("customers/", {"first_name": "Nora", "external_id": "K-17"}).json()[
        "id"
    ]
    return made


def test_a_transaction_is_told_once(caller: Caller, alpha: Business, nora: str) -> None:
    first = caller.post("transactions/", VISIT)
    assert first.status_code == 201
    body = first.json()
    assert first["Location"].endswith(f"/api/v1/transactions/{body['id']}/")
    assert body == {
        "id": body["id"],
        "external_id": "T-1",
        "customer_id": nora,
        "location_id": None,
        "kind": "visit",
        "happened_at": "2026-05-12T17:30:00Z",
        "amount": {"amount": "12.50", "currency": "EUR"},
        "description": "Brake pads",
        "created_at": body["created_at"],
    }
    again = caller.post("transactions/", {**VISIT, "description": "Other"})
    assert (again.status_code, again.json()) == (200, body)
    assert (
        caller.get(first["Location"].removeprefix("http://alpha.localhost/api/v1/")).json() == body
    )
    with wall.as_business(alpha):
        assert Entry.objects.filter(kind="transaction.completed").count() == 1
    assert caller.get(f"customers/{nora}/").json()["last_transaction_at"] == "2026-05-12T17:30:00Z"


def test_a_transaction_without_an_amount(caller: Caller, nora: str) -> None:
    visit = {k: v for k, v in VISIT.items() if k not in {"amount", "customer_external_id"}}
    made = caller.post("transactions/", {**visit, "customer_id": nora})
    assert (made.status_code, made.json()["amount"]) == (201, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"external_id": ""}, "external_id"),
        ({"kind": "theft"}, "kind"),
        ({"happened_at": "2026-05-12"}, "happened_at"),
        ({"happened_at": "2026-05-12T19:30:00"}, "happened_at"),
        ({"happened_at": "2026-13-12T19:30:00Z"}, "happened_at"),
        ({"happened_at": "0001-01-01T00:00:00+23:59"}, "happened_at"),
        ({"happened_at": "9999-12-31T23:59:59-23:59"}, "happened_at"),
        ({"happened_at": "٢٠٢٦-05-12T19:30:00Z"}, "happened_at"),
        ({"happened_at": 1778600000}, "happened_at"),
        ({"amount": 12.5}, "amount"),
        ({"amount": "12.50"}, "amount"),
        ({"amount": {"amount": 12.5, "currency": "EUR"}}, "amount"),
        ({"amount": {"amount": "-1", "currency": "EUR"}}, "amount"),
        ({"amount": {"amount": "1e9", "currency": "EUR"}}, "amount"),
        ({"amount": {"amount": "12.505", "currency": "EUR"}}, "amount"),
        ({"amount": {"amount": "1.5", "currency": "JPY"}}, "amount"),
        ({"amount": {"amount": "1", "currency": "EURO"}}, "amount"),
        ({"amount": {"amount": "1", "currency": ["EUR"]}}, "amount"),
        ({"amount": {"amount": "1", "currency": "EUR", "tax": "0"}}, "amount"),
        ({"amount": {"amount": "9" * 40, "currency": "EUR"}}, "amount"),
        ({"customer_external_id": "K-18"}, "customer_external_id"),
        ({"customer_id": str(UUID(int=7))}, "customer_id"),
        ({"location_id": str(UUID(int=7))}, "location_id"),
        ({"points": 3}, "points"),
    ],
)
def test_a_wrong_transaction_is_refused_at_its_field(
    caller: Caller, alpha: Business, nora: str, change: dict[str, Any], field: str
) -> None:
    assert problem(caller.post("transactions/", {**VISIT, **change}))[::2] == (422, [field])
    with wall.as_business(alpha):
        assert Transaction.objects.count() == 0


def test_a_transaction_stays_with_its_customer(caller: Caller, nora: str) -> None:
    caller.post("transactions/", VISIT)
    caller.post("customers/", {"first_name": "Eve", "external_id": "K-18"})
    other = caller.post("transactions/", {**VISIT, "customer_external_id": "K-18"})
    assert problem(other) == (422, "transaction_taken", ["external_id"])


def test_transactions_are_narrowed(caller: Caller, nora: str) -> None:
    for number in range(3):
        caller.post("transactions/", {**VISIT, "external_id": f"T-{number}"})
    for query, found in (
        ({"customer_id": nora}, 3),
        ({"customer_id": str(UUID(int=7))}, 0),
        ({"external_id": "T-2"}, 1),
    ):
        assert len(caller.get("transactions/", **query).json()["results"]) == found


def issue(actor: Actor, **values: Any) -> Offer:
    given = {
        "failure": make_failure(customer=make_customer(email=values.pop("email", ""), phone="")),
        "remedy": "redo",
        "title": "A free repair",
        "terms": "One repair at Mill Lane.",
        "value_minor": 2550,
        "days": 30,
    }
    return services.issue_offer(**given | values, actor=actor, now=clock.now())


@pytest.fixture
def offer(alpha: Business) -> Offer:
    """Return an issued offer of Alpha."""
    with wall.as_business(alpha):
        return issue(actor_of("alice"))


def code_of(offer: Offer, business: Business) -> str:
    with wall.as_business(business):
        return offers.code_of(offer)


def test_an_offer_is_shown_without_its_code(caller: Caller, alpha: Business, offer: Offer) -> None:
    response = caller.get(f"offers/{offer.pk}/")
    body = response.json()
    assert code_of(offer, alpha) not in response.content.decode()
    assert body["value"] == {"amount": "25.50", "currency": "GBP"}
    assert (body["state"], body["failure_id"]) == ("issued", str(offer.failure_id))
    assert caller.get("offers/", state="issued").json()["results"] == [body]
    assert caller.get("offers/", state="redeemed").json()["results"] == []
    assert caller.get("offers/", customer_id=str(offer.customer_id)).json()["results"] == [body]
    assert problem(caller.get("offers/", state="lost"))[::2] == (400, ["state"])


def test_a_code_is_used_once(key_for: KeyFor, alpha: Business, offer: Offer) -> None:
    till = key_for("redemptions:write")
    with wall.as_business(alpha):
        place = make_location()
    typed = f" {code_of(offer, alpha).lower()[:5]} - {code_of(offer, alpha)[5:]}"
    body = {"code": typed, "location_id": str(place.pk), "reference": "R-9"}
    used = till.post("redemptions/", body)
    assert used.status_code == 201
    answer = used.json()
    assert (answer["location_id"], answer["reference"]) == (str(place.pk), "R-9")
    assert (answer["offer"]["id"], answer["offer"]["state"]) == (str(offer.pk), "redeemed")
    again = till.post("redemptions/", body)
    assert problem(again) == (409, "offer_used", ["code"])
    assert "Mill Lane" in again.json()["detail"]
    with wall.as_business(alpha):
        assert Redemption.objects.count() == 1
        assert Entry.objects.get(kind="offer.redeemed").actor_kind == "api_key"


def test_a_code_that_cannot_be_used_says_why(caller: Caller, alpha: Business, offer: Offer) -> None:
    code = code_of(offer, alpha)
    wrong: list[dict[str, Any]] = [
        {"code": "AAAAAAAAAA"}, {"code": "hello"}, {"code": ""}, {"code": 7}, {},
    ]  # fmt: skip
    assert [problem(caller.post("redemptions/", body))[::2] for body in wrong] == [
        (422, ["code"])
    ] * len(wrong)
    place = {"code": code, "location_id": str(UUID(int=7))}
    assert problem(caller.post("redemptions/", place))[::2] == (422, ["location_id"])
    with wall.as_business(alpha):
        Offer.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert problem(caller.post("redemptions/", {"code": code}))[:2] == (409, "offer_expired")
    with wall.as_business(alpha):
        services.revoke_offer(offer=offer, actor=actor_of("alice"), now=clock.now())
    assert problem(caller.post("redemptions/", {"code": code}))[:2] == (409, "offer_revoked")
    with wall.as_business(alpha):
        assert Redemption.objects.count() == 0


def test_a_code_of_another_business_is_unknown(caller: Caller, beta: Business) -> None:
    with wall.as_business(beta):
        dora = actor_of("dora")
        theirs = issue(dora)
    answer = caller.post("redemptions/", {"code": code_of(theirs, beta)})
    assert problem(answer)[:2] == (422, "code_unknown")
    with wall.as_business(beta):
        assert Redemption.objects.count() == 0


def test_lists_cost_the_same_for_one_and_three(caller: Caller, alpha: Business, nora: str) -> None:
    caller.get("offers/")
    costs: list[list[int]] = []
    for number in range(3):
        caller.post("transactions/", {**VISIT, "external_id": f"T-{number}"})
        with wall.as_business(alpha):
            issue(actor_of("alice"), email=f"n{number}@example.com", value_minor=10)
        cost = []
        for noun in ("transactions", "offers"):
            with CaptureQueriesContext(connection) as queries:
                assert len(caller.get(f"{noun}/").json()["results"]) == number + 1
            cost.append(len(queries))
        costs.append(cost)
    assert costs[0] == costs[2]
