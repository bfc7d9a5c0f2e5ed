"""The SMTP rig is a real server that keeps what it accepts and breaks as told."""

import smtplib
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.rigs.smtp import Behaviour, SmtpSink, accepted, duplicates


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    with SmtpSink(journal=tmp_path / "journal") as server:
        yield server


def letter(number: int = 1) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "shop@demo.example"
    mail["To"] = "ana@example.com"
    mail["Subject"] = "Schöne Grüße"
    mail["Message-ID"] = f"<{number}@demo.example>"
    mail["X-CX-Message"] = str(number)
    mail["List-Unsubscribe"] = "<https://demo.example/u/1/>"
    mail.set_content("Hello\n.\n..two\n")
    return mail


def test_accepted_mail_is_journalled_with_its_headers(sink: SmtpSink, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as client:
        client.send_message(letter())

    [line] = accepted(tmp_path / "journal")
    assert (line["from"], line["to"]) == ("shop@demo.example", ["ana@example.com"])
    assert (line["message"], line["message_id"]) == ("1", "<1@demo.example>")
    assert line["subject"] == "Schöne Grüße"
    assert line["list_unsubscribe"] == "<https://demo.example/u/1/>"
    assert line["content"].endswith("Hello\r\n.\r\n..two\r\n")


def test_the_same_message_twice_is_seen_as_a_duplicate(sink: SmtpSink, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as client:
        for number in (1, 2, 1):
            client.send_message(letter(number))

    assert duplicates(tmp_path / "journal") == {"1": 2}


@pytest.mark.parametrize(
    ("fate", "kept", "code"),
    [
        ("421", 0, 421),
        ("450", 0, 450),
        ("550", 0, 550),
        ("drop_before", 0, 0),
        ("drop_after", 1, 0),
        ("hang_after", 1, 0),
        ("", 1, 250),
    ],
)
def test_fates_after_the_final_dot(
    sink: SmtpSink, tmp_path: Path, fate: str, kept: int, code: int
) -> None:
    sink.script.append(fate)
    client = smtplib.SMTP("127.0.0.1", sink.port, timeout=0.5)
    try:
        client.sendmail("a@demo.example", ["ana@example.com"], letter().as_bytes())
        seen = 250
    except smtplib.SMTPResponseException as error:
        seen = error.smtp_code
    except (OSError, smtplib.SMTPServerDisconnected):
        seen = 0
    finally:
        client.close()

    assert (len(accepted(tmp_path / "journal")), seen) == (kept, code)


def test_chosen_address_is_refused() -> None:
    behaviour = Behaviour(refused={"gone@example.com": "550 5.1.1 No such user"})
    with SmtpSink(behaviour=behaviour) as sink:
        client = smtplib.SMTP("127.0.0.1", sink.port, timeout=5)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            client.sendmail("a@demo.example", ["gone@example.com"], "Hello")
        client.quit()

    assert refused.value.recipients == {"gone@example.com": (550, b"5.1.1 No such user")}
    assert sink.journal.read() == []


def test_pipelined_messages_are_all_answered(sink: SmtpSink, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as client:
        client.ehlo()
        assert client.sock is not None
        envelope = b"MAIL FROM:<a@demo.example>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n"
        started = time.perf_counter()
        for number in range(200):
            client.sock.sendall(envelope)
            assert [client.getreply()[0] for _ in range(3)] == [250, 250, 354]
            client.sock.sendall(b"X-CX-Message: %d\r\n\r\nHello\r\n.\r\n" % number)
            assert client.getreply()[0] == 250
        seconds = time.perf_counter() - started

    assert len(accepted(tmp_path / "journal")) == 200
    assert seconds < 5
