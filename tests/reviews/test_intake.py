"""What comes into the inbox stands there once, with its clock and its flags."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from apps.core.facts import SYSTEM, Actor
from apps.feedback.models import ContactRequest, Response
from apps.journal.models import Entry
from apps.reviews import queries, services
from apps.reviews.models import Review
from apps.reviews.services import Incoming
from apps.tenants.models import Business
from tests import factories

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)


def make_response(rating: int = 2, text: str = "The brake failed, it is dangerous.") -> Response:
    return Response.objects.create(
        customer=factories.make_customer(),
        rating=rating,
        text=text,
        submitted_at=NOW,
        changed_at=NOW,
        created_at=NOW,
    )


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_an_answer_comes_in_once(inside: Business) -> None:
    response = make_response()
    first = services.import_response(response_id=response.pk, now=NOW)
    again = services.import_response(response_id=response.pk, now=NOW)
    assert first.pk == again.pk
    review = Review.objects.get()
    assert (review.kind, review.source, review.author_name) == ("response", "own", "Nora Keane")
    assert (review.rating, review.rating_max, review.stars) == (Decimal(2), 5, 2)
    assert review.flags == ["safety"]
    assert review.due_at == NOW + timedelta(hours=8)
    assert kinds() == ["review.received"]


def test_a_changed_answer_changes_its_item_and_opens_it_again(alice: Actor) -> None:
    response = make_response(rating=5, text="Lovely.")
    review = services.import_response(response_id=response.pk, now=NOW)
    assert review.due_at == NOW + timedelta(hours=24)
    services.set_status(review=review, status="resolved", actor=alice, now=NOW)
    response.rating, response.text = 1, "It broke again."
    response.save()
    services.import_response(response_id=response.pk, now=NOW + timedelta(hours=1))
    review = Review.objects.get()
    assert (review.stars, review.text, review.status) == (1, "It broke again.", "open")
    assert (review.due_at, review.resolved_at) == (NOW + timedelta(hours=9), None)
    assert kinds().count("review.received") == 1
    changes = list(Entry.objects.filter(kind="review.changed").order_by("pk"))
    assert [entry.data["what"] for entry in changes] == ["resolved", "rewritten"]


def test_changed_stars_are_told_as_such_and_once_in_a_row(alice: Actor) -> None:
    response = make_response(rating=5, text="Lovely.")
    review = services.import_response(response_id=response.pk, now=NOW)
    for rating in (4, 3, 2):
        response.rating = rating
        response.save()
        services.import_response(response_id=response.pk, now=NOW)
    assert alice.id is not None
    services.assign_review(review=review, member_id=alice.id, actor=alice, now=NOW)
    review.refresh_from_db()
    story = queries.list_story(review, {alice.id: "Alice"})
    assert [item.words for item in story] == ["The customer changed their stars", "Alice took it"]


def test_a_wish_to_be_called_comes_in_once(inside: Business) -> None:
    wish = ContactRequest.objects.create(
        how="call", address="+447700900123", text="Please ring", created_at=NOW
    )
    for _again in range(2):
        services.import_contact_request(contact_request_id=wish.pk, now=NOW)
    review = Review.objects.get()
    assert (review.kind, review.title) == ("contact", "Call me: +447700900123")
    assert review.due_at == NOW + timedelta(hours=8)


def rows() -> list[Incoming]:
    return [
        Incoming(source="google", remote_id="a", text="Good", written_at=NOW - timedelta(days=2)),
        Incoming(source="google", remote_id="b", text="Old", written_at=NOW - timedelta(days=20)),
        Incoming(source="google", remote_id="c", rating=Decimal("6.7"), rating_max=10),
        Incoming(source="google", remote_id="a", text="The same number again"),
    ]


def test_a_batch_comes_in_once_and_only_what_is_recent_acts(inside: Business) -> None:
    assert services.import_batch(rows=rows(), actor=SYSTEM, now=NOW) == 3
    assert services.import_batch(rows=rows(), actor=SYSTEM, now=NOW) == 0
    found = {r.remote_id: r for r in Review.objects.all()}
    assert {key: r.status for key, r in found.items()} == dict.fromkeys("abc", "new")
    assert {key: r.due_at for key, r in found.items()} == {
        "a": NOW + timedelta(hours=24),
        "b": None,
        "c": None,
    }
    assert found["a"].text == "Good"
    assert found["c"].stars == 3
    assert found["c"].sort_at == NOW
    assert kinds() == ["review.received"]


def test_history_lands_among_what_is_done_and_announces_nothing(inside: Business) -> None:
    assert services.import_batch(rows=rows(), actor=SYSTEM, now=NOW, is_history=True) == 3
    assert set(Review.objects.values_list("status", "due_at")) == {("resolved", None)}
    assert kinds() == []
