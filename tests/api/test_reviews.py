"""Reviews through the API: pushing, finding, answering, handing on."""

from typing import Any
from uuid import UUID

import pytest

from apps.journal.models import Entry
from apps.replies.models import Reply
from apps.reviews.models import Review
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, KeyFor
from tests.api.test_door import problem
from tests.conftest import person
from tests.factories import make_customer, make_review

NOBODY = str(UUID(int=7))
PUSHED = {
    "source": "google",
    "remote_id": "g-1",
    "rating": 2,
    "text": "Nobody rang back about my brake.",
    "author_name": "Nora K.",
    "written_at": "2026-05-12T09:00:00Z",
}


@pytest.fixture
def review(caller: Caller) -> dict[str, Any]:
    """Return a review as it was answered."""
    made: dict[str, Any] = caller.post("reviews/", PUSHED).json()
    return made


def test_a_review_is_pushed_once(caller: Caller, alpha: Business) -> None:
    first = caller.post("reviews/", PUSHED)
    again = caller.post("reviews/", {**PUSHED, "text": "Other words."})
    assert (first.status_code, again.status_code) == (201, 200)
    body = first.json()
    assert body == again.json()
    assert (body["rating"], body["rating_max"], body["stars"]) == (2.0, 5, 2)
    assert (body["kind"], body["status"], body["source"]) == ("review", "new", "google")
    assert caller.get(f"reviews/{body['id']}/").json() == body
    with wall.as_business(alpha):
        assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": "own"}, "source"),
        ({"source": "Google!"}, "source"),
        ({"remote_id": ""}, "remote_id"),
        ({"rating": 6}, "rating"),
        ({"rating": -1}, "rating"),
        ({"rating": "many"}, "rating"),
        ({"rating_max": 0}, "rating_max"),
        ({"rating": None, "text": ""}, "text"),
        ({"customer_id": NOBODY}, "customer_id"),
        ({"location_id": NOBODY}, "location_id"),
        ({"written_at": "yesterday"}, "written_at"),
        ({"stars": 5}, "stars"),
    ],
)
def test_a_wrong_review_is_refused(
    caller: Caller, alpha: Business, change: dict[str, Any], field: str
) -> None:
    assert problem(caller.post("reviews/", {**PUSHED, **change}))[::2] == (422, [field])
    with wall.as_business(alpha):
        assert Review.objects.count() == 0
        assert Entry.objects.filter(kind="review.received").count() == 0


def test_reviews_are_narrowed(caller: Caller, review: dict[str, Any]) -> None:
    caller.post("reviews/", {**PUSHED, "remote_id": "g-2", "source": "trustpilot", "rating": 5})
    for query, found in (
        ({}, 2),
        ({"source": "google"}, 1),
        ({"rating": 5}, 1),
        ({"status": "resolved"}, 0),
        ({"search": "brake"}, 2),
        ({"search": "bakery"}, 0),
        ({"view": "done"}, 0),
        ({"remote_id": "g-2"}, 1),
        ({"customer_id": NOBODY}, 0),
        ({"tag": "brakes"}, 0),
    ):
        assert len(caller.get("reviews/", **query).json()["results"]) == found, query


def test_an_answer_stands_in_the_name_of_a_member(
    caller: Caller, alpha: Business, review: dict[str, Any]
) -> None:
    path = f"reviews/{review['id']}/replies/"
    words = {"kind": "public", "text": "We are sorry that nobody rang you back."}
    bob = {**words, "member_id": str(person("bob").pk)}
    sent = caller.post(path, bob)
    assert sent.status_code == 201
    assert (sent.json()["author_id"], sent.json()["state"]) == (bob["member_id"], "marked_posted")
    assert caller.get(path).json()["results"] == [sent.json()]
    second = caller.post(path, {**words, "member_id": str(person("mona").pk)})
    assert problem(second)[:2] == (409, "answered_already")
    assert caller.get(f"reviews/{review['id']}/").json()["status"] == "replied"


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"member_id": NOBODY}, 422, ["member_id"]),
        ({"kind": "loud"}, 422, ["kind"]),
        ({"text": " "}, 422, ["text"]),
        ({"text": "Take it down or we will sue you."}, 422, ["text"]),
        ({"kind": "private"}, 422, []),
        ({"mood": "good"}, 422, ["mood"]),
    ],
)
def test_a_wrong_answer_is_refused(
    caller: Caller,
    alpha: Business,
    review: dict[str, Any],
    change: dict[str, Any],
    status: int,
    field: list[str],
) -> None:
    body = {"kind": "public", "text": "Sorry.", "member_id": str(person("bob").pk), **change}
    answer = caller.post(f"reviews/{review['id']}/replies/", body)
    assert problem(answer)[::2] == (status, field)
    with wall.as_business(alpha):
        assert Reply.objects.exclude(state="draft").count() == 0


def test_a_private_answer_needs_an_address_of_the_customer(caller: Caller, alpha: Business) -> None:
    with wall.as_business(alpha):
        mine = make_review(customer=make_customer())
    body = {"kind": "private", "text": "Sorry.", "member_id": str(person("bob").pk)}
    wrong = caller.post(f"reviews/{mine.pk}/replies/", {**body, "contact_id": NOBODY})
    assert problem(wrong) == (422, "unknown_contact", ["contact_id"])


def test_a_review_is_handed_on_and_done(caller: Caller, review: dict[str, Any]) -> None:
    path = f"reviews/{review['id']}/"
    bob = str(person("bob").pk)
    given = caller.post(f"{path}assign/", {"member_id": bob}).json()
    assert (given["assignee_id"], given["status"]) == (bob, "open")
    assert caller.post(f"{path}assign/", {"member_id": None}).json()["assignee_id"] is None
    assert problem(caller.post(f"{path}assign/", {"member_id": NOBODY}))[2] == ["member_id"]
    assert caller.post(f"{path}tags/", {"tags": ["Brakes", "brakes"]}).json()["tags"] == ["brakes"]
    assert caller.post(f"{path}status/", {"status": "resolved"}).json()["status"] == "resolved"
    assert problem(caller.post(f"{path}status/", {"status": "snoozed"}))[2] == ["until"]
    assert problem(caller.post(f"{path}status/", {"status": "replied"}))[2] == ["status"]


@pytest.mark.parametrize("action", ["replies", "assign", "status", "tags"])
def test_a_reader_changes_no_review(key_for: KeyFor, review: dict[str, Any], action: str) -> None:
    reader = key_for("reviews:read", "cases:write")
    assert problem(reader.post(f"reviews/{review['id']}/{action}/", {}))[0] == 403
    assert reader.get(f"reviews/{review['id']}/").json() == review
