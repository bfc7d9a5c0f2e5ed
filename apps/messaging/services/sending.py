"""Calling providers: one after the other over kept connections, never past the lease."""

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from apps.core.failpoints import failpoint
from apps.customers.choices import Channel
from apps.locations import queries as locations
from apps.locations.models import Brand
from apps.messaging import bodies, queries
from apps.messaging.bodies import Body
from apps.messaging.choices import ProviderKind
from apps.messaging.models import Account, Message
from apps.messaging.progress import Note
from apps.messaging.providers.base import Outgoing, Provider, Result, Session, Status
from apps.messaging.rules import ErrorClass
from apps.messaging.services.accounts import provider_of
from apps.messaging.services.passing import Departure
from apps.tenants import queries as tenants
from apps.tenants import wall

CALL_S = 10.0
BEFORE_FENCE_S = 2.0
MOST_SESSIONS = 64
VALID_S = 14_400
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Handed:
    """What became of one call; no result means that it was certainly not made."""

    departure: Departure
    outgoing: Outgoing | None = None
    result: Result | None = None


class _Connections(threading.local):
    """Kept sessions of this thread, the least used closed first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Provider, Session]] = OrderedDict()

    def get(self, account: Account) -> tuple[Provider, Session]:
        """Return the provider of an account and a session with it."""
        key = _key(account)
        if key not in self._kept:
            provider = provider_of(account, sandbox=_take)
            self._kept[key] = (provider, provider.open())
            if len(self._kept) > MOST_SESSIONS:
                self._kept.popitem(last=False)[1][1].close()
        self._kept.move_to_end(key)
        return self._kept[key]

    def close(self) -> None:
        """Close every session of this thread."""
        while self._kept:
            self._kept.popitem()[1][1].close()


connections = _Connections()


def _take(outgoing: Outgoing) -> None:
    """Take a message for the sandbox: it lands there in the transaction that notes the outcome."""


def _key(account: Account) -> str:
    settings = json.dumps([account.settings, account.sealed_secret], sort_keys=True)
    digest = hashlib.sha256(settings.encode()).hexdigest()
    return f"{wall.current_business().schema_name}:{account.pk}:{digest}"


def hand_over(
    departures: Sequence[Departure], *, note: Note, until: float, now: datetime
) -> list[Handed]:
    """Call the provider for each; what was not begun before ``until`` (monotonic) is left."""
    brand = locations.get_brand()
    held: dict[str, Result] = {}
    handed = []
    for departure in departures:
        fence = departure.ticket.fence - BEFORE_FENCE_S
        hold = held.get(str(departure.account.pk))
        if hold is not None or time.monotonic() >= min(until, fence):
            # What waits for its account has not been tried.
            waits = replace(hold, stops_channel=True) if hold is not None else None
            handed.append(Handed(departure, result=waits))
            continue
        outgoing = make_outgoing(
            departure.message, departure.account, brand=brand, now=now, address=_address(departure)
        )
        result = _call(departure, outgoing, note, fence)
        if result.stops_channel or (result.status is Status.RETRY and result.retry_after_s):
            held[str(departure.account.pk)] = result
        handed.append(Handed(departure, outgoing, result))
    return handed


def _call(departure: Departure, outgoing: Outgoing, note: Note, fence: float) -> Result:
    try:
        _provider, session = connections.get(departure.account)
    except ValueError as error:
        log.warning("message.account_unusable", account=str(departure.account.pk), error=str(error))
        return Result(
            status=Status.RETRY,
            code="account",
            error_class=ErrorClass.CONFIG,
            retry_after_s=300.0,
            stops_channel=True,
        )
    note.begin(departure.attempt.pk)
    failpoint("before_call")
    result = session.send(outgoing, timeout_s=CALL_S, fence=fence)
    failpoint("after_response")
    note.end(departure.attempt.pk, result)
    return result


def _address(departure: Departure) -> str:
    return departure.contact.address if departure.contact else departure.message.address


def make_outgoing(
    message: Message, account: Account, *, brand: Brand, now: datetime, address: str
) -> Outgoing:
    """Return a message as it leaves: links inserted, headers complete; always the same text."""
    links = queries.message_links(
        message.pk, link_purpose=message.link_purpose, link_id=message.link_id
    )
    is_mail = message.channel == Channel.EMAIL
    body = Body(message.subject, message.text, message.html)
    html = queries.mail_html(body, links=links, link_purpose=message.link_purpose)
    left = (message.expires_at - now).total_seconds() if message.expires_at else VALID_S
    return Outgoing(
        message_id=message.pk,
        channel=message.channel,
        to=address,
        sender=account.sender,
        sender_name=account.sender_name if is_mail else "",
        reply_to=brand.contact_email if is_mail else "",
        subject=message.subject,
        text=bodies.insert_links(message.text, links),
        html=html if is_mail else "",
        headers=list_headers(message, links[bodies.UNSUBSCRIBE]) if is_mail else (),
        callback_url=callback_url(account),
        valid_for_s=int(max(1, min(left, VALID_S))),
    )


def list_headers(message: Message, url: str) -> tuple[tuple[str, str], ...]:
    """Return the headers by which mail programs offer to unsubscribe (RFC 8058)."""
    if message.purpose in (bodies.SERVICE, bodies.STAFF):
        return ()
    return (
        ("List-Unsubscribe", f"<{url}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def callback_url(account: Account) -> str:
    """Return where the provider tells what became of a message."""
    if account.kind != ProviderKind.TWILIO:
        return ""
    base = tenants.base_url(wall.current_business())
    return f"{base}/callbacks/messaging/twilio/{account.callback_key}/status/"
