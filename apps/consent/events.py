"""Facts about consent."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ConsentGranted(Fact):
    """A person may be contacted."""

    kind: ClassVar[str] = "consent.granted"
    subject: ClassVar[str] = "customer_id"
    customer_id: UUID | None
    channel: str
    purpose: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Fact):
    """A person may no longer be contacted."""

    kind: ClassVar[str] = "consent.withdrawn"
    subject: ClassVar[str] = "customer_id"
    customer_id: UUID | None
    channel: str
    purpose: str
    source: str


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Fact):
    """Somebody set the hours and the cap of the business's messages."""

    kind: ClassVar[str] = "policy.changed"
    subject: ClassVar[str] = "business_id"
    business_id: UUID
    hours: str
    sunday_hours: str
    cap_messages: int
    cap_days: int
