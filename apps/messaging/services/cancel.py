"""Taking back messages that have not begun to leave."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.messaging.choices import MessageState
from apps.messaging.models import Message


def cancel_all(*, but_gate: str, reason: str, now: datetime) -> int:
    """Cancel everything that waits, but for what stands behind gates that begin ``but_gate``."""
    waiting = Message.objects.filter(state=MessageState.QUEUED)
    return waiting.exclude(gate__startswith=but_gate).update(
        state=MessageState.CANCELLED, reason=reason[:40], settled_at=now, deferred_until=None
    )


def cancel_messages(
    *, subject_kind: str, subject_ids: Collection[UUID], reason: str, now: datetime
) -> int:
    """Cancel what still waits about these objects; returns how many messages that were.

    A message that a worker has begun to send is not waiting any more. The tickets find the
    message cancelled and end.
    """
    return Message.objects.filter(
        subject_kind=subject_kind, subject_id__in=list(subject_ids), state=MessageState.QUEUED
    ).update(state=MessageState.CANCELLED, reason=reason[:40], settled_at=now, deferred_until=None)
