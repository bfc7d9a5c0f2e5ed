"""Asking a provider what became of messages whose call stayed without an answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.core import clock
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.jobs.registry import Claimed
from apps.jobs.services.batch import Later, postpone_tickets
from apps.locations import queries as locations
from apps.messaging.choices import MessageState
from apps.messaging.models import Attempt, Message
from apps.messaging.providers.base import Result, Status
from apps.messaging.services.ledger import Changes, Move
from apps.messaging.services.sending import connections, make_outgoing

MARGIN = timedelta(seconds=5)
AGAIN = timedelta(minutes=5)
MOST_QUESTIONS = 6


def look_up(*, tickets: Sequence[Claimed]) -> None:
    """Ask about unconfirmed messages; what surely never arrived is queued again."""
    for ticket in tickets:
        message = _find(UUID(ticket.key))
        if message is None:
            jobs.finish_tickets(tickets=[ticket])
            continue
        result = _ask(message)
        settle_answer(message=message, ticket=ticket, result=result, now=clock.now())


def _find(message_id: UUID) -> Message | None:
    return (
        Message.objects.select_related("account")
        .filter(pk=message_id, state=MessageState.UNCONFIRMED)
        .first()
    )


def _ask(message: Message) -> Result | None:
    last = Attempt.objects.filter(message=message).order_by("-number").first()
    since = (last.started_at if last else message.queued_at) - MARGIN
    known = Message.objects.filter(address_hash=message.address_hash, channel=message.channel)
    refs = set(known.exclude(provider_ref="").values_list("provider_ref", flat=True))
    # The same text as at the time of the call: that is how the message is recognised.
    outgoing = make_outgoing(
        message,
        message.account,
        brand=locations.get_brand(),
        now=message.queued_at,
        address=message.address,
    )
    _provider, session = connections.get(message.account)
    return session.lookup(outgoing, since, known_refs=refs)


@transaction.atomic
def settle_answer(
    *, message: Message, ticket: Claimed, result: Result | None, now: datetime
) -> None:
    """Write down what the provider knows: taken, refused, or surely absent."""
    locked = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if locked.state != MessageState.UNCONFIRMED:
        jobs.finish_tickets(tickets=[ticket])
        return
    changes = Changes()
    if result is None:
        changes.end(Move(message=locked, state=MessageState.QUEUED, why="retry"), ticket)
        jobs.enqueue("messaging.deliver", key=locked.pk, now=now, lane=Lane.INTERACTIVE)
    elif result.status is Status.ACCEPTED:
        move = Move(message=locked, state=MessageState.SENT, sent_at=now, ref=result.provider_ref)
        changes.end(move, ticket)
    elif result.status is Status.REJECTED:
        move = Move(
            message=locked,
            state=MessageState.FAILED,
            reason=result.error_class or result.code,
            settled_at=now,
            ref=result.provider_ref,
        )
        changes.end(move, ticket)
    elif ticket.tries + 1 >= MOST_QUESTIONS:
        changes.done.append(ticket)
    else:
        later = Later(ticket=ticket, not_before=now + AGAIN, tried=True, error=result.code)
        postpone_tickets(items=[later])
    changes.write(now)
