"""Writes of the room: recording, understanding and closing what went wrong."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, ForbiddenError
from apps.core.facts import SYSTEM, Actor, Fact
from apps.customers.models import Customer
from apps.failures import events, queries, rules
from apps.failures.choices import Evidence, FailureKind, FailureStatus
from apps.failures.models import Failure
from apps.journal import services as journal
from apps.locations.models import Location
from apps.reviews import queries as reviews
from apps.reviews.models import Review

TITLE_LENGTH = 160
WORST = 5


def record_from_review(*, review_id: UUID, now: datetime) -> Failure | None:
    """Record the failure that a review tells of, once; None when it tells of none."""
    review = reviews.get_review(actor=SYSTEM, review_id=review_id)
    text = f"{review.title}\n{review.text}".strip()
    is_failure = rules.is_failure(
        rating=review.rating,
        rating_max=review.rating_max,
        flags=review.flags,
        sentiment=review.sentiment,
    )
    if not is_failure:
        return None
    severity = rules.grade_severity(
        rating=review.rating, rating_max=review.rating_max, flags=review.flags
    )
    kind, title = rules.name_failure(flags=review.flags, text=text)
    return _record(
        review=review,
        customer=review.customer,
        location=review.location,
        kind=kind,
        title=title,
        quote=review.text or review.title,
        severity=severity.value,
        evidence=severity.evidence,
        happened_on=(review.written_at or review.received_at).date(),
        actor=SYSTEM,
        now=now,
    )


def record_failure(
    *,
    kind: str,
    title: str,
    severity: int,
    actor: Actor,
    now: datetime,
    quote: str = "",
    customer: Customer | None = None,
    location: Location | None = None,
    review: Review | None = None,
    happened_on: date | None = None,
) -> Failure:
    """Record a failure by hand; for a review that has one already, return that one."""
    if not actor.can("failures.record"):
        raise ForbiddenError(_("You may not record failures."))
    _check_grade(kind, severity)
    if not title.strip():
        raise AppError(_("Say in a few words what went wrong."), field="title")
    return _record(
        review=review,
        customer=customer or (review.customer if review else None),
        location=location or (review.location if review else None),
        kind=kind,
        title=title.strip(),
        quote=quote.strip() or (review.text if review else ""),
        severity=severity,
        evidence=Evidence.STATED,
        happened_on=happened_on,
        actor=actor,
        now=now,
    )


def _record(
    *,
    review: Review | None,
    title: str,
    kind: str,
    severity: int,
    evidence: str,
    actor: Actor,
    now: datetime,
    **values: object,
) -> Failure:
    values |= {
        "kind": kind,
        "title": title[:TITLE_LENGTH],
        "severity": severity,
        "severity_evidence": evidence,
        "created_at": now,
        "updated_at": now,
    }
    with transaction.atomic():
        if review is None:
            failure, created = Failure.objects.create(**values), True
        else:
            failure, created = Failure.objects.get_or_create(review=review, defaults=values)
        if created:
            fact = events.FailureRecorded(
                failure_id=failure.pk,
                review_id=failure.review_id,
                customer_id=failure.customer_id,
                location_id=failure.location_id,
                severity=severity,
                category=kind,
            )
            journal.record(fact, actor=actor, now=now)
    return failure


def describe_failure(
    *,
    failure: Failure,
    what_happened: str,
    actor: Actor,
    now: datetime,
    cause: str = "",
    kind: str = "",
    severity: int | None = None,
) -> Failure:
    """Note what really happened and why; the first time the failure counts as understood."""
    if not what_happened.strip():
        raise AppError(_("Write down what happened."), field="what_happened")
    _check_grade(kind or failure.kind, severity or failure.severity)
    with transaction.atomic():
        held = Failure.objects.select_for_update().get(pk=failure.pk)
        is_new = held.status == FailureStatus.RECORDED
        held.what_happened = what_happened.strip()
        held.cause = cause.strip()[:200]
        held.kind = kind or held.kind
        if severity is not None and severity != held.severity:
            held.severity, held.severity_evidence = severity, Evidence.STATED
        held.status = FailureStatus.UNDERSTOOD if is_new else held.status
        held.updated_at = now
        held.save()
        if is_new:
            journal.record(_fact(events.FailureUnderstood, held), actor=actor, now=now)
    return held


def record_apology(*, failure: Failure, now: datetime) -> None:
    """Note that somebody has said sorry for it; the first time counts."""
    Failure.objects.filter(pk=failure.pk, apologised_at=None).update(
        apologised_at=now, updated_at=now
    )


def close_failure(*, failure: Failure, actor: Actor, now: datetime) -> None:
    """Note that nothing is left to do about it."""
    with transaction.atomic():
        changed = (
            Failure.objects.filter(pk=failure.pk)
            .exclude(status=FailureStatus.CLOSED)
            .update(status=FailureStatus.CLOSED, updated_at=now)
        )
        if changed:
            journal.record(_fact(events.FailureClosed, failure), actor=actor, now=now)


def reopen_failure(*, failure: Failure, now: datetime) -> Failure:
    """Take up a closed failure again; what was understood stays understood."""
    with transaction.atomic():
        held = Failure.objects.select_for_update().get(pk=failure.pk)
        if held.status == FailureStatus.CLOSED:
            known = bool(held.what_happened)
            held.status = FailureStatus.UNDERSTOOD if known else FailureStatus.RECORDED
            held.updated_at = now
            held.save(update_fields=["status", "updated_at"])
    return held


def record_by_hand(*, review_id: UUID, actor: Actor, now: datetime) -> Failure:
    """Return the failure of a review, recorded on a person's word where the rules saw none."""
    review = reviews.get_review(actor=actor, review_id=review_id)
    found = queries.find_by_review(review_id=review.pk)
    if found is not None:
        return found
    text = f"{review.title}\n{review.text}".strip()
    kind, title = rules.name_failure(flags=review.flags, text=text)
    severity = rules.grade_severity(
        rating=review.rating, rating_max=review.rating_max, flags=review.flags
    )
    return record_failure(
        kind=kind, title=title, severity=severity.value, review=review, actor=actor, now=now
    )


def _check_grade(kind: str, severity: int) -> None:
    if kind not in FailureKind.values:
        raise AppError(_("Choose what kind of failure it was."), field="kind")
    if not 1 <= severity <= WORST:
        raise AppError(_("Severity goes from 1 to 5."), field="severity")


def _fact(kind: Callable[..., Fact], failure: Failure) -> Fact:
    return kind(
        failure_id=failure.pk,
        customer_id=failure.customer_id,
        location_id=failure.location_id,
    )
