"""The main promise: one command starts everything, and no way to end it leaves anything."""

import http.client
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cxsaas.local import children
from cxsaas.local.layout import CHECKOUT, Layout
from cxsaas.local.sockets import socket_folder
from tests.local.test_commands import free_port, local

START_SECONDS = 120
END_SECONDS = 30
PARTS = {"postgres", "valkey", "web", "fast", "bulk", "owner", "beat"}


class Run:
    """One `make run`, as far as its supervisor."""

    def __init__(self, data: Path, port: str) -> None:
        self.place, self.port = Layout(data), port
        self.heard = data.parent / "heard.txt"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with self.heard.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cxsaas.local", "run"],
                cwd=CHECKOUT,
                env={**kept, "DATA_DIR": str(data), "PORT": port},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def await_table(self) -> str:
        """Wait for the table and return all that was said until then."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            text = self.heard.read_text()
            if "Ctrl-C stops everything" in text:
                return text
            time.sleep(0.1)
        raise AssertionError(self.heard.read_text())

    def members(self) -> dict[int, str]:
        """List the processes of this run that the supervisor has on record."""
        found = json.loads((self.place.run / "processes.json").read_text())["processes"]
        return {
            pid: children.start_time(pid) or ""
            for entry in found
            for pid in children.session_members(entry["pid"], entry["start"])
        }

    def get(self, path: str, host: str) -> int:
        """Ask the web server for a page."""
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=10)
        connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
        status = connection.getresponse().status
        connection.close()
        return status


def socket_folders(data: Path) -> list[Path]:
    place = Layout(data)
    return [socket_folder(place.postgres), socket_folder(place.valkey)]


def left_of(members: dict[int, str]) -> list[int]:
    deadline = time.monotonic() + END_SECONDS
    while time.monotonic() < deadline:
        left = [pid for pid, start in members.items() if children.start_time(pid) == start]
        if not left:
            return []
        time.sleep(0.1)
    return left


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("with spaces") / "data"
    yield folder
    assert local("reset", "--force", data=folder).returncode == 0
    assert [place for place in socket_folders(folder) if place.exists()] == []


@contextmanager
def started(data: Path) -> Iterator[Run]:
    made = Run(data, free_port())
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.send_signal(signal.SIGINT)
            made.process.wait(END_SECONDS)


@pytest.mark.journey
def test_first_start_serves_and_later_ones_go_on_after_any_end(data: Path) -> None:
    with started(data) as run:
        serve_and_die(run)
    with started(data) as run:
        go_on_and_end(run)


def serve_and_die(run: Run) -> None:
    text = run.await_table()
    assert run.get("/readyz", "localhost") == http.HTTPStatus.OK
    assert run.get("/healthz", "demo.localhost") == http.HTTPStatus.OK
    key = run.place.demo_key.read_text().strip()
    assert re.search(rf"API key +{re.escape(key)}\n", text)
    assert stat.S_IMODE(run.place.demo_key.stat().st_mode) == 0o600
    again = local("run", data=run.place.root)
    assert (again.returncode, again.stderr) == (
        1,
        f"cxsaas is already running from this folder (process {run.process.pid}).\n",
    )
    members = run.members()
    assert len(members) > len(PARTS)
    run.process.kill()
    run.process.wait()
    assert left_of(members) == []


def go_on_and_end(run: Run) -> None:
    key = run.place.demo_key.read_text().strip()
    text = run.await_table()
    assert "First start" not in text
    assert re.search(rf"API key +{re.escape(key)}\n", text)
    members = run.members()
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(END_SECONDS) == 0
    assert left_of(members) == []
    assert run.heard.read_text().endswith(f"Stopped. The data stays in {run.place.root}.\n")
