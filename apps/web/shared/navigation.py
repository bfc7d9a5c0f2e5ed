"""The places of the staff shell: which there are, which one is shown, what waits there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.facts import Actor

NOUN_DEPTH = 2


@dataclass(frozen=True)
class Place:
    """One entry of the sidebar as declared."""

    url_name: str
    title: str | Promise
    icon: str
    key: str
    is_first: bool = False


@dataclass(frozen=True)
class NavItem:
    """One entry of the sidebar as shown."""

    title: str
    icon: str
    url: str
    is_current: bool
    is_first: bool
    count: int | None
    tone: str
    count_words: str


@dataclass(frozen=True)
class NewItem:
    """One entry of the menu “New”."""

    title: str
    icon: str
    url: str


PLACES = (
    Place("web:home:today", _("Today"), "today", "today", is_first=True),
    Place("web:reviews:inbox", _("Inbox"), "inbox", "inbox", is_first=True),
    Place("web:customers:list", _("Customers"), "people", "customers", is_first=True),
    Place("web:campaigns:list", _("Campaigns"), "campaign", "campaigns"),
    Place("web:recovery:board", _("Recovery"), "recovery", "recovery", is_first=True),
    Place("web:offers:list", _("Offers"), "gift", "offers"),
    Place("web:winbacks:index", _("Win-back"), "winback", "winbacks"),
    Place("web:competitors:index", _("Competitors"), "rivals", "competitors"),
    Place("web:insights:index", _("Insights"), "insights", "insights"),
    Place("web:sandbox:mailbox", _("Sandbox"), "phone", "sandbox"),
    Place("web:settings:index", _("Settings"), "settings", "settings"),
)
NEW = (
    ("web:customers:create", _("Customer"), "person"),
    ("web:campaigns:create", _("Campaign"), "campaign"),
    ("web:recovery:create", _("Case"), "recovery"),
    ("web:offers:create", _("Offer"), "gift"),
    ("web:customers:import", _("Import customers"), "upload"),
)


def find_url(name: str) -> str:
    """Return the address of a page, or nothing where the page does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def may_open(url: str, actor: Actor | None) -> bool:
    """Tell whether the page at ``url`` would let this actor in; everyone, where it asks nothing."""
    wanted = _permission_of(url)
    return wanted is None or actor is None or actor.can(wanted)


@cache
def _permission_of(url: str) -> str | None:
    try:
        return getattr(resolve(url, settings.ROOT_URLCONF).func, "permission", None)
    except Resolver404:
        return None


def list_nav_items(
    *, counts: Mapping[str, object], namespaces: list[str], actor: Actor | None = None
) -> list[NavItem]:
    """Return the entries of the sidebar that lead somewhere and let the actor in."""
    items = []
    for place in PLACES:
        url = find_url(place.url_name)
        is_there = bool(url) and (place.key != "sandbox" or settings.LOCAL_MODE)
        if not is_there or not may_open(url, actor):
            continue
        count = _read_count(counts.get(place.key))
        late = _read_count(counts.get(f"{place.key}_late"))
        items.append(
            NavItem(
                title=str(place.title),
                icon=place.icon,
                url=url,
                is_current=namespaces[:NOUN_DEPTH] == place.url_name.split(":")[:NOUN_DEPTH],
                is_first=place.is_first,
                count=count,
                tone="bad" if late or (place.key == "inbox" and count and late is None) else "",
                count_words=_describe(count, late),
            )
        )
    return items


def list_new_items(*, actor: Actor | None = None) -> list[NewItem]:
    """Return what the actor can make from anywhere."""
    found = ((str(title), icon, find_url(name)) for name, title, icon in NEW)
    return [
        NewItem(title=title, icon=icon, url=url)
        for title, icon, url in found
        if url and may_open(url, actor)
    ]


def _read_count(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _describe(count: int | None, late: int | None) -> str:
    if not count:
        return ""
    words = ngettext("%(count)s waits", "%(count)s wait", count) % {"count": count}
    if late:
        soon = ngettext("%(late)s of them is due soon", "%(late)s of them are due soon", late)
        words = f"{words}, {soon % {'late': late}}"
    return words


def find_address(name: str, *args: object) -> str:
    """Return the address of one object's page, or nothing where the page does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
