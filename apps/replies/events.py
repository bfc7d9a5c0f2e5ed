"""Facts about replies."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ReviewReplied(Fact):
    """The business answered."""

    kind: ClassVar[str] = "review.replied"
    subject: ClassVar[str] = "review_id"
    review_id: UUID
    reply_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    state: str
