"""Facts about the business itself, its people and its keys; told in the journal, to no one else."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class BusinessFact(Fact):
    """What every fact about the business as a whole tells."""

    subject: ClassVar[str] = "business_id"
    business_id: UUID


class BusinessChanged(BusinessFact):
    """The business got another name, country, currency or time zone."""

    kind: ClassVar[str] = "business.changed"


class BusinessClosed(BusinessFact):
    """An owner closed the business."""

    kind: ClassVar[str] = "business.closed"


class BusinessReopened(BusinessFact):
    """An owner opened a closed business again."""

    kind: ClassVar[str] = "business.reopened"


class SampleRemoved(BusinessFact):
    """An owner asked for the sample data to be removed."""

    kind: ClassVar[str] = "business.sample_removed"


@dataclass(frozen=True, kw_only=True)
class MemberChanged(Fact):
    """Somebody in the team got another role or other locations, or lost their access."""

    kind: ClassVar[str] = "member.changed"
    subject: ClassVar[str] = "member_id"
    member_id: UUID
    what: str
    role: str
    locations: int = 0


@dataclass(frozen=True, kw_only=True)
class KeyFact(Fact):
    """What every fact about an API key tells; never its secret."""

    subject: ClassVar[str] = "key_id"
    key_id: UUID


@dataclass(frozen=True, kw_only=True)
class KeyCreated(KeyFact):
    """Another system was given a key."""

    kind: ClassVar[str] = "key.created"
    scopes: str


class KeyRevoked(KeyFact):
    """A key opens nothing any more."""

    kind: ClassVar[str] = "key.revoked"
