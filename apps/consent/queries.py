"""Reads about consent: where it stands, in words, and whether messages may go now."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.consent.choices import Basis, Channel, Purpose
from apps.consent.models import Event, Policy, Standing, Suppression
from apps.consent.rules import (
    COMMERCIAL,
    DEFAULT_WINDOW,
    Cap,
    ContactFacts,
    Decision,
    Window,
    decide,
)
from apps.customers.models import ContactPoint
from apps.tenants import wall

OPTED_OUT = "opted_out"
_SHOWN_DIGITS = 3


class Contact(Protocol):
    """What consent needs to know of a contact point."""

    address_hash: str
    channel: str
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class GateQuestion:
    """One message that wants to go; ``sent_at`` are the commercial ones this address had lately."""

    key: Hashable
    channel: str
    purpose: str
    address_hash: str
    zones: Collection[str] = ()
    is_erased: bool = False
    sent_at: Sequence[datetime] = ()


def get_policy() -> Policy:
    """Return the hours and caps of this business; the defaults when it has set none."""
    return Policy.objects.order_by("pk").first() or Policy()


def list_standings(address_hashes: Iterable[str]) -> QuerySet[Standing]:
    """Return where consent stands for these addresses."""
    return Standing.objects.filter(address_hash__in=list(address_hashes)).order_by(
        "channel", "purpose"
    )


def list_events() -> QuerySet[Event]:
    """Return what was ever agreed to and taken back; order it with ``keyset_page(by="id")``."""
    return Event.objects.all()


def list_suppressions(address_hashes: Iterable[str]) -> QuerySet[Suppression]:
    """Return which of these addresses get nothing more, and why."""
    return Suppression.objects.filter(address_hash__in=list(address_hashes))


def find_suppression(*, address_hash: str, channel: str) -> Suppression | None:
    """Return why an address gets nothing more on a channel, or None."""
    return Suppression.objects.filter(address_hash=address_hash, channel=channel).first()


def bars(questions: Sequence[GateQuestion], now: datetime) -> dict[Hashable, Decision]:
    """Decide about many messages with three queries; each one allowed counts for the next.

    Two messages to one address in one call share the cap, in the order given.
    """
    hashes = {question.address_hash for question in questions}
    policy = get_policy()
    suppressed = {(row.address_hash, row.channel) for row in list_suppressions(hashes)}
    standings = {
        (row.address_hash, row.channel, row.purpose): row
        for row in list_standings(hashes)
        if row.is_granted
    }
    zone = wall.current_business().time_zone
    extra: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    answers: dict[Hashable, Decision] = {}
    for question in questions:
        place = (question.address_hash, question.channel)
        facts = _facts(
            question,
            policy=policy,
            standing=standings.get((*place, question.purpose)),
            is_suppressed=place in suppressed,
            sent_at=[*question.sent_at, *extra[place]],
            zone=zone,
            now=now,
        )
        answers[question.key] = decide(facts)
        if answers[question.key].allowed and question.purpose in COMMERCIAL:
            extra[place].append(now)
    return answers


def _facts(
    question: GateQuestion,
    *,
    policy: Policy,
    standing: Standing | None,
    is_suppressed: bool,
    sent_at: list[datetime],
    zone: str,
    now: datetime,
) -> ContactFacts:
    is_commercial = question.purpose in COMMERCIAL
    has_hours = is_commercial or question.channel == Channel.SMS
    return ContactFacts(
        channel=Channel(question.channel),
        purpose=Purpose(question.purpose),
        now=now,
        default_zone=zone,
        basis=Basis(standing.basis) if standing else None,
        consent_expires_at=standing.expires_at if standing else None,
        is_erased=question.is_erased,
        is_suppressed=is_suppressed,
        caps=(_cap(policy, sent_at, now),) if is_commercial else (),
        zones=frozenset(question.zones),
        window=_window(policy) if has_hours else None,
    )


def _cap(policy: Policy, sent_at: list[datetime], now: datetime) -> Cap:
    period = timedelta(days=policy.cap_days)
    recent = sorted(moment for moment in sent_at if moment > now - period)
    used = len(recent)
    if used < policy.cap_messages or policy.cap_messages <= 0:
        frees_at = None
    else:
        frees_at = recent[used - policy.cap_messages] + period
    return Cap(limit=policy.cap_messages, used=used, frees_at=frees_at)


def _window(policy: Policy) -> Window:
    return Window(
        _time(policy.opens, DEFAULT_WINDOW.start),
        _time(policy.closes, DEFAULT_WINDOW.end),
        _time(policy.sunday_opens, DEFAULT_WINDOW.sunday_start),
        _time(policy.sunday_closes, DEFAULT_WINDOW.sunday_end),
    )


def _time(value: time | str | None, default: time) -> time:
    if isinstance(value, str):
        return time.fromisoformat(value)
    return default if value is None else value


def explain_contact(contact: Contact) -> list[str]:
    """Say in sentences what this contact point may get, on what ground, and what it may not."""
    return explain_contacts([contact])[contact.channel, contact.address_hash]


def explain_contacts(contacts: Sequence[Contact]) -> dict[tuple[str, str], list[str]]:
    """Say for many contact points what each may get; by (channel, hash of the address)."""
    hashes = [contact.address_hash for contact in contacts]
    stops = {(row.channel, row.address_hash): row for row in list_suppressions(hashes)}
    granted: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for row in list_standings(hashes):
        granted[row.channel, row.address_hash].append(row)
    return {
        (contact.channel, contact.address_hash): _sentences(
            contact.channel,
            stops.get((contact.channel, contact.address_hash)),
            granted[contact.channel, contact.address_hash],
        )
        for contact in contacts
    }


_STOPPED = {
    "opted_out": "Nothing more by %(way)s: they asked to stop on %(day)s.",
    "complained": "Nothing more by %(way)s: a message was reported as unwanted on %(day)s.",
}


def _sentences(channel: str, stop: Suppression | None, standings: list[Standing]) -> list[str]:
    way = _("email") if channel == Channel.EMAIL else _("text message")
    if stop is not None:
        words = _STOPPED.get(
            stop.reason, "Nothing more by %(way)s: the address does not work (%(day)s)."
        )
        return [_(words) % {"way": way, "day": _day(stop.created_at)}]
    said = [row for row in standings if row.is_granted]
    if not said:
        if channel == Channel.EMAIL:
            return [
                _(
                    "May be written to about a problem, but not asked for a review "
                    "or offered anything."
                )
            ]
        return [_("Has not agreed to text messages: none will be sent.")]
    alike: dict[tuple[object, ...], list[Standing]] = defaultdict(list)
    for row in said:
        ends = _day(row.expires_at) if row.expires_at else ""
        alike[row.basis, row.source, _day(row.since), ends].append(row)
    return [_one_sentence(rows, way) for rows in alike.values()]


def _day(moment: datetime) -> str:
    """Return a moment as a day of the business's calendar."""
    return date_format(localtime(moment), "j F Y")


def _name_purposes(rows: Sequence[Standing]) -> str:
    names = [
        str(Purpose(row.purpose).label) if row.purpose in Purpose.values else row.purpose
        for row in rows
    ]
    first, *others = [names[0], *(name[:1].lower() + name[1:] for name in names[1:])]
    if not others:
        return first
    return _("%(some)s and %(last)s") % {
        "some": ", ".join([first, *others[:-1]]),
        "last": others[-1],
    }


def _one_sentence(rows: Sequence[Standing], way: str) -> str:
    """Say what was agreed to in the same way on the same day."""
    row = rows[0]
    values = {
        "purpose": _name_purposes(rows),
        "way": way,
        "basis": str(Basis(row.basis).label).lower() if row.basis in Basis.values else row.basis,
        "source": row.source,
        "day": _day(row.since),
    }
    sentence = _("%(purpose)s by %(way)s: yes (%(basis)s, %(source)s, %(day)s)") % values
    if row.expires_at is not None:
        return _("%(sentence)s, until %(day)s.") % {
            "sentence": sentence,
            "day": _day(row.expires_at),
        }
    return f"{sentence}."


@dataclass(frozen=True)
class Choice:
    """One way to reach a person, whether it is on, and whether they can change that here."""

    contact_id: UUID
    channel: str
    address: str
    is_on: bool
    can_change: bool


def list_choices(*, customer_id: UUID) -> list[Choice]:
    """Return the ways to reach a person as they may choose them, addresses half hidden."""
    contacts = list(ContactPoint.objects.filter(customer_id=customer_id).order_by("channel", "pk"))
    stops = {
        (row.channel, row.address_hash): row.reason
        for row in list_suppressions(contact.address_hash for contact in contacts)
    }
    choices = []
    for contact in contacts:
        reason = stops.get((contact.channel, contact.address_hash), "")
        choices.append(
            Choice(
                contact_id=contact.pk,
                channel=contact.channel,
                address=hide_address(contact.address),
                is_on=not reason,
                can_change=reason in ("", OPTED_OUT),
            )
        )
    return choices


def hide_address(address: str) -> str:
    """Return an address that its owner recognises and nobody else learns."""
    local, at, domain = address.rpartition("@")
    if at:
        return f"{local[:1]}…{at}{domain}"
    return f"…{address[-_SHOWN_DIGITS:]}"
