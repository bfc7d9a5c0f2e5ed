"""Sending messages in sets: gate, call, record; what was not begun goes through the gate again."""

import time
from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import OperationalError, connection, transaction

from apps.core import clock
from apps.core.failpoints import failpoint
from apps.jobs import services as jobs
from apps.jobs.registry import Claimed
from apps.messaging import bodies, queries
from apps.messaging.bodies import Body
from apps.messaging.choices import MessageState, ProviderKind
from apps.messaging.models import Attempt, SandboxDelivery
from apps.messaging.progress import Note, make_name
from apps.messaging.services.ledger import Changes, Move
from apps.messaging.services.outcomes import apply_result, blame, needs_blame
from apps.messaging.services.passing import CAPABILITY, pass_gate
from apps.messaging.services.sending import BEFORE_FENCE_S, Handed, hand_over, list_headers
from apps.tenants import wall

# From the gate to the last byte at most two seconds, so that an opt-out is heard in time.
WINDOW_S = 1.5
SMALLEST_SET = 4
PAUSE_S = 0.5
log = structlog.get_logger(__name__)


def deliver(*, tickets: Sequence[Claimed]) -> None:
    """Send the messages of one business's tickets, as many as the lease leaves time for."""
    waiting = list(tickets)
    size = len(waiting)
    while waiting and time.monotonic() < waiting[0].fence - 2 * BEFORE_FENCE_S:
        left = _send_set(waiting[:size])
        begun = len(waiting[:size]) - len(left)
        waiting = [*left, *waiting[size:]]
        size = max(begun, SMALLEST_SET) if left else size * 2
    jobs.release_tickets(tickets=waiting)


def _send_set(tickets: Sequence[Claimed]) -> list[Claimed]:
    """Take one set through; returns the tickets of messages that have not begun to leave."""
    # A name that no other set has: the note is removed only when all in it is in the ledger.
    name = make_name(tickets[0].owner)
    note = Note(str(wall.current_business().schema_name), name)
    try:
        departures = pass_gate(tickets=tickets, sender=name, now=clock.now())
        until = time.monotonic() + WINDOW_S
    except BaseException:
        note.remove()
        raise
    failpoint("after_gate")
    if not departures:
        note.remove()
        return []
    try:
        handed = hand_over(departures, note=note, until=until, now=clock.now())
        failpoint("before_result_commit")
        _record_until(handed, fence=tickets[0].fence)
    except BaseException:
        note.close()
        raise
    note.remove()
    failpoint("after_result_commit")
    return [one.departure.ticket for one in handed if one.result is None]


def _record_until(handed: Sequence[Handed], *, fence: float) -> None:
    """Write the outcomes down; a database that is away is asked again until the lease ends."""
    while True:
        try:
            record(handed, now=clock.now())
        except OperationalError:
            if connection.in_atomic_block or time.monotonic() > fence:
                raise
            log.warning("message.record_again")
            connection.close()
            time.sleep(PAUSE_S)
        else:
            return


@transaction.atomic
def record(handed: Sequence[Handed], *, now: datetime) -> None:
    """Write down what became of the calls of one set."""
    for one in handed:
        if one.outgoing is not None and one.result is not None and needs_blame(one.result):
            blame(message=one.departure.message, result=one.result, now=now)
    changes = Changes()
    not_begun = []
    for one in handed:
        message, attempt = one.departure.message, one.departure.attempt
        message.state = MessageState.SENDING
        if one.outgoing is None:
            not_begun.append(attempt.pk)
        if one.result is None:
            changes.moves.append(Move(message=message, state=MessageState.QUEUED))
            continue
        apply_result(
            changes,
            message=message,
            attempt=attempt,
            ticket=one.departure.ticket,
            result=one.result,
            capability=CAPABILITY[ProviderKind(one.departure.account.kind)],
            now=now,
        )
    if not_begun:
        Attempt.objects.filter(pk__in=not_begun).delete()
    _land_in_sandbox(handed, now)
    changes.write(now)


def _land_in_sandbox(handed: Sequence[Handed], now: datetime) -> None:
    """Keep what left by the sandbox, links masked; a message lands there once."""
    rows = [
        _sandbox_row(one, now)
        for one in handed
        if one.outgoing is not None and one.departure.account.kind == ProviderKind.SANDBOX
    ]
    if rows:
        SandboxDelivery.objects.bulk_create(rows, ignore_conflicts=True)


def _sandbox_row(one: Handed, now: datetime) -> SandboxDelivery:
    message, account = one.departure.message, one.departure.account
    masks = {bodies.LINK: bodies.LINK, bodies.UNSUBSCRIBE: bodies.UNSUBSCRIBE}
    body = Body(message.subject, message.text, message.html)
    is_mail = message.channel == "email"
    sender = f"{account.sender_name} <{account.sender}>" if is_mail else account.sender
    return SandboxDelivery(
        message_id=message.pk,
        channel=message.channel,
        to=one.outgoing.to if one.outgoing else message.address,
        sender=sender,
        subject=message.subject,
        text=message.text,
        html=queries.mail_html(body, links=masks, link_purpose=message.link_purpose)
        if is_mail
        else "",
        headers=[list(pair) for pair in list_headers(message, bodies.UNSUBSCRIBE)]
        if is_mail
        else [],
        received_at=now,
    )
