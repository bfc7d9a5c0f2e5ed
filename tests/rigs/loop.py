"""A server on 127.0.0.1 whose event loop runs in a thread of its own."""

import asyncio
import signal
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeVar

Value = TypeVar("Value")
Connection = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HOST = "127.0.0.1"
READ_LIMIT = 8 * 1024 * 1024


class LoopServer:
    """Takes TCP connections on loopback; subclasses say what one connection does."""

    def __init__(self, *, port: int = 0) -> None:
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends."""
        raise NotImplementedError

    def start(self) -> Self:
        """Listen; returns when the port answers."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)

    def run(self, work: Coroutine[Any, Any, Value], *, timeout_s: float = 30) -> Value:
        """Run a coroutine in the server's loop from another thread and wait for it."""
        future: Future[Value] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(timeout_s)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Start a coroutine inside the loop and keep hold of it."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def cut(self) -> None:
        """Close every open connection."""
        for writer in list(self._open):
            writer.transport.abort()

    async def settled(self) -> None:
        """Wait until everything that was spawned has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            server = self._loop.run_until_complete(
                asyncio.start_server(self._guarded, HOST, self.port, limit=READ_LIMIT, backlog=1024)
            )
        except OSError as error:
            self._failure = error
            self._ready.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._wind_down())
        self._loop.close()

    async def _wind_down(self) -> None:
        # A connection may have been taken this very moment: let it get as far as its handler.
        await asyncio.sleep(0.01)
        await self.cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)  # a transport closes its socket in a later round

    async def _guarded(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self.connection(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()


def reset(writer: asyncio.StreamWriter) -> None:
    """Break a connection the hard way: the other side sees a reset."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def serve_for_ever(server: LoopServer, *, what: str) -> None:
    """Run a rig from the command line until it is told to end."""
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    with server:
        print(f"{what} listening on {HOST}:{server.port}", flush=True)
        ended.wait()
