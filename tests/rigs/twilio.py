"""A Twilio-shaped server: checks requests by the contract, keeps a journal, breaks on demand."""

import argparse
import asyncio
import base64
import json
import random
import secrets
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.rigs import twilio_data as data
from tests.rigs import twilio_signature
from tests.rigs.http import Answer, HttpServer, Request, post_form
from tests.rigs.journal import Journal
from tests.rigs.loop import serve_for_ever
from tests.rigs.openapi import Description, Operation


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How the server behaves; shares are of all create calls, drawn from the seed."""

    latency_s: float = 0.0
    seed: int = 1
    reset: float = 0.0  # broken off before the message was taken
    unavailable: float = 0.0
    throttled: float = 0.0
    accept_then_500: float = 0.0
    accept_then_hang: float = 0.0
    accept_then_reset: float = 0.0
    receipts: tuple[str, ...] = ()
    receipt_delay_s: float = 0.0
    receipts_twice: bool = False
    receipts_shuffled: bool = False
    # Recipients whose messages end otherwise: number -> (status, error code).
    outcomes: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def draw(self, chance: random.Random) -> str:
        """Choose what happens to one create call."""
        point = chance.random()
        for name in (
            "reset",
            "unavailable",
            "throttled",
            "accept_then_500",
            "accept_then_hang",
            "accept_then_reset",
        ):
            point -= getattr(self, name)
            if point < 0:
                return name
        return ""


class FakeTwilio(HttpServer):
    """One account at Twilio, as far as messages go."""

    def __init__(
        self,
        *,
        port: int = 0,
        journal: Path | None = None,
        behaviour: Behaviour | None = None,
        account: str = data.ACCOUNT,
        token: str = data.TOKEN,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(port=port)
        self.behaviour = behaviour or Behaviour()
        self.account = account
        self.token = token
        self.journal = Journal(journal)
        self.violations: list[str] = []
        self.opted_out: set[str] = set()
        self.script: deque[str] = deque()
        self.rows: dict[str, dict[str, Any]] = {}
        self.creates = 0
        self._callbacks: dict[str, str] = {}
        self._users = {account: token, **(keys or {})}
        self._chance = random.Random(self.behaviour.seed)
        self._contract = Description("twilio-messages.openapi.json")

    # What a test asks for

    def settings(self, **changes: str) -> dict[str, str]:
        """Give the settings with which our provider reaches this server."""
        return {
            "account_sid": self.account,
            "auth_token": self.token,
            "messaging_service_sid": data.SERVICE,
            "base_url": self.url,
            **changes,
        }

    def receipt(self, sid: str, status: str, *, error_code: int | None = None) -> int:
        """Send a status callback now and give the HTTP status of the answer."""
        return self.run(self._receipt(sid, status, error_code))

    def inbound(
        self, url: str, *, from_: str, body: str, to: str = data.SENDER, sid: str = "", **extra: str
    ) -> int:
        """Send a customer's message to our address and give the HTTP status of the answer."""
        return self.run(self._inbound(url, from_=from_, body=body, to=to, sid=sid, **extra))

    # HTTP

    async def handle(self, request: Request) -> Answer:
        """Answer one request."""
        if request.path.startswith("/_rig/"):
            return await self._control(request)
        if not self._is_known(request):
            return data.refuse(401, 20003)
        operation = self._contract.find_operation(request.method, request.path)
        if operation is None or operation.path_values["AccountSid"] != self.account:
            return data.refuse(404, 20404)
        form = request.form if request.body else []
        faults = self._contract.check_request(operation, query=request.query, form=form)
        if operation.name == "CreateMessage":
            return await self._create(dict(form), faults)
        if faults:
            return self._violated(operation.name, faults)
        return self._other(operation, request, dict(form))

    async def _create(self, form: dict[str, str], faults: list[str]) -> Answer:
        self.creates += 1
        fate = self.script.popleft() if self.script else self.behaviour.draw(self._chance)
        if self.behaviour.latency_s:
            await asyncio.sleep(self.behaviour.latency_s)
        if fate == "reset":
            return Answer(fault="reset")
        if fate in data.REFUSALS:
            return data.refuse(*data.REFUSALS[fate], {"Retry-After": "1"})
        code = int(fate) if fate.isdigit() else data.refusal(form, self.opted_out)
        if code:
            return data.refuse(data.HTTP_STATUSES.get(code, 400), code)
        if faults:
            return self._violated("CreateMessage", faults)
        return _with_fate(fate, self._accept(form))

    def _accept(self, form: dict[str, str]) -> dict[str, Any]:
        row = data.new_row(self.account, form)
        sid = row["sid"]
        self.rows[sid] = row
        self._callbacks[sid] = form.get("StatusCallback", "")
        self.journal.write(
            {
                "message": dict(parse_qsl(urlsplit(self._callbacks[sid]).query)).get("message", ""),
                "sid": sid,
                "at": datetime.now(UTC).isoformat(),
                "to": form["To"],
                "from": form.get("From") or form.get("MessagingServiceSid"),
                "body": form["Body"],
                "callback": self._callbacks[sid],
                "validity": form.get("ValidityPeriod"),
            }
        )
        if self._callbacks[sid] and self.behaviour.receipts:
            self.spawn(self._receipts(sid))
        return row

    def _other(self, operation: Operation, request: Request, form: dict[str, str]) -> Answer:
        if operation.name == "ListMessage":
            return data.answer(200, self._page(dict(request.query)))
        sid = operation.path_values.get("Sid") or operation.path_values["MessageSid"]
        row = self.rows.get(sid)
        if row is None:
            return data.refuse(404, 20404)
        if operation.name == "DeleteMessage":
            del self.rows[sid]
            return Answer(204)
        if operation.name == "UpdateMessage" and not data.update(row, form):
            return data.refuse(400, 20409)
        if operation.name == "CreateMessageFeedback":
            return data.answer(200, data.feedback(row, form.get("Outcome", "unconfirmed")))
        return data.answer(200, row)

    def _page(self, query: dict[str, str]) -> dict[str, Any]:
        size = min(int(query.get("PageSize", "50")), data.MAX_PAGE)
        number = int(query.get("Page", "0"))
        rows = [row for row in reversed(self.rows.values()) if data.fits(row, query)]
        base = f"/{data.VERSION}/Accounts/{self.account}/Messages.json"

        def page_uri(page: int) -> str:
            return f"{base}?{urlencode({**query, 'PageSize': size, 'Page': page})}"

        shown = rows[number * size : (number + 1) * size]
        return {
            "end": number * size + max(len(shown) - 1, 0),
            "first_page_uri": page_uri(0),
            "next_page_uri": page_uri(number + 1) if len(rows) > (number + 1) * size else None,
            "page": number,
            "page_size": size,
            "previous_page_uri": page_uri(number - 1) if number else None,
            "start": number * size,
            "uri": page_uri(number),
            "messages": list(shown),
        }

    def _is_known(self, request: Request) -> bool:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return False
        user, _, secret = base64.b64decode(value).decode().partition(":")
        return self._users.get(user) == secret

    def _violated(self, name: str, faults: Iterable[str]) -> Answer:
        self.violations += [f"{name}: {fault}" for fault in faults]
        return data.refuse(400, 20001)

    # Callbacks

    async def _receipts(self, sid: str) -> None:
        steps: list[tuple[str, int | None]] = [(name, None) for name in self.behaviour.receipts]
        other = self.behaviour.outcomes.get(self.rows[sid]["to"])
        if other:
            steps = [step for step in steps if step[0] not in data.FINAL] + [other]
        if self.behaviour.receipts_twice:
            steps = [step for step in steps for _ in range(2)]
        if self.behaviour.receipts_shuffled:
            self._chance.shuffle(steps)
        for status, error_code in steps:
            await asyncio.sleep(self.behaviour.receipt_delay_s)
            try:
                await self._receipt(sid, status, error_code)
            except (OSError, ValueError, IndexError):
                continue

    async def _receipt(self, sid: str, status: str, error_code: int | None) -> int:
        row = self.rows[sid]
        row.update(status=status, error_code=error_code, date_updated=data.stamp())
        row["from"] = row["from"] or data.SENDER
        row["date_sent"] = row["date_sent"] or data.stamp()
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": self.account,
            "From": row["from"],
            "To": row["to"],
            "MessageStatus": status,
            "SmsStatus": status,
            "ApiVersion": data.VERSION,
        }
        if row["messaging_service_sid"]:
            form["MessagingServiceSid"] = row["messaging_service_sid"]
        if error_code:
            form["ErrorCode"] = str(error_code)
        return await self._call(self._callbacks[sid], form)

    async def _inbound(
        self, url: str, *, from_: str, body: str, to: str, sid: str, **extra: str
    ) -> int:
        sid = sid or "SM" + secrets.token_hex(16)
        word = body.strip().upper()
        if word in twilio_signature.STOP_WORDS:
            self.opted_out.add(from_)
        elif word in twilio_signature.START_WORDS:
            self.opted_out.discard(from_)
        form = {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "AccountSid": self.account,
            "MessagingServiceSid": data.SERVICE,
            "From": from_,
            "To": to,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": data.VERSION,
            **extra,
        }
        return await self._call(url, form)

    async def _call(self, url: str, form: Mapping[str, str]) -> int:
        signature = twilio_signature.sign(self.token, url, form)
        headers = {"X-Twilio-Signature": signature, "User-Agent": "TwilioProxy/1.1"}
        return await post_form(url, urlencode(form).encode(), headers)

    # The same wishes over HTTP, for a server that runs as a process of its own

    async def _control(self, request: Request) -> Answer:
        wish = request.path.removeprefix("/_rig/")
        given = json.loads(request.body or b"{}")
        if wish == "script":
            self.script.extend(given["fates"])
        elif wish == "inbound":
            status = await self._inbound(**{"to": data.SENDER, "sid": "", **given})
            return data.answer(200, {"status": status})
        elif wish == "receipt":
            status = await self._receipt(given["sid"], given["status"], given.get("error_code"))
            return data.answer(200, {"status": status})
        elif wish != "state":
            return Answer(404)
        return data.answer(
            200,
            {
                "creates": self.creates,
                "accepted": len(self.rows),
                "opted_out": sorted(self.opted_out),
                "violations": self.violations,
                "behaviour": asdict(self.behaviour),
            },
        )


def _with_fate(fate: str, row: Mapping[str, Any]) -> Answer:
    """Answer for a message that was taken, or break where the answer should have been."""
    if fate == "accept_then_500":
        return data.refuse(500, 20500)
    if fate in ("accept_then_hang", "accept_then_reset"):
        return Answer(fault=fate.removeprefix("accept_then_"))
    return data.answer(201, row)


def main() -> None:
    """Run the server by itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--account", default=data.ACCOUNT)
    parser.add_argument("--token", default=data.TOKEN)
    parser.add_argument("--behaviour", type=json.loads, default={}, help="JSON, see Behaviour")
    given = parser.parse_args()
    wishes: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in given.behaviour.items()
    }
    server = FakeTwilio(
        port=given.port,
        journal=given.journal,
        behaviour=Behaviour(**wishes),
        account=given.account,
        token=given.token,
    )
    serve_for_ever(server, what="twilio")


if __name__ == "__main__":
    main()
