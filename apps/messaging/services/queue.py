"""Queueing messages: ledger rows and tickets in the caller's transaction, each once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.consent.choices import Purpose
from apps.consent.rules import message_purpose
from apps.core.errors import AppError
from apps.core.facts import Actor
from apps.core.failpoints import failpoint
from apps.customers.choices import Channel
from apps.customers.models import ContactPoint, Customer
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal import services as journal
from apps.locations.models import Location
from apps.messaging import bodies, queries
from apps.messaging.events import MessageQueued
from apps.messaging.models import Account, Message, Template
from apps.messaging.services.accounts import default_accounts

BATCH = 1000
PURPOSES = frozenset({*Purpose.values, bodies.STAFF})


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to one person, from a template or in words of its own (``subject``, ``text``).

    The same ``dedupe_key`` is sent once, however often it is queued. ``link_purpose`` and
    ``link_id`` say where the merge field ``link`` leads; words of one's own get it at the end.
    """

    dedupe_key: str
    channel: str
    purpose: str
    subject_kind: str
    subject_id: UUID
    customer: Customer | None
    contact: ContactPoint | None
    template: Template | None = None
    subject: str = ""
    text: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    link_purpose: str = ""
    link_id: UUID | None = None
    gate: str = ""
    component: str = ""
    not_before: datetime | None = None
    expires_at: datetime | None = None
    lane: Lane = Lane.INTERACTIVE
    address: str = ""


def queue_message(*, actor: Actor, now: datetime, **draft: Any) -> Message:
    """Queue one message; takes the fields of ``Draft``."""
    return queue_messages([Draft(**draft)], actor=actor, now=now)[0]


def queue_staff_message(
    *,
    to: str,
    subject: str,
    text: str,
    dedupe_key: str,
    subject_kind: str,
    subject_id: UUID,
    actor: Actor,
    now: datetime,
    template: Template | None = None,
    values: Mapping[str, object] | None = None,
    link_purpose: str = "",
    link_id: UUID | None = None,
) -> Message:
    """Queue a mail to a member of the team: no consent is asked, no unsubscribe line is added."""
    draft = Draft(
        dedupe_key=dedupe_key,
        channel=Channel.EMAIL,
        purpose=bodies.STAFF,
        subject_kind=subject_kind,
        subject_id=subject_id,
        customer=None,
        contact=None,
        template=template,
        subject=subject,
        text=text,
        values=values or {},
        link_purpose=link_purpose,
        link_id=link_id,
        address=to,
        lane=Lane.TRANSACTIONAL,
    )
    return queue_messages([draft], actor=actor, now=now)[0]


@transaction.atomic
def queue_messages(drafts: Sequence[Draft], *, actor: Actor, now: datetime) -> list[Message]:
    """Queue messages with a few queries however many they are; returns one for each draft.

    A draft whose ``dedupe_key`` was queued before gives the message that was made then.
    """
    if not drafts:
        return []
    for draft in drafts:
        _check(draft)
    accounts = default_accounts(channels={draft.channel for draft in drafts}, now=now)
    sender = queries.get_sender()
    places = _locations(drafts)
    wanted: dict[str, Message] = {}
    for draft in drafts:
        if draft.dedupe_key not in wanted:
            place = places.get(draft.customer.location_id) if draft.customer else None
            wanted[draft.dedupe_key] = _message(
                draft, accounts[draft.channel], sender=sender, place=place, now=now
            )
    Message.objects.bulk_create(wanted.values(), ignore_conflicts=True, batch_size=BATCH)
    failpoint("after_message_insert")
    kept = {row.dedupe_key: row for row in Message.objects.filter(dedupe_key__in=wanted.keys())}
    fresh = [row for key, row in kept.items() if row.pk == wanted[key].pk]
    _enqueue(fresh, {draft.dedupe_key: draft for draft in reversed(drafts)}, now)
    failpoint("after_ticket_insert")
    facts = [
        MessageQueued(
            message_id=row.pk,
            customer_id=row.customer_id,
            channel=row.channel,
            subject_kind=row.subject_kind,
            subject_ref=str(row.subject_id),
        )
        for row in fresh
    ]
    journal.record_many(facts, actor=actor, now=now)
    return [kept[draft.dedupe_key] for draft in drafts]


def _check(draft: Draft) -> None:
    if draft.contact is None and not draft.address:
        raise AppError(_("There is no address to send this to."), code="no_address")
    if draft.contact is not None and draft.contact.channel != draft.channel:
        raise AppError(_("This contact point is of another kind."), code="wrong_channel")
    if draft.contact is None and draft.purpose != bodies.STAFF:
        raise AppError(_("There is no address to send this to."), code="no_contact")
    if draft.purpose not in PURPOSES:
        raise AppError(_("Say what this message is for."), code="unknown_purpose")
    if draft.template is not None and draft.template.channel != draft.channel:
        raise AppError(_("This text is for another channel."), code="wrong_channel")
    if draft.template is None and not draft.text.strip():
        raise AppError(_("Write the message."), code="empty", field="text")


def _locations(drafts: Sequence[Draft]) -> dict[UUID | None, Location]:
    people = [draft.customer for draft in drafts if draft.customer is not None]
    ids = {person.location_id for person in people if person.location_id is not None}
    return {row.pk: row for row in Location.objects.filter(pk__in=ids)}


def _message(
    draft: Draft,
    account: Account,
    *,
    sender: bodies.Sender,
    place: Location | None,
    now: datetime,
) -> Message:
    contact, customer = draft.contact, draft.customer
    body, values = _body(draft, sender, place)
    purpose = _purpose(draft)
    body = bodies.complete(
        body,
        channel=draft.channel,
        purpose=purpose,
        sender=sender,
        has_link=bool(draft.link_purpose and draft.link_id),
    )
    is_later = draft.not_before is not None and draft.not_before > now
    return Message(
        dedupe_key=draft.dedupe_key,
        channel=draft.channel,
        purpose=purpose,
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
        component=draft.component,
        customer=customer,
        contact=contact,
        location_id=place.pk if place else None,
        address=contact.address if contact else draft.address,
        address_hash=contact.address_hash if contact else "",
        zones=_zones(contact, customer, place),
        account=account,
        gate=draft.gate,
        template=draft.template,
        values=values,
        subject=body.subject,
        text=body.text,
        html=body.html,
        link_purpose=draft.link_purpose if draft.link_id else "",
        link_id=draft.link_id if draft.link_purpose else None,
        expires_at=draft.expires_at,
        deferred_until=draft.not_before if is_later else None,
        deferred_why="scheduled" if is_later else "",
        queued_at=now,
        created_at=now,
    )


def _body(
    draft: Draft, sender: bodies.Sender, place: Location | None
) -> tuple[bodies.Body, dict[str, str]]:
    if draft.template is None:
        subject = " ".join(draft.subject.split())[:300]
        return bodies.Body(subject, draft.text.strip()), {}
    values = {**queries.base_values(draft.customer, sender=sender, location=place), **draft.values}
    used = _fields(draft.template)
    kept = bodies.clean_values({name: values[name] for name in used if name in values})
    return bodies.render(draft.template, kept), kept


def _purpose(draft: Draft) -> str:
    """Return the purpose whose rules bind: whatever carries an offer is commercial.

    An offer and a link to a review never stand in one message (16 CFR 465.4).
    """
    fields = _fields(draft.template)
    has_offer = draft.link_purpose == "o" or any(name.startswith("offer.") for name in fields)
    if not has_offer or draft.purpose == bodies.STAFF:
        return draft.purpose
    if draft.link_purpose == "r" or draft.purpose == Purpose.REVIEW_REQUEST:
        raise AppError(
            _("An offer and a request for a review cannot stand in one message."),
            code="offer_in_request",
            field="text",
        )
    return str(message_purpose(Purpose(draft.purpose), has_offer=True))


def _fields(template: Template | None) -> frozenset[str]:
    if template is None:
        return frozenset()
    return bodies.compile_parts(
        template.channel, template.subject, template.text, template.html
    ).fields


def _zones(
    contact: ContactPoint | None, customer: Customer | None, place: Location | None
) -> list[str]:
    if customer is not None and customer.time_zone:
        return [customer.time_zone]
    if contact is not None and contact.zones:
        return list(contact.zones)
    return [place.time_zone] if place is not None else []


def _enqueue(rows: Sequence[Message], drafts: Mapping[str, Draft], now: datetime) -> None:
    groups: dict[tuple[Lane, str], list[tuple[str, datetime]]] = defaultdict(list)
    for row in rows:
        draft = drafts[row.dedupe_key]
        groups[draft.lane, draft.gate].append((str(row.pk), draft.not_before or now))
    for (lane, gate), keys in groups.items():
        jobs.enqueue_many("messaging.deliver", keys=keys, now=now, lane=lane, gate=gate)
