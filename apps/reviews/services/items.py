"""Work on inbox items: who has it, what is said among the staff, when it comes back, when done."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import SYSTEM, Actor
from apps.jobs import services as jobs
from apps.journal import services as journal
from apps.reviews.choices import ReviewStatus
from apps.reviews.events import ReviewChanged
from apps.reviews.models import Note, Review
from apps.staff import queries as staff

MAX_NOTE = 5000
MAX_TAGS = 20
MAX_TAG = 40
LONGEST_SNOOZE = timedelta(days=366)


def assign_review(*, review: Review, member_id: UUID | None, actor: Actor, now: datetime) -> None:
    """Give an item to a member of the team, or to nobody; a new one counts as taken up."""
    _need(actor, "reviews.assign")
    if member_id is not None:
        staff.get_assignable(member_id=member_id, location_id=review.location_id)
    with transaction.atomic():
        held = _lock(review)
        if held.assignee_id == member_id:
            return
        held.assignee_id = member_id
        _take_up(held)
        held.save(update_fields=["assignee_id", "status"])
        _record(held, "assigned" if member_id else "unassigned", actor, now, member_id=member_id)


def add_note(*, review: Review, text: str, actor: Actor, now: datetime) -> Note:
    """Write a word among the staff; the customer never sees it."""
    _need(actor, "reviews.note")
    words = text.strip()
    if not words:
        raise AppError(_("Write the note first."), code="empty", field="text")
    if len(words) > MAX_NOTE:
        message = _("At most %(most)d characters, please; you have %(count)d.")
        raise AppError(
            message % {"most": MAX_NOTE, "count": len(words)}, code="too_long", field="text"
        )
    with transaction.atomic():
        held = _lock(review)
        _take_up(held)
        held.save(update_fields=["status"])
        note = Note.objects.create(
            review=held, author_id=_member(actor), text=words, created_at=now
        )
        _record(held, "noted", actor, now)
    return note


def set_status(
    *, review: Review, status: str, actor: Actor, now: datetime, until: datetime | None = None
) -> str:
    """Resolve, snooze (``until``), reopen or let wait; returns the status it had before."""
    _need(actor, "reviews.resolve")
    _check_status(status, until, now)
    with transaction.atomic():
        held = _lock(review)
        before = held.status
        if (before, held.snoozed_until) == (status, until):
            return str(before)
        held.status = status
        held.snoozed_until = until
        held.resolved_at = now if status == ReviewStatus.RESOLVED else None
        held.save(update_fields=["status", "snoozed_until", "resolved_at"])
        _record(held, _WHAT[status], actor, now)
        if until is not None:
            jobs.enqueue("reviews.wake", key=held.pk, now=now, not_before=until)
    return str(before)


_WHAT: dict[str, str] = {
    ReviewStatus.RESOLVED: "resolved",
    ReviewStatus.SNOOZED: "snoozed",
    ReviewStatus.OPEN: "reopened",
    ReviewStatus.WAITING: "waiting",
}


def _check_status(status: str, until: datetime | None, now: datetime) -> None:
    if status not in _WHAT:
        raise AppError(_("This cannot be chosen by hand."), code="status", field="status")
    if (status == ReviewStatus.SNOOZED) != (until is not None):
        raise AppError(_("Choose when it should come back."), code="until", field="until")
    if until is not None and not now < until <= now + LONGEST_SNOOZE:
        raise AppError(
            _("It should come back in the future, within a year."), code="until", field="until"
        )


@transaction.atomic
def wake_review(*, review_id: UUID, now: datetime) -> None:
    """Bring a snoozed item back when its time has come; one snoozed again sleeps on."""
    held = Review.objects.select_for_update().filter(pk=review_id).first()
    if held is None or held.status != ReviewStatus.SNOOZED:
        return
    if held.snoozed_until is None or held.snoozed_until > now:
        return
    held.status = ReviewStatus.OPEN
    held.snoozed_until = None
    # It stands on top again, where one looks.
    held.sort_at = now
    held.save(update_fields=["status", "snoozed_until", "sort_at"])
    _record(held, "woken", SYSTEM, now)


def tag_review(*, review: Review, tags: Iterable[str], actor: Actor, now: datetime) -> list[str]:
    """Replace the tags of an item; returns them as they are kept."""
    _need(actor, "reviews.note")
    kept = list(dict.fromkeys(" ".join(tag.split())[:MAX_TAG].lower() for tag in tags))
    kept = [tag for tag in kept if tag and "\x00" not in tag]
    if len(kept) > MAX_TAGS:
        raise AppError(_("At most %(most)d tags, please.") % {"most": MAX_TAGS}, field="tags")
    with transaction.atomic():
        held = _lock(review)
        if held.tags != kept:
            held.tags = kept
            held.save(update_fields=["tags"])
            _record(held, "tagged", actor, now)
    return kept


def record_reply(
    *, review: Review, is_public: bool, actor: Actor, now: datetime, is_done: bool = False
) -> None:
    """Note that somebody answered: the clock stops; a private answer waits for the customer."""
    held = _lock(review)
    status = ReviewStatus.REPLIED if is_public else ReviewStatus.WAITING
    held.status = ReviewStatus.RESOLVED if is_done else status
    held.resolved_at = now if is_done else None
    held.snoozed_until = None
    held.replied_at = held.replied_at or now
    if held.assignee_id is None:
        held.assignee_id = _member(actor)
    held.save(update_fields=["status", "resolved_at", "snoozed_until", "replied_at", "assignee_id"])


def record_reply_undone(
    *, review: Review, actor: Actor, now: datetime, is_still_answered: bool
) -> None:
    """Note that an answer was taken back: the item waits again."""
    held = _lock(review)
    held.status = ReviewStatus.OPEN
    held.resolved_at = None
    if not is_still_answered:
        held.replied_at = None
    held.save(update_fields=["status", "resolved_at", "replied_at"])
    _record(held, "reply_taken_back", actor, now)


def _need(actor: Actor, permission: str) -> None:
    if not actor.can(permission):
        raise ForbiddenError(_("Your role does not allow this."))


def _lock(review: Review) -> Review:
    held = Review.objects.select_for_update(no_key=True).filter(pk=review.pk).first()
    if held is None:
        raise ConflictError(_("This has been removed meanwhile."), code="removed")
    return held


def _member(actor: Actor) -> UUID | None:
    return actor.id if actor.kind == "staff" else None


def _take_up(held: Review) -> None:
    if held.status == ReviewStatus.NEW:
        held.status = ReviewStatus.OPEN


def _record(
    held: Review, what: str, actor: Actor, now: datetime, *, member_id: UUID | None = None
) -> None:
    fact = ReviewChanged(
        review_id=held.pk,
        customer_id=held.customer_id,
        location_id=held.location_id,
        what=what,
        member_id=member_id,
    )
    journal.record(fact, actor=actor, now=now)
