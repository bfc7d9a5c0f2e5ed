"""What every provider of messages speaks: plain values in, plain values out, never an exception."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol
from uuid import UUID

# A: the same message may be handed over again; B: the provider can be asked; C: neither.
Capability = Literal["A", "B", "C"]
# What a ledger keeps of a provider's reference; a longer one is cut the same way everywhere.
MAX_REFERENCE = 120


class Status(StrEnum):
    """What is known about a message after it was handed to a provider."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RETRY = "retry"  # surely not taken, may be tried again
    UNKNOWN = "unknown"  # may or may not have been taken


class Receipt(StrEnum):
    """What a provider reports later about a message that it took."""

    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    COMPLAINED = "complained"


class OptIntent(StrEnum):
    """What the provider itself read into an inbound message."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    NONE = "none"


class ProviderMisconfigured(ValueError):
    """The settings of a provider's account cannot work; `field` names the one at fault."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message as it leaves: everything rendered, nothing left to decide."""

    message_id: UUID
    channel: str
    to: str
    sender: str
    text: str
    sender_name: str = ""
    reply_to: str = ""
    subject: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    callback_url: str = ""
    valid_for_s: int = 14_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one call; `retry_after_s` and the flags advise, the caller decides."""

    status: Status
    provider_ref: str = ""
    code: str = ""
    error_class: str = ""
    permanent: bool = False
    retry_after_s: float | None = None
    opted_out: bool = False
    invalid_address: bool = False
    stops_channel: bool = False  # the account is refused, so nothing can go through it


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEvent:
    """One receipt; `key` is the same for each repetition of it."""

    provider_ref: str
    message_id: UUID | None
    status: Receipt
    key: str
    code: str = ""
    error_class: str = ""
    permanent: bool = False
    opted_out: bool = False
    invalid_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message from a customer; `key` is the same for each repetition of it."""

    provider_ref: str
    from_: str
    to: str
    text: str
    opt: OptIntent
    key: str


class Session(Protocol):
    """A kept connection, used by one thread at a time."""

    def send(self, outgoing: Outgoing, *, timeout_s: float, fence: float | None = None) -> Result:
        """Hand over one message within the time given; every failure is a Result.

        After `fence`, a moment of the monotonic clock, no byte of it leaves: a process that was
        frozen between its caller's last look at the clock and here sends nothing.
        """

    def lookup(
        self, outgoing: Outgoing, since: datetime, *, known_refs: Collection[str] = ()
    ) -> Result | None:
        """Ask what became of a message: None = surely absent, UNKNOWN = could not be told.

        `known_refs` are references already settled for other messages, which cannot be this one.
        """

    def close(self) -> None:
        """Let go of the connection; may be called twice."""


class Provider(Protocol):
    """One account at one vendor."""

    name: str
    channel: str
    capability: Capability

    def open(self) -> Session:
        """Give a session; the connection is made on the first send."""

    def verify(self, request_url: str, headers: Mapping[str, str], raw_body: bytes) -> bool:
        """Tell whether a callback was really sent by the provider; `request_url` is our own."""

    def parse_status(self, raw: bytes, *, request_url: str = "") -> list[StatusEvent]:
        """Read receipts out of a verified callback; what is no receipt gives an empty list."""

    def parse_inbound(self, raw: bytes) -> list[Inbound]:
        """Read messages from customers out of a verified callback."""


def deadline_of(timeout_s: float, fence: float | None) -> float:
    """Give the moment of the monotonic clock until which one send may take."""
    deadline = time.monotonic() + timeout_s
    return deadline if fence is None else min(deadline, fence)
