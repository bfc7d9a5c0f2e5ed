"""What an answer of a server means for the message, as a Result."""

import re

from apps.messaging.providers.base import Result, Status

ENHANCED = re.compile(r"^\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)")
# RFC 3463: no such mailbox, no such domain, bad syntax, moved, no mail accepted, disabled.
NO_SUCH_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
FULL = frozenset({"4.2.2", "5.2.2"})
HTTP_UNAUTHORISED = 401
HTTP_THROTTLED = 429
HTTP_UNAVAILABLE = 503

# The account is at fault, not the message: it waits until somebody has put that right.
TWILIO_ACCOUNT = frozenset({"20003", "30002"})
ACCOUNT_RETRY_S = 60.0
# The settings do not allow this recipient or sender: staff may send again after a change.
TWILIO_SETTINGS = frozenset({"21408", "21606", "21608", "21612", "30034"})
TWILIO_THROTTLED = frozenset({"20429", "21611"})
TWILIO_LATER = frozenset({"30001", "30003"})
TWILIO_OPTED_OUT = frozenset({"21610", "30004"})
TWILIO_INVALID = frozenset({"21211", "21614", "30005", "30006"})


def smtp_result(code: int, message: bytes) -> Result:
    """Read a server's refusal; only what the enhanced code says counts against the address."""
    text = message.decode("utf-8", "replace")
    match = ENHANCED.match(text)
    enhanced = match.group(1) if match else ""
    shown = f"{code} {enhanced}".strip()
    if 400 <= code < 500:
        return Result(status=Status.RETRY, code=shown)
    return Result(
        status=Status.REJECTED,
        code=shown,
        permanent=enhanced not in FULL,
        invalid_address=enhanced in NO_SUCH_ADDRESS,
    )


def twilio_failure(code: str) -> Result:
    """Read the error of a message that Twilio had taken; an unknown one is final."""
    return Result(
        status=Status.REJECTED,
        code=code,
        permanent=code not in TWILIO_LATER,
        opted_out=code in TWILIO_OPTED_OUT,
        invalid_address=code in TWILIO_INVALID,
    )


def twilio_result(code: str, http_status: int, retry_after_s: float | None) -> Result:
    """Read the answer to a create call that is not 201."""
    shown = code or f"http_{http_status}"
    if http_status in (HTTP_THROTTLED, HTTP_UNAVAILABLE) or code in TWILIO_THROTTLED:
        return Result(status=Status.RETRY, code=shown, retry_after_s=retry_after_s)
    if http_status >= 500:
        # The message may have been taken before the server stumbled.
        return Result(status=Status.UNKNOWN, code=shown)
    if http_status == HTTP_UNAUTHORISED or code in TWILIO_ACCOUNT:
        return Result(status=Status.RETRY, code=shown, retry_after_s=ACCOUNT_RETRY_S)
    return Result(
        status=Status.REJECTED,
        code=shown,
        permanent=code not in TWILIO_SETTINGS,
        opted_out=code in TWILIO_OPTED_OUT,
        invalid_address=code in TWILIO_INVALID,
    )
