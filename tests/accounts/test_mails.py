"""The platform's own mails: durable, sent, put off, and never kept longer than needed."""

import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from apps.accounts import services
from apps.accounts.models import PlatformMail
from apps.tenants import wall
from tests.rigs.smtp import SmtpSink

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)


def queue(to: str = "bob@alpha.example") -> PlatformMail:
    return services.queue_mail(to=to, subject="Hello", text="A secret link", now=NOW)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_a_server_mails_wait(db: None, settings: Any) -> None:
    settings.SMTP_URL = ""
    with wall.as_platform():
        mail = queue()
        assert services.send_mails(now=NOW) == 0
        mail.refresh_from_db()
    assert (mail.sent_at, mail.tries, mail.text) == (None, 0, "A secret link")


@pytest.mark.parametrize(("local", "kept"), [("1", "A secret link"), ("", "")])
def test_mail_is_sent_once_and_its_text_wiped(
    db: None, settings: Any, local: str, kept: str
) -> None:
    settings.LOCAL_MODE = bool(local)
    with SmtpSink() as sink, wall.as_platform():
        settings.SMTP_URL = f"smtp://127.0.0.1:{sink.port}"
        mail = queue()
        assert services.send_mails(now=NOW) == 1
        assert services.send_mails(now=NOW) == 0
        mail.refresh_from_db()
        assert [line["to"] for line in sink.journal.read()] == [["bob@alpha.example"]]
    assert (mail.sent_at, mail.tries, mail.text) == (NOW, 1, kept)


def test_silent_server_puts_a_mail_off_and_at_last_gives_it_up(db: None, settings: Any) -> None:
    settings.SMTP_URL = f"smtp://127.0.0.1:{closed_port()}"
    settings.LOCAL_MODE = False
    with wall.as_platform():
        mail = queue()
        assert services.send_mails(now=NOW) == 0
        mail.refresh_from_db()
        assert (mail.tries, mail.last_error) == (1, "ConnectionRefusedError")
        assert mail.not_before == NOW + timedelta(seconds=30)
        assert services.send_mails(now=NOW + timedelta(seconds=29)) == 0
        mail.refresh_from_db()
        assert mail.tries == 1
        late = NOW + timedelta(days=1)
        services.send_mails(now=late)
        mail.refresh_from_db()
    assert (mail.given_up_at, mail.sent_at, mail.text) == (late, None, "")


def test_business_cannot_read_them(alpha: Any) -> None:
    with wall.as_platform():
        queue()
    with (
        wall.as_business(alpha),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
    ):
        PlatformMail.objects.count()
