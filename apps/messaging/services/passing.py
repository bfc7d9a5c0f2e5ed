"""The gate: one transaction decides for a set of messages which of them may leave now."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.consent import queries as consent
from apps.consent.rules import COMMERCIAL, Decision
from apps.core.errors import AppError
from apps.customers.choices import ContactStatus
from apps.customers.models import ContactPoint
from apps.jobs import services as jobs
from apps.jobs.registry import Claimed
from apps.jobs.services.batch import Later
from apps.messaging import bodies, progress
from apps.messaging.choices import GateState, MessageState, ProviderKind
from apps.messaging.models import Account, Attempt, Gate, Message
from apps.messaging.progress import Fate, Finding
from apps.messaging.services.gates import PAUSED
from apps.messaging.services.ledger import Changes, Ended, Move
from apps.messaging.services.outcomes import apply_result, blame, leave_open, needs_blame
from apps.tenants import wall

CAPABILITY = {ProviderKind.SANDBOX: "A", ProviderKind.TWILIO: "B", ProviderKind.SMTP: "C"}
PAUSE = timedelta(days=1)
OLD_S = 3600.0
SENT = (MessageState.SENT, MessageState.DELIVERED)
UNDER_WAY = (MessageState.SENDING, MessageState.UNCONFIRMED)


@dataclass(frozen=True)
class Departure:
    """A message that has passed the gate, with the attempt that is open for it."""

    ticket: Claimed
    message: Message
    account: Account
    attempt: Attempt
    contact: ContactPoint | None


@dataclass
class Papers:
    """All that the decision about a set of messages needs, read in one go."""

    tickets: dict[UUID, Claimed]
    contacts: dict[UUID, ContactPoint] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    gates: dict[str, str] = field(default_factory=dict)
    attempts: dict[UUID, list[Attempt]] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def open_attempt(self, message: Message) -> Attempt | None:
        """Return the attempt whose end nobody has written down."""
        return next((a for a in self.attempts.get(message.pk, ()) if not a.outcome), None)

    def account(self, message: Message) -> Account:
        """Return the account to leave by: an account no longer in use is replaced."""
        own = message.account
        return own if own.is_active else self.accounts.get(message.channel, own)


def pass_gate(*, tickets: Sequence[Claimed], sender: str, now: datetime) -> list[Departure]:
    """Decide about the messages of these tickets; those that may go are ``sending`` afterwards.

    ``sender`` names the note in which this worker writes down its calls. The contact rows are
    locked first, as an opt-out locks them: whoever commits first is heard by the other.
    """
    left_over: set[str] = set()
    with transaction.atomic():
        papers = _gather(tickets)
        changes = Changes()
        ready = [
            message
            for message in papers.messages
            if _is_ready(message, papers, changes, left_over, now)
        ]
        leaving = _ask_consent(ready, papers, changes, now)
        # One attempt of a message is open at a time: what a dead worker left is closed first.
        changes.close_attempts(now)
        attempts = _open_attempts(leaving, papers, sender, now)
        for message in leaving:
            account = papers.account(message)
            changed = account if account.pk != message.account_id else None
            changes.moves.append(Move(message=message, state=MessageState.SENDING, account=changed))
        changes.write(now)
    _forget_notes(left_over)
    return [
        Departure(
            ticket=papers.tickets[message.pk],
            message=message,
            account=papers.account(message),
            attempt=attempts[message.pk],
            contact=papers.contacts.get(message.contact_id) if message.contact_id else None,
        )
        for message in leaving
    ]


def _gather(tickets: Sequence[Claimed]) -> Papers:
    """Lock tickets, contacts and messages, in this order, and read what else is needed."""
    held = jobs.held_tickets(tickets=tickets)
    papers = Papers({UUID(ticket.key): ticket for ticket in tickets if ticket.id in held})
    ids = list(papers.tickets)
    contacts = (
        ContactPoint.objects.select_for_update(of=("self",), no_key=True)
        .select_related("customer")
        .filter(pk__in=Message.objects.filter(pk__in=ids).values("contact"))
        .order_by("pk")
    )
    papers.contacts = {row.pk: row for row in contacts}
    papers.messages = list(
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    keys = {message.gate for message in papers.messages if message.gate}
    papers.gates = dict(Gate.objects.filter(key__in=keys).values_list("key", "state"))
    grouped: dict[UUID, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(message_id__in=ids).order_by("number"):
        grouped[attempt.message_id].append(attempt)
    papers.attempts = grouped
    papers.accounts = {row.channel: row for row in Account.objects.filter(is_default=True)}
    known = {message.pk for message in papers.messages}
    jobs.finish_tickets(tickets=[t for key, t in papers.tickets.items() if key not in known])
    return papers


def _is_ready(
    message: Message, papers: Papers, changes: Changes, left_over: set[str], now: datetime
) -> bool:
    """Tell whether a message still waits to leave; what a dead worker left is settled here."""
    ticket = papers.tickets[message.pk]
    if message.state == MessageState.SENDING:
        attempt = papers.open_attempt(message)
        if attempt is None:
            leave_open(changes, message=message, ticket=ticket, capability="C", now=now)
            return False
        left_over.add(attempt.lease_owner)
        if not _settle(message, attempt, ticket, changes, now):
            return False
    elif message.state != MessageState.QUEUED:
        changes.done.append(ticket)
        return False
    return _may_begin(message, papers, changes, now)


def _settle(
    message: Message, attempt: Attempt, ticket: Claimed, changes: Changes, now: datetime
) -> bool:
    """Read a dead worker's note about an attempt; tell whether the message may go (again)."""
    schema = str(wall.current_business().schema_name)
    notes = progress.read(schema, attempt.lease_owner)
    found = (
        Finding(Fate.UNKNOWN) if notes is None else notes.get(attempt.pk, Finding(Fate.NOT_BEGUN))
    )
    capability = CAPABILITY[ProviderKind(message.account.kind)]
    if capability == "A" or found.fate is Fate.NOT_BEGUN:
        outcome = "not_sent" if found.fate is Fate.NOT_BEGUN else "unknown"
        changes.ended.append(Ended(attempt=attempt, outcome=outcome))
        return True
    if found.result is not None:
        if needs_blame(found.result):
            blame(message=message, result=found.result, now=now)
        apply_result(
            changes,
            message=message,
            attempt=attempt,
            ticket=ticket,
            result=found.result,
            capability=capability,
            now=now,
        )
        return False
    changes.ended.append(Ended(attempt=attempt, outcome="unknown"))
    leave_open(changes, message=message, ticket=ticket, capability=capability, now=now)
    return False


def _may_begin(message: Message, papers: Papers, changes: Changes, now: datetime) -> bool:
    """Look at gate, expiry and address; whatever stops the message is noted."""
    ticket = papers.tickets[message.pk]
    state = papers.gates.get(message.gate, GateState.OPEN)
    contact = papers.contacts.get(message.contact_id) if message.contact_id else None
    if state == GateState.CLOSED:
        _stop(changes, message, ticket, MessageState.CANCELLED, "closed", now)
    elif message.expires_at is not None and message.expires_at <= now:
        _stop(changes, message, ticket, MessageState.EXPIRED, "expired", now)
    elif message.purpose == bodies.STAFF:
        return True
    elif contact is None:
        _stop(changes, message, ticket, MessageState.SUPPRESSED, "erased", now)
    elif contact.status != ContactStatus.OK:
        _stop(changes, message, ticket, MessageState.SUPPRESSED, contact.status, now)
    elif state == GateState.PAUSED:
        _hold(changes, message, ticket, until=now + PAUSE, why=PAUSED)
    else:
        return True
    return False


def _stop(
    changes: Changes, message: Message, ticket: Claimed, state: str, reason: str, now: datetime
) -> None:
    changes.end(Move(message=message, state=state, reason=reason, settled_at=now), ticket)


def _hold(
    changes: Changes, message: Message, ticket: Claimed, *, until: datetime, why: str
) -> None:
    move = Move(message=message, state=MessageState.QUEUED, until=until, why=why)
    changes.wait(move, Later(ticket=ticket, not_before=until, error=why))


def _ask_consent(
    ready: Sequence[Message], papers: Papers, changes: Changes, now: datetime
) -> list[Message]:
    """Return those of the ready messages that consent, caps and quiet hours let go now."""
    asked = [message for message in ready if message.purpose != bodies.STAFF]
    answers: dict[object, Decision] = {}
    if asked:
        recent = _recent(asked, now)
        answers = dict(consent.bars([_question(message, papers, recent) for message in asked], now))
    leaving = []
    for message in ready:
        answer = answers.get(message.pk)
        ticket = papers.tickets[message.pk]
        if answer is None or answer.allowed:
            leaving.append(message)
        elif answer.until is not None:
            _hold(changes, message, ticket, until=answer.until, why=str(answer.reason))
        else:
            _stop(changes, message, ticket, MessageState.SUPPRESSED, str(answer.reason), now)
    return leaving


def _question(
    message: Message, papers: Papers, recent: dict[tuple[str, str], list[datetime]]
) -> consent.GateQuestion:
    contact = papers.contacts[message.contact_id] if message.contact_id else None
    if contact is None:
        raise AppError("A message without a contact point.", code="no_contact")
    return consent.GateQuestion(
        key=message.pk,
        channel=message.channel,
        purpose=message.purpose,
        address_hash=contact.address_hash,
        zones=message.zones,
        is_erased=contact.customer.erased_at is not None,
        sent_at=recent.get((contact.address_hash, message.channel), ()),
    )


def _recent(messages: Sequence[Message], now: datetime) -> dict[tuple[str, str], list[datetime]]:
    """Return when these addresses had commercial messages within the period of the cap."""
    since = now - timedelta(days=consent.get_policy().cap_days)
    own = {message.pk for message in messages}
    rows = (
        Message.objects.filter(
            Q(state__in=SENT, sent_at__gt=since) | Q(state__in=UNDER_WAY, queued_at__gt=since),
            address_hash__in={message.address_hash for message in messages},
            purpose__in=[str(purpose) for purpose in COMMERCIAL],
        )
        .exclude(pk__in=own)
        .values_list("address_hash", "channel", "sent_at")
    )
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for address_hash, channel, sent_at in rows:
        found[address_hash, channel].append(sent_at or now)
    return found


def _open_attempts(
    leaving: Sequence[Message], papers: Papers, sender: str, now: datetime
) -> dict[UUID, Attempt]:
    rows = Attempt.objects.bulk_create(
        [
            Attempt(
                message=message,
                number=max((a.number for a in papers.attempts.get(message.pk, ())), default=0) + 1,
                lease_owner=sender,
                started_at=now,
            )
            for message in leaving
        ]
    )
    return {row.message_id: row for row in rows}


def _forget_notes(names: set[str]) -> None:
    """Remove dead workers' notes once nothing in the ledger refers to them."""
    if not names:
        return
    schema = str(wall.current_business().schema_name)
    # Notes of workers that died outside of the gate have no attempt at all.
    old = progress.list_old(schema, before=time.time() - OLD_S)
    for name in names.union(old):
        if not Attempt.objects.filter(lease_owner=name, outcome="").exists():
            progress.remove(schema, name)
