"""What a provider's answer means for the message, the address and the channel."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus


class Action(StrEnum):
    """What becomes of the message."""

    ACCEPTED = "accepted"
    RETRY = "retry"  # surely not taken, worth another try
    FAIL = "fail"  # surely not taken or not delivered, no other try
    UNCONFIRMED = "unconfirmed"  # may or may not have been taken


class ErrorClass(StrEnum):
    """Our own words for the reasons of all providers."""

    NONE = ""
    INVALID_ADDRESS = "invalid_address"
    INVALID_NUMBER = "invalid_number"
    LANDLINE = "landline"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    FILTERED = "filtered"
    UNREACHABLE = "unreachable"
    MAILBOX_FULL = "mailbox_full"
    TOO_LARGE = "too_large"
    THROTTLED = "throttled"
    TEMPORARY = "temporary"
    CONFIG = "config"
    AUTH = "auth"
    BUG = "bug"
    UNKNOWN = "unknown"


_NO_MORE_CONTACT = frozenset(
    {
        ErrorClass.INVALID_ADDRESS,
        ErrorClass.INVALID_NUMBER,
        ErrorClass.LANDLINE,
        ErrorClass.OPTED_OUT,
        ErrorClass.BLOCKED,
    }
)
_STOPS_CHANNEL = frozenset({ErrorClass.AUTH})


@dataclass(frozen=True)
class Outcome:
    """One answer, read: what to do with the message, why, and the provider's own code."""

    action: Action
    error_class: ErrorClass = ErrorClass.NONE
    code: str = ""

    @property
    def suppresses(self) -> bool:
        """Tell whether the address or number must not be used on this channel again."""
        return self.error_class in _NO_MORE_CONTACT

    @property
    def stops_channel(self) -> bool:
        """Tell whether the account itself is refused, so that no message can go."""
        return self.error_class in _STOPS_CHANNEL

    @property
    def is_opt_out(self) -> bool:
        """Tell whether the customer has unsubscribed at the provider."""
        return self.error_class == ErrorClass.OPTED_OUT


_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")

# RFC 3463 and the IANA registry of enhanced codes, by subject and detail.
_MAIL_DETAILS: Mapping[str, ErrorClass] = {
    "1.1": ErrorClass.INVALID_ADDRESS,
    "1.2": ErrorClass.INVALID_ADDRESS,
    "1.3": ErrorClass.INVALID_ADDRESS,
    "1.6": ErrorClass.INVALID_ADDRESS,
    "1.10": ErrorClass.INVALID_ADDRESS,
    "2.1": ErrorClass.INVALID_ADDRESS,
    "2.2": ErrorClass.MAILBOX_FULL,
    "2.3": ErrorClass.TOO_LARGE,
    "3.4": ErrorClass.TOO_LARGE,
    "4.1": ErrorClass.UNREACHABLE,
    "4.4": ErrorClass.UNREACHABLE,
    "4.7": ErrorClass.UNREACHABLE,
    "7.0": ErrorClass.CONFIG,
    "7.1": ErrorClass.FILTERED,
    "7.8": ErrorClass.AUTH,
    "7.9": ErrorClass.AUTH,
    "7.20": ErrorClass.CONFIG,
    "7.23": ErrorClass.CONFIG,
    "7.25": ErrorClass.CONFIG,
    "7.26": ErrorClass.CONFIG,
    "7.27": ErrorClass.CONFIG,
    "7.515": ErrorClass.CONFIG,
}
_MAIL_CODES: Mapping[int, ErrorClass] = {
    421: ErrorClass.THROTTLED,
    452: ErrorClass.TEMPORARY,
    501: ErrorClass.INVALID_ADDRESS,
    530: ErrorClass.AUTH,
    534: ErrorClass.AUTH,
    535: ErrorClass.AUTH,
    538: ErrorClass.AUTH,
    551: ErrorClass.INVALID_ADDRESS,
    552: ErrorClass.MAILBOX_FULL,
    553: ErrorClass.INVALID_ADDRESS,
}
# Only for answers without an enhanced code: the words that servers use, most telling first.
_MAIL_WORDS: tuple[tuple[re.Pattern[str], ErrorClass], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), error_class)
    for pattern, error_class in (
        (r"spam|blacklist|blocklist|block list|listed at|reputation", ErrorClass.FILTERED),
        (r"spf|dkim|dmarc|relay|not permitted|policy", ErrorClass.CONFIG),
        (r"quota|mailbox (?:is )?full|over storage", ErrorClass.MAILBOX_FULL),
        (
            (
                r"(?:no such|unknown|invalid|nonexistent) (?:user|recipient|mailbox|address)"
                r"|(?:user|recipient|mailbox|address)[^.]{0,60}"
                r"(?:unknown|not found|not exist|unavailable|disabled|inactive|rejected)"
            ),
            ErrorClass.INVALID_ADDRESS,
        ),
        (r"too (?:large|big)", ErrorClass.TOO_LARGE),
    )
)
_SUCCESS, _SOFT, _HARD = 2, 4, 5


def classify_smtp(code: int | None, enhanced: str = "", message: str = "") -> Outcome:
    """Read an SMTP answer; None means that the connection failed before the final dot.

    An answer by a server about sender policy never counts against the address.
    """
    if code is None:
        return Outcome(Action.RETRY, ErrorClass.TEMPORARY)
    found = _ENHANCED.search(enhanced) or _ENHANCED.match(message.strip())
    status = found.group(1) if found else ""
    shown = f"{code} {status}".strip()
    kind = code // 100
    if kind == _SUCCESS:
        return Outcome(Action.ACCEPTED, code=shown)
    error_class = _read_mail_error(code, status, message)
    if error_class == ErrorClass.AUTH:
        return Outcome(Action.FAIL, error_class, shown)
    if kind == _SOFT:
        return Outcome(Action.RETRY, _as_temporary(error_class), shown)
    if kind == _HARD:
        return Outcome(Action.FAIL, error_class, shown)
    return Outcome(Action.FAIL, ErrorClass.UNKNOWN, shown)


def _read_mail_error(code: int, status: str, message: str) -> ErrorClass:
    if status:
        known = _MAIL_DETAILS.get(status.partition(".")[2])
        if known is not None:
            return known
    by_words = next((kind for pattern, kind in _MAIL_WORDS if pattern.search(message)), None)
    if by_words is not None and not status:
        return by_words
    return _MAIL_CODES.get(code, ErrorClass.UNKNOWN)


def _as_temporary(error_class: ErrorClass) -> ErrorClass:
    """Return the class of a passing refusal: "unknown for now" never condemns an address."""
    if error_class in _NO_MORE_CONTACT | {ErrorClass.UNKNOWN, ErrorClass.CONFIG}:
        return ErrorClass.TEMPORARY
    return error_class


# Checked against Twilio's own dictionary; several lists on the web are wrong.
_TWILIO: Mapping[int, tuple[Action, ErrorClass]] = {
    20003: (Action.FAIL, ErrorClass.AUTH),
    20429: (Action.RETRY, ErrorClass.THROTTLED),
    21211: (Action.FAIL, ErrorClass.INVALID_NUMBER),
    21408: (Action.FAIL, ErrorClass.CONFIG),
    21602: (Action.FAIL, ErrorClass.BUG),
    21606: (Action.FAIL, ErrorClass.CONFIG),
    21608: (Action.FAIL, ErrorClass.CONFIG),
    21610: (Action.FAIL, ErrorClass.OPTED_OUT),
    21611: (Action.RETRY, ErrorClass.THROTTLED),
    21612: (Action.FAIL, ErrorClass.CONFIG),
    21614: (Action.FAIL, ErrorClass.LANDLINE),
    21617: (Action.FAIL, ErrorClass.BUG),
    30001: (Action.FAIL, ErrorClass.THROTTLED),
    30002: (Action.FAIL, ErrorClass.AUTH),
    30003: (Action.FAIL, ErrorClass.UNREACHABLE),
    30004: (Action.FAIL, ErrorClass.BLOCKED),
    30005: (Action.FAIL, ErrorClass.INVALID_NUMBER),
    30006: (Action.FAIL, ErrorClass.LANDLINE),
    30007: (Action.FAIL, ErrorClass.FILTERED),
    30008: (Action.FAIL, ErrorClass.UNKNOWN),
    30034: (Action.FAIL, ErrorClass.CONFIG),
}


def classify_twilio(code: int | None, http_status: int | None = None) -> Outcome:
    """Read Twilio's error code of a call (with its HTTP status) or of a status callback.

    A code that is not known fails without another try and without blame on the number: the
    description warns that codes may change. A server error after the request was written leaves
    the fate open, but for 503, which is a refusal.
    """
    shown = str(code or http_status or "")
    known = _TWILIO.get(code or 0)
    if known is not None:
        return Outcome(*known, code=shown)
    return Outcome(*_read_http_status(http_status), code=shown)


def _read_http_status(http_status: int | None) -> tuple[Action, ErrorClass]:
    if http_status is None:
        return Action.FAIL, ErrorClass.UNKNOWN
    if http_status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return Action.RETRY, ErrorClass.THROTTLED
    if http_status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Action.FAIL, ErrorClass.AUTH
    if http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Action.UNCONFIRMED, ErrorClass.UNKNOWN
    if http_status < HTTPStatus.MULTIPLE_CHOICES:
        return Action.ACCEPTED, ErrorClass.NONE
    return Action.FAIL, ErrorClass.UNKNOWN
