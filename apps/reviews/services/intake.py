"""What comes into the inbox: answers, wishes to be contacted, messages, reviews from elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, NotFoundError
from apps.core.facts import SYSTEM, Actor
from apps.feedback import queries as feedback
from apps.feedback.choices import ContactWay
from apps.journal import services as journal
from apps.messaging.models import Inbound
from apps.reviews import rules
from apps.reviews.choices import ReviewKind, ReviewStatus, Site
from apps.reviews.events import ReviewChanged, ReviewReceived
from apps.reviews.models import Review
from apps.text import severity

BATCH = 1000
MAX_BATCH = 10_000
# The scale of the stars on the business's own page.
OWN_SCALE = 5


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A review from another site, as its source tells it."""

    source: str
    remote_id: str
    text: str = ""
    title: str = ""
    author_name: str = ""
    rating: Decimal | None = None
    rating_max: int | None = None
    written_at: datetime | None = None
    language: str = ""
    label: str = ""
    location_id: UUID | None = None
    customer_id: UUID | None = None


@transaction.atomic
def import_response(*, response_id: UUID, now: datetime) -> Review:
    """Put a customer's answer into the inbox; an answer that changed changes its item.

    The same answer twice is one item.
    """
    response = feedback.get_response(response_id=response_id)
    name = response.customer.name if response.customer else ""
    values = {
        "rating": Decimal(response.rating),
        "rating_max": OWN_SCALE,
        "text": response.text,
        **_read_text(response.text),
    }
    review, created = Review.objects.select_for_update(of=("self",)).get_or_create(
        source=Site.OWN,
        remote_id=str(response.pk),
        defaults={
            **values,
            "kind": ReviewKind.RESPONSE,
            "response": response,
            "customer_id": response.customer_id,
            "location_id": response.location_id,
            "author_name": name[:160],
            "written_at": response.submitted_at,
            "received_at": now,
            "sort_at": response.submitted_at,
            "due_at": _due_at(now, values),
            "created_at": now,
        },
    )
    if created:
        _record_received([review], actor=SYSTEM, now=now)
    elif (review.rating, review.text) != (values["rating"], values["text"]):
        _change(review, values, now)
    return review


def _change(review: Review, values: Mapping[str, Any], now: datetime) -> None:
    """Take over changed words and stars; what was done with is looked at again."""
    what = "rewritten" if review.text != values["text"] else "rerated"
    for name, value in values.items():
        setattr(review, name, value)
    review.status = ReviewStatus.OPEN
    review.due_at = _due_at(now, values)
    review.sort_at = now
    review.resolved_at = review.snoozed_until = None
    fields = [*values, "status", "due_at", "sort_at", "resolved_at", "snoozed_until"]
    review.save(update_fields=fields)
    fact = ReviewChanged(
        review_id=review.pk,
        customer_id=review.customer_id,
        location_id=review.location_id,
        what=what,
    )
    journal.record(fact, actor=SYSTEM, now=now)


@transaction.atomic
def import_contact_request(*, contact_request_id: UUID, now: datetime) -> Review:
    """Put a customer's wish to hear from a person into the inbox, once."""
    wish = feedback.get_contact_request(contact_request_id=contact_request_id)
    name = wish.customer.name if wish.customer else wish.address
    how = ContactWay(wish.how).label if wish.how in ContactWay.values else wish.how
    values = {"text": wish.text, **_read_text(wish.text)}
    review, created = Review.objects.get_or_create(
        source=Site.OWN,
        remote_id=str(wish.pk),
        defaults={
            **values,
            "kind": ReviewKind.CONTACT,
            "customer_id": wish.customer_id,
            "location_id": wish.location_id,
            "author_name": name[:160],
            "title": f"{how}: {wish.address}"[:300] if wish.address else str(how),
            "written_at": wish.created_at,
            "received_at": now,
            "sort_at": wish.created_at,
            # Somebody asked for a person: they wait no longer than one who is in trouble.
            "due_at": now + rules.GRAVE,
            "created_at": now,
        },
    )
    if created:
        _record_received([review], actor=SYSTEM, now=now)
    return review


@transaction.atomic
def import_message(*, inbound_id: UUID, now: datetime) -> Review:
    """Put a customer's message into the inbox, once."""
    inbound = Inbound.objects.select_related("customer").filter(pk=inbound_id).first()
    if inbound is None:
        raise NotFoundError(_("There is no such message."))
    customer = inbound.customer
    values = {"text": inbound.text, **_read_text(inbound.text)}
    review, created = Review.objects.get_or_create(
        source=inbound.channel,
        remote_id=str(inbound.pk),
        defaults={
            **values,
            "kind": ReviewKind.MESSAGE,
            "customer": customer,
            "location_id": customer.location_id if customer else None,
            "author_name": (customer.name if customer else inbound.address)[:160],
            "written_at": inbound.created_at,
            "received_at": now,
            "sort_at": inbound.created_at,
            "due_at": _due_at(now, values),
            "created_at": now,
        },
    )
    if created:
        _record_received([review], actor=SYSTEM, now=now)
    return review


@transaction.atomic
def import_batch(
    *, rows: Sequence[Incoming], actor: Actor, now: datetime, is_history: bool = False
) -> int:
    """Put reviews of other sites into the inbox, each once; returns how many were new.

    History lands among what is done and announces nothing; else what was written in the last
    14 days is announced and has a clock.
    """
    if len(rows) > MAX_BATCH:
        raise AppError(_("At most %(most)d reviews at a time.") % {"most": MAX_BATCH})
    fresh = _find_new(rows)
    status = ReviewStatus.RESOLVED if is_history else ReviewStatus.NEW
    reviews = [_build(row, status=status, now=now) for row in fresh]
    Review.objects.bulk_create(reviews, ignore_conflicts=True, batch_size=BATCH)
    if not is_history:
        recent = [r for r in reviews if rules.is_recent(written_at=r.written_at, now=now)]
        _record_received(recent, actor=actor, now=now)
    return len(reviews)


def _find_new(rows: Sequence[Incoming]) -> list[Incoming]:
    """Return the rows that are not there yet, each once; a lock keeps two batches apart."""
    found = {(row.source, row.remote_id): row for row in reversed(rows)}
    known = set(
        Review.objects.filter(
            source__in={source for source, _id in found},
            remote_id__in={remote_id for _source, remote_id in found},
        ).values_list("source", "remote_id")
    )
    return [row for key, row in reversed(found.items()) if key not in known]


def _build(row: Incoming, *, status: str, now: datetime) -> Review:
    read = _read_text(f"{row.title}\n{row.text}")
    clock = None
    if status == ReviewStatus.NEW and rules.is_recent(written_at=row.written_at, now=now):
        clock = rules.due_at(
            received_at=now, rating=row.rating, rating_max=row.rating_max, flags=read["flags"]
        )
    return Review(
        kind=ReviewKind.REVIEW,
        source=row.source,
        remote_id=row.remote_id,
        label=row.label,
        location_id=row.location_id,
        customer_id=row.customer_id,
        author_name=row.author_name,
        rating=row.rating,
        rating_max=row.rating_max,
        title=row.title,
        text=row.text,
        language=row.language,
        written_at=row.written_at,
        received_at=now,
        sort_at=row.written_at or now,
        status=status,
        due_at=clock,
        created_at=now,
        **read,
    )


def _read_text(text: str) -> dict[str, Any]:
    """Return the kinds of trouble in a text and how it feels."""
    if not text.strip():
        return {"flags": [], "sentiment": None}
    return {
        "flags": [flag.name for flag in severity.find_flags(text)],
        "sentiment": severity.sentiment(text),
    }


def _due_at(now: datetime, values: Mapping[str, Any]) -> datetime:
    return rules.due_at(
        received_at=now,
        rating=values.get("rating"),
        rating_max=values.get("rating_max"),
        flags=values["flags"],
    )


def _record_received(reviews: Sequence[Review], *, actor: Actor, now: datetime) -> None:
    facts = [
        ReviewReceived(
            review_id=review.pk,
            customer_id=review.customer_id,
            location_id=review.location_id,
            source=review.source,
        )
        for review in reviews
    ]
    journal.record_many(facts, actor=actor, now=now)
