"""Repairing what dead processes left: leases that ran out, bells that nobody heard."""

from django.db import transaction

from apps.core.db import fetch_all
from apps.jobs import sql
from apps.jobs.choices import Lane
from apps.tenants import wall

MAX_DEATHS = 3


def sweep() -> list[Lane]:
    """Put tickets of dead workers back (park those that killed three) and return the lanes due.

    Only one process sweeps at a time; the others return an empty list.
    """
    with wall.as_dispatcher(), transaction.atomic():
        if not fetch_all(sql.SWEEP_LOCK)[0][0]:
            return []
        fetch_all(sql.SWEEP, {"deaths": MAX_DEATHS})
        return [Lane(row[0]) for row in fetch_all(sql.DUE_LANES)]
