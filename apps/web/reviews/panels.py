"""What the three panes of the inbox show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.pages import keyset_page
from apps.locations import queries as locations
from apps.reviews import queries
from apps.reviews.choices import DONE, UNANSWERED, Flag, InboxView, ReviewKind, ReviewStatus, Site
from apps.staff import queries as staff
from apps.text.severity import find_flags
from apps.web.reviews.forms import STARS, FilterForm, list_query

if TYPE_CHECKING:
    from apps.core.facts import Actor
    from apps.reviews.models import Review
from apps.web.shared.focus import focused
from apps.web.shared.staff import StaffRequest

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
PER_PAGE = 40
KINDS = {
    ReviewKind.CONTACT: ("person", gettext_lazy("Wants a word")),
    ReviewKind.MESSAGE: ("text", gettext_lazy("Text")),
}


@dataclass(frozen=True)
class Clock:
    """How long the customer has still to wait for the first reply."""

    words: str
    share: float
    tone: str


def site_name(source: str) -> str:
    """Return a site as people write it."""
    known = {"sms": _("Text"), "email": _("Email")}
    if source in known:
        return known[source]
    if source in Site.values:
        return str(Site(source).label)
    return source.replace("_", " ").capitalize()


def place_name(review: "Review") -> str:
    """Return where it was said."""
    at = review.location.name if review.location else review.label
    return f"{site_name(review.source)} · {at}" if at else site_name(review.source)


def author_name(review: "Review", actor: "Actor") -> str:
    """Return who said it; those who may not see customers read names of public reviews only."""
    if review.kind != ReviewKind.REVIEW and not actor.can("customers.view"):
        return _("A customer")
    return review.author_name or _customer_name(review, actor) or _("Without a name")


def _customer_name(review: "Review", actor: "Actor") -> str:
    """Return the name of the customer of a review whose own words name nobody."""
    person = review.customer
    if person is None or not actor.can("customers.view"):
        return ""
    return person.name if actor.sees_location(person.location_id) else ""


def short_time(moment: datetime, now: datetime) -> str:
    """Return a moment as short as it can be: the hour, the weekday, the day or the month."""
    local, today = timezone.localtime(moment), timezone.localtime(now)
    if local.date() == today.date():
        return date_format(local, "H:i")
    if today - WEEK < local <= today:
        return date_format(local, "D")
    return date_format(local, "j M" if local.year == today.year else "M Y")


def long_time(moment: datetime, now: datetime) -> str:
    """Return the day and the hour of a moment, with the year when it is another one."""
    local = timezone.localtime(moment)
    same = local.year == timezone.localtime(now).year
    return date_format(local, "j M H:i" if same else "j M Y H:i")


def span_words(span: timedelta) -> str:
    """Return a span of time in at most two units."""
    if span < HOUR:
        return _("%(n)d min") % {"n": max(int(span.total_seconds() // 60), 0)}
    if span < DAY:
        hours, rest = divmod(int(span.total_seconds() // 60), 60)
        if hours < 3 and rest:  # noqa: PLR2004 - minutes matter while few hours are left
            return _("%(h)d h %(n)d min") % {"h": hours, "n": rest}
        return _("%(h)d h") % {"h": hours}
    days = span.days
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def make_clock(review: "Review", now: datetime) -> Clock | None:
    """Return the clock of the first reply while it runs."""
    if review.due_at is None or review.status not in UNANSWERED:
        return None
    left = review.due_at - now
    if left <= timedelta():
        return Clock(_("late by %(span)s") % {"span": span_words(-left)}, 0, "bad")
    whole = max(review.due_at - review.received_at, timedelta(minutes=1))
    share = min(100.0, 100 * left / whole)
    tone = "bad" if left <= 2 * HOUR else "warn" if left <= 4 * HOUR else ""
    return Clock(span_words(left), share, tone)


def flag_badges(review: "Review") -> list[dict[str, str]]:
    """Return the kinds of trouble in words."""
    return [
        {
            "words": str(Flag(flag).label) if flag in Flag.values else flag,
            "tone": "bad" if flag == Flag.SAFETY else "",
            "icon": "alert" if flag == Flag.SAFETY else "",
        }
        for flag in review.flags
    ]


def make_letter(
    review: "Review", *, actor: "Actor", now: datetime, query: str, current: UUID | None
) -> dict[str, Any]:
    """Return one row of the list."""
    address = reverse("web:reviews:review", args=[review.pk])
    icon, words = KINDS.get(ReviewKind(review.kind), ("text", _("Words only")))
    return {
        "id": review.pk,
        "href": f"{address}?{query}" if query else address,
        "name": author_name(review, actor),
        "when": short_time(review.sort_at, now),
        "stars": review.stars or "",
        "kind_icon": icon,
        "kind_words": words,
        "place": place_name(review),
        "text": " ".join(f"{review.title} {review.text}".split())[:240],
        "clock": make_clock(review, now),
        "flags": flag_badges(review)[:2],
        "status": status_badge(review),
        "assignee": review.assignee.name if review.assignee else "",
        "is_unread": review.status == ReviewStatus.NEW,
        "is_current": review.pk == current,
    }


def status_badge(review: "Review") -> dict[str, str] | None:
    """Return where it stands, where the clock does not say so."""
    if review.status in DONE:
        return {"words": str(review.get_status_display()), "tone": "good", "icon": "check"}
    if review.status == ReviewStatus.WAITING:
        return {"words": str(review.get_status_display()), "tone": "", "icon": "clock"}
    if review.status == ReviewStatus.SNOOZED and review.snoozed_until is not None:
        when = date_format(timezone.localtime(review.snoozed_until), "j M H:i")
        return {"words": _("until %(when)s") % {"when": when}, "tone": "", "icon": "clock"}
    return None


def list_pane(request: "StaffRequest", *, current: UUID | None, now: datetime) -> dict[str, Any]:
    """Return the left pane: views, filters, letters."""
    form = FilterForm(request.GET)
    filters = form.read()
    query = list_query(request.GET)
    found = queries.list_inbox(actor=focused(request), filters=filters, now=now)
    cursor = request.GET.get("cursor", "")
    page = keyset_page(found, by="sort_at", cursor=cursor, limit=PER_PAGE)
    counts = queries.count_views(actor=focused(request), now=now)
    members = list(staff.list_members())
    places = list(locations.list_locations(actor=request.actor))
    return {
        "letters": [
            make_letter(review, actor=request.actor, now=now, query=query, current=current)
            for review in page.items
        ],
        "page": page,
        "tabs": _tabs(filters.view, counts),
        "views": _more_views(filters.view),
        "view_title": _("Waiting")
        if filters.view == InboxView.ALL
        else str(InboxView(filters.view).label),
        "view_count": _shown(counts.get(filters.view, 0)),
        "filters": filters,
        "filter_options": _options(request.actor, members, places),
        "chips": _chips(request, filters, members, places),
        "list_query": query,
        "members": members,
    }


def _address(view: str) -> str:
    home = reverse("web:reviews:inbox")
    return home if view == InboxView.ALL else f"{home}?view={view}"


def _tabs(view: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    shown = (InboxView.ALL, InboxView.MINE, InboxView.LATE, InboxView.SNOOZED)
    return [
        {
            "title": tab.label,
            "url": _address(tab),
            "current": tab == view,
            "count": _shown(counts[tab]) if tab in {InboxView.MINE, InboxView.LATE} else "",
            "tone": "bad" if tab == InboxView.LATE and counts[tab] else "",
        }
        for tab in shown
    ]


def _shown(count: int) -> str:
    """Return a count as it is shown: nothing for none, and no more than can be counted."""
    if count >= queries.MOST:
        return f"{queries.MOST - 1}+"
    return str(count) if count else ""


def _more_views(view: str) -> list[dict[str, Any]]:
    return [
        {"title": more.label, "url": _address(more), "current": more == view}
        for more in (InboxView.DONE, InboxView.EVERYTHING)
    ]


def _options(
    actor: "Actor", members: Iterable[Any], places: Iterable[Any]
) -> dict[str, list[tuple[str, Any]]]:
    every = _("Any")
    return {
        "source": [("", every), *((s, site_name(s)) for s in queries.list_sources(actor=actor))],
        "rating": [("", every), *((value, "★" * stars) for value, stars in STARS)],
        "flag": [("", every), *Flag.choices],
        "tag": [("", every), *((tag, tag) for tag in queries.list_tags(actor=actor))],
        "location": [("", every), *((str(place.pk), place.name) for place in places)],
        "assignee": [("", every), *((str(one.pk), one.name) for one in members)],
    }


def _chips(
    request: "StaffRequest", filters: queries.InboxFilters, members: list[Any], places: list[Any]
) -> list[dict[str, str]]:
    """Return each filter that is on, with the address without it."""
    names = {place.pk: place.name for place in places} | {one.pk: one.name for one in members}
    shown = {
        "q": f"“{filters.search}”" if filters.search else "",
        "source": site_name(filters.source) if filters.source else "",
        "rating": "★" * filters.rating if filters.rating else "",
        "flag": str(Flag(filters.flag).label) if filters.flag else "",
        "tag": filters.tag,
        "location": names.get(filters.location_id, "") if filters.location_id else "",
        "assignee": names.get(filters.assignee_id, "") if filters.assignee_id else "",
    }
    chips = []
    for key, words in shown.items():
        if not words:
            continue
        rest = request.GET.copy()
        for gone in (key, "cursor"):
            rest.pop(gone, None)
        kept = list_query(rest)
        chips.append({"words": words, "off": f"{reverse('web:reviews:inbox')}?{kept}"})
    return chips


def mark_flags(text: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, those that name trouble marked."""
    pieces, at = [], 0
    for flag in find_flags(text):
        if flag.start < at:
            continue
        pieces += [(text[at : flag.start], False), (text[flag.start : flag.end], True)]
        at = flag.end
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]
