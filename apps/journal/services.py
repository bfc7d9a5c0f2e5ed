"""Writing facts down, in the transaction of what they tell."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from apps.core.facts import Actor, Fact
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal.models import Entry, Handling

_routed: set[str] = set()


def set_routed(*, kinds: set[str]) -> None:
    """Tell the journal which kinds of fact somebody reacts to (the conductor's table)."""
    _routed.clear()
    _routed.update(kinds)


def record(fact: Fact, *, actor: Actor, now: datetime) -> Entry:
    """Write one fact in the caller's transaction; reactions to it become due after the commit."""
    return record_many([fact], actor=actor, now=now)[0]


def record_many(facts: Sequence[Fact], *, actor: Actor, now: datetime) -> list[Entry]:
    """Write many facts at once."""
    entries = Entry.objects.bulk_create(
        [_entry(fact, actor, now) for fact in facts], batch_size=500
    )
    due = [(str(entry.pk), now) for entry in entries if entry.kind in _routed]
    if due:
        jobs.enqueue_many("journal.entry_recorded", keys=due, now=now, lane=Lane.INTERACTIVE)
    return entries


def _entry(fact: Fact, actor: Actor, now: datetime) -> Entry:
    payload = fact.payload()
    return Entry(
        kind=fact.kind,
        at=now,
        subject_kind=fact.subject.removesuffix("_id"),
        subject_id=fact.subject_id,
        customer_id=_uuid(payload.get("customer_id")),
        location_id=_uuid(payload.get("location_id")),
        actor_kind=actor.kind,
        actor_id=actor.id,
        data=payload,
    )


def _uuid(value: object) -> UUID | None:
    return UUID(str(value)) if value else None


def record_handling(*, entry_id: int, handler: str, now: datetime) -> bool:
    """Note that a handler acts on a fact; False when it already has."""
    _, created = Handling.objects.get_or_create(
        entry_id=entry_id, handler=handler, defaults={"at": now}
    )
    return created
