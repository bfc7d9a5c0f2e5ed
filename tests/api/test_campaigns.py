"""Campaigns through the API: drafts, launching, holding, enrolling."""

from typing import Any
from uuid import UUID

import pytest
import time_machine

from apps.campaigns.models import Campaign, Request, Step
from apps.consent import services as consent
from apps.core.facts import SYSTEM
from apps.customers.models import ContactPoint
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.messaging.models import Message
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, KeyFor
from tests.api.test_door import problem
from tests.factories import NOW, grant, make_customer, make_location

NOBODY = str(UUID(int=7))
TEXT = "Hello {{ customer.first_name }}, how did it go? {{ link }}"
STEP = {"channel": "email", "subject": "How did it go?", "text": TEXT}
DRAFT = {"name": "After the visit", "steps": [STEP]}


@pytest.fixture
def nora(alpha: Business) -> str:
    """Return a customer who agreed to be asked by mail."""
    with wall.as_business(alpha):
        customer = make_customer()
        grant(customer, "email")
    return str(customer.pk)


@pytest.fixture
def draft(caller: Caller) -> str:
    """Return the address of a draft that asks everybody."""
    made = caller.post("campaigns/", DRAFT)
    assert made.status_code == 201
    assert made["Location"].endswith(f"/api/v1/campaigns/{made.json()['id']}/")
    return f"campaigns/{made.json()['id']}/"


def launch(caller: Caller, draft: str) -> Any:
    with time_machine.travel(NOW, tick=False):
        answer = caller.post(f"{draft}launch/", {})
        jobs.drain(lanes=list(Lane), now=NOW)
    return answer


def test_a_draft_without_messages_says_what_a_new_campaign_says(caller: Caller) -> None:
    made = caller.post("campaigns/", {"name": "  After   the visit "}).json()
    assert (made["name"], made["status"]) == ("After the visit", "draft")
    assert [step["channel"] for step in made["steps"]] == ["email", "sms"]
    nothing: dict[str, Any] = {
        "locations": [],
        "tags": [],
        "since": None,
        "until": None,
        "import_id": None,
    }
    assert made["audience"] == nothing
    (listed,) = caller.get("campaigns/", status="draft").json()["results"]
    assert listed == {name: value for name, value in made.items() if name != "steps"}
    assert caller.get("campaigns/", status="running").json()["results"] == []


def test_a_draft_is_changed_in_part(caller: Caller, draft: str, alpha: Business) -> None:
    with wall.as_business(alpha):
        place = str(make_location().pk)
    before = caller.get(draft)
    change = {"audience": {"locations": [place], "since": "2026-05-01"}, "ask_window_days": 90}
    after = caller.send("PATCH", draft, change, headers={"If-Match": before["ETag"]})
    assert after.status_code == 200
    body = after.json()
    assert (body["name"], body["steps"]) == (before.json()["name"], before.json()["steps"])
    assert body["ask_window_days"] == 90
    assert (body["audience"]["locations"], body["audience"]["since"]) == ([place], "2026-05-01")
    stale = caller.send("PATCH", draft, {"name": "X"}, headers={"If-Match": before["ETag"]})
    assert problem(stale)[:2] == (412, "changed")
    assert caller.get(draft).json() == body
    assert caller.patch(draft, {}).json()["steps"] == body["steps"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"ask_window_days": 0}, ["ask_window_days"]),
        ({"ask_window_days": 731}, ["ask_window_days"]),
        ({"steps": []}, ["steps"]),
        ({"steps": [STEP] * 7}, ["steps"]),
        ({"steps": [STEP, {**STEP, "channel": "pigeon"}]}, ["steps.1.channel"]),
        ({"steps": [{"channel": "email", "text": "x"}]}, ["steps.0.subject"]),
        ({"steps": [STEP, {**STEP, "text": "{{ customer.secret }}"}]}, ["steps.1.text"]),
        ({"steps": [{**STEP, "text": "{% for x in y %}"}]}, ["steps.0.text"]),
        ({"steps": [{**STEP, "delay_hours": 2161}]}, ["steps.0.delay_hours"]),
        ({"steps": [{**STEP, "colour": "red"}]}, ["steps.0.colour"]),
        ({"audience": {"rating": 5}}, ["audience.rating"]),
        ({"audience": {"locations": [NOBODY]}}, ["location_id"]),
        ({"audience": {"since": "2026-05-02", "until": "2026-05-01"}}, ["audience.until"]),
        ({"audience": []}, ["audience.non_field_errors"]),
    ],
)
def test_what_is_wrong_with_a_draft_is_named(
    caller: Caller, draft: str, change: dict[str, Any], fields: list[str]
) -> None:
    before = caller.get(draft).content
    assert problem(caller.patch(draft, change))[::2] == (422, fields)
    assert problem(caller.post("campaigns/", {**DRAFT, **change}))[::2] == (422, fields)
    assert caller.get(draft).content == before
    assert len(caller.get("campaigns/").json()["results"]) == 1


def test_a_draft_is_thrown_away_but_nothing_launched(
    caller: Caller, draft: str, nora: str, alpha: Business
) -> None:
    second = f"campaigns/{caller.post('campaigns/', DRAFT).json()['id']}/"
    gone = caller.send("DELETE", second, {})
    assert (gone.status_code, gone.content) == (204, b"")
    assert problem(caller.get(second))[0] == 404
    assert problem(caller.send("DELETE", second, {}))[0] == 404
    assert launch(caller, draft).status_code == 200
    assert problem(caller.send("DELETE", draft, {}))[:2] == (409, "not_a_draft")
    assert problem(caller.patch(draft, {"name": "X"}))[:2] == (409, "not_a_draft")
    with wall.as_business(alpha):
        assert Campaign.objects.count() == 1
        assert Step.objects.count() == 1


def test_a_preview_shows_whom_it_asks_what_it_says_and_what_blocks(
    caller: Caller, draft: str, nora: str, alpha: Business
) -> None:
    with wall.as_business(alpha):
        make_customer(first_name="Eve", email="eve@example.com", phone="")
    with time_machine.travel(NOW, tick=False):
        seen = caller.get(f"{draft}preview/", customer_id=nora).json()
    assert (seen["eligible"], seen["left_out"]) == (1, {"no_consent": 1})
    assert (seen["by_channel"], seen["reach"]) == ({"email": 1}, {"email": 1})
    (message,) = seen["messages"]
    assert message["subject"] == "How did it go?"
    assert message["text"].startswith("Hello Nora, how did it go? http://alpha.localhost:8000/r/…")
    assert (message["position"], message["channel"], message["segments"]) == (1, "email", None)
    assert seen["is_blocked"] is False
    assert {one["code"] for one in seen["findings"]} >= {"neutral", "no_links"}
    assert problem(caller.get(f"{draft}preview/", customer_id=NOBODY))[0] == 404


def test_what_the_law_forbids_is_not_launched(caller: Caller, nora: str, alpha: Business) -> None:
    text = "Give us five stars and get 10 % off: {{ link }}"
    made = caller.post("campaigns/", {"name": "Bribe", "steps": [{**STEP, "text": text}]}).json()
    at = f"campaigns/{made['id']}/"
    assert caller.get(f"{at}preview/").json()["is_blocked"] is True
    assert problem(launch(caller, at))[:2] == (422, "rules")
    assert caller.get(at).json()["status"] == "draft"
    with wall.as_business(alpha):
        assert Message.objects.count() == 0


def test_a_broken_text_is_a_finding_and_no_crash(
    caller: Caller, draft: str, alpha: Business
) -> None:
    with wall.as_business(alpha):
        Step.objects.update(text="{{ customer.secret }}")
    seen = caller.get(f"{draft}preview/").json()
    assert seen["is_blocked"] is True
    assert "template" in {one["code"] for one in seen["findings"]}
    assert seen["messages"][0]["text"] == "{{ customer.secret }}"


def test_nobody_to_ask_is_no_campaign(caller: Caller, draft: str) -> None:
    assert problem(launch(caller, draft))[:2] == (422, "rules")


def test_a_campaign_is_launched_once_held_and_ended(
    caller: Caller, draft: str, nora: str, alpha: Business
) -> None:
    for word in ("pause", "resume", "cancel"):
        assert problem(caller.post(f"{draft}{word}/", {}))[:2] == (409, "wrong_status")
    assert launch(caller, draft).json()["status"] == "running"
    assert launch(caller, draft).status_code == 200
    stats = caller.get(f"{draft}stats/").json()
    assert (stats["asked"], stats["sent"], stats["delivered"]) == (1, 1, 0)
    assert (stats["messages"], stats["answered"]) == ({"sent": 1}, 0)
    assert caller.post(f"{draft}pause/", {}).json()["status"] == "paused"
    assert caller.post(f"{draft}pause/", {}).json()["status"] == "paused"
    assert caller.post(f"{draft}resume/", {}).json()["status"] == "running"
    assert caller.post(f"{draft}cancel/", {}).json()["status"] == "cancelled"
    assert problem(caller.post(f"{draft}resume/", {}))[:2] == (409, "wrong_status")
    assert problem(launch(caller, draft))[0] == 409
    with wall.as_business(alpha):
        assert Message.objects.count() == 1


def test_people_join_a_running_campaign_if_they_may_be_asked(
    caller: Caller, draft: str, nora: str, alpha: Business
) -> None:
    with wall.as_business(alpha):
        eve = make_customer(first_name="Eve", email="eve@example.com", phone="")
        ben = make_customer(first_name="Ben", email="ben@example.com", phone="")
        dan = make_customer(first_name="Dan", email="dan@example.com", phone="")
    body = {"customer_ids": [str(ben.pk)]}
    assert problem(caller.post(f"{draft}enroll/", body))[:2] == (409, "wrong_status")
    launch(caller, draft)
    with wall.as_business(alpha):
        for person in (ben, dan):
            grant(person, "email")
        point = ContactPoint.objects.get(customer=dan)
        consent.withdraw(
            address_hash=point.address_hash, channel="email", source="x", actor=SYSTEM, now=NOW
        )
    ids = [str(ben.pk), str(eve.pk), str(dan.pk), nora, NOBODY, str(ben.pk)]
    with time_machine.travel(NOW, tick=False):
        told = caller.post(f"{draft}enroll/", {"customer_ids": ids}).json()["results"]
        again = caller.post(f"{draft}enroll/", body).json()["results"]
        jobs.drain(lanes=list(Lane), now=NOW)
    assert [one["verdict"] for one in told] == [
        "enrolled", "no_consent", "opted_out", "already", "unknown",
    ]  # fmt: skip
    assert again == [{"customer_id": str(ben.pk), "verdict": "already"}]
    with wall.as_business(alpha):
        assert Request.objects.count() == 2
        assert sorted(Message.objects.values_list("address", flat=True)) == [
            "ben@example.com", "nora@example.com",
        ]  # fmt: skip
    assert caller.get(draft).json()["enrolled_count"] == 2


def test_launching_has_a_scope_of_its_own(key_for: KeyFor, draft: str, nora: str) -> None:
    writer = key_for("campaigns:read", "campaigns:write")
    for word in ("launch", "pause", "resume", "cancel"):
        answer = writer.post(f"{draft}{word}/", {})
        assert problem(answer)[:2] == (403, "permission_denied")
        assert "campaigns:launch" in answer.json()["detail"]
    assert writer.get(draft).json()["status"] == "draft"
    assert writer.patch(draft, {"name": "Later"}).json()["name"] == "Later"
