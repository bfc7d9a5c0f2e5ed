"""Repairing what dead processes left: leases without a holder, bells that nobody heard."""

from django.db import transaction

from apps.core.db import fetch_all
from apps.jobs import owners, sql
from apps.jobs.choices import Lane
from apps.tenants import wall

# One in a crowd, one among ten, three alone: who is only near when others are killed stays free.
MAX_DEATHS = 5


def sweep() -> list[Lane]:
    """Put tickets of dead workers back and return the lanes due; park what kills when alone.

    A worker is dead when its lease has run out, or at once when its process is seen to be gone.
    Only one process sweeps at a time; the others return an empty list.
    """
    with wall.as_dispatcher():
        dead = [name for (name,) in fetch_all(sql.OWNERS) if owners.is_dead(name)]
        with transaction.atomic():
            if not dead and not fetch_all(sql.SWEEP_LOCK)[0][0]:
                return []
            fetch_all(sql.SWEEP, {"deaths": MAX_DEATHS, "dead": dead})
            return [Lane(row[0]) for row in fetch_all(sql.DUE_LANES)]
