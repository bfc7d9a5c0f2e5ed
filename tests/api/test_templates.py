"""Response templates and text checks through the API."""

from typing import Any
from uuid import UUID

import pytest

from apps.replies.models import ResponseTemplate
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller
from tests.api.test_door import problem
from tests.conftest import person
from tests.factories import make_customer, make_review

NOBODY = str(UUID(int=7))
BODY = "Hello {{ customer.first_name }}, we look at it today. {{ staff.name }}"
SAFETY = {"name": "Safety first", "body": BODY, "ratings": [1, 2], "flags": ["safety"]}


@pytest.fixture
def template(caller: Caller) -> str:
    """Return the address of a template for bad days."""
    made = caller.post("response-templates/", SAFETY)
    assert made.status_code == 201
    return f"response-templates/{made.json()['id']}/"


def test_a_template_is_kept_changed_and_thrown_away(
    caller: Caller, template: str, alpha: Business
) -> None:
    first = caller.get(template)
    kept = {name: first.json()[name] for name in SAFETY}
    assert kept == SAFETY
    tag = {"headers": {"If-Match": first["ETag"]}}
    changed = caller.send("PATCH", template, {"ratings": [], "is_active": False}, **tag).json()
    assert (changed["name"], changed["ratings"], changed["is_active"]) == (
        "Safety first", [], False,
    )  # fmt: skip
    assert problem(caller.send("DELETE", template, {}, **tag))[:2] == (412, "changed")
    assert caller.patch(template, {}).json() == changed
    assert caller.get("response-templates/", is_active="false").json()["results"] == [changed]
    assert caller.get("response-templates/", is_active="true").json()["results"] == []
    assert caller.send("DELETE", template, {}).status_code == 204
    assert problem(caller.get(template))[0] == 404
    with wall.as_business(alpha):
        assert ResponseTemplate.objects.count() == 0


def test_a_template_can_begin_put_aside(caller: Caller) -> None:
    made = caller.post("response-templates/", {**SAFETY, "is_active": False})
    assert (made.status_code, made.json()["is_active"]) == (201, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"body": ""}, "body"),
        ({"body": "{{ customer.secret }}"}, "body"),
        ({"ratings": [6]}, "ratings.0"),
        ({"ratings": ["1"]}, "ratings.0"),
        ({"flags": ["sunny"]}, "flags.0"),
        ({"is_active": "yes"}, "is_active"),
    ],
)
def test_a_wrong_template_is_refused(
    caller: Caller, template: str, change: dict[str, Any], field: str
) -> None:
    before = caller.get(template).content
    assert problem(caller.post("response-templates/", {**SAFETY, **change}))[::2] == (422, [field])
    assert problem(caller.patch(template, change))[::2] == (422, [field])
    assert caller.get(template).content == before


def test_a_template_is_filled_in_for_a_review(
    caller: Caller, template: str, alpha: Business
) -> None:
    with wall.as_business(alpha):
        review = str(make_review(customer=make_customer(), flags=["safety"]).pk)
    ruth = str(person("bob").pk)
    made_up = caller.get(f"{template}preview/").json()
    assert made_up["text"] == "Hello Nora, we look at it today. Ruth"
    shown = caller.get(f"{template}preview/", review_id=review, member_id=ruth).json()
    assert shown["text"] == "Hello Nora, we look at it today. Bob"
    found = caller.get("response-templates/suggest/", review_id=review, member_id=ruth).json()
    assert found["results"] == [shown]
    alone = caller.get("response-templates/suggest/", review_id=review).json()
    assert alone["results"][0]["text"] == "Hello Nora, we look at it today. Till"


def test_nothing_is_suggested_for_what_is_not_there(caller: Caller, template: str) -> None:
    suggest = "response-templates/suggest/"
    assert problem(caller.get(suggest)) == (400, "invalid", ["review_id"])
    assert problem(caller.get(suggest, review_id="7"))[::2] == (400, ["review_id"])
    assert problem(caller.get(suggest, review_id=NOBODY))[0] == 404
    assert problem(caller.get(f"{template}preview/", review_id=NOBODY))[0] == 404


def test_nobody_unknown_fills_a_template_in(caller: Caller, template: str, alpha: Business) -> None:
    with wall.as_business(alpha):
        review = str(make_review().pk)
    for path in (f"{template}preview/", "response-templates/suggest/"):
        answer = caller.get(path, review_id=review, member_id=NOBODY)
        assert problem(answer)[0] == 404


def test_a_text_is_checked_and_not_kept(caller: Caller) -> None:
    text = "  Delete your review or hear from our lawyer.  "
    found = caller.post("text-checks/", {"kind": "public_reply", "text": text}).json()
    assert found["is_blocked"] is True
    first = found["findings"][0]
    assert (first["tone"], first["code"]) == ("bad", "removal_demand")
    assert text.strip()[first["start"] : first["end"]].startswith("Delete your review")
    counts = [found["scores"][tone] for tone in ("bad", "warn", "good")]
    assert sum(counts) == len(found["findings"])
    assert found["scores"]["share"] == round(counts[2] / sum(counts), 3)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "poem", "text": "x"}, "kind"),
        ({"kind": "apology"}, "text"),
        ({"kind": "apology", "text": " "}, "text"),
        ({"kind": "apology", "text": "x" * 20_001}, "text"),
    ],
)
def test_a_wrong_check_is_refused(caller: Caller, body: dict[str, str], field: str) -> None:
    assert problem(caller.post("text-checks/", body))[::2] == (422, [field])
