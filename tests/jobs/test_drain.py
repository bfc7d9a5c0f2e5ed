"""Tickets: queued with their work, done exactly once, in fair turns, repaired when left behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from apps.core import clock
from apps.core.db import execute
from apps.core.errors import AppError, TransientError
from apps.jobs import owners
from apps.jobs import services as jobs
from apps.jobs.choices import Lane, TicketState
from apps.jobs.models import Ticket
from apps.jobs.registry import Job, _jobs
from apps.jobs.services.drain import claim
from apps.locations.models import Location
from apps.tenants import wall
from apps.tenants.models import Business

ALL = [Lane.TRANSACTIONAL, Lane.INTERACTIVE, Lane.BULK]
NAME = """
import time
from apps.jobs.owners import own_name
print(own_name(), flush=True)
time.sleep(60)
"""
done: list[str] = []


@pytest.fixture(autouse=True)
def _jobs_of_the_test() -> Iterator[None]:
    done.clear()

    # Not through the decorator: Celery keeps the first function of a name for good.
    def write(*, key: str, **_: object) -> None:
        Location.objects.create(name=key, country="GB", time_zone="UTC", created_at=clock.now())
        done.append(key)

    def stumble(*, key: str, **_: object) -> None:
        Location.objects.create(name=key, country="GB", time_zone="UTC", created_at=clock.now())
        raise TransientError(key)

    def take(*, tickets: list[Any], **_: object) -> None:
        done.append(",".join(ticket.key for ticket in tickets))
        jobs.finish_tickets(tickets=tickets)

    mine = {
        "test.write": Job("test.write", write, in_sets=False),
        "test.stumble": Job("test.stumble", stumble, in_sets=False),
        "test.set": Job("test.set", take, in_sets=True),
    }
    _jobs.update(mine)
    yield
    for name in mine:
        _jobs.pop(name)


def enqueue(business: Business, kind: str, *keys: str, **values: Any) -> None:
    with wall.as_business(business):
        for key in keys:
            jobs.enqueue(kind, key=key, now=clock.now(), **values)


def let_leases_end() -> None:
    with wall.as_dispatcher():
        execute("UPDATE jobs_ticket SET lease_until = now() - interval '1 second'")
    jobs.sweep()


def test_work_and_ticket_end_together(alpha: Business) -> None:
    enqueue(alpha, "test.write", "a")
    assert jobs.drain(lanes=ALL) == 1
    with wall.as_business(alpha):
        assert [place.name for place in Location.objects.all()] == ["a"]
        assert Ticket.objects.count() == 0
    assert jobs.drain(lanes=ALL) == 0


def test_failed_work_leaves_nothing_and_is_tried_later(alpha: Business) -> None:
    enqueue(alpha, "test.stumble", "a")
    jobs.drain(lanes=ALL)
    with wall.as_business(alpha):
        assert Location.objects.count() == 0
        ticket = Ticket.objects.get()
        assert (ticket.state, ticket.tries) == (TicketState.WAITING, 1)
        assert ticket.not_before > clock.now()
        assert ticket.last_error == "TransientError: a"


def test_after_eight_tries_a_person_must_look(alpha: Business) -> None:
    enqueue(alpha, "test.stumble", "a")
    for _ in range(8):
        jobs.drain(lanes=ALL, now=clock.now() + timedelta(hours=2))
    with wall.as_business(alpha):
        ticket = Ticket.objects.get()
        assert (ticket.state, ticket.tries) == (TicketState.PARKED, 8)
        assert jobs.retry_parked(ticket_id=ticket.pk, now=clock.now())
        assert Ticket.objects.get().tries == 0


def test_unknown_job_is_refused_when_queued(inside: Business) -> None:
    with pytest.raises(AppError, match=r"There is no job 'test\.nothing'"):
        jobs.enqueue("test.nothing", key=1, now=clock.now())
    assert Ticket.objects.count() == 0


def test_same_dedupe_key_is_queued_once(alpha: Business) -> None:
    enqueue(alpha, "test.write", "a", "a", dedupe_key="once")
    jobs.drain(lanes=ALL)
    assert done == ["a"]


def test_sets_get_all_tickets_of_a_turn_together(alpha: Business) -> None:
    enqueue(alpha, "test.set", "a", "b", "c", lane=Lane.BULK)
    jobs.drain(lanes=ALL)
    assert done == ["a,b,c"]


def test_future_work_waits(alpha: Business) -> None:
    enqueue(alpha, "test.write", "a", not_before=clock.now() + timedelta(hours=1))
    assert jobs.drain(lanes=ALL) == 0
    assert jobs.drain(lanes=ALL, now=clock.now() + timedelta(hours=2)) == 1


def test_a_small_business_does_not_wait_behind_a_large_one(alpha: Business, beta: Business) -> None:
    enqueue(alpha, "test.write", *[f"a{n}" for n in range(300)], lane=Lane.BULK)
    enqueue(beta, "test.write", "b", lane=Lane.BULK)
    tickets = claim(lane=Lane.BULK)
    assert len(tickets) < 300
    assert [ticket.key for ticket in tickets if ticket.tenant == beta.role_name] == ["b"]


def test_urgent_work_goes_first(alpha: Business) -> None:
    enqueue(alpha, "test.write", "late", lane=Lane.BULK)
    enqueue(alpha, "test.write", "soon", lane=Lane.TRANSACTIONAL)
    jobs.drain(lanes=ALL)
    assert done == ["soon", "late"]


def test_a_claimed_ticket_is_not_claimed_again_until_its_lease_ends(alpha: Business) -> None:
    enqueue(alpha, "test.write", "a")
    assert len(claim(lane=Lane.INTERACTIVE)) == 1
    assert claim(lane=Lane.INTERACTIVE) == []
    with wall.as_dispatcher():
        execute("UPDATE jobs_ticket SET lease_until = now() - interval '1 second'")
    assert jobs.sweep() == [Lane.INTERACTIVE]
    assert jobs.drain(lanes=ALL) == 1
    assert done == ["a"]


def test_a_lost_lease_does_nothing(alpha: Business) -> None:
    enqueue(alpha, "test.write", "a")
    stale = claim(lane=Lane.INTERACTIVE)
    with wall.as_dispatcher():
        execute("UPDATE jobs_ticket SET lease_until = now() - interval '1 second'")
    jobs.sweep()
    claim(lane=Lane.INTERACTIVE, deaths=1)
    jobs.work_on(stale)
    assert done == []


def test_a_ticket_that_kills_three_workers_alone_is_parked(alpha: Business) -> None:
    enqueue(alpha, "test.write", "a")
    for turn in range(5):
        claim(lane=Lane.INTERACTIVE, deaths=min(turn, 2))
        let_leases_end()
    with wall.as_business(alpha):
        ticket = Ticket.objects.get()
        assert (ticket.state, ticket.deaths) == (TicketState.PARKED, 5)
        assert ticket.last_error == "The process that worked on it died each time."


def test_only_who_was_at_work_alone_is_blamed_at_the_end(alpha: Business) -> None:
    keys = [f"{number:02}" for number in range(12)]
    enqueue(alpha, "test.write", *keys)
    assert len(claim(lane=Lane.INTERACTIVE)) == 12
    let_leases_end()

    assert claim(lane=Lane.INTERACTIVE) == []
    assert len(claim(lane=Lane.INTERACTIVE, deaths=1)) == 10
    let_leases_end()
    (alone,) = claim(lane=Lane.INTERACTIVE, deaths=2)
    for _ in range(2):
        let_leases_end()
        claim(lane=Lane.INTERACTIVE, deaths=2)
    let_leases_end()

    with wall.as_business(alpha):
        parked = Ticket.objects.filter(state=TicketState.PARKED)
        assert [ticket.key for ticket in parked] == [alone.key]
    jobs.drain(lanes=ALL)
    assert sorted(done) == [key for key in keys if key != alone.key]


def test_a_worker_that_is_gone_loses_its_lease_at_once(alpha: Business) -> None:
    enqueue(alpha, "test.write", "a", "b", "c")
    claim(lane=Lane.INTERACTIVE)
    place, pid, start = owners.own_name().split(":")
    # No process has so high a number; the other one has begun after ours had ended.
    holders = {"a": f"{place}:{2**22 + 1}:1", "b": f"{place}:{pid}:{int(start) + 1}"}
    with wall.as_dispatcher():
        for key, name in holders.items():
            execute("UPDATE jobs_ticket SET lease_owner = %s WHERE key = %s", [name, key])

    assert jobs.sweep() == [Lane.INTERACTIVE]

    with wall.as_business(alpha):
        states = dict(Ticket.objects.values_list("key", "state"))
    assert states == {
        "a": TicketState.WAITING,
        "b": TicketState.WAITING,
        "c": TicketState.LEASED,
    }


@pytest.mark.parametrize(
    "name", ["", "x", "elsewhere.0000000000:1:1", "{place}", "{place}:x:1", "{place}:1:x", "{own}"]
)
def test_nobody_is_called_dead_who_may_live(name: str) -> None:
    own = owners.own_name()
    assert not owners.is_dead(name.format(place=own.split(":")[0], own=own))


def test_a_process_that_stumbled_gives_back_what_it_held(alpha: Business, settings: Any) -> None:
    enqueue(alpha, "test.write", "a", "b", "c", lane=Lane.TRANSACTIONAL)
    settings.FAILPOINT = "after_claim:raise"
    with pytest.raises(RuntimeError, match="after_claim"):
        jobs.drain(lanes=ALL)
    with wall.as_business(alpha):
        assert {row.state for row in Ticket.objects.all()} == {TicketState.LEASED}

    settings.FAILPOINT = ""
    jobs.drain(lanes=ALL)

    assert done == ["a", "b", "c"]
    with wall.as_business(alpha):
        assert not Ticket.objects.exists()


def test_a_killed_child_is_dead_before_anybody_waits_for_it() -> None:
    child = subprocess.Popen([sys.executable, "-c", NAME], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    name = child.stdout.readline().strip()
    assert not owners.is_dead(name)

    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    assert owners.is_dead(name)
    child.wait()
    assert owners.is_dead(name)
    child.stdout.close()


def test_a_long_turn_ends_early_and_gives_the_rest_back(
    alpha: Business, beta: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["apps.jobs.services.drain"], "TURN_S", 0.0)
    enqueue(alpha, "test.write", "a1", "a2", "a3", lane=Lane.BULK)
    enqueue(beta, "test.write", "b", lane=Lane.BULK)

    jobs.work_on(claim(lane=Lane.BULK))

    assert done == ["b", "a1"]
    with wall.as_business(alpha):
        assert set(Ticket.objects.values_list("state", flat=True)) == {TicketState.WAITING}
    jobs.drain(lanes=ALL)
    assert sorted(done) == ["a1", "a2", "a3", "b"]


def test_queueing_is_undone_with_its_transaction(inside: Business) -> None:
    def queue_and_fail() -> None:
        with transaction.atomic():
            jobs.enqueue("test.write", key="a", now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        queue_and_fail()
    assert Ticket.objects.count() == 0


def test_a_suspended_business_keeps_its_tickets(alpha: Business) -> None:
    enqueue(alpha, "test.write", "a")
    with wall.as_dispatcher():
        execute("UPDATE jobs_ticket SET tenant = tenant || '_gone'")
    jobs.drain(lanes=ALL)
    assert done == []
    with wall.as_dispatcher():
        assert Ticket.objects.get().state == TicketState.WAITING
