"""The work on inbox items: put off, tagged, given away, answered, and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import Actor
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.jobs.models import Ticket
from apps.journal.models import Entry
from apps.reviews import queries, services
from apps.reviews.models import Note, Review
from apps.tenants.models import Business
from tests.factories import make_review

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


def snooze(review: Review, actor: Actor, until: datetime | None = TOMORROW) -> str:
    return services.set_status(review=review, status="snoozed", until=until, actor=actor, now=NOW)


def told() -> list[str]:
    entries = Entry.objects.filter(kind="review.changed").order_by("pk")
    return [entry.data["what"] for entry in entries]


def test_a_snoozed_item_comes_back_on_top_when_its_time_has_come(bob: Actor) -> None:
    review = make_review()
    assert snooze(review, bob) == "new"
    assert Ticket.objects.get(kind="reviews.wake").not_before == TOMORROW
    services.wake_review(review_id=review.pk, now=TOMORROW - timedelta(seconds=1))
    review.refresh_from_db()
    assert (review.status, review.snoozed_until) == ("snoozed", TOMORROW)
    services.wake_review(review_id=review.pk, now=TOMORROW)
    review.refresh_from_db()
    assert (review.status, review.snoozed_until, review.sort_at) == ("open", None, TOMORROW)
    services.wake_review(review_id=review.pk, now=TOMORROW)
    services.wake_review(review_id=uuid4(), now=TOMORROW)
    assert told() == ["snoozed", "woken"]


def test_the_same_again_changes_nothing(bob: Actor, mona: Actor) -> None:
    review = make_review()
    for _ in range(2):
        snooze(review, bob)
        services.tag_review(review=review, tags=["Brakes"], actor=bob, now=NOW)
        services.assign_review(review=review, member_id=bob.id, actor=mona, now=NOW)
    assert told() == ["snoozed", "tagged", "assigned"]
    services.assign_review(review=review, member_id=None, actor=mona, now=NOW)
    review.refresh_from_db()
    assert (review.assignee_id, told()[-1]) == (None, "unassigned")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "replied"}, "status"),
        ({"status": "new"}, "status"),
        ({"status": "snoozed"}, "until"),
        ({"status": "resolved", "until": TOMORROW}, "until"),
        ({"status": "snoozed", "until": NOW}, "until"),
        ({"status": "snoozed", "until": NOW + timedelta(days=367)}, "until"),
    ],
)
def test_states_that_cannot_be_chosen(bob: Actor, change: dict[str, Any], code: str) -> None:
    review = make_review()
    with pytest.raises(AppError) as caught:
        services.set_status(review=review, actor=bob, now=NOW, **change)
    assert caught.value.code == code
    review.refresh_from_db()
    assert (review.status, told()) == ("new", [])


def test_tags_are_kept_plain_once_and_few(bob: Actor) -> None:
    review = make_review()
    given = ["  Front   Brake ", "front brake", "", "a\x00b", "x" * 50]
    kept = services.tag_review(review=review, tags=given, actor=bob, now=NOW)
    assert kept == ["front brake", "x" * 40]
    many = [f"tag {number}" for number in range(50)]
    with pytest.raises(AppError, match="At most"):
        services.tag_review(review=review, tags=many, actor=bob, now=NOW)
    review.refresh_from_db()
    assert review.tags == kept


@pytest.mark.parametrize(
    ("text", "code"), [("  ", "empty"), ("x" * 20_001, "too_long")], ids=["empty", "long"]
)
def test_notes_need_words_and_an_end(bob: Actor, text: str, code: str) -> None:
    with pytest.raises(AppError) as caught:
        services.add_note(review=make_review(), text=text, actor=bob, now=NOW)
    assert (caught.value.code, caught.value.field) == (code, "text")
    assert Note.objects.count() == 0


def test_an_analyst_changes_nothing(ana: Actor) -> None:
    review = make_review()
    given: dict[str, Any] = {"review": review, "actor": ana, "now": NOW}
    with pytest.raises(ForbiddenError):
        services.assign_review(member_id=None, **given)
    with pytest.raises(ForbiddenError):
        services.set_status(status="resolved", **given)
    with pytest.raises(ForbiddenError):
        services.tag_review(tags=["x"], **given)
    with pytest.raises(ForbiddenError):
        services.add_note(text="x", **given)
    assert (told(), Note.objects.count()) == ([], 0)


def test_an_item_that_was_removed_meanwhile_is_told(bob: Actor) -> None:
    review = make_review()
    Review.objects.all().delete()
    with pytest.raises(ConflictError, match="removed meanwhile"):
        services.add_note(review=review, text="Ring her", actor=bob, now=NOW)


def test_an_answer_stops_the_clock_and_gives_it_to_who_answered(bob: Actor, mona: Actor) -> None:
    review = make_review()
    services.record_reply(review=review, is_public=False, actor=bob, now=NOW)
    review.refresh_from_db()
    assert (review.status, review.replied_at, review.assignee_id) == ("waiting", NOW, bob.id)
    services.record_reply(review=review, is_public=True, actor=mona, now=TOMORROW, is_done=True)
    review.refresh_from_db()
    assert (review.status, review.resolved_at, review.replied_at) == ("resolved", TOMORROW, NOW)
    assert review.assignee_id == bob.id


@pytest.mark.parametrize(("is_still_answered", "replied_at"), [(True, NOW), (False, None)])
def test_an_answer_taken_back_lets_it_wait_again(
    bob: Actor, *, is_still_answered: bool, replied_at: datetime | None
) -> None:
    review = make_review()
    services.record_reply(review=review, is_public=True, actor=bob, now=NOW, is_done=True)
    services.record_reply_undone(
        review=review, actor=bob, now=TOMORROW, is_still_answered=is_still_answered
    )
    review.refresh_from_db()
    assert (review.status, review.resolved_at, review.replied_at) == ("open", None, replied_at)


def test_the_story_names_those_who_are_here_and_says_so_of_others(
    bob: Actor, mona: Actor, inside: Business
) -> None:
    assert bob.id is not None
    review = make_review()
    services.add_note(review=review, text="Ring her", actor=bob, now=NOW)
    snooze(review, mona)
    jobs.drain(lanes=[Lane.INTERACTIVE])
    services.wake_review(review_id=review.pk, now=TOMORROW)
    words = [item.words for item in queries.list_story(review, {bob.id: "Bob"})]
    assert words == ["Bob, note:", "Somebody who left put it off", "Back from being put off"]
