"""Supervision of several processes: start, log with a prefix, restart, stop in order."""

import json
import os
import re
import selectors
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO

from cxsaas.local import children
from cxsaas.local.layout import write_private
from cxsaas.local.output import Output

PATIENCE = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
# A process that lived this long had started well: its next restart is quick again.
SETTLED = 60.0
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Service:
    """One process that is to be kept running."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 20.0
    user: int | None = None
    group: int | None = None
    before: Callable[[], None] | None = None
    # Lines that only the log file keeps: a server's routine words at each start and stop.
    routine: re.Pattern[str] | None = None


@dataclass
class Running:
    """A service with its present process and its record of deaths."""

    service: Service
    process: Popen[bytes]
    started: float
    deaths: int = 0
    restart_at: float | None = None
    rest: bytes = field(default=b"", repr=False)


class Supervisor:
    """Keeps services alive from one thread, so that no child's parent is a thread that ends."""

    def __init__(self, *, record: Path, output: Output, cwd: Path) -> None:
        """Take the place of the process list, the voice, and the folder to start in."""
        self.record = record
        self.output = output
        self.cwd = cwd
        self.stopping = False
        self.hurry = False
        self._running: dict[str, Running] = {}
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe()
        for end in (self._wake_read, self._wake_write):
            os.set_blocking(end, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ, None)

    def listen(self) -> None:
        """Turn Ctrl-C, TERM and a closed terminal into an orderly stop; the second one hurries."""
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, *_: object) -> None:
        self.hurry = self.stopping
        self.stopping = True

    def close(self) -> None:
        """Give back what the supervisor itself holds open; its services must have been stopped."""
        self._selector.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def launch(self, service: Service) -> int:
        """Start a service and keep it running from now on; returns its process id."""
        running = Running(service, self._spawn(service), time.monotonic())
        self._running[service.name] = running
        self._watch(running)
        return running.process.pid

    def run_once(self, service: Service) -> int | None:
        """Run a command to its end beside the services; None when we were told to stop."""
        process = self._spawn(service)
        running = Running(service, process, time.monotonic())
        self._watch(running)
        while process.poll() is None:
            if self.stopping:
                children.end(process, ((signal.SIGTERM, 5.0), (signal.SIGKILL, 2.0)))
                return None
            self.poll(0.1)
        self._drain(running)
        return process.returncode

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> bool:
        """Serve the children until something holds; False on time-out or when told to stop."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.stopping or time.monotonic() > deadline:
                return False
            self.poll(0.02)
        return True

    def deaths(self, name: str) -> int:
        """Count how often a service has died since it last lived for long."""
        return self._running[name].deaths

    def pid(self, name: str) -> int:
        """Say the present process id of a service."""
        return self._running[name].process.pid

    def poll(self, seconds: float) -> None:
        """Serve the children once: pass their lines on, bury the dead, restart what is due."""
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                os.read(self._wake_read, 512)
            else:
                self._read(key.data)
        for running in list(self._running.values()):
            self._tend(running)

    def stop(self, *names: str) -> None:
        """Stop services together: ask each parent, wait, then kill what is left of its session."""
        group = [self._running.pop(name) for name in names if name in self._running]
        for running in group:
            if running.process.poll() is None:
                running.process.send_signal(running.service.stop_signal)
        started = time.monotonic()
        while any(running.process.poll() is None for running in group):
            late = [r for r in group if time.monotonic() - started > r.service.grace]
            for running in group if self.hurry else late:
                children.kill_session(running.process)
            self.poll(0.05)
        for running in group:
            self._drain(running)
            children.kill_session(running.process)
        self._write_record()

    def end_leftovers(self) -> int:
        """End what an earlier supervisor started and could not stop; returns how many."""
        started: dict[int, str] = {}
        signals: dict[int, signal.Signals] = {}
        for leader, start, number in self._read_record():
            signals[leader] = number
            for pid in children.session_members(leader, start):
                started[pid] = children.start_time(pid) or ""
        children.end_together(started, signals, seconds=8.0)
        self.record.unlink(missing_ok=True)
        return len(started)

    def _spawn(self, service: Service) -> Popen[bytes]:
        if service.before:
            service.before()
        process = children.spawn(
            service.command,
            death_signal=service.stop_signal,
            env=service.environment,
            cwd=self.cwd,
            stdout=PIPE,
            user=service.user,
            group=service.group,
        )
        os.set_blocking(_pipe(process).fileno(), False)
        return process

    def _watch(self, running: Running) -> None:
        self._selector.register(_pipe(running.process), selectors.EVENT_READ, running)
        self._write_record(running)

    def _tend(self, running: Running) -> None:
        now = time.monotonic()
        if running.restart_at is not None:
            if now >= running.restart_at and not self.stopping:
                running.process = self._spawn(running.service)
                running.started, running.restart_at = now, None
                self._watch(running)
            return
        if running.process.poll() is None:
            return
        self._drain(running)
        children.kill_session(running.process)
        running.deaths = 1 if now - running.started > SETTLED else running.deaths + 1
        wait = PATIENCE[min(running.deaths, len(PATIENCE)) - 1]
        running.restart_at = now + wait
        if not self.stopping:
            code = running.process.returncode
            self.output.say(
                f"{running.service.name} ended ({_reason(code)}); starting it again in {wait:g} s."
            )

    def _read(self, running: Running) -> None:
        pipe = _pipe(running.process)
        try:
            chunk = os.read(pipe.fileno(), 65536)
        except BlockingIOError:
            return
        if not chunk:
            self._selector.unregister(pipe)
            pipe.close()
        *lines, running.rest = (running.rest + chunk).split(b"\n")
        if not chunk and running.rest:
            lines, running.rest = [*lines, running.rest], b""
        routine = running.service.routine
        for line in lines:
            text = line.decode(errors="replace")
            shown = not (routine and routine.search(text))
            self.output.line(running.service.name, text, shown=shown)

    def _drain(self, running: Running) -> None:
        pipe = _pipe(running.process)
        for _ in range(64):
            if pipe.closed:
                return
            self._read(running)
        # A grandchild still holds the pipe open: what it says later is nobody's.
        self._selector.unregister(pipe)
        pipe.close()

    def _write_record(self, *extra: Running) -> None:
        entries = [
            {"pid": running.process.pid, "start": start, "signal": running.service.stop_signal}
            for running in (*self._running.values(), *extra)
            if (start := children.start_time(running.process.pid))
        ]
        write_private(self.record, json.dumps({"boot": _boot_id(), "processes": entries}))

    def _read_record(self) -> list[tuple[int, str, signal.Signals]]:
        try:
            found = json.loads(self.record.read_text())
            if found["boot"] != _boot_id():
                return []
            return [
                (int(entry["pid"]), str(entry["start"]), signal.Signals(entry["signal"]))
                for entry in found["processes"]
            ]
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return []


def _pipe(process: Popen[bytes]) -> IO[bytes]:
    """Give a child's output pipe, which `_spawn` always asks for."""
    if process.stdout is None:
        message = "A supervised process has no output pipe."
        raise RuntimeError(message)
    return process.stdout


def _reason(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _boot_id() -> str:
    try:
        return BOOT_ID.read_text().strip()
    except FileNotFoundError:
        return ""
