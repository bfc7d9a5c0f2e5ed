"""From what waits and what was counted to words on the home page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from apps.insights.queries import Figure, Setup, Waiting
from apps.web.shared.navigation import find_address, find_url
from apps.web.shared.times import time_left

MORNING, EVENING = 12, 18
SECTIONS = {
    "now": _lazy("Now"),
    "today": _lazy("Today"),
    "week": _lazy("This week"),
    "later": _lazy("Later"),
}


@dataclass(frozen=True)
class RowWords:
    """How a kind of waiting thing is shown, and where it leads."""

    url_name: str
    icon: str
    note: str | Promise
    action: str | Promise


ROWS = {
    "case_collect": RowWords(
        "web:recovery:case", "recovery", _lazy("to collect the facts"), _lazy("Collect")
    ),
    "case_apologise": RowWords(
        "web:recovery:case", "recovery", _lazy("to apologise"), _lazy("Apologise")
    ),
    "case_respond": RowWords(
        "web:recovery:case", "wrench", _lazy("to put it right"), _lazy("Respond")
    ),
    "case_escalate": RowWords("web:recovery:case", "up", _lazy("to decide"), _lazy("Decide")),
    "promise": RowWords("web:recovery:case", "promise", _lazy("promised"), _lazy("Open")),
    "approval": RowWords(
        "web:offers:offer", "gift", _lazy("somebody waits for you"), _lazy("Look at it")
    ),
    "review": RowWords("web:reviews:review", "star", _lazy("first reply"), _lazy("Reply")),
    "unconfirmed": RowWords("web:messages:list", "send", "", _lazy("Settle")),
    "paused": RowWords("web:campaigns:list", "campaign", "", _lazy("See")),
    "parked": RowWords("web:messages:list", "alert", "", _lazy("See")),
}
BADGES = {
    "severity": (_lazy("Worst"), "bad"),
    "promise": (_lazy("Promise"), ""),
    "approval": (_lazy("Approval"), "warn"),
    "unconfirmed": (_lazy("Unconfirmed"), "warn"),
    "paused": (_lazy("Paused"), "warn"),
    "parked": (_lazy("Stuck"), "bad"),
}
FIGURES = {
    "rating": (
        _lazy("Rating, 30 days"),
        _lazy(
            "The mean of all ratings out of five of the last 30 days, from every source; "
            "the band is its 95 % interval."
        ),
    ),
    "wrote": (
        _lazy("Asked who then wrote"),
        _lazy(
            "Of everyone asked in the last 90 days, the share who left a rating; "
            "the band is the Wilson interval."
        ),
    ),
    "in_time": (
        _lazy("First replies in time"),
        _lazy(
            "Of reviews of the last 30 days with a clock, "
            "the share answered before it ran out."
        ),
    ),
    "came_back": (
        _lazy("Came back after a failure"),
        _lazy(
            "Of cases of the last 180 days that are closed or older than 30 days, "
            "the share whose customer returned."
        ),
    ),
}  # fmt: skip


# Page, title, what it is for.
SETUP = {
    "location": (
        "web:settings:create_location", _lazy("Add your first location"),
        _lazy("Where customers come: reviews, cases and quiet hours belong to it."),
    ),
    "destination": (
        "web:settings:create_destination", _lazy("Say where reviews can be written"),
        _lazy("Your page on Google, Facebook or Trustpilot; everyone asked gets the same links."),
    ),
    "postal": (
        "web:settings:brand", _lazy("Add your postal address"),
        _lazy("It stands below every mail; the law of most countries wants it there."),
    ),
    "sender": (
        "web:messages:accounts", _lazy("Choose what your messages leave by"),
        _lazy("Your mail server and text sender; or try everything in the sandbox first."),
    ),
    "hours": (
        "web:settings:hours", _lazy("Set hours and limits"),
        _lazy("When customers may be written to, and how often at most."),
    ),
    "customers": (
        "web:customers:import", _lazy("Bring your customers in"),
        _lazy("From a file of your till or booking system; you see what it does before it does."),
    ),
    "campaign": (
        "web:campaigns:create", _lazy("Ask how it went"),
        _lazy("A first campaign: check every message, then launch it."),
    ),
    "team": (
        "web:settings:invite", _lazy("Invite somebody"),
        _lazy("Whoever answers customers, or must approve an offer."),
    ),
}  # fmt: skip


def checklist(setup: Setup) -> dict[str, Any]:
    """Return the steps of setting up in words, those done ticked; nothing when it is not shown."""
    if not setup.is_shown:
        return {}
    rows = [
        {"key": key, "url": find_url(page), "title": title, "text": text, "done": setup.done[key]}
        for key, (page, title, text) in SETUP.items()
    ]
    following = next((row["key"] for row in rows if not row["done"]), "")
    done = len(rows) - setup.left
    return {"rows": rows, "next": following, "done": done, "total": len(rows)}


def greeting(hour: int, name: str) -> str:
    """Return the words above the page for an hour of the business's own day."""
    if hour < MORNING:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < EVENING:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def segments(whose: str) -> list[dict[str, Any]]:
    """Return the choice of whose work is shown."""
    words = {"mine": _("Mine"), "everyone": _("Everyone’s"), "nobody": _("Nobody’s")}
    return [
        {"title": title, "url": f"?whose={key}", "current": key == whose}
        for key, title in words.items()
    ]


def sections(waiting: list[Waiting], now: datetime) -> list[dict[str, Any]]:
    """Return the queue in stretches of time, without the empty ones."""
    found = []
    for key, title in SECTIONS.items():
        rows = [_row(item, now) for item in waiting if item.section == key]
        if rows:
            found.append({"id": key, "title": title, "rows": rows})
    return found


def _row(item: Waiting, now: datetime) -> dict[str, Any]:
    words = ROWS[item.kind]
    badge, tone = BADGES.get(item.badge, ("", ""))
    left, is_late = time_left(item.due_at, now) if item.object_id else ("", False)
    return {
        "title": _trouble(item) if item.object_id is None else item.title,
        "href": find_address(words.url_name, item.object_id)
        if item.object_id
        else find_url(words.url_name),
        "icon": words.icon,
        "why": item.why,
        "share": item.clock.share if item.clock else "",
        "tone": "bad" if is_late else (item.clock.tone if item.clock else ""),
        "left": left,
        "left_note": words.note,
        "cost": str(item.worth) if item.worth else "",
        "cost_note": _("a year with us") if item.worth and item.kind != "approval" else "",
        "badge": badge,
        "badge_tone": tone,
        "stars": item.stars,
        "action": words.action,
    }


def _trouble(item: Waiting) -> str:
    if item.kind == "unconfirmed":
        return ngettext(
            "One message may or may not have arrived",
            "%(count)s messages may or may not have arrived",
            item.count,
        ) % {"count": item.count}
    if item.kind == "paused":
        return ngettext("One campaign is paused", "%(count)s campaigns are paused", item.count) % {
            "count": item.count
        }
    return ngettext(
        "One piece of work is stuck", "%(count)s pieces of work are stuck", item.count
    ) % {"count": item.count}


def figure(found: Figure) -> dict[str, Any]:
    """Return a figure in words: one decimal for shares, two for ratings."""
    title, how = FIGURES[found.key]
    if found.value is None or found.low is None or found.high is None:
        missing = _("Not enough to say yet: %(n)s of %(needed)s.") % {
            "n": found.n,
            "needed": found.needed,
        }
        return {"title": title, "how": how, "missing": missing}
    is_share = found.key != "rating"
    unit = "%" if is_share else ""
    form = "{:.0f}" if is_share else "{:.2f}"
    change = found.change
    return {
        "title": title,
        "how": how,
        "value": form.format(found.value),
        "unit": unit,
        "n": found.n,
        "low": round(found.low, 2),
        "high": round(found.high, 2),
        "tick": round(found.before, 2) if found.before is not None else "",
        "start": found.start,
        "end": found.end,
        "interval": f"{form.format(found.low)}–{form.format(found.high)}{' %' if is_share else ''}",
        "trend": form.format(abs(change)) if change is not None else "",
        "direction": ("up" if change >= 0 else "down") if change is not None else "",
        "tone": ("good" if change >= 0 else "bad") if change is not None else "",
        "kind": found.evidence,
    }
