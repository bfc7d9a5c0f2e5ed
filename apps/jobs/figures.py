"""How far behind the work is, for ``/metrics``: figures of all businesses, naming none."""

from collections.abc import Iterator

import structlog
from django.db import Error
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from apps.core.db import fetch_all
from apps.jobs import sql
from apps.jobs.choices import Lane
from apps.tenants import wall

log = structlog.get_logger(__name__)


class TicketFigures(Collector):
    """Asks the database at each visit; says nothing while the database is away."""

    def collect(self) -> Iterator[Metric]:
        """Give the age of the oldest due ticket and the businesses that wait, by lane."""
        try:
            with wall.as_dispatcher():
                rows = {lane: (waiting, age) for lane, waiting, age in fetch_all(sql.FIGURES)}
                parked = fetch_all(sql.PARKED)[0][0]
        except Error:
            log.warning("figures.database")
            return
        oldest = GaugeMetricFamily(
            "cxsaas_oldest_due_ticket_seconds", "Age of the oldest due ticket", labels=["lane"]
        )
        behind = GaugeMetricFamily(
            "cxsaas_businesses_waiting", "Businesses with a due ticket", labels=["lane"]
        )
        for lane in Lane:
            waiting, age = rows.get(lane.value, (0, 0.0))
            oldest.add_metric([lane.name.lower()], age)
            behind.add_metric([lane.name.lower()], waiting)
        yield oldest
        yield behind
        yield GaugeMetricFamily(
            "cxsaas_parked_tickets", "Tickets that wait for a person", value=parked
        )
