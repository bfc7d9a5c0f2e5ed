"""What a provider's answer does to a message, its contact point and its ticket."""

import random
from datetime import datetime, timedelta

from apps.consent import services as consent
from apps.core.facts import SYSTEM
from apps.customers.choices import ContactStatus
from apps.customers.models import ContactPoint
from apps.jobs.registry import Claimed
from apps.jobs.services.batch import Later
from apps.messaging.choices import MessageState
from apps.messaging.models import Attempt, Message
from apps.messaging.providers.base import Result, Status
from apps.messaging.rules import ErrorClass, retry_delay
from apps.messaging.services.ledger import Changes, Ended, Move

MOST_TRIES = 8
REFUSED_ACCOUNT = (ErrorClass.AUTH, ErrorClass.CONFIG)
LOOK_UP_AFTER = timedelta(seconds=60)
STATUS_OF = {
    ErrorClass.INVALID_ADDRESS: ContactStatus.INVALID,
    ErrorClass.INVALID_NUMBER: ContactStatus.INVALID,
    ErrorClass.LANDLINE: ContactStatus.LANDLINE,
}


def apply_result(
    changes: Changes,
    *,
    message: Message,
    attempt: Attempt,
    ticket: Claimed | None,
    result: Result,
    capability: str,
    now: datetime,
) -> None:
    """Note in ``changes`` what an answer means; addresses that failed come later (``blame``)."""
    changes.ended.append(
        Ended(attempt=attempt, outcome=result.status, code=result.code, ref=result.provider_ref)
    )
    if result.status is Status.ACCEPTED:
        move = Move(message=message, state=MessageState.SENT, sent_at=now, ref=result.provider_ref)
        changes.end(move, ticket)
    elif result.status is Status.REJECTED:
        reason = result.error_class or result.code or "rejected"
        changes.end(
            Move(
                message=message,
                state=MessageState.FAILED,
                reason=reason,
                settled_at=now,
                ref=result.provider_ref,
            ),
            ticket,
        )
    elif result.status is Status.RETRY:
        _try_again(changes, message, ticket, result, now)
    else:
        leave_open(changes, message=message, ticket=ticket, capability=capability, now=now)


def _try_again(
    changes: Changes, message: Message, ticket: Claimed | None, result: Result, now: datetime
) -> None:
    tries = ticket.tries + 1 if ticket else 1
    reason = result.error_class or result.code
    if tries >= MOST_TRIES and not result.stops_channel:
        state = Move(
            message=message, state=MessageState.FAILED, reason=reason or "gave_up", settled_at=now
        )
        changes.end(state, ticket)
        return
    wait = (
        timedelta(seconds=result.retry_after_s)
        if result.retry_after_s is not None
        else max(retry_delay(tries, random=random.random), timedelta(seconds=1))
    )
    why = "account" if result.error_class in REFUSED_ACCOUNT else "retry"
    move = Move(
        message=message, state=MessageState.QUEUED, reason=reason, until=now + wait, why=why
    )
    if ticket is None:
        changes.moves.append(move)
        return
    # An account that is refused is nobody's fault but its own: the message keeps its tries.
    later = Later(
        ticket=ticket, not_before=now + wait, tried=not result.stops_channel, error=result.code
    )
    changes.wait(move, later)


def leave_open(
    changes: Changes, *, message: Message, ticket: Claimed | None, capability: str, now: datetime
) -> None:
    """Nobody knows whether it was taken: ask where that can be asked, else tell staff."""
    if capability == "B":
        changes.look_ups.append((str(message.pk), now + LOOK_UP_AFTER))
    changes.end(Move(message=message, state=MessageState.UNCONFIRMED, reason="no_answer"), ticket)


def blame(*, message: Message, result: Result, now: datetime) -> None:
    """Send nothing more to an address that cannot be reached or whose owner has said stop.

    Locks the contact rows, so call it before the rows of messages are locked.
    """
    if not message.address_hash:
        return
    if result.opted_out:
        consent.withdraw(
            address_hash=message.address_hash,
            channel=message.channel,
            customer_id=message.customer_id,
            source="provider",
            actor=SYSTEM,
            now=now,
        )
    elif result.invalid_address:
        consent.suppress(
            address_hash=message.address_hash,
            channel=message.channel,
            reason=ContactStatus.INVALID,
            source=f"provider {result.code}",
            now=now,
        )
        status = STATUS_OF.get(ErrorClass(result.error_class), ContactStatus.INVALID)
        ContactPoint.objects.filter(
            address_hash=message.address_hash, channel=message.channel
        ).update(status=status)


def needs_blame(result: Result) -> bool:
    """Tell whether an answer counts against the address."""
    return result.opted_out or result.invalid_address
