"""Recording, understanding and closing failures."""

from typing import Any

import pytest

from apps.core.errors import AppError, ForbiddenError, NotFoundError
from apps.core.facts import Actor
from apps.failures import queries, services
from apps.failures.models import Failure
from apps.journal.models import Entry
from tests.factories import NOW, make_customer, make_location, make_review

pytestmark = pytest.mark.usefixtures("inside")


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_a_bad_review_is_a_failure_once() -> None:
    customer, place = make_customer(), make_location()
    review = make_review(rating=1, customer=customer, location=place, flags=["safety"])
    first = services.record_from_review(review_id=review.pk, now=NOW)
    again = services.record_from_review(review_id=review.pk, now=NOW)
    assert first is not None
    assert (first, first.customer, first.location) == (again, customer, place)
    assert (first.kind, first.severity, first.severity_evidence) == ("safety", 5, "estimated")
    assert first.quote == review.text
    assert kinds() == ["failure.recorded"]
    entry = Entry.objects.get()
    assert (entry.customer_id, entry.location_id) == (customer.pk, place.pk)
    assert entry.data["severity"] == 5


@pytest.mark.parametrize(
    ("rating", "flags", "sentiment", "is_failure"),
    [(2, [], None, True), (3, [], 0.1, False), (5, [], 0.9, False), (None, ["safety"], 0.0, True)],
)
def test_the_rules_say_what_a_failure_is(
    rating: int | None, flags: list[str], sentiment: float | None, *, is_failure: bool
) -> None:
    review = make_review(rating=rating, flags=flags, sentiment=sentiment, text="It was as it was.")
    found = services.record_from_review(review_id=review.pk, now=NOW)
    assert (found is not None) == is_failure
    assert Failure.objects.count() == int(is_failure)


def test_a_person_may_see_a_failure_where_the_rules_see_none(bob: Actor, ana: Actor) -> None:
    review = make_review(rating=4, text="Nice, but nobody told me the price before.")
    with pytest.raises(ForbiddenError):
        services.record_by_hand(review_id=review.pk, actor=ana, now=NOW)
    assert Failure.objects.count() == 0
    failure = services.record_by_hand(review_id=review.pk, actor=bob, now=NOW)
    assert services.record_by_hand(review_id=review.pk, actor=bob, now=NOW) == failure
    assert (failure.severity_evidence, failure.quote) == ("stated", review.text)
    assert queries.find_by_review(review_id=review.pk) == failure


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": " "}, "title"), ({"kind": "x"}, "kind"), ({"severity": 6}, "severity")],
)
def test_a_failure_by_hand_needs_its_parts(bob: Actor, changes: dict[str, Any], field: str) -> None:
    values: dict[str, Any] = {"kind": "wait", "title": "Two hours late", "severity": 2} | changes
    with pytest.raises(AppError) as refused:
        services.record_failure(**values, actor=bob, now=NOW)
    assert refused.value.field == field
    assert Failure.objects.count() == 0


def test_a_failure_is_understood_once(bob: Actor) -> None:
    failure = services.record_failure(kind="wait", title="Late", severity=2, actor=bob, now=NOW)
    for words in ("The van broke down.", "The van broke down twice."):
        failure = services.describe_failure(
            failure=failure, what_happened=words, cause="Van", severity=3, actor=bob, now=NOW
        )
    assert (failure.status, failure.what_happened) == ("understood", "The van broke down twice.")
    assert (failure.severity, failure.cause) == (3, "Van")
    assert kinds() == ["failure.recorded", "failure.understood"]


def test_a_failure_closes_and_opens_again(bob: Actor) -> None:
    failure = services.record_failure(kind="wait", title="Late", severity=2, actor=bob, now=NOW)
    services.describe_failure(failure=failure, what_happened="The van.", actor=bob, now=NOW)
    services.close_failure(failure=failure, actor=bob, now=NOW)
    services.close_failure(failure=failure, actor=bob, now=NOW)
    assert kinds() == ["failure.recorded", "failure.understood", "failure.closed"]
    services.reopen_failure(failure=failure, now=NOW)
    failure.refresh_from_db()
    assert failure.status == "understood"


def test_places_out_of_scope_hide_their_failures(bob: Actor) -> None:
    near, far = make_location(), make_location(name="Far")
    failure = services.record_failure(
        kind="wait", title="Late", severity=2, location=far, actor=bob, now=NOW
    )
    scoped = Actor(kind="staff", id=bob.id, location_ids=frozenset({near.pk}))
    assert list(queries.list_failures(actor=scoped)) == []
    with pytest.raises(NotFoundError):
        queries.get_failure(actor=scoped, failure_id=failure.pk)
    assert queries.get_failure(actor=bob, failure_id=failure.pk) == failure
