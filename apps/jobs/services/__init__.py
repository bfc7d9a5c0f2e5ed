"""Writes of the room: queueing tickets, draining lanes, sweeping."""

from apps.jobs.services.drain import drain, work_on
from apps.jobs.services.queue import (
    cancel_tickets,
    enqueue,
    enqueue_many,
    finish_tickets,
    held_tickets,
    open_gate,
    postpone_ticket,
    release_tickets,
    retry_parked,
)
from apps.jobs.services.sweep import sweep

__all__ = [
    "cancel_tickets",
    "drain",
    "enqueue",
    "enqueue_many",
    "finish_tickets",
    "held_tickets",
    "open_gate",
    "postpone_ticket",
    "release_tickets",
    "retry_parked",
    "sweep",
    "work_on",
]
