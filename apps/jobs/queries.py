"""Reads about tickets of the entered business."""

from django.db.models import QuerySet

from apps.jobs.choices import TicketState
from apps.jobs.models import Ticket


def list_parked() -> QuerySet[Ticket]:
    """Return tickets that wait for a person."""
    return Ticket.objects.filter(state=TicketState.PARKED).order_by("id")


def count_open(*, gate: str) -> int:
    """Return how many tickets behind a gate are not done."""
    return Ticket.objects.filter(gate=gate).count()


def is_alive(*, kind: str) -> bool:
    """Tell whether a ticket of a kind is waiting or worked on; a parked one is neither."""
    return Ticket.objects.filter(kind=kind).exclude(state=TicketState.PARKED).exists()
