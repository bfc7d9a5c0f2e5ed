"""Facts about messages."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Fact):
    """A message waits to be sent."""

    kind: ClassVar[str] = "message.queued"
    subject: ClassVar[str] = "message_id"
    message_id: UUID
    customer_id: UUID | None
    channel: str
    reason: str = ""
    subject_kind: str = ""
    subject_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageSent(Fact):
    """The provider took a message."""

    kind: ClassVar[str] = "message.sent"
    subject: ClassVar[str] = "message_id"
    message_id: UUID
    customer_id: UUID | None
    channel: str
    reason: str = ""
    subject_kind: str = ""
    subject_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Fact):
    """A message arrived."""

    kind: ClassVar[str] = "message.delivered"
    subject: ClassVar[str] = "message_id"
    message_id: UUID
    customer_id: UUID | None
    channel: str
    reason: str = ""
    subject_kind: str = ""
    subject_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageBounced(Fact):
    """An address did not take a message."""

    kind: ClassVar[str] = "message.bounced"
    subject: ClassVar[str] = "message_id"
    message_id: UUID
    customer_id: UUID | None
    channel: str
    reason: str = ""
    subject_kind: str = ""
    subject_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    """A message could not be sent."""

    kind: ClassVar[str] = "message.failed"
    subject: ClassVar[str] = "message_id"
    message_id: UUID
    customer_id: UUID | None
    channel: str
    reason: str = ""
    subject_kind: str = ""
    subject_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageSuppressed(Fact):
    """A message was kept back."""

    kind: ClassVar[str] = "message.suppressed"
    subject: ClassVar[str] = "message_id"
    message_id: UUID
    customer_id: UUID | None
    channel: str
    reason: str = ""
    subject_kind: str = ""
    subject_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageUnconfirmed(Fact):
    """The provider may or may not have taken a message."""

    kind: ClassVar[str] = "message.unconfirmed"
    subject: ClassVar[str] = "message_id"
    message_id: UUID
    customer_id: UUID | None
    channel: str
    reason: str = ""
    subject_kind: str = ""
    subject_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageClicked(Fact):
    """A person opened the link of a message."""

    kind: ClassVar[str] = "message.clicked"
    subject: ClassVar[str] = "message_id"
    message_id: UUID
    customer_id: UUID | None
    channel: str
    reason: str = ""
    subject_kind: str = ""
    subject_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageReplied(Fact):
    """A customer wrote back."""

    kind: ClassVar[str] = "message.replied"
    subject: ClassVar[str] = "inbound_id"
    inbound_id: UUID
    customer_id: UUID | None
    channel: str
