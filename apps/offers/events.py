"""Facts about offers."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OfferFact(Fact):
    """What every fact about an offer tells."""

    subject: ClassVar[str] = "offer_id"
    offer_id: UUID
    failure_id: UUID
    customer_id: UUID | None
    value_minor: int
    currency: str


class OfferIssued(OfferFact):
    """A person was promised something."""

    kind: ClassVar[str] = "offer.issued"


class OfferAsked(OfferFact):
    """An offer above a limit was made; somebody has to allow it."""

    kind: ClassVar[str] = "offer.asked"


class OfferApproved(OfferFact):
    """An offer above a limit was allowed."""

    kind: ClassVar[str] = "offer.approved"


class OfferRedeemed(OfferFact):
    """A person came back and used an offer."""

    kind: ClassVar[str] = "offer.redeemed"


class OfferExpired(OfferFact):
    """An offer ran out unused."""

    kind: ClassVar[str] = "offer.expired"


class OfferRevoked(OfferFact):
    """An offer was taken back."""

    kind: ClassVar[str] = "offer.revoked"
