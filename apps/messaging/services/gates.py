"""Gates: switches that an upper room holds over the messages it has queued."""

from datetime import datetime

from django.db import transaction

from apps.jobs.services.batch import hasten_tickets
from apps.jobs.services.queue import cancel_tickets
from apps.messaging.choices import GateState, MessageState
from apps.messaging.models import Gate, Message

PAUSED = "paused"


@transaction.atomic
def set_gate(*, key: str, state: str, now: datetime) -> None:
    """Open, pause or close the gate of a set of messages.

    Paused messages wait until it opens; closing cancels what has not begun to leave, for good.
    """
    Gate.objects.update_or_create(key=key, defaults={"state": state, "changed_at": now})
    if state == GateState.CLOSED:
        Message.objects.filter(gate=key, state=MessageState.QUEUED).update(
            state=MessageState.CANCELLED, reason="closed", settled_at=now, deferred_until=None
        )
        cancel_tickets(gate=key)
    elif state == GateState.OPEN:
        hasten_tickets(gate=key, mark=PAUSED, now=now)
