"""What waits for somebody, sorted by what it costs to leave it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import shorten
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from apps.campaigns import queries as campaigns
from apps.campaigns.choices import CampaignStatus
from apps.core.db import within
from apps.core.facts import Actor
from apps.core.money import Money
from apps.customers.models import Transaction
from apps.insights.rules import Clock, read_clock, section_of
from apps.jobs import queries as jobs
from apps.messaging import queries as messaging
from apps.offers import queries
from apps.offers.choices import OfferState
from apps.offers.models import Offer
from apps.recovery.choices import CaseStatus
from apps.recovery.models import Case, Promise
from apps.reviews.choices import ReviewKind, ReviewStatus
from apps.reviews.models import Review
from apps.tenants import wall

MOST = 25
MINE, EVERYONE, NOBODY = "mine", "everyone", "nobody"


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: why it is here, until when, and what waiting costs."""

    kind: str
    object_id: UUID | None
    title: str
    why: str
    due_at: datetime | None
    section: str
    clock: Clock | None
    badge: str = ""
    stars: int | None = None
    worth: Money | None = None
    customer_id: UUID | None = None
    count: int = 0


def list_waiting(*, actor: Actor, whose: str, now: datetime) -> list[Waiting]:
    """Return what waits for the actor, for everyone or for nobody in particular, soonest first."""
    found = [
        *_cases(actor, whose, now),
        *_promises(actor, whose, now),
        *_approvals(actor, now),
        *_reviews(actor, whose, now),
        *_troubles(actor, now),
    ]
    never = now + timedelta(days=3650)
    return sorted(found, key=lambda row: (row.due_at or never, row.title))


def _yearly_worth(
    actor: Actor, customer_ids: Iterable[UUID | None], now: datetime
) -> dict[UUID, Money]:
    """Return what customers spent in a year at the places of the actor, in the own currency."""
    currency = wall.current_business().currency
    spent = Transaction.objects.filter(
        customer_id__in=[one for one in customer_ids if one],
        currency=currency,
        happened_at__gt=now - timedelta(days=365),
    )
    rows = within(actor, spent).values("customer_id").annotate(total=Sum("amount_minor"))
    return {row["customer_id"]: Money(row["total"], currency) for row in rows if row["total"]}


def _of(queryset: QuerySet[Case], field: str, actor: Actor, whose: str) -> QuerySet[Case]:
    if whose == MINE:
        return queryset.filter(Q(**{field: actor.id}) | Q(**{field: None}))
    return queryset.filter(**{field: None}) if whose == NOBODY else queryset


def _cases(actor: Actor, whose: str, now: datetime) -> list[Waiting]:
    if not actor.can("recovery.view"):
        return []
    # One that waits for the customer is nobody's to do; its own clock brings it back.
    opened = within(actor, Case.objects.filter(status=CaseStatus.OPEN, due_at__isnull=False))
    opened = opened.select_related("failure", "customer", "location")
    cases = list(_of(opened, "owner_id", actor, whose).order_by("due_at", "id")[:MOST])
    worth = _yearly_worth(actor, (case.customer_id for case in cases), now)
    return [
        Waiting(
            kind=f"case_{case.stage}",
            object_id=case.pk,
            title=case.title,
            why=_story(case),
            due_at=case.due_at,
            section=section_of(due_at=case.due_at, now=now),
            clock=read_clock(started_at=case.stage_at, due_at=case.due_at, now=now)
            if case.due_at
            else None,
            badge="severity" if case.severity >= 5 else "",  # noqa: PLR2004 - the worst
            worth=worth.get(case.customer_id) if case.customer_id else None,
            customer_id=case.customer_id,
        )
        for case in cases
    ]


def _story(case: Case) -> str:
    """Return who it happened to, what kind of failure it was and where."""
    parts = [
        case.customer.name if case.customer else "",
        f"{case.failure.get_kind_display()}, {case.severity} of 5",
        case.location.name if case.location else "",
    ]
    return " · ".join(part for part in parts if part)


def _promises(actor: Actor, whose: str, now: datetime) -> list[Waiting]:
    if not actor.can("recovery.view") or whose == NOBODY:
        return []
    # One that broke by itself still waits for somebody's word on it.
    due = Promise.objects.filter(settled_at=None, due_at__lt=now + timedelta(days=7))
    due = within(actor, due, "case__location_id")
    if whose == MINE:
        due = due.filter(made_by_id=actor.id)
    return [
        Waiting(
            kind="promise",
            object_id=promise.case_id,
            title=promise.text,
            why=promise.case.title,
            due_at=promise.due_at,
            section=section_of(due_at=promise.due_at, now=now),
            clock=read_clock(started_at=promise.created_at, due_at=promise.due_at, now=now),
            badge="promise",
            customer_id=promise.case.customer_id,
        )
        for promise in due.select_related("case").order_by("due_at", "id")[:MOST]
    ]


def _approvals(actor: Actor, now: datetime) -> list[Waiting]:
    if not actor.can("offers.approve"):
        return []
    waiting = queries.list_offers(actor=actor, state=OfferState.WAITING_APPROVAL)
    offers = waiting.order_by("created_at", "id")
    return [
        Waiting(
            kind="approval",
            object_id=offer.pk,
            title=offer.title,
            why=_request(offer),
            due_at=(offer.approval_asked_at or offer.created_at) + timedelta(hours=4),
            section=section_of(
                due_at=(offer.approval_asked_at or offer.created_at) + timedelta(hours=4), now=now
            ),
            clock=None,
            badge="approval",
            worth=Money(offer.value_minor, offer.currency),
            customer_id=offer.customer_id,
        )
        for offer in offers[:MOST]
    ]


def _request(offer: Offer) -> str:
    """Return who asks for how much above their limit, and because of what."""
    value, limit = (
        Money(minor, offer.currency) for minor in (offer.value_minor, offer.limit_minor)
    )
    name = offer.issued_by.name if offer.issued_by else "A colleague"
    return f"{name} asks for {value}, above their limit of {limit}. {offer.failure.title}"


def _reviews(actor: Actor, whose: str, now: datetime) -> list[Waiting]:
    if not actor.can("reviews.view"):
        return []
    # A review whose failure has an open case is one matter, and stands there as the case.
    with_case = Case.objects.exclude(status=CaseStatus.CLOSED).filter(
        failure__review_id__isnull=False
    )
    waiting = Review.objects.filter(
        status__in=[ReviewStatus.NEW, ReviewStatus.OPEN], due_at__isnull=False
    ).exclude(pk__in=with_case.values("failure__review_id"))
    waiting = within(actor, waiting)
    if whose == MINE:
        waiting = waiting.filter(Q(assignee_id=actor.id) | Q(assignee_id=None))
    elif whose == NOBODY:
        waiting = waiting.filter(assignee_id=None)
    rows = waiting.select_related("location").defer("search").order_by("due_at", "id")[:MOST]
    return [
        Waiting(
            kind="review",
            object_id=review.pk,
            title=shorten(_words(review), 90, placeholder="…"),
            why=" · ".join(
                part
                for part in (
                    review.title if _is_wish(review) else review.author_name,
                    review.source.capitalize(),
                    review.location.name if review.location else "",
                )
                if part
            ),
            due_at=review.due_at,
            section=section_of(due_at=review.due_at, now=now),
            clock=read_clock(started_at=review.received_at, due_at=review.due_at, now=now)
            if review.due_at
            else None,
            stars=_stars(review),
            customer_id=review.customer_id,
        )
        for review in rows
    ]


def _is_wish(review: Review) -> bool:
    """Tell whether somebody asked for a person, in words; its title says how to reach them."""
    return review.kind == ReviewKind.CONTACT and bool(review.text)


def _words(review: Review) -> str:
    if _is_wish(review):
        return review.text
    return review.title or review.text or review.author_name


def _stars(review: Review) -> int | None:
    if review.rating is None or not review.rating_max:
        return None
    return round(float(review.rating) * 5 / review.rating_max)


def _troubles(actor: Actor, now: datetime) -> list[Waiting]:
    """Return what went wrong with the machinery: unconfirmed messages, halts, parked work."""
    found: list[Waiting] = []
    if actor.can("messaging.view"):
        unconfirmed = messaging.count_unconfirmed(actor=actor)
        found += _trouble("unconfirmed", unconfirmed, now)
    if actor.can("campaigns.launch"):
        paused = campaigns.list_campaigns(actor=actor).filter(status=CampaignStatus.PAUSED)
        found += _trouble("paused", paused.count(), now)
    if actor.can("settings.change"):
        found += _trouble("parked", jobs.list_parked().count(), now)
    return found


def _trouble(kind: str, count: int, now: datetime) -> list[Waiting]:
    if not count:
        return []
    due_at = now + timedelta(hours=12)
    section = section_of(due_at=due_at, now=now)
    return [Waiting(kind, None, "", "", due_at, section, None, badge=kind, count=count)]
