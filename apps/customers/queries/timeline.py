"""One column of everything that happened with a person, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.db import within
from apps.core.facts import Actor
from apps.core.money import Money
from apps.customers.choices import TransactionKind
from apps.customers.models import Transaction
from apps.customers.queries.people import get_transactions
from apps.journal import queries as journal
from apps.journal.models import Entry
from apps.staff.models import Member

TIMELINE_KINDS: dict[str, str | Promise] = {
    "visits": gettext_lazy("Visits"),
    "messages": gettext_lazy("Messages"),
    "reviews": gettext_lazy("Reviews"),
    "cases": gettext_lazy("Cases and offers"),
    "consent": gettext_lazy("Consent"),
    "record": gettext_lazy("Record"),
}
MOST_ITEMS = 100


@dataclass(frozen=True)
class TimelineItem:
    """One thing that happened; ``subject_kind`` and ``subject_id`` say what it was about."""

    at: datetime
    group: str
    icon: str
    tone: str
    text: str
    note: str = ""
    subject_kind: str = ""
    subject_id: UUID | None = None


@dataclass(frozen=True)
class Label:
    """How a kind of fact is told; ``%(name)s`` stands for one of its values."""

    group: str
    icon: str
    text: str | Promise
    tone: str = ""


def _labels(group: str, rows: Iterable[tuple[str, str, str, str | Promise]]) -> dict[str, Label]:
    return {kind: Label(group, icon, text, tone) for kind, icon, tone, text in rows}


LABELS: dict[str, Label] = {
    **_labels(
        "messages",
        [
            ("message.queued", "mail", "", gettext_lazy("A message was prepared (%(channel)s)")),
            ("message.sent", "send", "", gettext_lazy("A message was sent (%(channel)s)")),
            ("message.delivered", "mail", "good", gettext_lazy("A message arrived (%(channel)s)")),
            ("message.bounced", "alert", "bad", gettext_lazy("A message bounced (%(channel)s)")),
            ("message.failed", "stop", "bad", gettext_lazy("A message failed (%(channel)s)")),
            (
                "message.suppressed", "mute", "warn",
                gettext_lazy("A message was kept back (%(channel)s)"),
            ),
            (
                "message.unconfirmed", "help", "warn",
                gettext_lazy("Nobody knows whether a message arrived (%(channel)s)"),
            ),
            ("message.clicked", "link", "", gettext_lazy("Opened the link in a message")),
            ("message.replied", "text", "accent", gettext_lazy("Wrote back (%(channel)s)")),
        ],
    ),
    **_labels(
        "reviews",
        [
            (
                "feedback.received", "star", "accent",
                gettext_lazy("Gave %(rating)s of 5 stars on your page"),
            ),
            (
                "contact.requested", "phone", "warn",
                gettext_lazy("Asked to speak to a person (%(how)s)"),
            ),
            ("review.received", "star", "accent", gettext_lazy("Left a review (%(source)s)")),
            ("review.replied", "text", "good", gettext_lazy("You answered a review")),
            ("review.changed", "edit", "", gettext_lazy("In the inbox: %(what)s")),
        ],
    ),
    **_labels(
        "cases",
        [
            (
                "failure.recorded", "flag", "bad",
                gettext_lazy("Something went wrong (severity %(severity)s of 5)"),
            ),
            ("failure.understood", "idea", "", gettext_lazy("You found out what had happened")),
            ("failure.closed", "check", "good", gettext_lazy("The failure was closed")),
            ("case.opened", "recovery", "warn", gettext_lazy("A case was opened")),
            ("case.stage_changed", "next", "", gettext_lazy("The case moved on: %(stage)s")),
            ("case.apologised", "recovery", "good", gettext_lazy("You apologised (%(how)s)")),
            ("case.step_done", "check", "good", gettext_lazy("A step of the plan was done")),
            (
                "case.asked", "help", "",
                gettext_lazy("You asked whether it is good again (%(how)s)"),
            ),
            (
                "case.answered", "text", "accent",
                gettext_lazy("Said whether it is good again: %(answer)s"),
            ),
            (
                "case.contact_asked", "phone", "warn",
                gettext_lazy("Asked to talk to you about the case"),
            ),
            ("case.returned", "winback", "good", gettext_lazy("Came back after the case")),
            ("case.escalated", "up", "warn", gettext_lazy("The case was passed upwards")),
            ("case.closed", "ok", "good", gettext_lazy("The case was closed: %(outcome)s")),
            ("case.reopened", "undo", "warn", gettext_lazy("The case was opened again")),
            ("promise.made", "promise", "", gettext_lazy("You made a promise")),
            ("promise.kept", "promise", "good", gettext_lazy("A promise was kept")),
            ("promise.broken", "promise", "bad", gettext_lazy("A promise was broken")),
            ("offer.asked", "lock", "", gettext_lazy("Approval was asked for: %(value)s")),
            ("offer.issued", "gift", "", gettext_lazy("An offer was made: %(value)s")),
            ("offer.approved", "check", "", gettext_lazy("An offer was approved: %(value)s")),
            ("offer.redeemed", "gift", "good", gettext_lazy("Came back with an offer: %(value)s")),
            ("offer.expired", "clock", "", gettext_lazy("An offer ran out unused: %(value)s")),
            ("offer.revoked", "x", "", gettext_lazy("An offer was taken back: %(value)s")),
        ],
    ),
    **_labels(
        "consent",
        [
            (
                "consent.granted", "shield", "good",
                gettext_lazy("Agreed to be contacted (%(channel)s, %(purpose)s)"),
            ),
            (
                "consent.withdrawn", "mute", "warn",
                gettext_lazy("Asked for no more messages (%(channel)s)"),
            ),
        ],
    ),
    **_labels(
        "record",
        [
            ("customer.created", "person", "", gettext_lazy("Was added to your customers")),
            ("customer.updated", "edit", "", gettext_lazy("Details were changed")),
            ("customer.erased", "trash", "", gettext_lazy("Was erased")),
        ],
    ),
}  # fmt: skip
_WORDS: dict[str, dict[str, str | Promise]] = {
    "channel": {"email": gettext_lazy("email"), "sms": gettext_lazy("text message")},
    "purpose": {
        "review_request": gettext_lazy("asking for a review"),
        "recovery": gettext_lazy("putting something right"),
        "winback_offer": gettext_lazy("offers"),
        "service": gettext_lazy("service messages"),
        "marketing": gettext_lazy("marketing"),
    },
    "how": {
        "email": gettext_lazy("by email"),
        "sms": gettext_lazy("by text"),
        "phone": gettext_lazy("on the phone"),
        "in_person": gettext_lazy("in person"),
        "call": gettext_lazy("by a call"),
        "text": gettext_lazy("by text"),
        "write": gettext_lazy("in writing"),
    },
    "what": {
        "assigned": gettext_lazy("given to somebody"),
        "unassigned": gettext_lazy("given to nobody"),
        "noted": gettext_lazy("a note for the team"),
        "resolved": gettext_lazy("resolved"),
        "reopened": gettext_lazy("taken up again"),
        "snoozed": gettext_lazy("put off"),
        "woken": gettext_lazy("came back after it was put off"),
        "waiting": gettext_lazy("waits for the customer"),
        "tagged": gettext_lazy("tagged"),
        "rewritten": gettext_lazy("written anew"),
        "rerated": gettext_lazy("other stars"),
        "reply_taken_back": gettext_lazy("a reply was taken back"),
    },
    "answer": {"good": gettext_lazy("yes"), "not_good": gettext_lazy("not yet")},
    "outcome": {
        "returned": gettext_lazy("came back"),
        "settled": gettext_lazy("put right"),
        "no_answer": gettext_lazy("no answer"),
        "not_ours": gettext_lazy("not ours"),
        "parted": gettext_lazy("parted ways"),
    },
    "stage": {
        "collect": gettext_lazy("collecting the facts"),
        "apologise": gettext_lazy("apologising"),
        "respond": gettext_lazy("putting it right"),
        "escalate": gettext_lazy("passed upwards"),
    },
}
# What the transactions themselves tell, and better.
_TOLD_OTHERWISE = ("transaction.completed",)


def list_timeline(
    *, actor: Actor, customer_id: UUID, group: str = "", most: int = MOST_ITEMS
) -> list[TimelineItem]:
    """Return what happened with a person in the actor's places, newest first.

    ``group`` is a key of TIMELINE_KINDS.
    """
    items: list[TimelineItem] = []
    if group in {"", "visits"}:
        visits = get_transactions(customer_id, actor=actor)
        items += [_tell_visit(visit) for visit in visits[:most]]
    if group != "visits":
        items += _tell_entries(actor, customer_id, group, most)
    return sorted(items, key=lambda item: item.at, reverse=True)[:most]


def _tell_entries(actor: Actor, customer_id: UUID, group: str, most: int) -> list[TimelineItem]:
    entries = within(actor, journal.list_customer_entries(customer_ids=[customer_id]))
    entries = entries.exclude(kind__in=_TOLD_OTHERWISE)
    if group:
        entries = entries.filter(
            kind__in=[k for k, label in LABELS.items() if label.group == group]
        )
    rows = list(entries[:most])
    staff = {row.actor_id for row in rows if row.actor_kind == "staff" and row.actor_id}
    names = {member.pk: member.name for member in Member.objects.filter(pk__in=staff)}
    return [_tell(row, names) for row in rows]


def _tell(entry: Entry, names: dict[UUID, str]) -> TimelineItem:
    label = LABELS.get(entry.kind) or Label("record", "info", entry.kind.replace(".", " "))
    note = names.get(entry.actor_id, "") if entry.actor_id else ""
    return TimelineItem(
        at=entry.at,
        group=label.group,
        icon=label.icon,
        tone=label.tone,
        text=str(label.text) % _Values(entry.data),
        note=note,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
    )


class _Values(dict[str, Any]):
    """The values of a fact in words; one that is not there is a dash, never an error."""

    def __missing__(self, name: str) -> str:
        if name == "value" and self.get("currency"):
            return Money(int(self.get("value_minor") or 0), str(self["currency"])).format()
        return "–"

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return str(_WORDS.get(name, {}).get(str(value), value))


def _tell_visit(visit: Transaction) -> TimelineItem:
    kinds = dict(TransactionKind.choices)
    text = visit.description or str(kinds.get(visit.kind, visit.kind))
    if visit.amount_minor is not None and visit.currency:
        amount = Money(visit.amount_minor, visit.currency).format()
        text = _("%(what)s, %(amount)s") % {"what": text, "amount": amount}
    return TimelineItem(
        at=visit.happened_at,
        group="visits",
        icon="ticket",
        tone="",
        text=text,
        note=visit.location.name if visit.location else "",
        subject_kind="transaction",
        subject_id=visit.pk,
    )
