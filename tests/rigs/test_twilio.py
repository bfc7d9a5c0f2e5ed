"""The Twilio rig answers by the contract and breaks as told."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests

from tests.rigs.journal import accepted, duplicates
from tests.rigs.openapi import Description
from tests.rigs.twilio import Behaviour, FakeTwilio
from tests.rigs.twilio_data import ACCOUNT, MAGIC, SERVICE, TOKEN
from tests.rigs.twilio_signature import sign

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
TO = "+14155550123"
FORM = {"To": TO, "MessagingServiceSid": SERVICE, "Body": "Hi Ana"}
CONTRACT = Description("twilio-messages.openapi.json")


@pytest.fixture
def twilio(tmp_path: Path) -> Iterator[FakeTwilio]:
    with FakeTwilio(journal=tmp_path / "journal") as server:
        yield server


def call(server: FakeTwilio, method: str, path: str = MESSAGES, **parts: Any) -> requests.Response:
    return requests.request(method, server.url + path, auth=(ACCOUNT, TOKEN), timeout=5, **parts)


def faults_of(method: str, path: str, answer: requests.Response) -> list[str]:
    operation = CONTRACT.find_operation(method, path)
    assert operation is not None
    body = answer.json() if answer.content else None
    faults = CONTRACT.check_answer(operation, answer.status_code, body)
    for row in (body or {}).get("messages", [body] if body and "body" in body else []):
        faults += CONTRACT.check_schema("api.v2010.account.message", row)
    return faults


def test_every_answer_keeps_to_the_contract(twilio: FakeTwilio) -> None:
    created = call(twilio, "POST", data=FORM)
    sid = created.json()["sid"]
    one = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json"
    feedback = one.replace(".json", "/Feedback.json")

    assert faults_of("POST", MESSAGES, created) == []
    assert faults_of("GET", MESSAGES, call(twilio, "GET")) == []
    assert faults_of("GET", one, call(twilio, "GET", one)) == []
    assert faults_of("POST", one, call(twilio, "POST", one, data={"Body": ""})) == []
    answer = call(twilio, "POST", feedback, data={"Outcome": "confirmed"})
    assert faults_of("POST", feedback, answer) == []
    assert faults_of("DELETE", one, call(twilio, "DELETE", one)) == []
    assert twilio.violations == []


def test_create_is_journalled_before_the_answer(twilio: FakeTwilio, tmp_path: Path) -> None:
    first = call(twilio, "POST", data=FORM)
    call(twilio, "POST", data=FORM)

    lines = accepted(tmp_path / "journal")
    assert lines[0]["sid"] == first.json()["sid"]
    assert [(line["to"], line["body"]) for line in lines] == [(TO, "Hi Ana")] * 2
    assert duplicates(tmp_path / "journal", key="body") == {"Hi Ana": 2}


def test_field_outside_the_contract_is_a_violation(twilio: FakeTwilio) -> None:
    answer = call(twilio, "POST", data={**FORM, "Colour": "red"})

    assert answer.status_code == 400
    assert twilio.violations == ["CreateMessage: Colour: not described"]
    assert twilio.rows == {}


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": "12"}, 21211),
        ({"To": ""}, 21604),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"MessagingServiceSid": ""}, 21603),
        ({"StatusCallback": "https://my_shop.example/x"}, 21609),
        *(({"To": number}, code) for number, code in MAGIC.items()),
    ],
)
def test_refusals_carry_twilios_codes(twilio: FakeTwilio, form: dict[str, str], code: int) -> None:
    answer = call(twilio, "POST", data={**FORM, **form})

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert set(answer.json()) == {"code", "message", "more_info", "status"}
    assert twilio.journal.read() == []


def test_wrong_password_is_refused(twilio: FakeTwilio) -> None:
    answer = requests.post(twilio.url + MESSAGES, data=FORM, auth=(ACCOUNT, "no"), timeout=5)

    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_list_is_paged_from_the_newest(twilio: FakeTwilio) -> None:
    sids = [call(twilio, "POST", data=FORM).json()["sid"] for _ in range(3)]
    call(twilio, "POST", data={**FORM, "To": "+14155550999"})

    first = call(twilio, "GET", params={"To": TO, "PageSize": 2}).json()
    second = call(twilio, "GET", first["next_page_uri"]).json()

    assert [row["sid"] for row in first["messages"]] == [sids[2], sids[1]]
    assert [row["sid"] for row in second["messages"]] == [sids[0]]
    assert second["next_page_uri"] is None


def test_list_by_date_leaves_out_what_is_not_sent_yet(twilio: FakeTwilio) -> None:
    call(twilio, "POST", data=FORM)

    answer = call(twilio, "GET", params={"To": TO, "DateSent>": "2026-01-01"}).json()

    assert answer["messages"] == []


def test_only_a_scheduled_message_can_be_cancelled(twilio: FakeTwilio) -> None:
    later = {"ScheduleType": "fixed", "SendAt": "2030-01-01T00:00:00Z"}
    scheduled = call(twilio, "POST", data={**FORM, **later}).json()
    queued = call(twilio, "POST", data=FORM).json()

    assert scheduled["status"] == "scheduled"
    answer = call(twilio, "POST", scheduled["uri"], data={"Status": "canceled"})
    assert answer.json()["status"] == "canceled"
    assert call(twilio, "POST", queued["uri"], data={"Status": "canceled"}).status_code == 400


@pytest.mark.parametrize(
    ("fate", "kept"),
    [
        ("reset", 0),
        ("unavailable", 0),
        ("throttled", 0),
        ("accept_then_500", 1),
        ("accept_then_hang", 1),
        ("accept_then_reset", 1),
    ],
)
def test_scripted_fates_keep_or_drop_the_message(twilio: FakeTwilio, fate: str, kept: int) -> None:
    twilio.script.append(fate)

    try:
        status = requests.post(
            twilio.url + MESSAGES, data=FORM, auth=(ACCOUNT, TOKEN), timeout=0.5
        ).status_code
    except requests.RequestException:
        status = 0

    assert len(twilio.journal.read()) == kept
    assert status == {"unavailable": 503, "throttled": 429, "accept_then_500": 500}.get(fate, 0)
    assert call(twilio, "POST", data=FORM).status_code == 201


def test_seeded_faults_come_in_the_same_order() -> None:
    behaviour = Behaviour(seed=7, unavailable=0.3, throttled=0.2)
    runs = []
    for _ in range(2):
        with FakeTwilio(behaviour=behaviour) as server:
            runs.append([call(server, "POST", data=FORM).status_code for _ in range(20)])

    assert runs[0] == runs[1]
    assert set(runs[0]) == {201, 429, 503}


class Receiver(BaseHTTPRequestHandler):
    """Keeps what was posted to it."""

    seen: list[tuple[str, str, dict[str, str]]] = []

    def do_POST(self) -> None:
        """Keep one post."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        self.seen.append((self.path, self.headers["X-Twilio-Signature"], form))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def receiver() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Receiver.seen = []
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://shop.localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_receipts_are_signed_over_address_and_form(twilio: FakeTwilio, receiver: str) -> None:
    url = f"{receiver}/callbacks/messaging/twilio/?message=1"
    sid = call(twilio, "POST", data={**FORM, "StatusCallback": url}).json()["sid"]

    assert twilio.receipt(sid, "undelivered", error_code=30006) == 204

    path, signature, form = Receiver.seen[0]
    assert path == "/callbacks/messaging/twilio/?message=1"
    assert (form["MessageSid"], form["MessageStatus"], form["ErrorCode"]) == (
        sid,
        "undelivered",
        "30006",
    )
    assert signature == sign(TOKEN, url, form)


def test_receipts_come_twice_and_shuffled_when_told(receiver: str) -> None:
    behaviour = Behaviour(
        receipts=("queued", "sent", "delivered"), receipts_twice=True, receipts_shuffled=True
    )
    with FakeTwilio(behaviour=behaviour) as server:
        call(server, "POST", data={**FORM, "StatusCallback": receiver})
        server.run(server.settled())

    statuses = [form["MessageStatus"] for _, _, form in Receiver.seen]
    assert sorted(statuses) == ["delivered", "delivered", "queued", "queued", "sent", "sent"]
    assert statuses != ["queued", "queued", "sent", "sent", "delivered", "delivered"]


def test_stop_blocks_the_number_until_start(twilio: FakeTwilio, receiver: str) -> None:
    assert twilio.inbound(receiver, from_=TO, body="Stop", OptOutType="STOP") == 204
    assert call(twilio, "POST", data=FORM).json()["code"] == 21610

    twilio.inbound(receiver, from_=TO, body="START")
    assert call(twilio, "POST", data=FORM).status_code == 201
    assert [form["Body"] for _, _, form in Receiver.seen] == ["Stop", "START"]


def test_control_address_scripts_and_tells(twilio: FakeTwilio) -> None:
    wish = json.dumps({"fates": ["unavailable"]})
    requests.post(f"{twilio.url}/_rig/script", data=wish, timeout=5)

    assert call(twilio, "POST", data=FORM).status_code == 503
    state = requests.get(f"{twilio.url}/_rig/state", timeout=5).json()
    assert (state["creates"], state["accepted"], state["violations"]) == (1, 0, [])
