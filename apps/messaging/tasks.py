"""Sending what waits."""

from datetime import timedelta

from apps.core import clock
from apps.jobs import services as jobs
from apps.jobs.registry import Claimed, job


@job("messaging.deliver", in_sets=True)
def deliver(*, tickets: list[Claimed], **_: object) -> None:
    """Hold the messages of one business for a minute."""
    for ticket in tickets:
        jobs.postpone_ticket(ticket=ticket, not_before=clock.now() + timedelta(minutes=1))
