"""The inbox: its lists, their filters and counts, and one item of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.db import fetch_all, scope_values, within
from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.core.pages import keyset_page
from apps.reviews import rules, sql
from apps.reviews.choices import DONE, UNANSWERED, WAITING, InboxView, ReviewStatus
from apps.reviews.models import Review

LOWEST = 1
# Where counting stops.
MOST = 1000
_CONFIG = "simple"
_MAX_SEARCH = 200
_LAST_WORD = re.compile(r"^(?P<head>.*?)(?P<word>\w+)$", re.DOTALL)
# Somebody who writes these wants them understood, not completed.
_OPERATORS = re.compile(r"\"|\bOR\b|(?:^|\s)-\w")


@dataclass(frozen=True, kw_only=True)
class InboxFilters:
    """What is looked for; empty fields do not narrow. ``rating`` is in stars, one to five."""

    view: str = InboxView.ALL
    search: str = ""
    source: str = ""
    location_id: UUID | None = None
    rating: int | None = None
    tag: str = ""
    flag: str = ""
    assignee_id: UUID | None = None

    @property
    def is_narrow(self) -> bool:
        """Tell whether anything but the view narrows the list."""
        return any(
            (self.search, self.source, self.location_id, self.rating, self.tag, self.flag)
        ) or (self.assignee_id is not None)


def list_inbox(*, actor: Actor, filters: InboxFilters, now: datetime) -> QuerySet[Review]:
    """Return the items of a view in the actor's places; order by ``sort_at`` and id (keyset)."""
    found = _in_scope(actor).filter(_of_view(filters.view, actor, now))
    narrow: dict[str, Any] = {
        "source": filters.source,
        "location_id": filters.location_id,
        "assignee_id": filters.assignee_id,
    }
    found = found.filter(**{name: value for name, value in narrow.items() if value})
    if filters.tag:
        found = found.filter(tags__contains=[filters.tag])
    if filters.flag:
        found = found.filter(flags__contains=[filters.flag])
    if filters.rating is not None:
        # Scales that begin at nought have less than one star; they count as one.
        side = "stars__lte" if filters.rating <= LOWEST else "stars"
        found = found.filter(**{side: filters.rating})
    if filters.search.strip():
        found = _search(found, filters.search)
    return found.select_related("location", "assignee", "customer").defer("search")


def _in_scope(actor: Actor) -> QuerySet[Review]:
    return within(actor, Review.objects.all())


def _of_view(view: str, actor: Actor, now: datetime) -> Q:
    views: dict[str, Q] = {
        InboxView.ALL: Q(status__in=WAITING),
        InboxView.MINE: Q(status__in=WAITING, assignee=actor.id),
        InboxView.LATE: _late(now),
        InboxView.SNOOZED: Q(status=ReviewStatus.SNOOZED),
        InboxView.DONE: Q(status__in=DONE),
        InboxView.EVERYTHING: Q(),
    }
    return views.get(view, views[InboxView.ALL])


def _late(now: datetime) -> Q:
    return Q(status__in=UNANSWERED, due_at__lte=rules.late_before(now))


def _search(found: QuerySet[Review], text: str) -> QuerySet[Review]:
    """Narrow to what holds all the words; the last one may be the beginning of a word."""
    wanted = text.replace("\x00", "").strip()[:_MAX_SEARCH]
    if not re.search(r"\w", wanted):
        return found.none()
    last = _LAST_WORD.match(wanted)
    if last is None or _OPERATORS.search(wanted):
        query = SearchQuery(wanted, config=_CONFIG, search_type="websearch")
        return found.filter(search=query)
    begun = SearchQuery(f"'{last['word']}':*", config=_CONFIG, search_type="raw")
    if not re.search(r"\w", last["head"]):
        return found.filter(search=begun)
    head = SearchQuery(last["head"], config=_CONFIG, search_type="websearch")
    return found.filter(search=head & begun)


def count_views(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Count what stands in the views that somebody has to empty, with one query.

    Counting stops at ``MOST``.
    """
    values = {
        **scope_values(actor),
        "member": actor.id,
        "late": rules.late_before(now),
        "most": MOST,
    }
    views = (InboxView.ALL, InboxView.MINE, InboxView.LATE, InboxView.SNOOZED)
    counts = fetch_all(sql.COUNTS, values)[0]
    return dict(zip((str(view) for view in views), counts, strict=True))


def get_review(*, actor: Actor, review_id: UUID) -> Review:
    """Return one item; NotFoundError when it is not there or not in the actor's places."""
    review = (
        _in_scope(actor)
        .select_related("location", "assignee", "customer__location")
        .defer("search")
        .filter(pk=review_id)
        .first()
    )
    if review is None:
        raise NotFoundError(_("This does not stand in the inbox."))
    return review


def find_next(
    *, actor: Actor, filters: InboxFilters, review: Review, now: datetime
) -> Review | None:
    """Return the item that stands below ``review`` in a list, or None."""
    below = list_inbox(actor=actor, filters=filters, now=now).filter(
        Q(sort_at__lt=review.sort_at) | Q(sort_at=review.sort_at, pk__lt=review.pk)
    )
    return keyset_page(below, by="sort_at", limit=1).items[0] if below.exists() else None


def list_customer_reviews(
    *, actor: Actor, customer_id: UUID, without: UUID | None = None
) -> QuerySet[Review]:
    """Return what one person said before, newest first."""
    said = _in_scope(actor).filter(customer_id=customer_id)
    if without is not None:
        said = said.exclude(pk=without)
    return said.defer("search").order_by("-sort_at", "-pk")


def list_sources(*, actor: Actor) -> list[str]:
    """Return the sites that reviews of the actor's places came from, by name."""
    return [str(row[0]) for row in fetch_all(sql.SOURCES, scope_values(actor))]


def list_tags(*, actor: Actor) -> list[str]:
    """Return the tags used lately in the actor's places, the most frequent first."""
    return [str(row[0]) for row in fetch_all(sql.TAGS, scope_values(actor))]
