"""Real transactions at the same moment: opt-out against gate, worker against worker."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import connection, connections, transaction

from apps.consent import services as consent
from apps.consent.models import Suppression
from apps.core import clock
from apps.core.facts import SYSTEM
from apps.customers.models import ContactPoint
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.jobs.models import Ticket
from apps.jobs.services.drain import claim
from apps.messaging.models import Attempt, Message, SandboxDelivery
from apps.messaging.progress import make_name
from apps.messaging.services.passing import pass_gate
from apps.tenants import wall
from apps.tenants.models import Business
from tests.messaging.conftest import make_contact, queue

RACES = 200
LANES = [Lane.INTERACTIVE]


@pytest.fixture
def alpha_for_real(committed: None, noon: datetime) -> Iterator[Business]:
    """Enter Alpha, whose rows are really committed in this test."""
    with wall.as_platform():
        alpha = Business.objects.get(slug="alpha")
    with wall.as_business(alpha):
        yield alpha


def begin(business: Business, action: Callable[[], object]) -> threading.Thread:
    """Do something in a thread with a connection of its own."""

    def run() -> None:
        with wall.as_business(business):
            action()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def opt_out(contact: ContactPoint) -> bool:
    return consent.withdraw(
        address_hash=contact.address_hash,
        channel=contact.channel,
        source="test",
        actor=SYSTEM,
        now=clock.now(),
    )


def drain() -> None:
    jobs.drain(lanes=LANES, now=clock.now(), budget_s=5)


def test_a_gate_waits_for_an_opt_out_under_way_and_obeys_it(alpha_for_real: Business) -> None:
    contact = make_contact("nora@example.com")
    message = queue(contact)
    with transaction.atomic():
        opt_out(contact)
        worker = begin(alpha_for_real, drain)
        worker.join(timeout=0.4)
        assert worker.is_alive()
    worker.join(timeout=10)
    message.refresh_from_db()
    assert (message.state, message.reason) == ("suppressed", "suppressed")
    assert not SandboxDelivery.objects.exists()


def test_an_opt_out_waits_for_a_gate_under_way(alpha_for_real: Business) -> None:
    contact = make_contact("nora@example.com")
    message = queue(contact)
    with transaction.atomic():
        tickets = claim(lane=Lane.INTERACTIVE, now=clock.now())
        with wall.as_business(alpha_for_real):
            leaving = pass_gate(tickets=tickets, sender=make_name("x"), now=clock.now())
        assert [one.message.pk for one in leaving] == [message.pk]
        person = begin(alpha_for_real, lambda: opt_out(contact))
        person.join(timeout=0.4)
        assert person.is_alive()
    person.join(timeout=10)
    assert Suppression.objects.count() == 1


def test_no_gate_commits_after_an_opt_out(alpha_for_real: Business) -> None:
    contacts = [make_contact(f"c{number}@example.com") for number in range(RACES)]
    ended: dict[int, float] = {}
    started: dict[int, float] = {}
    meet = threading.Barrier(2)

    def person() -> None:
        for number, contact in enumerate(contacts):
            meet.wait(timeout=30)
            time.sleep(number % 10 * 0.002)
            opt_out(contact)
            ended[number] = time.monotonic()
            meet.wait(timeout=30)

    def worker() -> None:
        for number, contact in enumerate(contacts):
            queue(contact)
            meet.wait(timeout=30)
            started[number] = time.monotonic()
            drain()
            meet.wait(timeout=30)

    threads = [begin(alpha_for_real, action) for action in (person, worker)]
    for thread in threads:
        thread.join(timeout=120)
    states = dict(Message.objects.values_list("address", "state"))
    found = [states[f"c{number}@example.com"] for number in range(RACES)]
    late = [
        number
        for number in range(RACES)
        if ended[number] < started[number] and found[number] != "suppressed"
    ]
    assert late == []
    assert set(found) <= {"sent", "suppressed"}
    assert Attempt.objects.count() == found.count("sent") == SandboxDelivery.objects.count()
    assert Suppression.objects.count() == RACES


def test_four_workers_send_each_message_once(alpha_for_real: Business) -> None:
    for number in range(120):
        queue(make_contact(f"c{number}@example.com"))
    workers = [begin(alpha_for_real, drain) for _ in range(4)]
    for worker in workers:
        worker.join(timeout=60)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert (Attempt.objects.count(), SandboxDelivery.objects.count()) == (120, 120)
    assert not Ticket.objects.exists()
    assert not connection.in_atomic_block


def test_a_worker_whose_lease_is_gone_sends_nothing(alpha_for_real: Business) -> None:
    message = queue(make_contact("nora@example.com"))
    tickets = claim(lane=Lane.INTERACTIVE, now=clock.now())
    with wall.as_dispatcher():
        Ticket.objects.update(state=0)
    drain()
    assert SandboxDelivery.objects.count() == 1
    with wall.as_business(alpha_for_real):
        assert pass_gate(tickets=tickets, sender=make_name("x"), now=clock.now()) == []
    assert Attempt.objects.filter(message=message).count() == 1
