"""What Twilio's messages look like and how it refuses: the plain values behind the fake server."""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from tests.rigs.http import Answer
from tests.rigs.openapi import E164

ACCOUNT = "AC" + "0" * 31 + "1"
SERVICE = "MG" + "0" * 31 + "1"
TOKEN = "tw_rig_auth_token_0123456789abcdef"
SENDER = "+15005550006"
MAX_BODY = 1600
MAX_PAGE = 1000
VERSION = "2010-04-01"

# Twilio's own magic numbers for tests.
MAGIC = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MESSAGES = {
    20001: "Invalid parameter",
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20409: "The message cannot be changed in this way",
    20429: "Too Many Requests",
    20500: "Internal Server Error",
    20503: "Service Unavailable",
    21211: "Invalid 'To' Phone Number",
    21408: "Permission to send an SMS has not been enabled for the region",
    21602: "Message body is required",
    21603: "A 'From' phone number is required",
    21604: "A 'To' phone number is required",
    21609: "Invalid 'StatusCallback' URL",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' phone number is not currently reachable using the 'From' phone number",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
}
HTTP_STATUSES = {20003: 401, 20404: 404, 20429: 429, 20500: 500, 20503: 503}
REFUSALS = {"throttled": (429, 20429), "unavailable": (503, 20503)}
FINAL = {"delivered", "undelivered", "failed", "canceled"}


def new_row(account: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Make the message that a create call asks for."""
    sid = "SM" + secrets.token_hex(16)
    service = form.get("MessagingServiceSid")
    status = "scheduled" if "SendAt" in form else "accepted" if service else "queued"
    now = stamp()
    uri = f"/{VERSION}/Accounts/{account}/Messages/{sid}"
    return {
        "body": form["Body"],
        "num_segments": "0" if service else str(-(-len(form["Body"]) // 153)),
        "direction": "outbound-api",
        "from": form.get("From"),
        "to": form["To"],
        "date_updated": now,
        "price": None,
        "error_message": None,
        "uri": f"{uri}.json",
        "account_sid": account,
        "num_media": "0",
        "status": status,
        "messaging_service_sid": service,
        "sid": sid,
        "date_sent": None,
        "date_created": now,
        "error_code": None,
        "price_unit": None,
        "api_version": VERSION,
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def refusal(form: Mapping[str, str], opted_out: set[str]) -> int:
    """Give the code with which Twilio would refuse these fields, or 0."""
    to = form.get("To", "")
    callback = urlsplit(form.get("StatusCallback", "")).hostname or ""
    checks = (
        (21604, not to),
        (21211, bool(to) and not E164.fullmatch(to)),
        (21603, not form.get("From") and not form.get("MessagingServiceSid")),
        (21602, not form.get("Body")),
        (21617, len(form.get("Body", "")) > MAX_BODY),
        (21609, "_" in callback),
        (21610, to in opted_out),
        (MAGIC.get(to, 0), to in MAGIC),
    )
    return next((code for code, wrong in checks if wrong), 0)


def update(row: dict[str, Any], form: Mapping[str, str]) -> bool:
    """Redact or cancel a message; tell whether that is allowed."""
    if "Status" in form:
        if row["status"] != "scheduled":
            return False
        row["status"] = "canceled"
    if "Body" in form:
        if form["Body"]:
            return False
        row["body"] = ""
    row["date_updated"] = stamp()
    return True


def feedback(row: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    """Answer to a feedback call."""
    return {
        "account_sid": row["account_sid"],
        "message_sid": row["sid"],
        "outcome": outcome,
        "date_created": stamp(),
        "date_updated": stamp(),
        "uri": row["uri"].replace(".json", "/Feedback.json"),
    }


def fits(row: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    """Tell whether a list call asks for this message."""
    if query.get("To", row["to"]) != row["to"] or query.get("From", row["from"]) != row["from"]:
        return False
    after, before = query.get("DateSent>"), query.get("DateSent<")
    if after is None and before is None:
        return True
    if row["date_sent"] is None:
        return False
    sent = datetime.strptime(row["date_sent"], "%a, %d %b %Y %H:%M:%S %z")
    return (after is None or sent >= moment(after)) and (before is None or sent <= moment(before))


def moment(text: str) -> datetime:
    """Read a moment in a query."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def stamp() -> str:
    """Write this moment as Twilio does."""
    return format_datetime(datetime.now(UTC))


def answer(status: int, value: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with JSON."""
    kept = {"Content-Type": "application/json", **(headers or {})}
    return Answer(status, json.dumps(value).encode(), kept)


def refuse(status: int, code: int, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with one of Twilio's errors."""
    body = {
        "code": code,
        "message": MESSAGES.get(code, "Error"),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return answer(status, body, headers)
