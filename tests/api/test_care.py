"""Failures, cases and the decisions about offers through the API."""

from typing import Any
from uuid import UUID

import pytest

from apps.core import clock
from apps.failures.models import Failure
from apps.offers.models import Offer
from apps.recovery import services
from apps.recovery.models import Case
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, KeyFor
from tests.api.test_door import problem
from tests.conftest import person
from tests.factories import make_customer, make_review

NOBODY = str(UUID(int=7))
BROKEN = {"kind": "broken", "title": "The brake went", "severity": 4, "happened_on": "2026-05-12"}


@pytest.fixture
def failure(caller: Caller) -> dict[str, Any]:
    """Return a failure as it was answered."""
    made: dict[str, Any] = caller.post("failures/", BROKEN).json()
    return made


def test_a_failure_is_recorded_with_its_case(caller: Caller, alpha: Business) -> None:
    with wall.as_business(alpha):
        nora = make_customer()
    made = caller.post("failures/", {**BROKEN, "customer_id": str(nora.pk)})
    body = made.json()
    assert made.status_code == 201
    assert (body["kind"], body["severity"], body["severity_evidence"]) == ("broken", 4, "stated")
    assert (body["customer_id"], body["happened_on"]) == (str(nora.pk), "2026-05-12")
    assert caller.get(f"failures/{body['id']}/").json() == body
    assert caller.get("failures/", kind="broken").json()["results"] == [body]
    assert caller.get("failures/", kind="rude").json()["results"] == []
    with wall.as_business(alpha):
        assert Failure.objects.count() == 1


def test_a_review_has_one_failure(caller: Caller, alpha: Business) -> None:
    with wall.as_business(alpha):
        review = make_review()
    body = {**BROKEN, "review_id": str(review.pk)}
    first, again = caller.post("failures/", body), caller.post("failures/", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    found = caller.get("failures/", review_id=str(review.pk)).json()["results"]
    assert [row["id"] for row in found] == [first.json()["id"]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "theft"}, "kind"),
        ({"title": " "}, "title"),
        ({"severity": 6}, "severity"),
        ({"severity": True}, "severity"),
        ({"happened_on": "2026-13-01"}, "happened_on"),
        ({"happened_on": "0001-01-01"}, "happened_on"),
        ({"happened_on": 7}, "happened_on"),
        ({"customer_id": NOBODY}, "customer_id"),
        ({"location_id": NOBODY}, "location_id"),
        ({"review_id": NOBODY}, "review_id"),
        ({"cause": "x"}, "cause"),
    ],
)
def test_a_wrong_failure_is_refused(
    caller: Caller, alpha: Business, change: dict[str, Any], field: str
) -> None:
    assert problem(caller.post("failures/", {**BROKEN, **change}))[::2] == (422, [field])
    with wall.as_business(alpha):
        assert Failure.objects.count() == 0


def offer_of(failure: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {
        "failure_id": failure["id"],
        "remedy": "redo",
        "title": "A free repair",
        "terms": "One repair at Mill Lane.",
        "value": {"amount": "25.50", "currency": "GBP"},
        "days": 30,
        **change,
    }


def test_an_offer_of_a_key_waits_until_a_manager_allows_it(
    caller: Caller, failure: dict[str, Any]
) -> None:
    made = caller.post("offers/", offer_of(failure))
    path = f"offers/{made.json()['id']}/approve/"
    assert (made.status_code, made.json()["state"]) == (201, "waiting_approval")
    bob = caller.post(path, {"member_id": str(person("bob").pk)})
    assert problem(bob)[:2] == (403, "forbidden")
    alice = caller.post(path, {"member_id": str(person("alice").pk)})
    assert problem(alice) == (422, "owner_in_person", ["member_id"])
    assert problem(caller.post(path, {"member_id": NOBODY}))[::2] == (422, ["member_id"])
    mona = caller.post(path, {"member_id": str(person("mona").pk)})
    assert (mona.status_code, mona.json()["state"]) == (200, "issued")
    assert problem(caller.post(path, {"member_id": str(person("mona").pk)}))[0] == 409


def test_within_a_members_limit_an_offer_is_issued_and_taken_back(
    caller: Caller, failure: dict[str, Any]
) -> None:
    made = caller.post("offers/", offer_of(failure, member_id=str(person("bob").pk))).json()
    assert made["state"] == "issued"
    back = caller.post(f"offers/{made['id']}/revoke/", {})
    assert (back.status_code, back.json()["state"]) == (200, "revoked")
    assert problem(caller.post(f"offers/{made['id']}/revoke/", {}))[:2] == (409, "conflict")


def test_writing_offers_alone_spends_no_managers_limit_and_takes_back_no_persons_offer(
    key_for: KeyFor, failure: dict[str, Any]
) -> None:
    key = key_for("offers:write", "offers:read")
    refused = key.post("offers/", offer_of(failure, member_id=str(person("mona").pk)))
    assert problem(refused) == (403, "scope_missing", ["member_id"])
    assert key.get("offers/").json()["results"] == []
    given = key.post("offers/", offer_of(failure, member_id=str(person("bob").pk))).json()
    back = key.post(f"offers/{given['id']}/revoke/", {})
    assert problem(back)[:2] == (403, "forbidden")
    assert key.get(f"offers/{given['id']}/").json()["state"] == "issued"
    own = key.post("offers/", offer_of(failure, title="Another")).json()
    assert key.post(f"offers/{own['id']}/revoke/", {}).json()["state"] == "revoked"
    both = key_for("offers:write", "offers:approve")
    assert both.post(f"offers/{given['id']}/revoke/", {}).json()["state"] == "revoked"
    made = both.post("offers/", offer_of(failure, member_id=str(person("mona").pk)))
    assert made.json()["state"] == "issued"


def test_approving_needs_a_scope_of_its_own(key_for: KeyFor, failure: dict[str, Any]) -> None:
    key = key_for("offers:write", "offers:read")
    made = key.post("offers/", offer_of(failure)).json()
    path = f"offers/{made['id']}/approve/"
    refused = key.post(path, {"member_id": str(person("mona").pk)})
    assert problem(refused) == (403, "permission_denied", [])
    assert key.get(f"offers/{made['id']}/").json()["state"] == "waiting_approval"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"failure_id": NOBODY}, "failure_id"),
        ({"remedy": "gold"}, "remedy"),
        ({"title": ""}, "title"),
        ({"terms": "Only after you change your review."}, "terms"),
        ({"value": {"amount": "1", "currency": "EUR"}}, "currency"),
        ({"days": 0}, "days"),
        ({"days": "many"}, "days"),
    ],
)
def test_a_wrong_offer_is_refused(
    caller: Caller, alpha: Business, failure: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    raw = offer_of(failure, **change)
    assert problem(caller.post("offers/", raw))[::2] == (422, [field])
    with wall.as_business(alpha):
        assert Offer.objects.count() == 0


@pytest.fixture
def case(caller: Caller, alpha: Business, failure: dict[str, Any]) -> dict[str, Any]:
    """Return the case of the failure as it was answered."""
    with wall.as_business(alpha):
        made = services.open_case(failure_id=UUID(failure["id"]), now=clock.now())
    body: dict[str, Any] = caller.get(f"cases/{made.pk}/").json()
    return body


def test_a_case_is_read_and_moved(caller: Caller, case: dict[str, Any]) -> None:
    assert (case["status"], case["stage"], case["severity"]) == ("open", "collect", 4)
    assert case["missing"]
    listed = caller.get("cases/", status="open").json()["results"]
    assert [row["id"] for row in listed] == [case["id"]]
    assert caller.get("cases/", status="closed").json()["results"] == []
    stages = caller.get(f"cases/{case['id']}/stages/").json()["results"]
    assert [row["stage"] for row in stages] == ["collect", "apologise", "respond", "escalate"]
    up = caller.post(f"cases/{case['id']}/escalate/", {"note": "Too much for one."})
    assert (up.status_code, up.json()["stage"]) == (200, "escalate")
    assert problem(caller.post(f"cases/{case['id']}/stages/", {"stage": "gone"}))[2] == ["stage"]


def test_a_case_that_lacks_something_is_not_closed_by_a_key(
    key_for: KeyFor, alpha: Business, case: dict[str, Any]
) -> None:
    key = key_for("cases:write", "cases:read")
    path = f"cases/{case['id']}/"
    refused = key.post(f"{path}close/", {"outcome": "settled", "note": "Enough."})
    assert problem(refused)[:2] == (422, "case_not_done")
    assert problem(key.post(f"{path}reopen/", {}))[:2] == (409, "conflict")
    with wall.as_business(alpha):
        assert Case.objects.get().status == "open"


def test_a_case_is_closed_and_opened_again(caller: Caller, case: dict[str, Any]) -> None:
    path = f"cases/{case['id']}/"
    done = caller.post(f"{path}close/", {"outcome": "not_ours", "note": "Another shop's brake."})
    assert (done.status_code, done.json()["status"]) == (200, "closed")
    assert problem(caller.post(f"{path}close/", {"outcome": "settled"}))[:2] == (409, "conflict")
    again = caller.post(f"{path}reopen/", {"note": "They wrote again."})
    assert (again.status_code, again.json()["status"]) == (200, "open")


@pytest.mark.parametrize("action", ["stages", "escalate", "close", "reopen"])
def test_a_reader_changes_no_case(key_for: KeyFor, case: dict[str, Any], action: str) -> None:
    reader = key_for("cases:read", "offers:write")
    assert problem(reader.post(f"cases/{case['id']}/{action}/", {}))[0] == 403
    assert reader.get(f"cases/{case['id']}/").json() == case
