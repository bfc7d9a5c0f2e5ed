"""The Twilio provider against the contract's vectors and the fake server over real HTTP."""

import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from apps.messaging.providers.base import (
    Inbound,
    OptIntent,
    Outgoing,
    Receipt,
    Result,
    Session,
    Status,
    StatusEvent,
)
from apps.messaging.providers.registry import make
from tests.rigs.twilio import FakeTwilio

CONTRACTS = Path(__file__).parent.parent / "contracts"
VECTORS = json.loads((CONTRACTS / "twilio-vectors.json").read_text("utf-8"))["vectors"]
ACCOUNT = "AC" + "0" * 32
ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
MESSAGE = Outgoing(
    message_id=ID,
    channel="sms",
    to="+14155550123",
    sender="+14155550100",
    text="Hi Ana, how was it? https://demo.example/r/abc Reply STOP to opt out",
    callback_url="https://demo.example/callbacks/messaging/twilio/tok/?a=b",
    valid_for_s=3600,
)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def session(twilio: FakeTwilio) -> Iterator[Session]:
    opened = make("twilio", twilio.settings()).open()
    yield opened
    opened.close()


def send_once(settings: dict[str, str], message: Outgoing = MESSAGE) -> Result:
    with closing(make("twilio", settings).open()) as session:
        return session.send(message, timeout_s=5)


def look_up(
    settings: dict[str, str], since: datetime = LONG_AGO, *, known_refs: tuple[str, ...] = ()
) -> Result | None:
    with closing(make("twilio", settings).open()) as session:
        return session.lookup(MESSAGE, since, known_refs=known_refs)


def body_of(vector: Mapping[str, Any], **changes: str) -> bytes:
    inputs = vector["inputs"]
    if "body" in inputs:
        return str(inputs["body"]).encode()
    return urlencode({**inputs["form"], **changes}).encode()


def is_verified(vector: Mapping[str, Any], *, url: str = "", body: bytes | None = None) -> bool:
    inputs = vector["inputs"]
    provider = make("twilio", {"account_sid": ACCOUNT, "auth_token": inputs["auth_token"]})
    headers = {"x-twilio-signature": vector["expected"]["X-Twilio-Signature"]}
    return provider.verify(url or inputs["url"], headers, body_of(vector) if body is None else body)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_every_vector_verifies(vector: Mapping[str, Any]) -> None:
    assert is_verified(vector)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_every_change_to_a_vector_fails(vector: Mapping[str, Any]) -> None:
    inputs = vector["inputs"]

    assert not is_verified(vector, url=inputs["url"].replace("https://", "http://"))
    assert not is_verified(vector, url=inputs["url"].replace(".com/", ".com/x"))
    assert not is_verified(vector, body=body_of(vector) + b"&Extra=1")
    for name in inputs.get("form", {}):
        kept = {k: v for k, v in inputs["form"].items() if k != name}
        assert not is_verified(vector, body=urlencode(kept).encode())
        assert not is_verified(vector, body=body_of(vector, **{name: "changed"}))


def test_standard_port_may_stand_in_the_address_or_not() -> None:
    [vector] = [v for v in VECTORS if v["id"] == "twilio-form-stop"]
    url = vector["inputs"]["url"]

    assert is_verified(vector, url=url.replace(".com/", ".com:443/"))
    assert not is_verified(vector, url=url.replace(".com/", ".com:8443/"))


def test_signature_of_the_token_before_still_counts_while_it_is_kept() -> None:
    [vector] = [v for v in VECTORS if v["id"] == "twilio-form-stop"]
    inputs = vector["inputs"]
    headers = {"X-Twilio-Signature": vector["expected"]["X-Twilio-Signature"]}
    rotated = {"account_sid": ACCOUNT, "auth_token": "new"}

    assert not make("twilio", rotated).verify(inputs["url"], headers, body_of(vector))
    both = make("twilio", {**rotated, "previous_auth_token": inputs["auth_token"]})
    assert both.verify(inputs["url"], headers, body_of(vector))


@pytest.mark.parametrize(
    "headers", [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "é\ud800"}]
)
@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a=1&" * 5000, b"%ff=1"])
def test_rubbish_is_never_verified(headers: dict[str, str], body: bytes) -> None:
    provider = make("twilio", {"account_sid": ACCOUNT, "auth_token": "secret"})

    assert provider.verify("https://demo.example:99999/x", headers, body) is False
    assert provider.verify("https://demo.example/x?bodySHA256=0", headers, body) is False
    assert provider.verify("https://demo.example/x", headers, body) is False


def test_send_hands_over_every_field(twilio: FakeTwilio, session: Session) -> None:
    result = session.send(MESSAGE, timeout_s=5)

    [line] = twilio.journal.read()
    assert result == Result(status=Status.ACCEPTED, provider_ref=line["sid"], code="accepted")
    assert (line["to"], line["body"], line["validity"]) == (MESSAGE.to, MESSAGE.text, "3600")
    assert line["from"] == twilio.settings()["messaging_service_sid"]
    assert line["callback"] == f"{MESSAGE.callback_url}&message={ID}"
    assert line["message"] == str(ID)


def test_send_without_a_service_names_the_sender(twilio: FakeTwilio) -> None:
    result = send_once(twilio.settings(messaging_service_sid=""))

    assert result.code == "queued"
    assert [line["from"] for line in twilio.journal.read()] == [MESSAGE.sender]


def test_api_key_is_used_for_calls() -> None:
    with FakeTwilio(keys={"SK1": "hush"}) as server:
        keyed = server.settings(auth_token="other", api_key_sid="SK1", api_key_secret="hush")
        assert send_once(keyed).status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("fate", "expected"),
    [
        ("21211", (Status.REJECTED, "21211", True, False, True)),
        ("21408", (Status.REJECTED, "21408", False, False, False)),
        ("21610", (Status.REJECTED, "21610", True, True, False)),
        ("21611", (Status.RETRY, "21611", False, False, False)),
        ("21614", (Status.REJECTED, "21614", True, False, True)),
        ("29999", (Status.REJECTED, "29999", True, False, False)),
        ("throttled", (Status.RETRY, "20429", False, False, False)),
        ("unavailable", (Status.RETRY, "20503", False, False, False)),
        ("accept_then_500", (Status.UNKNOWN, "20500", False, False, False)),
    ],
)
def test_answers_become_results(
    twilio: FakeTwilio,
    session: Session,
    fate: str,
    expected: tuple[Status, str, bool, bool, bool],
) -> None:
    twilio.script.append(fate)

    result = session.send(MESSAGE, timeout_s=5)

    assert (
        result.status,
        result.code,
        result.permanent,
        result.opted_out,
        result.invalid_address,
    ) == expected
    assert session.send(MESSAGE, timeout_s=5).status is Status.ACCEPTED


def test_throttled_answer_says_when_to_come_back(twilio: FakeTwilio, session: Session) -> None:
    twilio.script.append("throttled")

    assert session.send(MESSAGE, timeout_s=5).retry_after_s == 1.0


def test_wrong_password_stops_the_channel_not_the_message(twilio: FakeTwilio) -> None:
    result = send_once(twilio.settings(auth_token="wrong"))

    assert (result.status, result.code, result.stops_channel) == (Status.RETRY, "20003", True)


@pytest.mark.parametrize("fate", ["accept_then_hang", "accept_then_reset", "reset"])
def test_silence_after_the_request_is_unknown(
    twilio: FakeTwilio, session: Session, fate: str
) -> None:
    twilio.script.append(fate)

    assert session.send(MESSAGE, timeout_s=0.5).status is Status.UNKNOWN
    assert session.send(MESSAGE, timeout_s=5).status is Status.ACCEPTED


def test_closed_port_is_a_retry() -> None:
    with FakeTwilio() as server:
        settings = server.settings()

    result = send_once(settings)

    assert (result.status, result.code) == (Status.RETRY, "connection_refused")


@pytest.mark.parametrize(("text", "code"), [("", "21602"), ("x" * 1601, "21617")])
def test_unsendable_text_is_refused_before_any_call(
    twilio: FakeTwilio, session: Session, text: str, code: str
) -> None:
    message = Outgoing(message_id=ID, channel="sms", to="+14155550123", sender="", text=text)

    result = session.send(message, timeout_s=5)

    assert (result.status, result.code, result.permanent) == (Status.REJECTED, code, True)
    assert twilio.creates == 0


def test_nothing_leaves_after_the_fence(twilio: FakeTwilio, session: Session) -> None:
    late = session.send(MESSAGE, timeout_s=5, fence=time.monotonic() - 0.1)
    session.send(MESSAGE, timeout_s=5)
    late_on_a_kept_connection = session.send(MESSAGE, timeout_s=5, fence=time.monotonic() - 0.1)

    assert {late.status, late_on_a_kept_connection.status} == {Status.RETRY}
    assert twilio.creates == 1
    assert session.send(MESSAGE, timeout_s=5, fence=time.monotonic() + 5).status is Status.ACCEPTED


def test_slow_name_server_uses_up_the_fence(
    twilio: FakeTwilio, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def resolve_slowly(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.3)
        return resolve(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_slowly)

    assert session.send(MESSAGE, timeout_s=0.1).status is Status.RETRY
    assert twilio.creates == 0


@pytest.mark.parametrize(
    "change", [{"callback_url": "https://["}, {"text": "Hi \ud800"}, {"to": "\ud800"}]
)
def test_what_cannot_be_written_is_a_result(
    twilio: FakeTwilio, session: Session, change: dict[str, Any]
) -> None:
    result = session.send(replace(MESSAGE, **change), timeout_s=5)

    assert (result.status, result.code) == (Status.REJECTED, "invalid_message")
    assert twilio.creates == 0


def test_connection_is_kept_between_sends(twilio: FakeTwilio, session: Session) -> None:
    for _ in range(5):
        session.send(MESSAGE, timeout_s=5)

    assert twilio.connections == 1


def test_lookup_finds_a_message_that_broke_after_it_was_taken(
    twilio: FakeTwilio, session: Session
) -> None:
    twilio.script.append("accept_then_reset")
    session.send(MESSAGE, timeout_s=5)

    found = look_up(twilio.settings())

    sid = twilio.journal.read()[0]["sid"]
    assert found == Result(status=Status.ACCEPTED, provider_ref=sid, code="accepted")


def test_lookup_tells_that_a_message_is_absent(twilio: FakeTwilio, session: Session) -> None:
    twilio.script.append("reset")
    session.send(MESSAGE, timeout_s=5)
    other = Outgoing(message_id=ID, channel="sms", to=MESSAGE.to, sender="", text="Another text")
    session.send(other, timeout_s=5)

    assert look_up(twilio.settings()) is None


def test_lookup_leaves_out_what_is_settled_or_older(twilio: FakeTwilio, session: Session) -> None:
    earlier = session.send(MESSAGE, timeout_s=5)

    assert look_up(twilio.settings(), known_refs=(earlier.provider_ref,)) is None
    assert look_up(twilio.settings(), datetime.now(UTC) + timedelta(minutes=1)) is None


def test_lookup_reads_every_page(twilio: FakeTwilio, session: Session) -> None:
    first = session.send(MESSAGE, timeout_s=5)
    for number in range(205):
        form = {"To": MESSAGE.to, "Body": str(number), "From": "+15005550006"}
        twilio.run(twilio._create(form, []))

    found = look_up(twilio.settings())

    assert found is not None
    assert found.provider_ref == first.provider_ref


def test_lookup_that_cannot_ask_is_unknown(twilio: FakeTwilio) -> None:
    found = look_up(twilio.settings(auth_token="wrong"))

    assert found is not None
    assert found.status is Status.UNKNOWN


def test_redacted_text_cannot_be_compared(twilio: FakeTwilio, session: Session) -> None:
    sent = session.send(MESSAGE, timeout_s=5)
    provider = make("twilio", twilio.settings())

    assert provider.redact(sent.provider_ref) is True  # type: ignore[attr-defined]
    assert twilio.rows[sent.provider_ref]["body"] == ""
    found = look_up(twilio.settings())
    assert found == Result(status=Status.UNKNOWN, code="redacted")
    assert provider.redact("SM" + "0" * 32) is False  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (
            "queued",
            "",
            StatusEvent(provider_ref="SM1", message_id=ID, status=Receipt.SENT, key="SM1:queued"),
        ),
        (
            "delivered",
            "",
            StatusEvent(
                provider_ref="SM1", message_id=ID, status=Receipt.DELIVERED, key="SM1:delivered"
            ),
        ),
        (
            "undelivered",
            "30006",
            StatusEvent(
                provider_ref="SM1",
                message_id=ID,
                status=Receipt.FAILED,
                key="SM1:undelivered",
                code="30006",
                error_class="landline",
                permanent=True,
                invalid_address=True,
            ),
        ),
        (
            "failed",
            "30004",
            StatusEvent(
                provider_ref="SM1",
                message_id=ID,
                status=Receipt.FAILED,
                key="SM1:failed",
                code="30004",
                error_class="blocked",
                permanent=True,
                opted_out=True,
            ),
        ),
    ],
)
def test_status_callbacks_become_receipts(status: str, error: str, expected: StatusEvent) -> None:
    provider = make("twilio", {"account_sid": ACCOUNT, "auth_token": "x"})
    form = {"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": error}

    events = provider.parse_status(
        urlencode(form).encode(), request_url=f"https://demo.example/cb/?message={ID}"
    )

    assert events == [expected]


@pytest.mark.parametrize(
    "raw", [b"", b"\xff", b"MessageSid=SM1", b"MessageSid=SM1&MessageStatus=dancing", b"x" * 9999]
)
def test_callbacks_that_are_no_receipt_give_nothing(raw: bytes) -> None:
    provider = make("twilio", {"account_sid": ACCOUNT, "auth_token": "x"})

    assert provider.parse_status(raw, request_url="https://demo.example/?message=x") == []
    assert provider.parse_inbound(raw) == []


def test_inbound_message_is_read_with_twilios_own_reading() -> None:
    samples = json.loads((CONTRACTS / "twilio-samples.json").read_text("utf-8"))
    form = samples["twilio.inbound"]["form"]
    provider = make("twilio", {"account_sid": ACCOUNT, "auth_token": "x"})

    assert provider.parse_inbound(urlencode(form).encode()) == [
        Inbound(
            provider_ref=form["MessageSid"],
            from_="+14155550123",
            to="+14155550100",
            text="Stop",
            opt=OptIntent.STOP,
            key=form["MessageSid"],
        )
    ]
    assert provider.parse_status(urlencode(form).encode()) == []
