"""Writing what became of many messages: states, attempts, tickets and facts in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apps.core.db import execute
from apps.core.facts import SYSTEM, Fact
from apps.jobs import services as jobs
from apps.jobs.registry import Claimed
from apps.jobs.services.batch import Later, postpone_tickets
from apps.journal import services as journal
from apps.messaging import sql
from apps.messaging.choices import MessageState
from apps.messaging.events import (
    MessageBounced,
    MessageDelivered,
    MessageFailed,
    MessageSent,
    MessageSuppressed,
    MessageUnconfirmed,
)
from apps.messaging.models import Account, Attempt, Message
from apps.messaging.providers.base import MAX_REFERENCE

FACTS = {
    MessageState.SENT: MessageSent,
    MessageState.DELIVERED: MessageDelivered,
    MessageState.BOUNCED: MessageBounced,
    MessageState.FAILED: MessageFailed,
    MessageState.EXPIRED: MessageFailed,
    MessageState.SUPPRESSED: MessageSuppressed,
    MessageState.UNCONFIRMED: MessageUnconfirmed,
}
CODE_LENGTH = 60


def fact_of(message: Message, state: str, reason: str = "") -> Fact | None:
    """Return the fact that a message has come to a state, where there is one."""
    kind = FACTS.get(MessageState(state))
    if kind is None:
        return None
    return kind(
        message_id=message.pk,
        customer_id=message.customer_id,
        channel=message.channel,
        reason=reason,
        subject_kind=message.subject_kind,
        subject_ref=str(message.subject_id),
    )


@dataclass(frozen=True, kw_only=True)
class Move:
    """A message on its way into another state."""

    message: Message
    state: str
    reason: str = ""
    until: datetime | None = None
    why: str = ""
    settled_at: datetime | None = None
    sent_at: datetime | None = None
    ref: str = ""
    account: Account | None = None


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How an attempt ended."""

    attempt: Attempt
    outcome: str
    code: str = ""
    ref: str = ""


@dataclass
class Changes:
    """Everything one transaction writes about a set of messages."""

    moves: list[Move] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    done: list[Claimed] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    look_ups: list[tuple[str, datetime]] = field(default_factory=list)

    def end(self, move: Move, ticket: Claimed | None) -> None:
        """Bring a message to an end of ours: its ticket is done."""
        self.moves.append(move)
        if ticket is not None:
            self.done.append(ticket)

    def wait(self, move: Move, later: Later) -> None:
        """Let a message wait: its ticket is due again later."""
        self.moves.append(move)
        self.later.append(later)

    def close_attempts(self, now: datetime) -> None:
        """Write down how attempts ended."""
        if self.ended:
            execute(sql.CLOSE, _ended_values(self.ended, now))
            self.ended = []

    def write(self, now: datetime) -> None:
        """Write it all, in the caller's transaction."""
        if self.moves:
            execute(sql.MOVE, _move_values(self.moves))
        self.close_attempts(now)
        facts = [fact_of(move.message, move.state, move.reason) for move in self.moves]
        told = [fact for fact in facts if fact is not None]
        if told:
            journal.record_many(told, actor=SYSTEM, now=now)
        if self.look_ups:
            jobs.enqueue_many("messaging.look_up", keys=self.look_ups, now=now)
        jobs.finish_tickets(tickets=self.done)
        postpone_tickets(items=self.later)


def _move_values(moves: Sequence[Move]) -> dict[str, object]:
    return {
        "ids": [move.message.pk for move in moves],
        "was": [move.message.state for move in moves],
        "states": [str(move.state) for move in moves],
        "reasons": [move.reason[:40] for move in moves],
        "untils": [move.until for move in moves],
        "whys": [move.why[:20] for move in moves],
        "settled": [move.settled_at for move in moves],
        "sent": [move.sent_at for move in moves],
        "refs": [move.ref[:MAX_REFERENCE] for move in moves],
        "accounts": [move.account.pk if move.account else None for move in moves],
    }


def _ended_values(ended: Sequence[Ended], now: datetime) -> dict[str, object]:
    return {
        "ids": [end.attempt.pk for end in ended],
        "ended": [now] * len(ended),
        "outcomes": [end.outcome[:12] for end in ended],
        "codes": [end.code[:CODE_LENGTH] for end in ended],
        "refs": [end.ref[:MAX_REFERENCE] for end in ended],
    }
