"""Consent through the API: only ever added to."""

from typing import Any
from uuid import UUID

import pytest

from apps.consent.models import Event, Standing
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller
from tests.api.test_door import problem
from tests.factories import make_customer

NOBODY = str(UUID(int=7))


@pytest.fixture
def nora(alpha: Business) -> str:
    """Return a customer with an address of each kind."""
    with wall.as_business(alpha):
        return str(make_customer().pk)


def yes(nora: str, **change: Any) -> dict[str, Any]:
    return {
        "customer_id": nora,
        "channel": "email",
        "action": "granted",
        "purposes": ["review_request", "service"],
        "source": "paper",
        **change,
    }


def no(nora: str, **change: Any) -> dict[str, Any]:
    return {
        "customer_id": nora, "channel": "email", "action": "withdrawn", "source": "phone", **change,
    }  # fmt: skip


def test_a_yes_stands_for_its_channel_and_purposes(caller: Caller, nora: str) -> None:
    body = yes(nora, wording="Yes, please.", expires_at="2027-01-01T00:00:00Z")
    made = caller.post("consents/", body)
    assert made.status_code == 201
    (mail,) = made.json()["results"]
    assert (mail["channel"], mail["address"], mail["is_suppressed"]) == (
        "email", "nora@example.com", False,
    )  # fmt: skip
    agreed = {one["purpose"]: one for one in mail["purposes"]}
    assert set(agreed) == {"review_request", "service"}
    assert agreed["service"]["basis"] == "express"
    assert agreed["service"]["expires_at"] == "2027-01-01T00:00:00Z"
    found = caller.get(f"customers/{nora}/consents/").json()["results"]
    assert [(one["channel"], len(one["purposes"])) for one in found] == [("email", 2), ("sms", 0)]
    (first, second) = caller.get("consents/", customer_id=nora, ordering="id").json()["results"]
    assert (first["purpose"], first["action"], first["wording"]) == (
        "review_request", "granted", "Yes, please.",
    )  # fmt: skip
    assert second["id"] > first["id"]


def test_a_no_stops_the_channel_and_a_later_yes_does_not_start_it(
    caller: Caller, nora: str
) -> None:
    caller.post("consents/", yes(nora))
    (mail,) = caller.post("consents/", no(nora)).json()["results"]
    assert (mail["is_suppressed"], mail["suppressed_why"]) == (True, "opted_out")
    assert {one["is_granted"] for one in mail["purposes"]} == {False}
    (mail,) = caller.post("consents/", yes(nora)).json()["results"]
    assert mail["is_suppressed"] is True
    actions = [one["action"] for one in caller.get("consents/").json()["results"]]
    assert actions == ["granted"] * 2 + ["withdrawn"] * 2 + ["granted"] * 2
    assert caller.get("consents/", action="withdrawn", channel="sms").json()["results"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer_id": NOBODY}, "customer_id"),
        ({"customer_external_id": "K-1"}, "customer_id"),
        ({"channel": "fax"}, "channel"),
        ({"action": "maybe"}, "action"),
        ({"purposes": []}, "purposes"),
        ({"purposes": ["everything"]}, "purposes.0"),
        ({"basis": "hope"}, "basis"),
        ({"source": ""}, "source"),
        ({"expires_at": "tomorrow"}, "expires_at"),
    ],
)
def test_a_wrong_yes_is_refused(
    caller: Caller, nora: str, alpha: Business, change: dict[str, Any], field: str
) -> None:
    assert problem(caller.post("consents/", yes(nora, **change)))[::2] == (422, [field])
    with wall.as_business(alpha):
        assert (Event.objects.count(), Standing.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["purposes", "basis", "wording", "expires_at"])
def test_a_no_is_for_everything(caller: Caller, nora: str, alpha: Business, name: str) -> None:
    value = {
        "purposes": ["service"], "basis": "express", "wording": "x",
        "expires_at": "2027-01-01T00:00:00Z",
    }[name]  # fmt: skip
    assert problem(caller.post("consents/", no(nora, **{name: value})))[::2] == (422, [name])
    with wall.as_business(alpha):
        assert Event.objects.count() == 0


def test_a_yes_names_what_for(caller: Caller, nora: str) -> None:
    body = {name: value for name, value in yes(nora).items() if name != "purposes"}
    assert problem(caller.post("consents/", body))[::2] == (422, ["purposes"])


def test_without_an_address_there_is_nothing_to_agree_to(caller: Caller, alpha: Business) -> None:
    with wall.as_business(alpha):
        ben = str(make_customer(phone="").pk)
    answer = caller.post("consents/", yes(ben, channel="sms"))
    assert problem(answer) == (422, "no_address", ["channel"])
    assert problem(caller.get(f"customers/{NOBODY}/consents/"))[0] == 404


def test_consent_is_never_changed(caller: Caller) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        assert problem(caller.send(method, "consents/", {}))[0] == 405
