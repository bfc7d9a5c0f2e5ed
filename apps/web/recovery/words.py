"""Times and facts of a case in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.money import Money
from apps.recovery.choices import Answer, ApologyWay, Outcome, Stage
from apps.recovery.queries import Event

HOUR = 60
DAY = 24 * HOUR
FEW_HOURS = 10 * HOUR
TWO_DAYS = 2 * DAY
WEEK = timedelta(days=6)


def duration(span: timedelta) -> str:
    """Return a length of time in words, finer the shorter it is."""
    minutes = max(0, int(abs(span).total_seconds() // 60))
    if minutes < HOUR:
        return _("%(n)s min") % {"n": minutes}
    if minutes < TWO_DAYS:
        hours, rest = divmod(minutes, HOUR)
        if rest and minutes < FEW_HOURS:
            return _("%(hours)s h %(rest)s min") % {"hours": hours, "rest": rest}
        return _("%(n)s h") % {"n": hours}
    days = minutes // DAY
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def moment(at: datetime, now: datetime) -> str:
    """Return a moment as one says it: today 11:01, Fri 12:00, 18 May."""
    here, today = localtime(at), localtime(now).date()
    if here.date() == today:
        return _("today %(time)s") % {"time": date_format(here, "H:i")}
    if abs(here.date() - today) <= WEEK:
        return date_format(here, "D H:i")
    return date_format(here, "j M" if here.year == today.year else "j M Y")


def time_left(due_at: datetime | None, now: datetime) -> str:
    """Return how much time is left, or by how much it is late."""
    if due_at is None:
        return ""
    span = duration(due_at - now)
    if due_at <= now:
        return _("%(span)s late") % {"span": span}
    return _("%(span)s left") % {"span": span}


def share_left(begin: datetime, due_at: datetime | None, now: datetime) -> float | None:
    """Return how much of the time is left in per cent; nothing without a clock."""
    if due_at is None:
        return None
    whole = (due_at - begin).total_seconds()
    if whole <= 0:
        return 0.0
    return round(min(100.0, max(0.0, 100 * (due_at - now).total_seconds() / whole)), 1)


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    icon: str
    tone: str
    text: str
    note: str
    at: datetime


_LABELS: dict[str, tuple[str, str, str | Promise]] = {
    "review.received": ("star", "", gettext_lazy("The customer wrote")),
    "review.changed": ("edit", "", gettext_lazy("In the inbox: %(what)s")),
    "review.replied": ("send", "", gettext_lazy("Answered in the inbox")),
    "failure.recorded": ("flag", "bad", gettext_lazy("Recorded as a failure")),
    "failure.understood": ("search", "good", gettext_lazy("What happened is understood")),
    "failure.closed": ("check", "", gettext_lazy("The failure is put right")),
    "case.opened": ("recovery", "", gettext_lazy("Case opened")),
    "case.stage_changed": ("next", "", gettext_lazy("Moved on: %(stage)s")),
    "case.apologised": ("recovery", "good", gettext_lazy("Apologised: %(how)s")),
    "case.step_done": ("check", "good", gettext_lazy("A step of the plan was done")),
    "case.asked": ("help", "", gettext_lazy("Asked whether it is good again: %(how)s")),
    "case.answered": ("text", "", gettext_lazy("The customer answered: %(answer)s")),
    "case.contact_asked": ("phone", "warn", gettext_lazy("The customer wants to talk to us")),
    "case.escalated": ("up", "warn", gettext_lazy("Escalated")),
    "case.returned": ("winback", "good", gettext_lazy("The customer came back with an offer")),
    "case.closed": ("archive", "good", gettext_lazy("Case closed: %(outcome)s")),
    "case.reopened": ("undo", "warn", gettext_lazy("Case opened again")),
    "promise.made": ("promise", "", gettext_lazy("Promise made")),
    "promise.kept": ("ok", "good", gettext_lazy("Promise kept")),
    "promise.broken": ("x", "bad", gettext_lazy("Promise broken")),
    "offer.asked": ("lock", "warn", gettext_lazy("Approval asked for, worth %(money)s")),
    "offer.issued": ("gift", "", gettext_lazy("Offer issued, worth %(money)s")),
    "offer.approved": ("check", "good", gettext_lazy("Offer approved, worth %(money)s")),
    "offer.redeemed": ("ticket", "good", gettext_lazy("Offer used, worth %(money)s")),
    "offer.expired": ("clock", "", gettext_lazy("Offer ran out, worth %(money)s")),
    "offer.revoked": ("x", "", gettext_lazy("Offer taken back, worth %(money)s")),
    "note.staff": ("edit", "", gettext_lazy("Note")),
    "note.customer": ("text", "warn", gettext_lazy("The customer says")),
}
_WHAT: dict[str, str | Promise] = {
    "rewritten": gettext_lazy("the customer wrote it anew"),
    "rerated": gettext_lazy("the customer changed the stars"),
    "assigned": gettext_lazy("given to somebody"),
    "snoozed": gettext_lazy("put off"),
    "resolved": gettext_lazy("resolved"),
    "reopened": gettext_lazy("taken up again"),
    "tagged": gettext_lazy("tagged"),
    "unassigned": gettext_lazy("given to nobody"),
    "waiting": gettext_lazy("waits for the customer"),
    "noted": gettext_lazy("a note for the team"),
    "woken": gettext_lazy("came back after it was put off"),
    "reply_taken_back": gettext_lazy("a reply was taken back"),
}
_CHOICES: dict[str, Any] = {
    "stage": Stage,
    "how": ApologyWay,
    "answer": Answer,
    "outcome": Outcome,
}


def tell_all(events: list[Event]) -> list[Line]:
    """Return the timeline of a case, newest first; what says nothing new is left out.

    Of changes of the same kind in a row the latest is told, of returns the first: that an offer
    was used stands in a line of its own.
    """
    returns = [place for place, event in enumerate(events) if event.kind == "case.returned"]
    again = {place for place in range(1, len(events)) if _is_same(*events[place - 1 : place + 1])}
    left_out = again.union(returns[:-1])
    return [tell(event) for place, event in enumerate(events) if place not in left_out]


def _is_same(after: Event, event: Event) -> bool:
    """Tell whether a customer's change of the same kind follows."""
    told = {"rewritten", "rerated"}
    return after.data.get("what") == event.data.get("what") and event.data.get("what") in told


def tell(event: Event) -> Line:
    """Return an event of a case as a line of the timeline."""
    icon, tone, text = _LABELS.get(event.kind, ("info", "", event.kind))
    if event.kind == "case.escalated" and event.data.get("why") == "late":
        text = _("Escalated by itself: a stage took too long")
    if event.kind == "promise.broken" and event.data.get("why") == "late":
        text = _("Promise broken: its time was over and nobody had said it was kept")
    values = {name: _word(kinds, event.data.get(name)) for name, kinds in _CHOICES.items()}
    values["money"] = _money(event.data)
    what = str(event.data.get("what", ""))
    values["what"] = str(_WHAT.get(what, what))
    note = f"“{event.text}”" if event.text else ""
    if event.who:
        note = f"{event.who}: {note}" if note else event.who
    return Line(icon, tone, str(text) % values, note, event.at)


def _word(kinds: Any, value: object) -> str:
    return str(kinds(value).label) if value in kinds.values else str(value or "")


def _money(data: dict[str, object]) -> str:
    if "value_minor" not in data:
        return ""
    return str(Money(int(str(data["value_minor"])), str(data["currency"])))
