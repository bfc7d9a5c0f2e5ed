"""The home page: what waits for whom, its figures, finding things, and its cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.reviews.models import Review
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor


def review(number: int, **values: Any) -> Review:
    now = clock.now()
    given = {
        "source": "google",
        "remote_id": str(number),
        "author_name": f"Person {number}",
        "text": f"Words {number} <b>bold</b>",
        "rating": 2,
        "rating_max": 5,
        "received_at": now - timedelta(hours=1),
        "sort_at": now,
        "created_at": now,
        "due_at": now + timedelta(hours=2, minutes=30),
        **values,
    }
    return Review.objects.create(**given)


def test_waiting_reviews_stand_under_now_with_words_escaped(
    client_for: ClientFor, alpha: Business
) -> None:
    with wall.as_business(alpha):
        review(1)
        review(2, status="resolved")
    page = client_for("bob").get("/").content.decode()
    assert "Words 1 &lt;b&gt;bold&lt;/b&gt;" in page
    assert "Person 1 · Google" in page
    assert "Words 2" not in page
    assert "One thing waits." in page


def test_a_wish_for_a_person_is_told_in_its_words(client_for: ClientFor, alpha: Business) -> None:
    wish = {"kind": "contact", "title": "Write to me: zoe@example.com", "rating": None}
    with wall.as_business(alpha):
        review(1, text="Could you bake for thirty?", **wish)
        review(2, text="", **wish)
    page = client_for("bob").get("/").content.decode()
    assert "Could you bake for thirty?" in page
    assert "Write to me: zoe@example.com · Google" in page
    assert page.count("Write to me: zoe@example.com") == 2


def test_empty_day_says_so_and_figures_say_nothing_yet(client_for: ClientFor) -> None:
    page = client_for("bob").get("/").content.decode()
    assert "Nothing waits" in page
    assert page.count("Not enough to say yet: 0 of 5.") == 4
    assert "0 messages after an opt-out" in page


@pytest.mark.parametrize(("whose", "shown"), [("mine", True), ("nobody", True), ("x", True)])
def test_unassigned_work_is_shown_to_everyone(
    client_for: ClientFor, alpha: Business, whose: str, *, shown: bool
) -> None:
    with wall.as_business(alpha):
        review(1)
    page = client_for("bob").get(f"/?whose={whose}").content.decode()
    assert ("Words 1" in page) is shown


def count_queries(client: Any, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_one_and_three_rows_cost_the_same(client_for: ClientFor, alpha: Business) -> None:
    client = client_for("bob")
    with wall.as_business(alpha):
        review(1)
    one = count_queries(client, "/")
    with wall.as_business(alpha):
        review(2)
        review(3)
    assert count_queries(client, "/") == one


def test_find_answers_the_palette_with_own_links(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        found = review(1, text="The brake failed")
    answer = client_for("bob").get("/find/?q=brake", headers={"accept": "application/json"}).json()
    groups = {group["name"]: group["items"] for group in answer["groups"]}
    assert groups["Reviews"][0]["title"] == "The brake failed"
    assert str(found.pk) in groups["Reviews"][0]["url"]


@pytest.mark.parametrize("text", ["²", "①", "٣", "9" * 80])
def test_find_takes_any_digit_that_somebody_types(client_for: ClientFor, text: str) -> None:
    assert client_for("bob").get("/find/", {"q": text}).status_code == 200


def test_find_without_a_match_says_what_to_try(client_for: ClientFor) -> None:
    page = client_for("bob").get("/find/?q=zzz").content.decode()
    assert "Nothing found" in page
    assert client_for("bob").get("/find/", headers={"accept": "application/json"}).json() == {
        "groups": []
    }


def test_analyst_sees_no_place_that_would_refuse_her(client_for: ClientFor) -> None:
    page = client_for("ana").get("/").content.decode()
    assert 'href="/customers/"' not in page
    assert 'href="/inbox/"' in page
