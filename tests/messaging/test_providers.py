"""Providers speak plain values: made by name, never raising, the sandbox idempotent."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from apps.messaging.providers.base import Outgoing, ProviderMisconfigured, Result, Status
from apps.messaging.providers.registry import SETTINGS, make

MESSAGE = Outgoing(
    message_id=UUID(int=1), channel="sms", to="+14155550123", sender="+14155550100", text="Hi"
)
TWILIO = {"account_sid": "AC" + "0" * 32, "auth_token": "secret"}
SMTP = {"host": "mail.example.com"}


def test_make_gives_each_kind_its_name_channel_and_capability() -> None:
    made = [
        make("smtp", SMTP),
        make("twilio", TWILIO),
        make("sandbox", {"channel": "email"}, sandbox=lambda _: None),
    ]

    assert [(p.name, p.channel, p.capability) for p in made] == [
        ("smtp", "email", "C"),
        ("twilio", "sms", "B"),
        ("sandbox", "email", "A"),
    ]
    assert set(SETTINGS) == {"smtp", "twilio", "sandbox"}


@pytest.mark.parametrize(
    ("kind", "settings", "field"),
    [
        ("pigeon", {}, "kind"),
        ("smtp", {}, "host"),
        ("smtp", {"host": "  "}, "host"),
        ("smtp", {**SMTP, "colour": "red"}, "colour"),
        ("smtp", {**SMTP, "port": "mail"}, "port"),
        ("smtp", {**SMTP, "port": "0"}, "port"),
        ("smtp", {**SMTP, "security": "ssl3"}, "security"),
        ("smtp", {**SMTP, "security": "none", "password": "x"}, "security"),
        ("smtp", {**SMTP, "return_path": "nobody"}, "return_path"),
        ("twilio", {"auth_token": "x"}, "account_sid"),
        ("twilio", {**TWILIO, "account_sid": "AC1"}, "account_sid"),
        ("twilio", {**TWILIO, "account_sid": "AC" + "0" * 30 + "/x"}, "account_sid"),
        ("twilio", {**TWILIO, "messaging_service_sid": "SM1"}, "messaging_service_sid"),
        ("twilio", {**TWILIO, "api_key_sid": "SK1"}, "api_key_secret"),
        ("twilio", {**TWILIO, "base_url": "http://api.twilio.com"}, "base_url"),
        ("twilio", {**TWILIO, "base_url": "https://169.254.169.254"}, "base_url"),
        ("twilio", {**TWILIO, "base_url": "https://twilio.com.evil.example"}, "base_url"),
        ("sandbox", {"channel": "post"}, "channel"),
        ("sandbox", {"channel": "sms"}, "kind"),
    ],
)
def test_make_names_the_setting_at_fault(kind: str, settings: dict[str, str], field: str) -> None:
    with pytest.raises(ProviderMisconfigured) as wrong:
        make(kind, settings)

    assert wrong.value.field == field


def test_local_servers_are_refused_when_told() -> None:
    local = {**TWILIO, "base_url": "http://127.0.0.1:9"}
    assert make("twilio", local).name == "twilio"

    for kind, settings, field in (
        ("twilio", local, "base_url"),
        ("smtp", {"host": "127.0.0.1"}, "host"),
        ("smtp", {"host": "localhost"}, "host"),
    ):
        with pytest.raises(ProviderMisconfigured) as wrong:
            make(kind, settings, allow_local=False)
        assert wrong.value.field == field


def test_sandbox_delivers_and_names_the_message_the_same_each_time() -> None:
    delivered: list[Outgoing] = []
    provider = make("sandbox", {"channel": "sms"}, sandbox=delivered.append)
    session = provider.open()

    results = [session.send(MESSAGE, timeout_s=1) for _ in range(2)]
    session.close()

    accepted = Result(
        status=Status.ACCEPTED, provider_ref="sandbox-00000000-0000-0000-0000-000000000001"
    )
    assert results == [accepted, accepted]
    assert delivered == [MESSAGE, MESSAGE]


def test_sandbox_failure_is_a_result() -> None:
    def fail(_: Outgoing) -> None:
        raise RuntimeError

    session = make("sandbox", {"channel": "sms"}, sandbox=fail).open()

    assert session.send(MESSAGE, timeout_s=1) == Result(status=Status.RETRY, code="sandbox_error")


def test_nobody_can_pretend_to_be_the_sandbox_or_a_mail_server() -> None:
    for provider in (
        make("sandbox", {"channel": "sms"}, sandbox=lambda _: None),
        make("smtp", SMTP),
    ):
        assert provider.verify("https://shop.example/x", {"X-Twilio-Signature": "x"}, b"") is False
        assert provider.parse_status(b"MessageSid=SM1&MessageStatus=sent") == []
        assert provider.parse_inbound(b"MessageSid=SM1&From=1&Body=STOP") == []
        found = provider.open().lookup(MESSAGE, datetime(2026, 1, 1, tzinfo=UTC))
        assert found == Result(status=Status.UNKNOWN, code="no_lookup")
