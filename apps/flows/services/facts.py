"""Carrying facts to their handlers."""

from datetime import datetime

from apps.flows.routes import ROUTES, Handler
from apps.jobs import services as jobs
from apps.journal import queries as entries
from apps.journal import services as journal


def _handlers(kind: str) -> dict[str, Handler]:
    return {
        handler.__name__: handler
        for fact, handlers in ROUTES.items()
        if fact.kind == kind
        for handler in handlers
    }


def fan_out(*, entry_id: int, now: datetime) -> None:
    """Queue one ticket for each handler of a fact, in the transaction that ends this one."""
    entry = entries.get_entry(entry_id=entry_id)
    for name in _handlers(entry.kind):
        jobs.enqueue("flows.handle", key=f"{entry_id}:{name}", now=now)


def handle_entry(*, entry_id: int, handler: str, now: datetime) -> bool:
    """Let one handler act on a fact, once; False when it has acted before or is gone."""
    entry = entries.get_entry(entry_id=entry_id)
    action = _handlers(entry.kind).get(handler)
    if action is None or not journal.record_handling(entry_id=entry_id, handler=handler, now=now):
        return False
    action(entry, now)
    return True
