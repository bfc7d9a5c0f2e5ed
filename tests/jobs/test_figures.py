"""The figures of `/metrics` that tell how far behind the work is."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from apps.core import clock
from apps.jobs import services as jobs
from apps.jobs.choices import Lane, TicketState
from apps.jobs.models import Ticket
from apps.tenants import wall
from apps.tenants.models import Business


def enqueue(business: Business, *, lane: Lane, seconds_ago: int, times: int = 1) -> None:
    now = clock.now()
    with wall.as_business(business):
        for _ in range(times):
            due = now - timedelta(seconds=seconds_ago)
            jobs.enqueue("flows.handle", key="1:x", now=now, not_before=due, lane=lane)


def figures() -> dict[str, float]:
    response = Client(HTTP_HOST="localhost").get("/metrics")
    assert response.status_code == 200
    lines = re.findall(
        r"^(cxsaas_[a-z_]+(?:\{lane=[^}]+\})?) (\S+)$", response.content.decode(), re.MULTILINE
    )
    return {name: float(value) for name, value in lines}


def test_nothing_to_do_is_told_as_zero(db: None) -> None:
    found = figures()
    for lane in ("transactional", "interactive", "bulk", "owner"):
        assert found[f'cxsaas_oldest_due_ticket_seconds{{lane="{lane}"}}'] == 0
        assert found[f'cxsaas_businesses_waiting{{lane="{lane}"}}'] == 0
    assert found["cxsaas_parked_tickets"] == 0


def test_oldest_due_ticket_and_who_waits_are_told_by_lane(alpha: Business, beta: Business) -> None:
    enqueue(alpha, lane=Lane.BULK, seconds_ago=60, times=3)
    enqueue(beta, lane=Lane.BULK, seconds_ago=600)
    enqueue(beta, lane=Lane.TRANSACTIONAL, seconds_ago=-600)

    found = figures()

    assert found['cxsaas_oldest_due_ticket_seconds{lane="bulk"}'] == pytest.approx(600, abs=30)
    assert found['cxsaas_businesses_waiting{lane="bulk"}'] == 2
    assert found['cxsaas_businesses_waiting{lane="transactional"}'] == 0


def test_tickets_that_wait_for_a_person_are_counted_and_nobody_is_named(alpha: Business) -> None:
    enqueue(alpha, lane=Lane.BULK, seconds_ago=60, times=2)
    with wall.as_business(alpha):
        Ticket.objects.update(state=TicketState.PARKED)

    assert figures()["cxsaas_parked_tickets"] == 2
    text = Client(HTTP_HOST="localhost").get("/metrics").content.decode()
    assert "alpha" not in text
    assert alpha.role_name not in text


def test_database_that_is_away_leaves_the_other_figures(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("apps.jobs.figures.fetch_all", fail)

    assert "cxsaas_parked_tickets" not in figures()
    assert "cxsaas_requests_total" in Client().get("/metrics").content.decode()
