"""Facts about inbox items."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ReviewReceived(Fact):
    """Something a customer said came in."""

    kind: ClassVar[str] = "review.received"
    subject: ClassVar[str] = "review_id"
    review_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    source: str


@dataclass(frozen=True, kw_only=True)
class ReviewChanged(Fact):
    """An inbox item changed."""

    kind: ClassVar[str] = "review.changed"
    subject: ClassVar[str] = "review_id"
    review_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    what: str
    member_id: UUID | None = None
