"""What a job in sets does with many of its tickets at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.core.db import execute
from apps.jobs import sql
from apps.jobs.choices import Lane, TicketState
from apps.jobs.registry import Claimed
from apps.jobs.services.queue import ring

MOST_WORDS = 200


@dataclass(frozen=True, kw_only=True)
class Later:
    """When a ticket is due again, whether that was a failed try, and why."""

    ticket: Claimed
    not_before: datetime
    tried: bool = False
    error: str = ""
    park: bool = False


def postpone_tickets(*, items: Sequence[Later]) -> int:
    """Give many tickets back for later with one statement; returns how many were still ours."""
    if not items:
        return 0
    values = {
        "ids": [item.ticket.id for item in items],
        "epochs": [item.ticket.epoch for item in items],
        "states": [int(TicketState.PARKED if i.park else TicketState.WAITING) for i in items],
        "moments": [item.not_before for item in items],
        "tried": [int(item.tried) for item in items],
        "errors": [item.error[:MOST_WORDS] for item in items],
    }
    return execute(sql.POSTPONE_MANY, values)


def hasten_tickets(*, gate: str, mark: str, now: datetime) -> int:
    """Make the tickets behind a gate that wait for the reason ``mark`` due now, and ring."""
    done = execute(sql.HASTEN, {"gate": gate, "mark": mark, "now": now})
    if done:
        ring(Lane.BULK)
    return done
