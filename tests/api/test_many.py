"""Versions, orders, customers brought along, and many rows at once."""

from typing import Any

import pytest

from apps.customers.models import Customer, Transaction
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, KeyFor
from tests.api.test_door import problem

VISIT = {"external_id": "T-1", "kind": "visit", "happened_at": "2026-05-12T19:30:00Z"}
AGREED = {"basis": "express", "purposes": ["review_request"], "source": "till"}


def make(caller: Caller, **values: Any) -> Any:
    return caller.post("customers/", {"first_name": "Nora", **values})


def test_a_customer_who_is_known_is_not_sent_again(caller: Caller) -> None:
    made = make(caller)
    path = f"customers/{made.json()['id']}/"
    tag = caller.get(path)["ETag"]
    assert made["ETag"] == tag
    again = caller.send("GET", path, {}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    other = caller.send("GET", path, {}, headers={"If-None-Match": '"x"'})
    assert other.status_code == 200


def test_a_change_of_something_changed_is_refused(caller: Caller) -> None:
    made = make(caller)
    path, old = f"customers/{made.json()['id']}/", made["ETag"]
    first = caller.send("PATCH", path, {"last_name": "Keane"}, headers={"If-Match": old})
    assert (first.status_code, first["ETag"] == old) == (200, False)
    second = caller.send("PATCH", path, {"last_name": "Cole"}, headers={"If-Match": old})
    assert problem(second) == (412, "changed", [])
    assert caller.get(path).json()["last_name"] == "Keane"
    for tag in ("*", first["ETag"]):
        done = caller.send("PATCH", path, {"last_name": "Keane"}, headers={"If-Match": tag})
        assert done.status_code == 200


@pytest.mark.parametrize(
    ("order", "names"), [("", "CBA"), ("-created_at", "CBA"), ("created_at", "ABC")]
)
def test_a_list_is_ordered_on_every_page(caller: Caller, order: str, names: str) -> None:
    for name in "ABC":
        make(caller, first_name=name)
    query = {"ordering": order} if order else {}
    page = caller.get("customers/", limit=2, **query).json()
    rest = caller.client.get(page["next"]).json()
    assert "".join(row["first_name"] for row in page["results"] + rest["results"]) == names


@pytest.mark.parametrize("noun", ["customers", "transactions", "offers", "messages"])
def test_an_unknown_order_is_refused(caller: Caller, noun: str) -> None:
    assert problem(caller.get(f"{noun}/", ordering="secret"))[::2] == (400, ["ordering"])


def test_a_transaction_brings_its_customer_along_once(caller: Caller, alpha: Business) -> None:
    nora = {"first_name": "Nora", "email": "Nora@example.com", "consent": AGREED}
    first = caller.post("transactions/", {**VISIT, "customer": nora})
    again = caller.post("transactions/", {**VISIT, "external_id": "T-2", "customer": nora})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["customer_id"] == again.json()["customer_id"]
    numbered = {**VISIT, "external_id": "T-3", "customer": {**nora, "external_id": "K-9"}}
    assert (
        caller.post("transactions/", numbered).json()["customer_id"]
        == (first.json()["customer_id"])
    )
    with wall.as_business(alpha):
        assert Customer.objects.count() == 1


def test_a_refused_transaction_leaves_no_customer(caller: Caller, alpha: Business) -> None:
    body = {**VISIT, "location_id": "00000000-0000-0000-0000-000000000007"}
    refused = caller.post("transactions/", {**body, "customer": {"first_name": "Nora"}})
    assert problem(refused)[::2] == (422, ["location_id"])
    both = caller.post(
        "transactions/", {**VISIT, "customer_external_id": "K", "customer": {"first_name": "N"}}
    )
    assert problem(both) == (422, "customer_twice", ["customer"])
    with wall.as_business(alpha):
        assert Customer.objects.count() == Transaction.objects.count() == 0


def test_bringing_a_customer_needs_their_scope(key_for: KeyFor, alpha: Business) -> None:
    till = key_for("transactions:write")
    body = {**VISIT, "customer": {"first_name": "Nora"}}
    assert problem(till.post("transactions/", body)) == (403, "forbidden", ["customer"])
    with wall.as_business(alpha):
        assert Customer.objects.count() == 0


def test_many_customers_each_by_itself(caller: Caller, alpha: Business) -> None:
    make(caller, external_id="K-1", email="nora@example.com")
    rows: list[Any] = [
        {"external_id": "K-1", "last_name": "Keane", "phone": "+447400123456"},
        {"external_id": "K-2", "first_name": "Eve", "email": "eve@example.com", "consent": AGREED},
        {"external_id": "K-3", "email": "nora@example.com"},
        {"external_id": "K-4", "colour": "red"},
        "row",
        {"first_name": "Ann"},
        {"external_id": "K-2", "first_name": "Eve"},
        {"external_id": "K-1", "email": "eve@example.com"},
    ]
    answer = caller.post("customers/bulk/", {"customers": rows})
    assert answer.status_code == 200
    told = answer.json()
    assert told["counts"] == {"created": 1, "changed": 1, "unchanged": 1, "refused": 5}
    assert [row["outcome"] for row in told["results"]] == [
        "changed", "created", "refused", "refused", "refused", "refused", "unchanged", "refused",
    ]  # fmt: skip
    assert [row["code"] for row in told["results"] if row["outcome"] == "refused"] == [
        "address_taken", "invalid", "invalid", "invalid", "address_taken",
    ]  # fmt: skip
    assert told["results"][3]["errors"][0]["field"] == "colour"
    nora = caller.get("customers/", external_id="K-1").json()["results"][0]
    assert (nora["last_name"], [c["address"] for c in nora["contacts"]]) == (
        "Keane",
        ["nora@example.com", "+447400123456"],
    )
    with wall.as_business(alpha):
        assert Customer.objects.count() == 2


def test_many_transactions_each_by_itself(caller: Caller, alpha: Business) -> None:
    rows: list[Any] = [
        {**VISIT, "customer": {"first_name": "Nora", "external_id": "K-1"}},
        {**VISIT, "customer_external_id": "K-1"},
        {**VISIT, "external_id": "T-2", "customer_external_id": "K-9"},
        {**VISIT, "external_id": "T-3", "customer_external_id": "K-1", "kind": "theft"},
        7,
    ]
    told = caller.post("transactions/bulk/", {"transactions": rows}).json()
    assert told["counts"] == {"created": 1, "changed": 0, "unchanged": 1, "refused": 3}
    assert told["results"][0]["id"] == told["results"][1]["id"]
    assert [row["code"] for row in told["results"]] == [
        "", "", "unknown_customer", "invalid", "invalid",
    ]  # fmt: skip
    with wall.as_business(alpha):
        assert Transaction.objects.count() == 1


@pytest.mark.parametrize("noun", ["customers", "transactions"])
@pytest.mark.parametrize("rows", [[], {}, "x", None, 7, [{}] * 1001])
def test_too_many_or_none_are_refused(caller: Caller, noun: str, rows: Any) -> None:
    refused = caller.post(f"{noun}/bulk/", {noun: rows})
    assert problem(refused)[0] == 422
    assert problem(refused)[2] == [noun]
