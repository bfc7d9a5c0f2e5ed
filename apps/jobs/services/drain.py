"""Claiming tickets in fair turns and doing their work."""

import random
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from apps.core import clock
from apps.core.db import execute, fetch_all
from apps.core.errors import TransientError
from apps.core.failpoints import failpoint
from apps.jobs import owners, sql
from apps.jobs.choices import Lane
from apps.jobs.registry import Claimed, Job, find_job
from apps.jobs.services.queue import postpone_ticket, release_tickets
from apps.tenants import queries as tenants
from apps.tenants import wall

LEASE_S = 30
MARGIN_S = 4
MAX_TRIES = 8
TENANTS_A_TURN = 25
LEAST_A_TURN = 2
# A turn ends after this long; what it has not begun goes back, so that others get theirs soon.
TURN_S = 0.5
ROWS = {Lane.TRANSACTIONAL: 20, Lane.INTERACTIVE: 40, Lane.BULK: 100, Lane.OWNER: 1}
# So many come together whose worker has died once, or more often.
SUSPECTS = {1: 10, 2: 1}
log = structlog.get_logger(__name__)
_unsettled: list[bool] = []
_cursor: dict[tuple[Lane, int], str] = defaultdict(str)


def drain(*, lanes: Iterable[Lane], budget_s: float = 20.0, now: datetime | None = None) -> int:
    """Do what is due in these lanes, most urgent first, for at most about ``budget_s`` seconds.

    Returns the number of tickets worked on. ``now`` stands in for the database's clock in tests.
    One process drains once at a time.
    """
    if _unsettled:
        _let_go()
    try:
        return _drain(sorted(lanes), time.monotonic() + budget_s, now)
    except Exception:
        # The database was away: what is still leased to us is not being worked on by anybody.
        _unsettled.append(True)
        raise


def _let_go() -> None:
    """Give back whatever this process holds; nobody has died of it."""
    with wall.as_dispatcher():
        execute(sql.LET_GO, [owners.own_name()])
    _unsettled.clear()


def _drain(wanted: list[Lane], end: float, now: datetime | None) -> int:
    total = 0
    while time.monotonic() < end:
        done = 0
        with wall.as_dispatcher():
            suspects = fetch_all(sql.SUSPECTS_DUE, {"now": now})
        for lane in wanted:
            done += work_on(claim(lane=lane, now=now))
            for deaths in SUSPECTS:
                if (lane, deaths) in suspects:
                    done += work_on(claim(lane=lane, now=now, deaths=deaths))
            if done and lane != wanted[0]:
                break
        total += done
        if not done:
            break
    return total


def claim(*, lane: Lane, now: datetime | None = None, deaths: int = 0) -> list[Claimed]:
    """Lease the next turn of tickets: a few of each of the next businesses in the ring.

    Those whose worker has died before come apart from the others: few after one death, each alone
    after two.
    """
    fence = time.monotonic() + LEASE_S - MARGIN_S
    owner = owners.own_name()
    values = {
        "lane": int(lane),
        "tenants": TENANTS_A_TURN,
        "rows": SUSPECTS.get(deaths, ROWS[lane]),
        "least": min(LEAST_A_TURN, SUSPECTS.get(deaths, LEAST_A_TURN)),
        "owner": owner,
        "lease": LEASE_S,
        "now": now,
    }
    statement = sql.CLAIM[deaths]
    with wall.as_dispatcher(), transaction.atomic():
        rows = fetch_all(statement, {**values, "after": _cursor[lane, deaths]})
        if not rows and _cursor[lane, deaths]:
            rows = fetch_all(statement, {**values, "after": ""})
    _cursor[lane, deaths] = max((row[1] for row in rows), default="")
    failpoint("after_claim")
    return [
        Claimed(
            id=row[0],
            tenant=row[1],
            kind=row[2],
            key=row[3],
            epoch=row[4],
            tries=row[5],
            deaths=row[6],
            expires_at=row[7],
            owner=owner,
            fence=fence,
        )
        for row in sorted(rows)
    ]


def work_on(tickets: list[Claimed]) -> int:
    """Do the work of claimed tickets, one business and kind after the other, small groups first."""
    groups: dict[tuple[str, str], list[Claimed]] = defaultdict(list)
    for ticket in tickets:
        groups[ticket.tenant, ticket.kind].append(ticket)
    end = time.monotonic() + TURN_S
    for (tenant, kind), group in sorted(groups.items(), key=lambda item: len(item[1])):
        with wall.as_platform():
            business = tenants.find_business_by_role(role_name=tenant)
        if business is None:
            with wall.as_dispatcher():
                for ticket in group:
                    later = clock.now() + timedelta(hours=1)
                    postpone_ticket(ticket=ticket, not_before=later, error="Business not active")
            continue
        structlog.contextvars.bind_contextvars(business=business.slug, job=kind)
        with wall.as_business(business):
            _work_in_business(find_job(kind), group, end)
        structlog.contextvars.unbind_contextvars("business", "job")
    return len(tickets)


def _work_in_business(job: Job, group: list[Claimed], end: float) -> None:
    if not job.in_sets:
        for number, ticket in enumerate(group):
            # The first one always, so that the slowest jobs get on as well.
            if time.monotonic() > (min(ticket.fence, end) if number else ticket.fence):
                release_tickets(tickets=group[number:])
                return
            _work_once(job, ticket)
        return
    try:
        job.run(tickets=group)
    except Exception as error:
        log.exception("job.failed", tickets=len(group))
        for ticket in group:
            _give_back(ticket, error)


def _work_once(job: Job, ticket: Claimed) -> None:
    """Remove the ticket and do its work in one transaction: exactly once, or not yet."""
    try:
        with transaction.atomic():
            if execute(sql.FINISH_ONE, [ticket.id, ticket.epoch]):
                job.run(key=ticket.key)
                failpoint("before_commit")
    except TransientError as error:
        log.warning("job.transient", key=ticket.key, error=str(error))
        _give_back(ticket, error)
    except Exception as error:
        log.exception("job.failed", key=ticket.key)
        _give_back(ticket, error)


def _give_back(ticket: Claimed, error: Exception) -> None:
    """Try again later with growing pauses; after the last try a person must look."""
    ceiling = min(3600.0, 5.0 * 4**ticket.tries)
    later = clock.now() + timedelta(seconds=random.uniform(1, ceiling))  # noqa: S311 - jitter
    postpone_ticket(
        ticket=ticket,
        not_before=later,
        tried=True,
        error=f"{type(error).__name__}: {error}",
        park=ticket.tries + 1 >= MAX_TRIES,
    )
