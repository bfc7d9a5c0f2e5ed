"""Bounces (RFC 3464) and complaints (RFC 5965), read from the mail that brings them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from uuid import UUID

from apps.messaging.providers.base import MAX_REFERENCE, Receipt, StatusEvent
from apps.messaging.providers.outcomes import result
from apps.messaging.rules import classify_smtp

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(r"\s*([245]\d\d)\b")
_IN_ADDRESS = re.compile(r"\+([0-9a-f]{32})@")
_IN_MESSAGE_ID = re.compile(
    r"<?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@", re.IGNORECASE
)
ACTIONS = {"failed": Receipt.BOUNCED, "delivered": Receipt.DELIVERED}


def read(raw: bytes) -> list[StatusEvent]:
    """Read the receipts in a mail; a mail that is no report gives an empty list."""
    mail = message_from_bytes(raw, policy=compat32)
    if mail.get_content_type() != "multipart/report":
        return []
    kind = str(mail.get_param("report-type", "")).lower()
    message_id = _message_id(mail)
    reference = _original(mail, "Message-ID")
    if kind == "delivery-status":
        return list(_bounces(mail, message_id, reference))
    if kind == "feedback-report":
        return _complaints(mail, message_id, reference)
    return []


def _bounces(mail: Message, message_id: UUID | None, reference: str) -> Iterator[StatusEvent]:
    for group in _groups(mail, "message/delivery-status"):
        action = str(group.get("Action", "")).strip().lower()
        if "Final-Recipient" not in group or action not in ACTIONS:
            continue
        event = StatusEvent(
            provider_ref=reference,
            message_id=message_id,
            status=ACTIONS[action],
            key=f"{message_id or reference}:{action}",
        )
        yield _with_reason(event, group) if event.status is Receipt.BOUNCED else event


def _with_reason(event: StatusEvent, group: Message) -> StatusEvent:
    _, _, diagnostic = str(group.get("Diagnostic-Code", "")).partition(";")
    # The code inside the diagnostic is the remote server's own; Status may contradict it.
    match = _ENHANCED.search(diagnostic) or _ENHANCED.search(str(group.get("Status", "")))
    enhanced = match.group(1) if match else ""
    code = _REPLY.match(diagnostic)
    final = int(code.group(1)) if code else int(enhanced[:1] or "5") * 100 + 50
    failure = result(classify_smtp(final, enhanced, diagnostic))
    return replace(
        event,
        code=failure.code,
        error_class=failure.error_class,
        permanent=failure.permanent,
        invalid_address=failure.invalid_address,
    )


def _complaints(mail: Message, message_id: UUID | None, reference: str) -> list[StatusEvent]:
    for group in _groups(mail, "message/feedback-report"):
        if str(group.get("Feedback-Type", "")).strip().lower() == "abuse":
            return [
                StatusEvent(
                    provider_ref=reference,
                    message_id=message_id,
                    status=Receipt.COMPLAINED,
                    code="abuse",
                    opted_out=True,
                    key=f"{message_id or reference}:complained",
                )
            ]
    return []


def _groups(mail: Message, content_type: str) -> Iterator[Message]:
    for part in mail.walk():
        if part.get_content_type() == content_type:
            payload = part.get_payload()
            if isinstance(payload, list):
                yield from (group for group in payload if isinstance(group, Message))
            else:
                text = part.get_payload(decode=True)
                yield message_from_bytes(text if isinstance(text, bytes) else b"")


def _originals(mail: Message) -> Iterator[Message]:
    """Give the returned message, or what was returned of its header."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            yield from (m for m in part.get_payload() if isinstance(m, Message))
        elif part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            yield message_from_bytes(text if isinstance(text, bytes) else b"")


def _original(mail: Message, name: str) -> str:
    return next((str(m[name]).strip() for m in _originals(mail) if m[name]), "")[:MAX_REFERENCE]


def _message_id(mail: Message) -> UUID | None:
    """Find our id: in the address the report came to, in our own header, in the Message-ID."""
    for value in (
        *(str(value) for value in mail.get_all("To", [])),
        *(str(value) for value in mail.get_all("Delivered-To", [])),
    ):
        if match := _IN_ADDRESS.search(value):
            return UUID(match.group(1))
    own = _original(mail, "X-CX-Message")
    if re.fullmatch(r"[0-9a-fA-F-]{36}", own):
        return UUID(own)
    match = _IN_MESSAGE_ID.search(_original(mail, "Message-ID"))
    return UUID(match.group(1)) if match else None
