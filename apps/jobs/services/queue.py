"""Queueing tickets in the caller's transaction, and what a job in sets does with its own."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from celery import current_app
from django.db import transaction

from apps.core.db import execute, fetch_all
from apps.jobs import sql
from apps.jobs.choices import Lane, TicketState
from apps.jobs.models import Ticket
from apps.jobs.registry import Claimed, find_job
from apps.tenants import wall

BELLS = {
    Lane.TRANSACTIONAL: "jobs.drain_fast",
    Lane.INTERACTIVE: "jobs.drain_bulk",
    Lane.BULK: "jobs.drain_bulk",
    Lane.OWNER: "jobs.drain_owner",
}
QUEUES = {"jobs.drain_fast": "fast", "jobs.drain_bulk": "bulk", "jobs.drain_owner": "owner"}
log = structlog.get_logger(__name__)


def enqueue(
    kind: str,
    *,
    key: object,
    now: datetime,
    lane: Lane = Lane.INTERACTIVE,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    dedupe_key: str | None = None,
    gate: str = "",
) -> None:
    """Queue one ticket of the entered business, in the caller's transaction.

    With a ``dedupe_key`` a second ticket is not made while the first is open. Raises AppError
    ``unknown_job`` for a kind nobody registered.
    """
    enqueue_many(
        kind,
        keys=[(str(key), not_before or now)],
        now=now,
        lane=lane,
        expires_at=expires_at,
        dedupe_keys=[dedupe_key],
        gate=gate,
    )


def enqueue_many(
    kind: str,
    *,
    keys: Sequence[tuple[str, datetime]],
    now: datetime,
    lane: Lane = Lane.BULK,
    expires_at: datetime | None = None,
    dedupe_keys: Sequence[str | None] | None = None,
    gate: str = "",
) -> None:
    """Queue a ticket for each (key, not before) and ring once after the commit."""
    find_job(kind)
    tenant = wall.current_business().role_name
    marks = dedupe_keys or [None] * len(keys)
    Ticket.objects.bulk_create(
        [
            Ticket(
                tenant=tenant,
                kind=kind,
                key=key,
                lane=lane,
                gate=gate,
                not_before=when,
                expires_at=expires_at,
                dedupe_key=mark,
                created_at=now,
            )
            for (key, when), mark in zip(keys, marks, strict=True)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    if any(when <= now for _, when in keys):
        ring(lane)


def ring(lane: Lane) -> None:
    """Wake the workers of a lane after the commit; a dead broker costs a second, never work."""

    # A plain function, not a partial: Django's robust hooks print its name when it fails.
    def bell() -> None:
        send_bell(lane)

    transaction.on_commit(bell, robust=True)


def send_bell(lane: Lane) -> None:
    """Publish the bell of a lane now; a broker that is away is told to the log only."""
    name = BELLS[lane]
    try:
        current_app.tasks[name].apply_async(queue=QUEUES[name], expires=30, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker raises, workers also poll
        log.warning("bell.unheard", lane=int(lane), error=type(error).__name__)


def finish_tickets(*, tickets: Iterable[Claimed]) -> int:
    """Remove tickets that are done; returns how many were still ours."""
    held = list(tickets)
    if not held:
        return 0
    return execute(sql.FINISH, [[ticket.id for ticket in held], held[0].owner])


def held_tickets(*, tickets: Iterable[Claimed]) -> set[int]:
    """Lock and return the ids of those tickets whose lease is still ours."""
    held = list(tickets)
    if not held:
        return set()
    rows = fetch_all(sql.HELD, [[ticket.id for ticket in held], held[0].owner])
    return {row[0] for row in rows}


def release_tickets(*, tickets: Iterable[Claimed]) -> None:
    """Give back tickets that were not started; they wait as before."""
    held = list(tickets)
    if held:
        execute(sql.RELEASE, [[ticket.id for ticket in held], held[0].owner])


def postpone_ticket(
    *,
    ticket: Claimed,
    not_before: datetime,
    tried: bool = False,
    error: str = "",
    park: bool = False,
) -> None:
    """Give a ticket back for later, or park it for a person to look at."""
    execute(
        sql.POSTPONE,
        {
            "id": ticket.id,
            "epoch": ticket.epoch,
            "state": TicketState.PARKED if park else TicketState.WAITING,
            "not_before": not_before,
            "tried": int(tried),
            "error": error[:200],
        },
    )


def open_gate(*, gate: str, now: datetime) -> None:
    """Make every waiting ticket behind a gate due, and ring."""
    Ticket.objects.filter(gate=gate, state=TicketState.WAITING).update(not_before=now)
    ring(Lane.BULK)


def cancel_tickets(*, gate: str) -> int:
    """Remove the waiting tickets behind a gate; returns how many there were."""
    return Ticket.objects.filter(gate=gate, state=TicketState.WAITING).delete()[0]


def retry_parked(*, ticket_id: int, now: datetime) -> bool:
    """Put a parked ticket back in the queue, its counters at zero; False when it is gone."""
    changed = Ticket.objects.filter(id=ticket_id, state=TicketState.PARKED).update(
        state=TicketState.WAITING, tries=0, deaths=0, not_before=now, last_error=""
    )
    ring(Lane.INTERACTIVE)
    return bool(changed)
