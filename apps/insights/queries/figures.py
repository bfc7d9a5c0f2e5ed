"""The four figures of the home page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, StdDev

from apps.campaigns.models import Request
from apps.consent.models import Suppression
from apps.consent.rules import COMMERCIAL
from apps.core import stats
from apps.core.db import within
from apps.core.facts import Actor
from apps.failures.choices import Evidence
from apps.feedback.models import Response
from apps.insights.rules import LEAST_N
from apps.messaging.models import Message
from apps.recovery.choices import CaseStatus
from apps.recovery.models import Case
from apps.reviews.models import Review

MONTH = timedelta(days=30)
QUARTER = timedelta(days=90)
HALF_YEAR = timedelta(days=180)


@dataclass(frozen=True)
class Figure:
    """A number with all that makes it honest; ``value`` is None where n is too small to say.

    Shares are in per cent; ``low`` and ``high`` are the 95 % interval in the value's own unit,
    ``before`` is the value of the period before, ``start`` and ``end`` the ends of its scale.
    """

    key: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    before: float | None
    start: float
    end: float
    evidence: str = Evidence.MEASURED
    needed: int = LEAST_N

    @property
    def change(self) -> float | None:
        """Return the difference to the period before, where both can be said."""
        if self.value is None or self.before is None:
            return None
        return self.value - self.before


def get_today_figures(*, actor: Actor, now: datetime) -> list[Figure]:
    """Return rating, asked who then wrote, first replies in time, came back after a failure.

    Each is counted over the actor's places.
    """
    return [_rating(actor, now), _wrote(actor, now), _in_time(actor, now), _came_back(actor, now)]


def _rating(actor: Actor, now: datetime) -> Figure:
    # A file may leave out when something was written: that tells nothing about these days.
    written = Review.objects.filter(rating_max=5, written_at__isnull=False)
    rated = within(actor, written.filter(rating__isnull=False))

    def period(start: datetime, end: datetime) -> dict[str, Any]:
        return rated.filter(sort_at__gt=start, sort_at__lte=end).aggregate(
            mean=Avg("rating"), spread=StdDev("rating", sample=True), n=Count("id")
        )

    this, last = period(now - MONTH, now), period(now - 2 * MONTH, now - MONTH)
    n = int(this["n"])
    before = float(last["mean"]) if int(last["n"]) >= LEAST_N else None
    if n < LEAST_N:
        return Figure("rating", n, None, None, None, before, 1, 5)
    mean = float(this["mean"])
    low, high = stats.mean_interval(mean, float(this["spread"] or 0), n) or (1.0, 5.0)
    low, high = max(1.0, low), min(5.0, high)
    return Figure("rating", n, mean, low, high, before, 1, 5)


def _share(key: str, this: tuple[int, int], last: tuple[int, int]) -> Figure:
    """Return a share with its Wilson interval from (successes, n) of two periods."""
    before = 100 * last[0] / last[1] if last[1] >= LEAST_N else None
    successes, n = this
    if n < LEAST_N:
        return Figure(key, n, None, None, None, before, 0, 100)
    low, high = stats.wilson(successes, n)
    return Figure(key, n, 100 * successes / n, 100 * low, 100 * high, before, 0, 100)


def _count(queryset: QuerySet[Any], success: Q) -> tuple[int, int]:
    found = queryset.aggregate(n=Count("id"), good=Count("id", filter=success))
    return int(found["good"]), int(found["n"])


def _wrote(actor: Actor, now: datetime) -> Figure:
    answered = Response.objects.filter(request__isnull=False).values("request_id")
    asked = within(actor, Request.objects.filter(asked_at__isnull=False))

    def period(start: datetime, end: datetime) -> tuple[int, int]:
        return _count(asked.filter(asked_at__gt=start, asked_at__lte=end), Q(id__in=answered))

    return _share("wrote", period(now - QUARTER, now), period(now - 2 * QUARTER, now - QUARTER))


def _in_time(actor: Actor, now: datetime) -> Figure:
    decided = Q(replied_at__isnull=False) | Q(due_at__lte=now)
    # What was resolved in time without a word (a rating alone) asked for no reply.
    silent = Q(replied_at__isnull=True, resolved_at__lte=F("due_at"))
    clocked = Review.objects.filter(decided, due_at__isnull=False).exclude(silent)
    clocked = within(actor, clocked)

    def period(start: datetime, end: datetime) -> tuple[int, int]:
        reviews = clocked.filter(received_at__gt=start, received_at__lte=end)
        return _count(reviews, Q(replied_at__lte=F("due_at")))

    return _share("in_time", period(now - MONTH, now), period(now - 2 * MONTH, now - MONTH))


def _came_back(actor: Actor, now: datetime) -> Figure:
    over = Q(status=CaseStatus.CLOSED) | Q(opened_at__lte=now - MONTH)
    cases = within(actor, Case.objects.filter(over, customer__isnull=False))

    def period(start: datetime, end: datetime) -> tuple[int, int]:
        opened = cases.filter(opened_at__gt=start, opened_at__lte=end)
        return _count(opened, Q(returned_at__isnull=False))

    this = period(now - HALF_YEAR, now)
    return _share("came_back", this, period(now - 2 * HALF_YEAR, now - HALF_YEAR))


def count_after_opt_out(*, actor: Actor, now: datetime) -> int:
    """Return how many commercial messages of 90 days left after their address had opted out.

    The gate makes this 0; it is counted so that a fault would be seen.
    """
    opted_out = Suppression.objects.filter(
        address_hash=OuterRef("address_hash"),
        channel=OuterRef("channel"),
        created_at__lt=OuterRef("sent_at"),
    )
    sent = Message.objects.filter(sent_at__gt=now - QUARTER, purpose__in=COMMERCIAL)
    sent = within(actor, sent)
    return sent.filter(Exists(opted_out)).count()
