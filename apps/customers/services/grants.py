"""Consent that comes in with people: handed to the room above that keeps it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apps.core.facts import Actor
from apps.customers.models import ContactPoint


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How people agreed to be contacted: for what, on what ground, in which words."""

    basis: str
    purposes: Collection[str]
    source: str
    wording: str = ""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """An agreement of one contact point, with what proves it."""

    contact: ContactPoint
    purposes: Collection[str]
    basis: str
    source: str
    wording: str = ""
    evidence: Mapping[str, object] = field(default_factory=dict)
    expires_at: datetime | None = None


# Consent stands a floor above this room, which may not import it: it hands its service down here
# at start-up, as the conductor hands its routes to the journal.
_recorders: list[Callable[..., int]] = []


def set_recorder(recorder: Callable[..., int]) -> None:
    """Say which service writes consent down."""
    _recorders[:] = [recorder]


def record_grants(grants: Sequence[Grant], *, actor: Actor, now: datetime) -> int:
    """Have consent written down in this transaction; returns how many purposes were new."""
    return _recorders[0](grants, actor=actor, now=now) if grants else 0
