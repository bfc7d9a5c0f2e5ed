"""Settling by hand what no provider can tell."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import ConflictError
from apps.core.facts import Actor
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal import services as journal
from apps.messaging.choices import MessageState
from apps.messaging.models import Message
from apps.messaging.services.ledger import fact_of


@transaction.atomic
def settle_unconfirmed(*, message: Message, was_sent: bool, actor: Actor, now: datetime) -> Message:
    """Say of an unconfirmed message that it arrived, or that it did not: then it is sent again."""
    locked = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if locked.state != MessageState.UNCONFIRMED:
        raise ConflictError(_("This has been settled in the meantime."))
    locked.reason = "by_hand"
    if was_sent:
        locked.state = MessageState.SENT
        locked.sent_at = locked.sent_at or now
        fact = fact_of(locked, MessageState.SENT, "by_hand")
        if fact is not None:
            journal.record(fact, actor=actor, now=now)
    else:
        locked.state = MessageState.QUEUED
        jobs.enqueue("messaging.deliver", key=locked.pk, now=now, lane=Lane.INTERACTIVE)
    locked.save(update_fields=["state", "reason", "sent_at"])
    return locked
