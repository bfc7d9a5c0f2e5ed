"""Sending what waits, and asking about what stayed open."""

from apps.jobs.registry import Claimed, job
from apps.messaging.services import deliver as delivery
from apps.messaging.services import look_up as questions


@job("messaging.deliver", in_sets=True)
def deliver(*, tickets: list[Claimed], **_: object) -> None:
    """Send the messages of some tickets of one business."""
    delivery.deliver(tickets=tickets)


@job("messaging.look_up", in_sets=True)
def look_up(*, tickets: list[Claimed], **_: object) -> None:
    """Ask the provider about messages that nobody has confirmed."""
    questions.look_up(tickets=tickets)
