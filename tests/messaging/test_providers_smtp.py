"""The SMTP provider against a real server: bytes on the wire, and every way a send can end."""

import email
import email.policy
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.messaging.providers import mime
from apps.messaging.providers.base import Outgoing, Receipt, Result, Session, Status, StatusEvent
from apps.messaging.providers.registry import make
from tests.rigs.smtp import Behaviour, SmtpSink

ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MESSAGE = Outgoing(
    message_id=ID,
    channel="email",
    to="ana@example.com",
    sender="hello@demo.example",
    sender_name="Bäckerei “Sonne”",
    reply_to="shop@demo.example",
    subject="Wie wär es?",
    text="Hallo Ana,\n\n.wie war es?\n",
    html="<p>Wie wär es?</p>",
    headers=(
        ("List-Unsubscribe", f"<https://demo.example/u/{'a' * 120}/>, <mailto:u+1@demo.example>"),
    ),
)
REFERENCE = f"<{ID}@demo.example>"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


@pytest.fixture
def session(sink: SmtpSink) -> Iterator[Session]:
    opened = make("smtp", sink.settings()).open()
    yield opened
    opened.close()


def send_once(settings: dict[str, str], message: Outgoing = MESSAGE) -> Result:
    with closing(make("smtp", settings).open()) as session:
        return session.send(message, timeout_s=5)


def parsed(content: bytes | str) -> EmailMessage:
    raw = content if isinstance(content, bytes) else content.encode()
    return email.message_from_bytes(raw, policy=email.policy.SMTP)


def test_send_puts_the_whole_message_on_the_wire(sink: SmtpSink, session: Session) -> None:
    result = session.send(MESSAGE, timeout_s=5)

    [line] = sink.journal.read()
    mail = parsed(line["content"])
    assert result == Result(status=Status.ACCEPTED, provider_ref=REFERENCE, code="250")
    assert (line["from"], line["to"]) == ("hello@demo.example", ["ana@example.com"])
    assert (line["message"], line["message_id"]) == (str(ID), REFERENCE)
    assert mail["From"].addresses[0].display_name == "Bäckerei “Sonne”"
    assert mail["From"].addresses[0].addr_spec == "hello@demo.example"
    assert (mail["To"], mail["Reply-To"]) == ("ana@example.com", "shop@demo.example")
    assert mail["Subject"] == "Wie wär es?"
    assert mail["List-Unsubscribe"] == MESSAGE.headers[0][1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"
    bodies = [part.get_content() for part in mail.iter_parts()]
    assert bodies == ["Hallo Ana,\r\n\r\n.wie war es?\r\n", "<p>Wie wär es?</p>\r\n"]
    assert mail.defects == []


def test_the_same_message_is_the_same_bytes() -> None:
    assert mime.build(MESSAGE, now=NOW) == mime.build(MESSAGE, now=NOW)
    assert mime.message_id(MESSAGE, "mail.example.net") == f"<{ID}@mail.example.net>"


def test_text_alone_is_one_part() -> None:
    mail = parsed(mime.build(replace(MESSAGE, html="", text="Hello"), now=NOW))

    assert (mail.get_content_type(), mail.get_content()) == ("text/plain", "Hello\r\n")


@given(
    text=st.text(max_size=3000),
    subject=st.text(max_size=300),
    name=st.text(max_size=100),
)
def test_any_text_survives_or_is_refused(text: str, subject: str, name: str) -> None:
    message = replace(MESSAGE, text=text, html="", subject=subject, sender_name=name)
    try:
        raw = mime.build(message, now=NOW)
    except mime.Unsendable:
        assert any(ord(c) < 32 or ord(c) == 127 for c in subject + name)
        return

    head, _, body = raw.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert len(names) == len(set(names)) == 12
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    want = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    content = email.message_from_bytes(head + b"\r\n\r\n" + body).get_payload(decode=True)
    assert isinstance(content, bytes)
    read = content.decode().replace("\r\n", "\n")
    assert read.removesuffix("\n") == want.encode("utf-8", "replace").decode().removesuffix("\n")


EVIL = "x\r\nBcc: everyone@example.com"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"subject": EVIL}, "invalid_header"),
        ({"sender_name": EVIL}, "invalid_header"),
        ({"sender_name": "a\0b"}, "invalid_header"),
        ({"to": f"ana@example.com{EVIL}"}, "invalid_address"),
        ({"to": "ana@example.com>, <eve@example.com"}, "invalid_address"),
        ({"to": "ana"}, "invalid_address"),
        ({"to": "ana@" + "x" * 70 + ".example"}, "invalid_address"),
        ({"to": "a\ud800@example.com"}, "invalid_address"),
        ({"sender": EVIL}, "invalid_address"),
        ({"reply_to": f"a@b.example{EVIL}"}, "invalid_address"),
        ({"headers": (("X-A", EVIL),)}, "invalid_header"),
        ({"headers": (("X-A: y\r\nX-B", "1"),)}, "invalid_header"),
        ({"headers": (("Bcc", "eve@example.com"),)}, "invalid_header"),
        ({"headers": (("X-A", "1"), ("x-a", "2"))}, "invalid_header"),
        ({"headers": (("X-A", "x" * 1000),)}, "invalid_header"),
    ],
)
def test_nothing_can_be_injected(
    sink: SmtpSink, session: Session, change: dict[str, Any], code: str
) -> None:
    result = session.send(replace(MESSAGE, **change), timeout_s=5)

    assert (result.status, result.code, result.permanent) == (Status.REJECTED, code, True)
    assert result.invalid_address is (code == "invalid_address")
    assert sink.connections == 0


@pytest.mark.parametrize(
    ("fate", "kept", "expected"),
    [
        ("421", 0, (Status.RETRY, "421 4.3.2")),
        ("450", 0, (Status.RETRY, "450 4.2.1")),
        ("550", 0, (Status.REJECTED, "550 5.7.1")),
        ("drop_before", 0, (Status.UNKNOWN, "silence_smtpserverdisconnected")),
        ("drop_after", 1, (Status.UNKNOWN, "silence_smtpserverdisconnected")),
        ("hang_after", 1, (Status.UNKNOWN, "silence_smtpserverdisconnected")),
    ],
)
def test_answers_after_the_final_dot(
    sink: SmtpSink, session: Session, fate: str, kept: int, expected: tuple[Status, str]
) -> None:
    sink.script.append(fate)

    result = session.send(MESSAGE, timeout_s=0.5)

    assert (result.status, result.code) == expected
    assert len(sink.journal.read()) == kept
    assert session.send(MESSAGE, timeout_s=5).status is Status.ACCEPTED


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 5.1.1 No such user", (Status.REJECTED, "550 5.1.1", True, True)),
        ("552 5.2.2 Mailbox full", (Status.REJECTED, "552 5.2.2", False, False)),
        ("550 5.7.1 Relaying denied", (Status.REJECTED, "550 5.7.1", True, False)),
        ("450 4.2.1 Greylisted", (Status.RETRY, "450 4.2.1", False, False)),
    ],
)
def test_refused_recipient_leaves_the_connection_usable(
    *, pipelining: bool, answer: str, expected: tuple[Status, str, bool, bool]
) -> None:
    behaviour = Behaviour(refused={"gone@example.com": answer}, pipelining=pipelining)
    with SmtpSink(behaviour=behaviour) as sink:
        session = make("smtp", sink.settings()).open()
        result = session.send(replace(MESSAGE, to="gone@example.com"), timeout_s=5)
        after = session.send(MESSAGE, timeout_s=5)
        session.close()

    assert (
        result.status,
        result.code,
        result.permanent,
        result.invalid_address,
    ) == expected
    assert after.status is Status.ACCEPTED
    assert sink.connections == 1
    assert [line["to"] for line in sink.journal.read()] == [["ana@example.com"]]


def test_connection_closed_by_the_server_is_made_anew_without_a_second_copy() -> None:
    with SmtpSink(behaviour=Behaviour(messages_per_connection=2)) as sink:
        session = make("smtp", sink.settings()).open()
        statuses = [session.send(MESSAGE, timeout_s=5).status for _ in range(3)]
        again = session.send(MESSAGE, timeout_s=5).status
        session.close()

    assert statuses == [Status.ACCEPTED, Status.ACCEPTED, Status.RETRY]
    assert again is Status.ACCEPTED
    assert len(sink.journal.read()) == 3


def test_idle_connection_that_died_is_replaced_within_the_send(
    sink: SmtpSink, session: Session
) -> None:
    session.send(MESSAGE, timeout_s=5)
    sink.run(sink.cut())

    assert session.send(MESSAGE, timeout_s=5).status is Status.ACCEPTED
    assert (sink.connections, len(sink.journal.read())) == (2, 2)


def test_closed_port_is_a_retry() -> None:
    with SmtpSink() as sink:
        settings = sink.settings()
    gone = send_once(settings)

    assert (gone.status, gone.code) == (Status.RETRY, "connection_connectionrefusederror")


def test_nothing_leaves_after_the_fence(sink: SmtpSink, session: Session) -> None:
    late = session.send(MESSAGE, timeout_s=5, fence=time.monotonic() - 0.1)
    session.send(MESSAGE, timeout_s=5)
    late_on_a_kept_connection = session.send(MESSAGE, timeout_s=5, fence=time.monotonic() - 0.1)

    assert {late.status, late_on_a_kept_connection.status} == {Status.RETRY}
    assert len(sink.journal.read()) == 1
    assert session.send(MESSAGE, timeout_s=0).status is Status.RETRY


def test_return_path_carries_the_message_id(sink: SmtpSink) -> None:
    settings = sink.settings(return_path="bounces@mail.demo.example")
    send_once(settings)

    assert [line["from"] for line in sink.journal.read()] == [f"bounces+{ID.hex}@mail.demo.example"]


def test_addresses_beyond_ascii(sink: SmtpSink, session: Session) -> None:
    session.send(replace(MESSAGE, to="ana@bücher.example"), timeout_s=5)
    session.send(replace(MESSAGE, to="änna@example.com"), timeout_s=5)

    assert [line["to"] for line in sink.journal.read()] == [
        ["ana@xn--bcher-kva.example"],
        ["änna@example.com"],
    ]


BOUNCE = f"""\
From: MAILER-DAEMON@mx.example.com
To: {{to}}
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; ana@example.com
Action: {{action}}
Status: {{status}}
Diagnostic-Code: smtp; {{diagnostic}}

--b
Content-Type: text/rfc822-headers

Message-ID: {REFERENCE}
X-CX-Message: {ID}

--b--
"""


@pytest.mark.parametrize("to", [f"bounces+{ID.hex}@mail.demo.example", "postmaster@demo.example"])
@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "expected"),
    [
        ("failed", "5.1.1", "550 5.1.1 No such user", ("550 5.1.1", True, True)),
        ("failed", "5.0.0", "550 5.1.1 No such user", ("550 5.1.1", True, True)),
        ("failed", "5.2.2", "552 5.2.2 Full", ("552 5.2.2", False, False)),
        ("failed", "5.7.1", "550 5.7.1 Spam", ("550 5.7.1", True, False)),
        ("failed", "4.4.7", "450 4.4.7 Expired", ("450 4.4.7", False, False)),
    ],
)
def test_bounce_is_read(
    to: str, action: str, status: str, diagnostic: str, expected: tuple[str, bool, bool]
) -> None:
    raw = BOUNCE.format(to=to, action=action, status=status, diagnostic=diagnostic).encode()

    [event] = make("smtp", {"host": "mx.example"}).parse_status(raw)

    assert (event.status, event.message_id, event.provider_ref, event.key) == (
        Receipt.BOUNCED,
        ID,
        REFERENCE,
        f"{ID}:failed",
    )
    assert (event.code, event.permanent, event.invalid_address) == expected


def test_delay_is_no_receipt_and_delivery_is_one() -> None:
    provider = make("smtp", {"host": "mx.example"})
    words = {"to": "x@demo.example", "status": "4.0.0", "diagnostic": "450 wait"}

    assert provider.parse_status(BOUNCE.format(action="delayed", **words).encode()) == []
    [event] = provider.parse_status(BOUNCE.format(action="delivered", **words).encode())
    assert (event.status, event.code) == (Receipt.DELIVERED, "")


@pytest.mark.parametrize(("kind", "count"), [("abuse", 1), ("not-spam", 0), ("virus", 0)])
def test_only_abuse_is_a_complaint(kind: str, count: int) -> None:
    raw = f"""\
To: fbl@demo.example
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Mailbox/1
Version: 1

--b
Content-Type: message/rfc822

Message-ID: {REFERENCE}
X-CX-Message: {ID}

Hello
--b--
""".encode()
    complaint = StatusEvent(
        provider_ref=REFERENCE,
        message_id=ID,
        status=Receipt.COMPLAINED,
        code="abuse",
        opted_out=True,
        key=f"{ID}:complained",
    )

    assert make("smtp", {"host": "mx.example"}).parse_status(raw) == [complaint] * count


@given(raw=st.binary(max_size=2000))
def test_any_mail_can_be_read(raw: bytes) -> None:
    prefix = (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
    )

    assert isinstance(make("smtp", {"host": "mx.example"}).parse_status(raw), list)
    assert isinstance(make("smtp", {"host": "mx.example"}).parse_status(prefix + raw), list)
