"""What happens to cases by the clock."""

from uuid import UUID

from apps.core import clock
from apps.jobs.registry import job
from apps.recovery import services


@job("recovery.due")
def due(*, key: str, **_: object) -> None:
    """Escalate a case whose stage has taken too long."""
    case_id, stage = key.split(":", 1)
    services.note_due(case_id=UUID(case_id), stage=stage, now=clock.now())


@job("recovery.promise_due")
def promise_due(*, key: str, **_: object) -> None:
    """Mark a promise broken whose time is over."""
    services.note_promise_due(promise_id=UUID(key), now=clock.now())
