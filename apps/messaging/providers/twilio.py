"""Twilio: SMS over its Messages resource; a call left open is looked up by number and text."""

import logging
import re
import time
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import requests

from apps.core import clock
from apps.messaging.providers import twilio_callbacks as callbacks
from apps.messaging.providers.base import (
    Capability,
    Inbound,
    Outgoing,
    ProviderMisconfigured,
    Receipt,
    Result,
    Session,
    Status,
    StatusEvent,
    deadline_of,
)
from apps.messaging.providers.fenced import CONNECT_TIMEOUT_S, FencedSession
from apps.messaging.providers.local import is_local
from apps.messaging.providers.outcomes import twilio_failure, twilio_result

logger = logging.getLogger(__name__)

LOOKUP_TIMEOUT_S = 15.0
LOOKUP_PAGES = 20
PAGE_SIZE = 200
MAX_BODY = 1600
VALIDITY_S = (1, 36_000)


class TwilioSession:
    """One kept HTTP connection to one account."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        user = settings["api_key_sid"] or settings["account_sid"]
        secret = settings["api_key_secret"] if settings["api_key_sid"] else settings["auth_token"]
        self._fenced = FencedSession(settings["base_url"], auth=(user, secret))
        self._http = self._fenced.http

    def send(self, outgoing: Outgoing, *, timeout_s: float, fence: float | None = None) -> Result:
        """Create the message; there is no idempotency key, so silence stays unknown."""
        deadline = deadline_of(timeout_s, fence)
        if not outgoing.text or len(outgoing.text) > MAX_BODY:
            code = "21617" if outgoing.text else "21602"
            return Result(status=Status.REJECTED, code=code, permanent=True)
        try:
            form = self._form(outgoing)
            urlencode(form)
        except ValueError:
            return Result(status=Status.REJECTED, code="invalid_message", permanent=True)
        try:
            answer = self._fenced.post(self._url("Messages.json"), form, deadline=deadline)
            return _created(answer)
        except requests.RequestException as error:
            return _broken(error, slow=time.monotonic() >= deadline)
        except Exception:
            # Whatever broke, the message may be on its way.
            logger.exception("twilio send failed")
            return Result(status=Status.UNKNOWN, code="error")

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def lookup(
        self, outgoing: Outgoing, since: datetime, *, known_refs: Collection[str] = ()
    ) -> Result | None:
        """Look for the message by recipient and text among those made since then."""
        since = since.replace(microsecond=0)  # Twilio's times carry whole seconds
        try:
            # A message still in Twilio's queue has no sending date yet and would be filtered out.
            for query in ({"DateSent>": _iso(since)}, {}):
                for row in self._list({"To": outgoing.to, **query}, since):
                    if row.get("sid") in known_refs:
                        continue
                    if row.get("body") == outgoing.text:
                        return _found(row)
                    if row.get("body") == "":
                        return Result(status=Status.UNKNOWN, code="redacted")
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            return Result(status=Status.UNKNOWN, code=f"lookup_{type(error).__name__}".lower())
        return None

    def update(self, provider_ref: str, form: Mapping[str, str]) -> bool:
        """Change a message that Twilio holds; tell whether it did."""
        try:
            answer = self._http.post(
                self._url(f"Messages/{quote(provider_ref, safe='')}.json"),
                data=form,
                timeout=(CONNECT_TIMEOUT_S, LOOKUP_TIMEOUT_S),
                allow_redirects=False,
            )
        except requests.RequestException:
            return False
        return answer.status_code == HTTPStatus.OK

    def _url(self, resource: str) -> str:
        account = self._settings["account_sid"]
        return f"{self._settings['base_url']}/2010-04-01/Accounts/{account}/{resource}"

    def _form(self, outgoing: Outgoing) -> dict[str, str]:
        form = {
            "To": outgoing.to,
            "Body": outgoing.text,
            "ValidityPeriod": str(min(max(outgoing.valid_for_s, VALIDITY_S[0]), VALIDITY_S[1])),
        }
        if self._settings["messaging_service_sid"]:
            form["MessagingServiceSid"] = self._settings["messaging_service_sid"]
        else:
            form["From"] = outgoing.sender
        if outgoing.callback_url:
            form["StatusCallback"] = callbacks.address(outgoing)
        return form

    def _list(self, query: Mapping[str, str], since: datetime) -> Iterator[Mapping[str, Any]]:
        url = f"{self._url('Messages.json')}?{urlencode({**query, 'PageSize': str(PAGE_SIZE)})}"
        for _ in range(LOOKUP_PAGES):
            answer = self._http.get(
                url,
                timeout=(CONNECT_TIMEOUT_S, LOOKUP_TIMEOUT_S),
                allow_redirects=False,
            )
            answer.raise_for_status()
            page = answer.json()
            rows = page["messages"]
            recent = [row for row in rows if parsedate_to_datetime(row["date_created"]) >= since]
            yield from recent
            # The list runs from the newest to the oldest.
            if not page["next_page_uri"] or len(recent) < len(rows):
                return
            url = self._settings["base_url"] + page["next_page_uri"]
        raise ValueError("too many messages to tell")


class TwilioProvider:
    """Class B: no idempotency key, but the list of messages can be asked."""

    name = "twilio"
    channel = "sms"
    capability: Capability = "B"

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = {**settings, "base_url": _check(settings)}

    def open(self) -> Session:
        """Give a session."""
        return TwilioSession(self._settings)

    def redact(self, provider_ref: str) -> bool:
        """Have Twilio forget the text of a message."""
        return self._update(provider_ref, {"Body": ""})

    def cancel(self, provider_ref: str) -> bool:
        """Stop a message that is scheduled at Twilio."""
        return self._update(provider_ref, {"Status": "canceled"})

    def _update(self, provider_ref: str, form: Mapping[str, str]) -> bool:
        session = TwilioSession(self._settings)
        try:
            return session.update(provider_ref, form)
        finally:
            session.close()

    def verify(self, request_url: str, headers: Mapping[str, str], raw_body: bytes) -> bool:
        """Check the signature against the auth token and, while it is rotated, the one before."""
        tokens = (self._settings["auth_token"], self._settings["previous_auth_token"])
        return callbacks.verify(tokens, request_url, headers, raw_body)

    def parse_status(self, raw: bytes, *, request_url: str = "") -> list[StatusEvent]:
        """Read a status callback; our message id stands in the address it was sent to."""
        return callbacks.parse_status(raw, request_url=request_url)

    def parse_inbound(self, raw: bytes) -> list[Inbound]:
        """Read a message from a customer; `opt` is Twilio's own reading, where it gives one."""
        return callbacks.parse_inbound(raw)


def _check(settings: Mapping[str, str]) -> str:
    for field, prefix in (("account_sid", "AC"), ("messaging_service_sid", "MG")):
        sid = settings[field]
        if sid and not re.fullmatch(prefix + "[0-9a-fA-F]{32}", sid):
            raise ProviderMisconfigured(
                f"This SID is {prefix} and 32 digits or letters from a to f.", field=field
            )
    if bool(settings["api_key_sid"]) != bool(settings["api_key_secret"]):
        raise ProviderMisconfigured(
            "An API key needs both its SID and its secret.", field="api_key_secret"
        )
    parts = urlsplit(settings["base_url"].rstrip("/"))
    host = parts.hostname or ""
    at_twilio = parts.scheme == "https" and host.endswith(".twilio.com")
    if not (at_twilio or (parts.scheme in ("http", "https") and is_local(host))):
        raise ProviderMisconfigured(
            "The address must be one of Twilio's (https://….twilio.com).",
            field="base_url",
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _broken(error: requests.RequestException, *, slow: bool) -> Result:
    """Tell a connection that never stood from one that broke with the message on its way."""
    name = type(error).__name__.lower()
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return Result(status=Status.RETRY, code=name)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader):
        return Result(status=Status.RETRY, code=name)
    if "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error):
        return Result(status=Status.RETRY, code="connection_refused")
    if "CERTIFICATE_VERIFY_FAILED" in repr(error):
        return Result(status=Status.RETRY, code="certificate")
    return Result(status=Status.UNKNOWN, code="timeout" if slow else name)


def _created(answer: requests.Response) -> Result:
    if answer.status_code == HTTPStatus.CREATED:
        try:
            return _found(answer.json())
        except (ValueError, KeyError, TypeError, AttributeError):
            return Result(status=Status.UNKNOWN, code="unreadable_answer")
    return twilio_result(
        _error_code(answer),
        answer.status_code,
        _retry_after(answer.headers.get("Retry-After")),
    )


def _found(row: Mapping[str, Any]) -> Result:
    """Read a message as Twilio holds it."""
    status, code = str(row["status"]), row.get("error_code")
    if callbacks.RECEIPTS.get(status) is Receipt.FAILED:
        failure = twilio_failure(str(code or ""))
        return Result(
            status=Status.REJECTED,
            provider_ref=str(row["sid"]),
            code=str(code or status),
            error_class=failure.error_class,
            permanent=failure.permanent,
            opted_out=failure.opted_out,
            invalid_address=failure.invalid_address,
        )
    return Result(status=Status.ACCEPTED, provider_ref=str(row["sid"]), code=status)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _error_code(answer: requests.Response) -> int | None:
    try:
        return int(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return None


def _retry_after(value: str | None) -> float | None:
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - clock.now()).total_seconds())
