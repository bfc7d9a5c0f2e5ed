"""What a fact and an actor are: plain values that any floor may carry."""

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened, in the past tense; ids and plain values only.

    ``kind`` is the wire name, ``subject`` the field that names the object it is about.
    A field ``customer_id`` or ``location_id`` is indexed by the journal.
    """

    kind: ClassVar[str]
    subject: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {
            name: str(value) if isinstance(value, UUID) else value
            for name, value in asdict(self).items()
        }

    @property
    def subject_id(self) -> UUID | None:
        """Return the id of the object that this fact is about."""
        value = getattr(self, self.subject)
        return value if isinstance(value, UUID) else None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something: a member of staff, a customer, an integrator's key or the system."""

    kind: str
    id: UUID | None = None
    name: str = ""
    role: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    location_ids: frozenset[UUID] | None = None

    def can(self, permission: str) -> bool:
        """Tell whether this actor holds ``permission`` (``<app>.<verb>``)."""
        return permission in self.permissions or "*" in self.permissions

    def sees_location(self, location_id: UUID | None) -> bool:
        """Tell whether things of this location are in the actor's scope (no scope: all are)."""
        return self.location_ids is None or location_id is None or location_id in self.location_ids


SYSTEM = Actor(kind="system", name="cxsaas", permissions=frozenset({"*"}))


def customer_actor(customer_id: UUID | None) -> Actor:
    """Return the actor for a customer who follows a link of their own."""
    return Actor(kind="customer", id=customer_id)
