"""Facts about messages."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class MessageFact(Fact):
    """What every fact about a message tells."""

    subject: ClassVar[str] = "message_id"
    message_id: UUID
    customer_id: UUID | None
    channel: str
    reason: str = ""
    subject_kind: str = ""
    subject_ref: str = ""


class MessageQueued(MessageFact):
    """A message waits to be sent."""

    kind: ClassVar[str] = "message.queued"


class MessageSent(MessageFact):
    """The provider took a message."""

    kind: ClassVar[str] = "message.sent"


class MessageDelivered(MessageFact):
    """A message arrived."""

    kind: ClassVar[str] = "message.delivered"


class MessageBounced(MessageFact):
    """An address did not take a message."""

    kind: ClassVar[str] = "message.bounced"


class MessageFailed(MessageFact):
    """A message could not be sent."""

    kind: ClassVar[str] = "message.failed"


class MessageSuppressed(MessageFact):
    """A message was kept back."""

    kind: ClassVar[str] = "message.suppressed"


class MessageUnconfirmed(MessageFact):
    """The provider may or may not have taken a message."""

    kind: ClassVar[str] = "message.unconfirmed"


class MessageClicked(MessageFact):
    """A person opened the link of a message."""

    kind: ClassVar[str] = "message.clicked"


@dataclass(frozen=True, kw_only=True)
class MessageReplied(Fact):
    """A customer wrote back."""

    kind: ClassVar[str] = "message.replied"
    subject: ClassVar[str] = "inbound_id"
    inbound_id: UUID
    customer_id: UUID | None
    channel: str
