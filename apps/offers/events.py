"""Facts about offers."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OfferIssued(Fact):
    """A person was promised something."""

    kind: ClassVar[str] = "offer.issued"
    subject: ClassVar[str] = "offer_id"
    offer_id: UUID
    failure_id: UUID
    customer_id: UUID | None
    value_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OfferApproved(Fact):
    """An offer above a limit was allowed."""

    kind: ClassVar[str] = "offer.approved"
    subject: ClassVar[str] = "offer_id"
    offer_id: UUID
    failure_id: UUID
    customer_id: UUID | None
    value_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OfferRedeemed(Fact):
    """A person came back and used an offer."""

    kind: ClassVar[str] = "offer.redeemed"
    subject: ClassVar[str] = "offer_id"
    offer_id: UUID
    failure_id: UUID
    customer_id: UUID | None
    value_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OfferExpired(Fact):
    """An offer ran out unused."""

    kind: ClassVar[str] = "offer.expired"
    subject: ClassVar[str] = "offer_id"
    offer_id: UUID
    failure_id: UUID
    customer_id: UUID | None
    value_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OfferRevoked(Fact):
    """An offer was taken back."""

    kind: ClassVar[str] = "offer.revoked"
    subject: ClassVar[str] = "offer_id"
    offer_id: UUID
    failure_id: UUID
    customer_id: UUID | None
    value_minor: int
    currency: str
