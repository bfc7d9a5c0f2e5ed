"""Bringing files in, a chunk at a time."""

from uuid import UUID

from apps.core import clock
from apps.customers import services
from apps.jobs.registry import job


@job("customers.stage_import")
def stage_import(*, key: str, **_: object) -> None:
    """Read an uploaded file once."""
    services.stage_import(run_id=UUID(key), now=clock.now())


@job("customers.check_chunk")
def check_chunk(*, key: str, **_: object) -> None:
    """Try the next rows of a file without changing anything."""
    services.take_chunk(run_id=UUID(key), now=clock.now())


@job("customers.import_chunk")
def import_chunk(*, key: str, **_: object) -> None:
    """Bring the next rows of a file in."""
    services.take_chunk(run_id=UUID(key), now=clock.now())
