"""Turning facts into one job for each handler, and running each exactly once."""

from apps.core import clock
from apps.flows import services
from apps.jobs.registry import job


@job("journal.entry_recorded")
def fan_out(*, key: str, **_: object) -> None:
    """Queue one job for each handler of a fact."""
    services.fan_out(entry_id=int(key), now=clock.now())


@job("flows.handle")
def handle(*, key: str, **_: object) -> None:
    """Let one handler act on one fact."""
    entry_id, handler = key.split(":", 1)
    services.handle_entry(entry_id=int(entry_id), handler=handler, now=clock.now())
