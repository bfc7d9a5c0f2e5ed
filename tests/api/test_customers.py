"""Customers through the API: exact bodies, refusals at their fields, few queries."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.consent.models import Event
from apps.customers.models import ContactPoint, Customer
from apps.journal.models import Entry
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller
from tests.api.test_door import problem
from tests.factories import make_customer, make_location

NORA = {
    "external_id": "K-17",
    "first_name": "Nora",
    "last_name": "Keane",
    "email": " Nora@Example.com ",
    "phone": "+447400123456",
    "language": "en",
    "tags": ["bikes", "bikes", "vip"],
}


def test_create_answers_with_the_whole_customer(caller: Caller, alpha: Business) -> None:
    response = caller.post("customers/", NORA)
    assert response.status_code == 201
    body = response.json()
    assert response["Location"] == f"http://alpha.localhost/api/v1/customers/{body['id']}/"
    emails = [contact.pop("id") for contact in body["contacts"]]
    assert len(set(emails)) == 2
    assert body.pop("created_at") == body.pop("updated_at")
    assert body == {
        "id": body["id"],
        "external_id": "K-17",
        "first_name": "Nora",
        "last_name": "Keane",
        "language": "en",
        "location_id": None,
        "tags": ["bikes", "vip"],
        "contacts": [
            {"channel": "email", "address": "nora@example.com", "status": "ok"},
            {"channel": "sms", "address": "+447400123456", "status": "ok"},
        ],
        "last_transaction_at": None,
    }
    with wall.as_business(alpha):
        entry = Entry.objects.get(kind="customer.created")
        assert (entry.actor_kind, str(entry.customer_id)) == ("api_key", body["id"])
        assert Event.objects.count() == 0


def test_create_with_consent_writes_it_down(caller: Caller, alpha: Business) -> None:
    consent = {"basis": "express", "purposes": ["review_request"], "source": "checkout"}
    assert caller.post("customers/", {**NORA, "consent": consent}).status_code == 201
    with wall.as_business(alpha):
        rows = set(Event.objects.values_list("channel", "purpose", "basis", "source"))
    assert rows == {
        ("email", "review_request", "express", "checkout"),
        ("sms", "review_request", "express", "checkout"),
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nora@"}, "email"),
        ({"email": ""}, "email"),
        ({"phone": "07700 900123"}, "phone"),
        ({"phone": "+1"}, "phone"),
        ({"first_name": "x" * 151}, "first_name"),
        ({"first_name": 5}, "first_name"),
        ({"tags": "bikes"}, "tags"),
        ({"tags": [["bikes"]]}, "tags.0"),
        ({"tags": ["x" * 51]}, "tags.0"),
        ({"location_id": str(UUID(int=7))}, "location_id"),
        ({"location_id": "here"}, "location_id"),
        ({"language": "English"}, "language"),
        ({"id": str(UUID(int=7))}, "id"),
        ({"is_admin": True}, "is_admin"),
        ({"consent": {"basis": "express"}}, "consent.purposes"),
        ({"consent": {"basis": "guess", "purposes": ["service"], "source": "x"}}, "consent.basis"),
        ({"consent": {"basis": "express", "purposes": [], "source": "x"}}, "consent.purposes"),
        ({"consent": "yes"}, "consent.non_field_errors"),
    ],
)
def test_create_refuses_at_the_field_and_keeps_nothing(
    caller: Caller, alpha: Business, change: dict[str, Any], field: str
) -> None:
    status, _, fields = problem(caller.post("customers/", {**NORA, **change}))
    assert status == 422
    assert field in fields
    with wall.as_business(alpha):
        assert Customer.objects.count() == ContactPoint.objects.count() == 0


def test_what_belongs_to_somebody_else_is_refused(caller: Caller, alpha: Business) -> None:
    caller.post("customers/", NORA)
    again = caller.post("customers/", {"first_name": "Eve", "email": "nora@example.com"})
    assert problem(again) == (422, "address_taken", ["email"])
    again = caller.post("customers/", {"first_name": "Eve", "external_id": "K-17"})
    assert problem(again) == (422, "number_taken", ["external_id"])
    with wall.as_business(alpha):
        assert Customer.objects.count() == 1


def test_nobody_is_made_of_nothing(caller: Caller) -> None:
    assert problem(caller.post("customers/", {})) == (422, "nothing_known", ["first_name"])


def test_patch_changes_what_is_given(caller: Caller, alpha: Business) -> None:
    with wall.as_business(alpha):
        place = make_location()
    made = caller.post("customers/", NORA).json()
    changed = caller.patch(
        f"customers/{made['id']}/", {"last_name": "Kean", "location_id": str(place.pk)}
    )
    assert changed.status_code == 200
    body = changed.json()
    assert body["updated_at"] > made["updated_at"]
    made |= {"last_name": "Kean", "location_id": str(place.pk), "updated_at": body["updated_at"]}
    assert body == made
    assert caller.get(f"customers/{made['id']}/").json() == body


def test_patch_that_changes_nothing_changes_nothing(caller: Caller, alpha: Business) -> None:
    made = caller.post("customers/", NORA).json()
    assert caller.patch(f"customers/{made['id']}/", {"last_name": "Keane"}).json() == made
    assert caller.patch(f"customers/{made['id']}/", {}).json() == made
    with wall.as_business(alpha):
        assert Entry.objects.filter(kind="customer.updated").count() == 0


@pytest.mark.parametrize("body", [{"email": "x@example.com"}, {"tags": None}, {"first_name": None}])
def test_patch_refuses_what_it_cannot_do(caller: Caller, body: dict[str, Any]) -> None:
    made = caller.post("customers/", NORA).json()
    assert problem(caller.patch(f"customers/{made['id']}/", body))[0] == 422
    assert caller.get(f"customers/{made['id']}/").json() == made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 2),
        ({"search": "kea"}, 1),
        ({"search": "%"}, 0),
        ({"external_id": "K-17"}, 1),
        ({"external_id": "k-17 "}, 0),
        ({"email": "NORA@example.com"}, 1),
        ({"phone": "+447400123456"}, 1),
        ({"phone": "+447400123457"}, 0),
        ({"search": "nora", "phone": "+447400123457"}, 0),
    ],
)
def test_the_list_is_narrowed(caller: Caller, query: dict[str, str], found: int) -> None:
    caller.post("customers/", NORA)
    caller.post("customers/", {"first_name": "Otto"})
    assert len(caller.get("customers/", **query).json()["results"]) == found


def test_the_list_costs_the_same_for_one_and_three(caller: Caller, alpha: Business) -> None:
    caller.get("customers/")
    costs = []
    for number in range(3):
        with wall.as_business(alpha):
            make_customer(email=f"n{number}@example.com", phone="")
        with CaptureQueriesContext(connection) as queries:
            assert len(caller.get("customers/").json()["results"]) == number + 1
        costs.append(len(queries))
    assert costs[0] == costs[2]
