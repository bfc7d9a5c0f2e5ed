"""Facts about answers."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FeedbackReceived(Fact):
    """A customer answered."""

    kind: ClassVar[str] = "feedback.received"
    subject: ClassVar[str] = "response_id"
    response_id: UUID
    request_id: UUID | None
    customer_id: UUID | None
    location_id: UUID | None
    rating: int


@dataclass(frozen=True, kw_only=True)
class ContactRequested(Fact):
    """A customer wants to talk to a person."""

    kind: ClassVar[str] = "contact.requested"
    subject: ClassVar[str] = "contact_request_id"
    contact_request_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    how: str
