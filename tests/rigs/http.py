"""A small HTTP/1.1 server for fakes: kept connections, whole bodies, and faults on demand."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from tests.rigs.loop import HOST, LoopServer, reset

HANG_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request, its body read to the end."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query as pairs, decoded."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def form(self) -> list[tuple[str, str]]:
        """The form in the body as pairs, decoded."""
        return parse_qsl(self.body.decode(), keep_blank_values=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, or instead of it a fault: `hang` and `reset`."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


class HttpServer(LoopServer):
    """Answers each request with what `handle` returns."""

    connections = 0

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://{HOST}:{self.port}"

    async def handle(self, request: Request) -> Answer:
        """Answer one request."""
        raise NotImplementedError

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve requests one after the other."""
        self.connections += 1
        while request := await _read(reader):
            answer = await self.handle(request)
            if answer.fault == "hang":
                await asyncio.sleep(HANG_S)
            if answer.fault:
                reset(writer)
                return
            writer.write(_bytes(answer))
            await writer.drain()


async def post_form(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post a form to a URL and give the status; names under localhost are this machine."""
    parts = urlsplit(url)
    name = parts.hostname or HOST
    host = HOST if name == "localhost" or name.endswith(".localhost") else name
    reader, writer = await asyncio.open_connection(host, parts.port or 80)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    lines = [
        f"POST {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    try:
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        status = await reader.readline()
        await reader.read()
        return int(status.split()[1])
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body)


def _bytes(answer: Answer) -> bytes:
    headers = {"Content-Length": str(len(answer.body)), **answer.headers}
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + answer.body
