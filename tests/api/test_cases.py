"""Work inside a case, and promises, through the API."""

from typing import Any
from uuid import UUID

import pytest

from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.recovery.models import Apology, Case, Promise
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, KeyFor
from tests.api.test_door import problem
from tests.conftest import person
from tests.factories import make_customer, make_review

NOBODY = str(UUID(int=7))
BROKEN = {"kind": "broken", "title": "The brake went", "severity": 4}
SORRY = "I am sorry that the brake failed. That was our mistake, and we will put it right today."
SOON = "2199-01-01T00:00:00Z"


@pytest.fixture
def case(caller: Caller, alpha: Business) -> str:
    """Return the address of a case of Nora's."""
    with wall.as_business(alpha):
        nora = make_customer(phone="")
    caller.post("failures/", {**BROKEN, "customer_id": str(nora.pk)})
    jobs.drain(lanes=list(Lane))
    (found,) = caller.get("cases/").json()["results"]
    return f"cases/{found['id']}/"


def bob() -> str:
    return str(person("bob").pk)


def test_what_happened_moves_the_case_on(caller: Caller, case: str) -> None:
    body = {"what_happened": "Wrong pads.", "cause": "Mixed up", "kind": "rude", "severity": 5}
    told = caller.post(f"{case}collect/", body).json()
    assert (told["stage"], told["severity"]) == ("apologise", 5)
    failure = caller.get(f"failures/{told['failure_id']}/").json()
    assert (failure["what_happened"], failure["cause"], failure["kind"]) == (
        "Wrong pads.", "Mixed up", "rude",
    )  # fmt: skip


def test_an_apology_is_kept_with_who_said_it(caller: Caller, case: str, alpha: Business) -> None:
    said = {"how": "phone", "text": SORRY, "member_id": bob()}
    made = caller.post(f"{case}apologies/", said)
    assert (made.status_code, made.json()["by_id"]) == (201, bob())
    assert made.json()["message_id"] is None
    mailed = caller.post(f"{case}apologies/", {"how": "email", "text": SORRY}).json()
    assert mailed["by_id"] is None
    message = caller.get(f"messages/{mailed['message_id']}/").json()
    assert (message["purpose"], message["state"]) == ("recovery", "queued")
    assert caller.get(f"{case}apologies/").json()["results"] == [mailed, made.json()]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("collect/", {"what_happened": ""}, "what_happened"),
        ("collect/", {"what_happened": "x", "severity": 6}, "severity"),
        ("collect/", {"what_happened": "x", "kind": "bad luck"}, "kind"),
        ("apologies/", {"how": "email", "text": " "}, "text"),
        ("apologies/", {"how": "sms", "text": SORRY}, "how"),
        ("apologies/", {"how": "email", "text": "Delete your review or else."}, "text"),
        ("apologies/", {"how": "phone", "text": SORRY, "member_id": NOBODY}, "member_id"),
        ("plan/", {"plan": "hope", "text": "x"}, "plan"),
        ("plan/", {"plan": "prevent", "text": ""}, "text"),
        ("ask/", {"how": "email", "member_id": NOBODY}, "member_id"),
        ("ask/", {"how": "email"}, "member_id"),
        ("assign/", {"member_id": NOBODY}, "member_id"),
        ("assign/", {}, "member_id"),
        ("notes/", {"text": ""}, "text"),
    ],
)
def test_wrong_work_is_refused(
    caller: Caller, case: str, alpha: Business, path: str, body: dict[str, Any], field: str
) -> None:
    before = caller.get(case).content
    assert problem(caller.post(f"{case}{path}", body))[::2] == (422, [field])
    assert caller.get(case).content == before
    with wall.as_business(alpha):
        assert Apology.objects.count() == 0


def test_who_may_only_look_says_no_sorry(caller: Caller, case: str) -> None:
    body = {"how": "phone", "text": SORRY, "member_id": str(person("ana").pk)}
    assert problem(caller.post(f"{case}apologies/", body))[:2] == (403, "forbidden")


def test_steps_are_added_and_ticked_off(caller: Caller, case: str) -> None:
    made = caller.post(f"{case}plan/", {"plan": "prevent", "text": "Label", "due_at": SOON})
    step = made.json()
    assert (made.status_code, step["done_at"], step["due_at"]) == (201, None, SOON)
    at = f"{case}plan/{step['id']}/"
    done = caller.patch(at, {"is_done": True}).json()
    assert done["done_at"]
    assert caller.patch(at, {"is_done": True}).json() == done
    assert caller.get(f"{case}plan/").json()["results"][-1] == done
    assert caller.patch(at, {"is_done": False}).json()["done_at"] is None
    assert problem(caller.patch(f"{case}plan/{NOBODY}/", {"is_done": True}))[0] == 404
    assert problem(caller.patch(at, {"is_done": 1}))[::2] == (422, ["is_done"])


def test_the_customer_is_asked_once_a_day(caller: Caller, case: str) -> None:
    asked = caller.post(f"{case}ask/", {"how": "email", "member_id": bob()}).json()
    assert (asked["status"], asked["asked_at"] is not None) == ("waiting", True)
    again = caller.post(f"{case}ask/", {"how": "email", "member_id": bob()})
    assert problem(again)[:2] == (409, "conflict")
    (mail,) = caller.get("messages/").json()["results"]
    assert "Bob" in mail["text"]


def test_a_case_is_given_to_somebody_and_noted_on(caller: Caller, case: str) -> None:
    assert caller.post(f"{case}assign/", {"member_id": bob()}).json()["owner_id"] == bob()
    assert caller.post(f"{case}assign/", {"member_id": None}).json()["owner_id"] is None
    made = caller.post(f"{case}notes/", {"text": "Rang twice."})
    assert made.status_code == 201
    assert caller.get(f"{case}notes/").json()["results"] == [made.json()]
    assert (made.json()["author_id"], made.json()["is_from_customer"]) == (None, False)


def test_a_case_is_settled_when_all_is_done(caller: Caller, case: str, alpha: Business) -> None:
    early = caller.post(f"{case}settle/", {})
    assert problem(early)[:2] == (422, "case_not_done")
    assert caller.get(case).json()["missing"]
    caller.post(f"{case}collect/", {"what_happened": "Wrong pads."})
    caller.post(f"{case}apologies/", {"how": "phone", "text": SORRY})
    for step in caller.get(f"{case}plan/").json()["results"]:
        caller.patch(f"{case}plan/{step['id']}/", {"is_done": True})
    caller.post(f"{case}ask/", {"how": "phone", "member_id": bob()})
    settled = caller.post(f"{case}settle/", {"note": "All well."}).json()
    assert (settled["status"], settled["outcome"], settled["missing"]) == ("closed", "settled", [])
    with wall.as_business(alpha):
        assert Case.objects.get().close_note == "All well."


def test_a_promise_is_made_and_settled_once(caller: Caller, case: str) -> None:
    body = {"case_id": case.split("/")[1], "text": "New pads", "due_at": SOON}
    made = caller.post("promises/", {**body, "member_id": bob()})
    promise = made.json()
    assert (made.status_code, promise["state"], promise["made_by_id"]) == (201, "open", bob())
    at = f"promises/{promise['id']}/"
    assert caller.get(at).json() == promise
    assert caller.get("promises/", state="open").json()["results"] == [promise]
    assert caller.get("promises/", case_id=NOBODY).json()["results"] == []
    assert caller.post(f"{at}settle/", {"state": "broken"}).json()["state"] == "broken"
    assert problem(caller.post(f"{at}settle/", {"state": "kept"}))[:2] == (409, "conflict")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"case_id": NOBODY}, "case_id"),
        ({"text": " "}, "text"),
        ({"due_at": "2020-01-01T00:00:00Z"}, "due_at"),
        ({"member_id": NOBODY}, "member_id"),
    ],
)
def test_a_wrong_promise_is_refused(
    caller: Caller, case: str, alpha: Business, change: dict[str, Any], field: str
) -> None:
    body = {"case_id": case.split("/")[1], "text": "New pads", "due_at": SOON}
    assert problem(caller.post("promises/", {**body, **change}))[::2] == (422, [field])
    assert problem(caller.get(f"promises/{NOBODY}/"))[0] == 404
    with wall.as_business(alpha):
        assert Promise.objects.count() == 0


def test_a_code_is_read_with_its_own_scope_and_only_while_it_counts(
    caller: Caller, key_for: KeyFor, case: str
) -> None:
    offer = caller.post(
        "offers/",
        {
            "failure_id": caller.get(case).json()["failure_id"],
            "remedy": "redo",
            "title": "A free repair",
            "terms": "One repair.",
            "value": {"amount": "25.50", "currency": "GBP"},
            "days": 30,
            "member_id": bob(),
        },
    ).json()
    at = f"offers/{offer['id']}/"
    assert problem(key_for("offers:read", "offers:write").get(f"{at}code/"))[0] == 403
    code = key_for("offers:code").get(f"{at}code/")
    assert code.json()["offer_id"] == offer["id"]
    assert "no-store" in code["Cache-Control"]
    early = caller.post(f"{at}send/", {"channel": "email"})
    assert problem(early)[:2] == (422, "apology_missing")
    assert caller.post("redemptions/", {"code": code.json()["code"]}).status_code == 201
    assert problem(caller.get(f"{at}code/"))[:2] == (409, "offer_used")
    assert problem(caller.get(f"offers/{NOBODY}/code/"))[0] == 404


def test_a_review_is_noted_on_and_its_failure_recorded_once(
    caller: Caller, key_for: KeyFor, alpha: Business
) -> None:
    with wall.as_business(alpha):
        review = make_review(rating=5)
    at = f"reviews/{review.pk}/"
    note = caller.post(f"{at}notes/", {"text": "Ring them."})
    assert (note.status_code, note.json()["author_id"]) == (201, None)
    assert caller.get(f"{at}notes/").json()["results"] == [note.json()]
    assert problem(caller.post(f"{at}notes/", {"text": ""}))[::2] == (422, ["text"])
    assert problem(key_for("reviews:write").post(f"{at}failure/", BROKEN))[0] == 403
    first, again = caller.post(f"{at}failure/", BROKEN), caller.post(f"{at}failure/", BROKEN)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["review_id"] == str(review.pk)
    assert first["Location"].endswith(f"/api/v1/failures/{first.json()['id']}/")


def test_many_reviews_come_in_each_by_itself(caller: Caller) -> None:
    rows = [
        {"source": "google", "remote_id": "g-1", "rating": 4, "text": "Good"},
        {"source": "google", "remote_id": "g-1", "rating": 4, "text": "Good"},
        {"source": "own", "remote_id": "g-2", "rating": 4},
        "nothing",
    ]
    told = caller.post("reviews/bulk/", {"reviews": rows}).json()
    assert told["counts"] == {"created": 1, "changed": 0, "unchanged": 1, "refused": 2}
    assert [one["outcome"] for one in told["results"]] == [
        "created", "unchanged", "refused", "refused",
    ]  # fmt: skip
    assert told["results"][2]["errors"][0]["field"] == "source"
    assert len(caller.get("reviews/").json()["results"]) == 1
