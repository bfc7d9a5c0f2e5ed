"""The web server's processes count into one set of figures, whoever of them is asked."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxsaas.local.children import end, spawn
from cxsaas.local.layout import CHECKOUT
from tests.local.test_commands import free_port

SECONDS = 30
ENDING = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))


class Web:
    """A gunicorn with two processes and no database behind it."""

    def __init__(self, folder: Path) -> None:
        self.port, self.figures = int(free_port()), folder / "figures"
        self.log = (folder / "log").open("wb")
        self.process = spawn(
            [sys.executable, "-m", "gunicorn", "cxsaas.wsgi", "-c", "python:cxsaas.server",
             "--workers", "2", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"],
            cwd=CHECKOUT,
            env={
                "PATH": os.environ["PATH"],
                "SECRET_KEY": "test",
                "LOCAL_MODE": "1",
                "DATABASE_URL": "postgresql://test@/test?host=/nonexistent",
                "DATA_DIR": str(folder),
                "PROMETHEUS_MULTIPROC_DIR": str(self.figures),
            },
            stdout=self.log,
        )  # fmt: skip

    def get(self, path: str) -> str:
        """Ask on a connection of its own, so that any process may answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            text = answer.read().decode()
            assert answer.status == http.HTTPStatus.OK, text
            return text
        finally:
            connection.close()

    def count(self) -> int:
        """Read how many requests were answered well so far."""
        found = re.findall(
            r'^cxsaas_requests_total\{method="GET",status="200"\} (\S+)$',
            self.get("/metrics"),
            re.MULTILINE,
        )
        return int(float(found[0])) if found else 0

    def writers(self) -> set[int]:
        """List the processes that have counted something."""
        return {int(path.stem.split("_")[1]) for path in self.figures.glob("counter_*.db")}

    def children(self) -> list[int]:
        """List the processes that answer."""
        pid = self.process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def wait(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                self.get("/healthz")
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                return


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    (tmp_path / "static").mkdir()
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "counter_1.db").write_bytes(b"left by an earlier run")
    made = Web(tmp_path)
    try:
        made.wait()
        yield made
    finally:
        end(made.process, ENDING)
        made.log.close()


def test_figures_are_those_of_all_processes_and_outlive_each(web: Web) -> None:
    asked = 1
    deadline = time.monotonic() + SECONDS
    while len(web.writers()) < 2 and time.monotonic() < deadline:
        web.get("/healthz")
        asked += 1
    assert len(web.writers()) == 2
    # Each visit is counted after its answer was made: it sees all before it and not itself.
    assert [web.count() for _ in range(6)] == list(range(asked, asked + 6))

    os.kill(web.children()[0], signal.SIGKILL)
    time.sleep(0.5)
    web.wait()

    assert web.count() == asked + 7
    end(web.process, ENDING)
    assert not web.figures.exists()


def test_start_with_the_hooks_is_understood() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "cxsaas.wsgi", "-c", "python:cxsaas.server",
         "--check-config"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
        env={**os.environ, "SECRET_KEY": "x", "DATABASE_URL": "postgresql://x@/x"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
