"""What Twilio calls us with: its signature, receipts and messages from customers."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from apps.messaging.providers.base import (
    Inbound,
    OptIntent,
    Outgoing,
    Receipt,
    StatusEvent,
)
from apps.messaging.providers.outcomes import twilio_failure

MAX_FIELDS = 200
MESSAGE_PARAMETER = "message"
STANDARD_PORTS = {"https": 443, "http": 80}

RECEIPTS: Mapping[str, Receipt] = {
    "accepted": Receipt.SENT,
    "scheduled": Receipt.SENT,
    "queued": Receipt.SENT,
    "sending": Receipt.SENT,
    "sent": Receipt.SENT,
    "partially_delivered": Receipt.SENT,
    "delivered": Receipt.DELIVERED,
    "read": Receipt.DELIVERED,
    "undelivered": Receipt.FAILED,
    "failed": Receipt.FAILED,
    "canceled": Receipt.FAILED,
}


def address(outgoing: Outgoing) -> str:
    """Add our message id to the callback's address; the signature covers it."""
    parts = urlsplit(outgoing.callback_url)
    own = urlencode({MESSAGE_PARAMETER: str(outgoing.message_id)})
    return urlunsplit(parts._replace(query=f"{parts.query}&{own}" if parts.query else own))


def sign(token: str, text: str) -> str:
    """Sign as Twilio does."""
    digest = hmac.new(token.encode(), text.encode("utf-8", "replace"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def form_text(url: str, form: Iterable[tuple[str, str]]) -> str:
    """Put the text together that is signed for a form: equal pairs count once."""
    return url + "".join(name + value for name, value in sorted(set(form)))


def verify(
    tokens: Iterable[str], request_url: str, headers: Mapping[str, str], raw_body: bytes
) -> bool:
    """Check X-Twilio-Signature over our own address and every field of the body."""
    given = next((v for k, v in headers.items() if k.lower() == "x-twilio-signature"), "")
    texts = _signed_texts(request_url, raw_body)
    matches = [
        hmac.compare_digest(sign(token, text).encode(), given.encode("utf-8", "replace"))
        for token in tokens
        if token
        for text in texts
    ]
    return any(matches)


def parse_status(raw: bytes, *, request_url: str) -> list[StatusEvent]:
    """Read a status callback."""
    form = _form(raw)
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    reference = form.get("MessageSid") or form.get("SmsSid") or ""
    if not reference or status not in RECEIPTS:
        return []
    event = StatusEvent(
        provider_ref=reference,
        message_id=_message_id(request_url),
        status=RECEIPTS[status],
        key=f"{reference}:{status}",
    )
    if event.status is not Receipt.FAILED:
        return [event]
    failure = twilio_failure(form.get("ErrorCode", ""))
    return [
        replace(
            event,
            code=failure.code or status,
            error_class=failure.error_class,
            permanent=failure.permanent,
            opted_out=failure.opted_out,
            invalid_address=failure.invalid_address,
        )
    ]


def parse_inbound(raw: bytes) -> list[Inbound]:
    """Read a message from a customer."""
    form = _form(raw)
    reference = form.get("MessageSid") or form.get("SmsMessageSid") or ""
    if not reference or not form.get("From") or "Body" not in form or "MessageStatus" in form:
        return []
    return [
        Inbound(
            provider_ref=reference,
            from_=form["From"],
            to=form.get("To", ""),
            text=form["Body"],
            opt=_intent(form.get("OptOutType", "")),
            key=reference,
        )
    ]


def _signed_texts(request_url: str, raw_body: bytes) -> list[str]:
    """Give each text that may have been signed: Twilio may or may not have named the port."""
    try:
        urls = _spellings(request_url)
        expected = parse_qs(urlsplit(request_url).query).get("bodySHA256", [""])[0]
        if expected:
            same = hmac.compare_digest(
                hashlib.sha256(raw_body).hexdigest(),
                expected.encode("ascii", "replace").decode(),
            )
            return urls if same else []
        form = _pairs(raw_body)
    except ValueError:
        return []
    return [form_text(url, form) for url in urls]


def _spellings(url: str) -> list[str]:
    parts = urlsplit(url)
    standard = STANDARD_PORTS.get(parts.scheme)
    host = parts.netloc.rpartition("@")[2]
    bare = host.removesuffix(f":{parts.port}") if parts.port else host
    spellings = [url]
    if standard and parts.port in (None, standard):
        spellings += [
            urlunsplit(parts._replace(netloc=bare)),
            urlunsplit(parts._replace(netloc=f"{bare}:{standard}")),
        ]
    return list(dict.fromkeys(spellings))


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    return parse_qsl(
        raw.decode("utf-8"),
        keep_blank_values=True,
        max_num_fields=MAX_FIELDS,
        errors="strict",
    )


def _form(raw: bytes) -> dict[str, str]:
    try:
        return dict(_pairs(raw))
    except ValueError:
        return {}


def _message_id(request_url: str) -> UUID | None:
    values = parse_qs(urlsplit(request_url).query).get(MESSAGE_PARAMETER, [])
    try:
        return UUID(values[-1]) if values else None
    except ValueError:
        return None


def _intent(opt_out_type: str) -> OptIntent:
    try:
        return OptIntent(opt_out_type.lower())
    except ValueError:
        return OptIntent.NONE
