"""The sandbox: messages land on the sandbox phone or in the sandbox mailbox, nowhere else."""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from apps.messaging.providers.base import (
    Capability,
    Inbound,
    Outgoing,
    Result,
    Session,
    Status,
    StatusEvent,
)

logger = logging.getLogger(__name__)

Deliver = Callable[[Outgoing], None]


def reference(outgoing: Outgoing) -> str:
    """Name a message in the sandbox; the same message always gets the same name."""
    return f"sandbox-{outgoing.message_id}"


class SandboxSession:
    """Hands each message to `deliver`, which keeps one copy per message id."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver

    def send(self, outgoing: Outgoing, *, timeout_s: float, fence: float | None = None) -> Result:
        """Deliver at once; a failure is safe to repeat because delivery is idempotent."""
        try:
            self._deliver(outgoing)
        except Exception:
            logger.exception("sandbox delivery failed")
            return Result(status=Status.RETRY, code="sandbox_error")
        return Result(status=Status.ACCEPTED, provider_ref=reference(outgoing))

    def lookup(
        self,
        outgoing: Outgoing,
        since: datetime,
        *,
        known_refs: Collection[str] = (),
    ) -> Result | None:
        """Never needed: sending again is safe."""
        return Result(status=Status.UNKNOWN, code="no_lookup")

    def close(self) -> None:
        """Nothing is held open."""


class SandboxProvider:
    """Class A: the same message id may be sent again and arrives once."""

    name = "sandbox"
    capability: Capability = "A"

    def __init__(self, *, channel: str, deliver: Deliver) -> None:
        self.channel = channel
        self._deliver = deliver

    def open(self) -> Session:
        """Give a session."""
        return SandboxSession(self._deliver)

    def verify(
        self,
        request_url: str,
        headers: Mapping[str, str],
        raw_body: bytes,
    ) -> bool:
        """Refuse: the sandbox calls nobody back, so whoever claims to be it is not."""
        return False

    def parse_status(self, raw: bytes, *, request_url: str = "") -> list[StatusEvent]:
        """Give nothing: the sandbox sends no receipts."""
        return []

    def parse_inbound(self, raw: bytes) -> list[Inbound]:
        """Give nothing: replies typed on the sandbox phone do not come by callback."""
        return []
