"""Plain SMTP: one kept connection a session, the final dot as the line between no and unknown."""

import contextlib
import logging
import smtplib
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from apps.core import clock
from apps.messaging.providers import mime, reports
from apps.messaging.providers.base import (
    MAX_REFERENCE,
    Capability,
    Inbound,
    Outgoing,
    ProviderMisconfigured,
    Result,
    Session,
    Status,
    StatusEvent,
    deadline_of,
)
from apps.messaging.providers.local import is_local
from apps.messaging.providers.outcomes import ACCOUNT_RETRY_S, smtp_result
from apps.messaging.rules import ErrorClass

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 10.0
SHORTEST_TIMEOUT_S = 0.05
SECURITIES = ("none", "starttls", "tls")
MAX_PORT = 65535
OK = 250
SEND_NOW = 354
CLOSING = 421


class _Refused(Exception):
    """The server has said no before the message was complete."""

    def __init__(self, code: int, message: bytes) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class SmtpSession:
    """Talks to one server; a broken connection is made anew on the next send."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._client: smtplib.SMTP | None = None

    def send(self, outgoing: Outgoing, *, timeout_s: float, fence: float | None = None) -> Result:
        """Hand over one message; silence after the final dot is unknown, before it a retry."""
        deadline = deadline_of(timeout_s, fence)
        try:
            content = mime.build(
                outgoing, now=clock.now(), domain=self._settings["message_id_domain"]
            )
            envelope = self._envelope(outgoing)
        except mime.Unsendable as error:
            return Result(
                status=Status.REJECTED,
                code=error.code,
                permanent=True,
                invalid_address=error.invalid_address,
            )
        try:
            result = self._offer(envelope, content, deadline)
        except Exception:
            # Whatever broke, the message may be on its way.
            logger.exception("smtp send failed")
            self._drop()
            return Result(status=Status.UNKNOWN, code="error")
        if result.status is Status.ACCEPTED:
            reference = mime.message_id(outgoing, self._settings["message_id_domain"])
            return replace(result, provider_ref=reference[:MAX_REFERENCE])
        return result

    def lookup(
        self,
        outgoing: Outgoing,
        since: datetime,
        *,
        known_refs: Collection[str] = (),
    ) -> Result | None:
        """Nobody can be asked."""
        return Result(status=Status.UNKNOWN, code="no_lookup")

    def close(self) -> None:
        """Say goodbye when the server still listens."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if client.sock is not None:
                    client.sock.settimeout(1.0)
                client.quit()
            client.close()

    def _envelope(self, outgoing: Outgoing) -> tuple[str, str]:
        sender = mime.read_address(outgoing.sender)
        if self._settings["return_path"]:
            # A bounce that comes back names its message in the address it comes back to.
            local, _, domain = mime.read_address(self._settings["return_path"]).rpartition("@")
            sender = f"{local}+{outgoing.message_id.hex}@{domain}"
        return sender, mime.read_address(outgoing.to)

    def _offer(self, envelope: tuple[str, str], content: bytes, deadline: float) -> Result:
        fresh = self._client is None
        try:
            return self._transact(envelope, content, deadline)
        except _Refused as no:
            return self._refuse(no)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            self._drop()
            if not fresh and time.monotonic() < deadline:
                # An idle connection that the server has closed: nothing of this message was taken.
                return self._offer(envelope, content, deadline)
            return _not_taken(error)

    def _transact(self, envelope: tuple[str, str], content: bytes, deadline: float) -> Result:
        client = self._connected(deadline)
        self._introduce(client, envelope, len(content), deadline)
        _sendall(client, content.replace(b"\r\n.", b"\r\n..") + b".\r\n", deadline)
        try:
            code, message = _reply(client, deadline)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Result(status=Status.UNKNOWN, code=f"silence_{type(error).__name__}".lower())
        if code == CLOSING:
            self._drop()
        if code == OK:
            return Result(status=Status.ACCEPTED, code=str(code))
        return smtp_result(code, message)

    def _introduce(
        self,
        client: smtplib.SMTP,
        envelope: tuple[str, str],
        size: int,
        deadline: float,
    ) -> None:
        """Bring the server to where it waits for the content, or raise what it said instead."""
        options = f" SIZE={size}" if client.has_extn("size") else ""
        if not "".join(envelope).isascii():
            if not client.has_extn("smtputf8"):
                raise _Refused(550, b"5.6.7 SMTPUTF8 is not offered")
            options += " SMTPUTF8"
        commands = (
            f"MAIL FROM:<{envelope[0]}>{options}\r\n",
            f"RCPT TO:<{envelope[1]}>\r\n",
            "DATA\r\n",
        )
        if client.has_extn("pipelining"):
            replies = _all_at_once(client, commands, deadline)
        else:
            replies = _step_by_step(client, commands, deadline)
        refusal = next(((code, text) for code, text in replies if code // 100 not in (2, 3)), None)
        if refusal is None and replies[-1][0] == SEND_NOW:
            return
        if replies[-1][0] == SEND_NOW:
            _sendall(client, b".\r\n", deadline)
            _reply(client, deadline)
        raise _Refused(*(refusal or replies[-1]))

    def _refuse(self, no: _Refused) -> Result:
        if no.code == CLOSING or self._client is None:
            self._drop()
        else:
            try:
                self._client.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()
        return smtp_result(no.code, no.message)

    def _connected(self, deadline: float) -> smtplib.SMTP:
        if self._client is None:
            self._client = _connect(self._settings, min(CONNECT_TIMEOUT_S, _left(deadline)))
        return self._client

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


class SmtpProvider:
    """Class C: after the final dot nobody can be asked."""

    name = "smtp"
    channel = "email"
    capability: Capability = "C"

    def __init__(self, settings: Mapping[str, str]) -> None:
        _check(settings)
        self._settings = settings

    def open(self) -> Session:
        """Give a session."""
        return SmtpSession(self._settings)

    def verify(
        self,
        request_url: str,
        headers: Mapping[str, str],
        raw_body: bytes,
    ) -> bool:
        """Bounces come by mail to a secret address; nobody calls over HTTP."""
        return False

    def parse_status(self, raw: bytes, *, request_url: str = "") -> list[StatusEvent]:
        """Read a bounce or a complaint, given as the mail that brought it."""
        return reports.read(raw)

    def parse_inbound(self, raw: bytes) -> list[Inbound]:
        """Answers by mail go to the reply address, not to us."""
        return []


def _check(settings: Mapping[str, str]) -> None:
    port = settings["port"]
    if not port.isascii() or not port.isdigit() or not 0 < int(port) <= MAX_PORT:
        raise ProviderMisconfigured("The port is a number from 1 to 65535.", field="port")
    if settings["security"] not in SECURITIES:
        raise ProviderMisconfigured(
            "The security is one of starttls, tls and none.", field="security"
        )
    if settings["security"] == "none" and settings["password"] and not is_local(settings["host"]):
        raise ProviderMisconfigured(
            "A password is sent over an encrypted connection only.", field="security"
        )
    if settings["return_path"]:
        try:
            mime.read_address(settings["return_path"])
        except mime.Unsendable as error:
            raise ProviderMisconfigured(
                "The return path is an e-mail address.", field="return_path"
            ) from error


def _connect(settings: Mapping[str, str], timeout_s: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    helo = settings["helo"] or None
    host, port = settings["host"], int(settings["port"])
    client: smtplib.SMTP
    if settings["security"] == "tls":
        client = smtplib.SMTP_SSL(
            host, port, local_hostname=helo, timeout=timeout_s, context=context
        )
    else:
        client = smtplib.SMTP(host, port, local_hostname=helo, timeout=timeout_s)
    try:
        client.ehlo_or_helo_if_needed()
        if settings["security"] == "starttls":
            client.starttls(context=context)
            client.ehlo()
        if settings["username"]:
            client.login(settings["username"], settings["password"])
        if client.sock is not None:
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        client.close()
        raise
    return client


def _all_at_once(
    client: smtplib.SMTP, commands: tuple[str, ...], deadline: float
) -> list[tuple[int, bytes]]:
    _sendall(client, "".join(commands).encode(), deadline)
    replies: list[tuple[int, bytes]] = []
    for _ in commands:
        replies.append(_reply(client, deadline))
        if replies[-1][0] == CLOSING:
            break
    return replies


def _step_by_step(
    client: smtplib.SMTP, commands: tuple[str, ...], deadline: float
) -> list[tuple[int, bytes]]:
    replies: list[tuple[int, bytes]] = []
    for command in commands:
        _sendall(client, command.encode(), deadline)
        replies.append(_reply(client, deadline))
        if replies[-1][0] // 100 not in (2, 3):
            break
    return replies


def _sendall(client: smtplib.SMTP, data: bytes, deadline: float) -> None:
    if client.sock is None:
        raise smtplib.SMTPServerDisconnected("closed")
    client.sock.settimeout(_left(deadline))
    client.sock.sendall(data)


def _reply(client: smtplib.SMTP, deadline: float) -> tuple[int, bytes]:
    if client.sock is not None:
        client.sock.settimeout(_left(deadline))
    code, message = client.getreply()
    if code < 0:
        raise smtplib.SMTPServerDisconnected("no reply")
    return code, message


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("out of time")
    return max(left, SHORTEST_TIMEOUT_S)


def _not_taken(error: Exception) -> Result:
    """Nothing was accepted: say why as far as it is known."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Result(
            status=Status.RETRY,
            code=str(error.smtp_code),
            error_class=ErrorClass.AUTH,
            retry_after_s=ACCOUNT_RETRY_S,
            stops_channel=True,
        )
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        # A server that does not even take the connection says nothing about the address.
        return Result(
            status=Status.RETRY, code=str(error.smtp_code), error_class=ErrorClass.TEMPORARY
        )
    logger.info("smtp connection failed: %s", type(error).__name__)
    return Result(
        status=Status.RETRY,
        code=f"connection_{type(error).__name__}".lower(),
        error_class=ErrorClass.TEMPORARY,
    )
