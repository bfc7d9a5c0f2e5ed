"""An SMTP sink: a real server on loopback that journals what it accepts and breaks on demand."""

import argparse
import asyncio
import json
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from pathlib import Path
from typing import Any

from tests.rigs.http import HANG_S
from tests.rigs.journal import Journal, accepted, duplicates
from tests.rigs.loop import LoopServer, reset, serve_for_ever

__all__ = ["Behaviour", "SmtpSink", "accepted", "duplicates"]

GREETING = b"220 sink.localhost ESMTP rig\r\n"
EXTENSIONS = ("PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES", "SMTPUTF8")
WATCHED = ("Message-ID", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post")
# What a server says after the final dot instead of 250; the message is not kept.
REFUSALS = {
    "421": b"421 4.3.2 Closing\r\n",
    "450": b"450 4.2.1 Try later\r\n",
    "550": b"550 5.7.1 Refused\r\n",
}


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How the sink behaves; shares are of all messages, drawn from the seed."""

    seed: int = 1
    slow_s: float = 0.0  # before each answer to the final dot
    refuse_421: float = 0.0
    refuse_450: float = 0.0
    drop_before: float = 0.0  # broken off after the final dot, not accepted
    drop_after: float = 0.0  # broken off after the final dot, accepted
    hang_after: float = 0.0  # silent after the final dot, accepted
    # Recipients that are refused at RCPT: address -> the line of the answer.
    refused: Mapping[str, str] = field(default_factory=dict)
    keep_content: bool = True
    pipelining: bool = True
    messages_per_connection: int = 0  # 421 after so many, 0 = no limit

    def draw(self, chance: random.Random) -> str:
        """Choose what happens to one message."""
        point = chance.random()
        for name, fate in (
            ("refuse_421", "421"),
            ("refuse_450", "450"),
            ("drop_before", "drop_before"),
            ("drop_after", "drop_after"),
            ("hang_after", "hang_after"),
        ):
            point -= getattr(self, name)
            if point < 0:
                return fate
        return ""


class SmtpSink(LoopServer):
    """Accepts mail for anybody, except as told."""

    def __init__(
        self,
        *,
        port: int = 0,
        journal: Path | None = None,
        behaviour: Behaviour | None = None,
    ) -> None:
        super().__init__(port=port)
        self.behaviour = behaviour or Behaviour()
        self.journal = Journal(journal)
        self.script: deque[str] = deque()
        self.connections = 0
        self._chance = random.Random(self.behaviour.seed)

    def settings(self, **changes: str) -> dict[str, str]:
        """Give the settings with which our provider reaches this server."""
        return {"host": "127.0.0.1", "port": str(self.port), "security": "none", **changes}

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        self.connections += 1
        await _Dialogue(self, reader, writer).run()

    def next_fate(self) -> str:
        """Choose what happens to the next message."""
        return self.script.popleft() if self.script else self.behaviour.draw(self._chance)

    def keep(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Journal a message."""
        mail = message_from_bytes(content.partition(b"\r\n\r\n")[0], policy=compat32)
        line: dict[str, Any] = {
            "message": _header(mail, "X-CX-Message"),
            "from": sender,
            "to": recipients,
            **{name.lower().replace("-", "_"): _header(mail, name) for name in WATCHED},
        }
        if self.behaviour.keep_content:
            line["content"] = content.decode("utf-8", "surrogateescape")
        self.journal.write(line)


class _Dialogue:
    """One connection, command by command; answers wait until the client has stopped talking."""

    def __init__(
        self, sink: SmtpSink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.sink = sink
        self.reader = reader
        self.writer = writer
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.messages = 0

    async def run(self) -> None:
        """Talk until the client leaves."""
        self.writer.write(GREETING)
        while line := await self.reader.readline():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            handler = getattr(self, f"_{verb.lower()}", None)
            if verb.upper() == "QUIT":
                self.writer.write(b"221 2.0.0 Bye\r\n")
                await self.writer.drain()
                return
            if handler is None or not verb.isalpha() or verb.lower() not in VERBS:
                self.writer.write(b"502 5.5.1 Unknown command\r\n")
            elif not await handler(rest):
                return

    async def _ehlo(self, _: str) -> bool:
        names = [e for e in EXTENSIONS if self.sink.behaviour.pipelining or e != "PIPELINING"]
        lines = [b"sink.localhost", *(name.encode() for name in names)]
        self.writer.write(b"".join(b"250-" + line + b"\r\n" for line in lines[:-1]))
        return self._say(b"250 " + lines[-1])

    async def _helo(self, _: str) -> bool:
        return self._say(b"250 sink.localhost")

    async def _noop(self, _: str) -> bool:
        return self._say(b"250 2.0.0 OK")

    async def _rset(self, _: str) -> bool:
        self._forget()
        return self._say(b"250 2.0.0 OK")

    async def _mail(self, rest: str) -> bool:
        limit = self.sink.behaviour.messages_per_connection
        if limit and self.messages >= limit:
            self._say(b"421 4.7.0 Too many messages on this connection")
            await self.writer.drain()
            return False
        self.sender = _address(rest)
        self.recipients = []
        return self._say(b"250 2.1.0 OK")

    async def _rcpt(self, rest: str) -> bool:
        address = _address(rest)
        if self.sender is None:
            return self._say(b"503 5.5.1 MAIL first")
        if address in self.sink.behaviour.refused:
            return self._say(self.sink.behaviour.refused[address].encode())
        self.recipients.append(address)
        return self._say(b"250 2.1.5 OK")

    async def _data(self, _: str) -> bool:
        if not self.recipients or self.sender is None:
            return self._say(b"554 5.5.1 No valid recipients")
        self._say(b"354 End data with <CR><LF>.<CR><LF>")
        content = (await self.reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
        self.messages += 1
        fate = self.sink.next_fate()
        if self.sink.behaviour.slow_s:
            await asyncio.sleep(self.sink.behaviour.slow_s)
        if fate not in REFUSALS and fate != "drop_before":
            self.sink.keep(self.sender, self.recipients, content)
        self._forget()
        return await self._end(fate)

    async def _end(self, fate: str) -> bool:
        """Answer to the final dot, or break where the answer should have been."""
        if fate in REFUSALS:
            self.writer.write(REFUSALS[fate])
            await self.writer.drain()
            return fate != "421"
        if fate == "hang_after":
            await asyncio.sleep(HANG_S)
        if fate.startswith("drop"):
            reset(self.writer)
            return False
        return self._say(b"250 2.0.0 Accepted")

    def _say(self, line: bytes) -> bool:
        self.writer.write(line + b"\r\n")
        return True

    def _forget(self) -> None:
        self.sender = None
        self.recipients = []


VERBS = frozenset({"ehlo", "helo", "noop", "rset", "mail", "rcpt", "data"})


def _address(rest: str) -> str:
    return rest[rest.find("<") + 1 : rest.find(">")]


def _header(mail: Message, name: str) -> str:
    value = str(mail.get(name, ""))
    return str(make_header(decode_header(value))) if "=?" in value else value


def main() -> None:
    """Run the sink by itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--behaviour", type=json.loads, default={}, help="JSON, see Behaviour")
    given = parser.parse_args()
    sink = SmtpSink(port=given.port, journal=given.journal, behaviour=Behaviour(**given.behaviour))
    serve_for_ever(sink, what="smtp")


if __name__ == "__main__":
    main()
