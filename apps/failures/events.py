"""Facts about failures."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FailureRecorded(Fact):
    """Something went wrong for a person."""

    kind: ClassVar[str] = "failure.recorded"
    subject: ClassVar[str] = "failure_id"
    failure_id: UUID
    review_id: UUID | None
    customer_id: UUID | None
    location_id: UUID | None
    severity: int
    category: str


@dataclass(frozen=True, kw_only=True)
class FailureUnderstood(Fact):
    """The staff know what happened."""

    kind: ClassVar[str] = "failure.understood"
    subject: ClassVar[str] = "failure_id"
    failure_id: UUID
    customer_id: UUID | None
    location_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class FailureClosed(Fact):
    """Nothing is left to do about it."""

    kind: ClassVar[str] = "failure.closed"
    subject: ClassVar[str] = "failure_id"
    failure_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
