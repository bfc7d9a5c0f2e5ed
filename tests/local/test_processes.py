"""Supervision: restarts, orderly ends, and whom an unfinished run's heir may end."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxsaas.local import children
from cxsaas.local.layout import CHECKOUT
from cxsaas.local.output import Output
from cxsaas.local.processes import Service, Supervisor

PARENT_OF_A_CHILD = (
    "import subprocess, time; child = subprocess.Popen(['sleep', '600']);"
    "print('child', child.pid, flush=True); time.sleep(600)"
)


SLEEP = "import time; time.sleep(60)"


class Rig:
    """A supervisor with a voice that can be read back."""

    def __init__(self, folder: Path) -> None:
        (folder / "logs").mkdir()
        self.heard = io.StringIO()
        self.output = Output(self.heard, folder / "logs")
        self.record = folder / "processes.json"
        self.supervisor = Supervisor(record=self.record, output=self.output, cwd=CHECKOUT)

    def until(self, text: str) -> None:
        """Serve the services until they have said something."""
        assert self.supervisor.wait_until(lambda: text in self.heard.getvalue(), seconds=10), text

    def number_after(self, word: str) -> int:
        """Read the number that follows the last mention of a word."""
        return int(self.heard.getvalue().rpartition(word)[2].split()[0])


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.output.close()
    made.supervisor.close()


def python(name: str, code: str) -> Service:
    return Service(name=name, command=(sys.executable, "-c", code), environment=dict(os.environ))


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while children.start_time(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return children.start_time(pid) is None


def test_lines_carry_the_name_and_are_kept_in_a_file(rig: Rig, tmp_path: Path) -> None:
    assert rig.supervisor.run_once(python("hello", "print('one'); print('two')")) == 0
    assert rig.heard.getvalue() == "hello    | one\nhello    | two\n"
    assert (tmp_path / "logs" / "hello.log").read_text() == "one\ntwo\n"


def test_exit_code_of_a_command_is_passed_on(rig: Rig) -> None:
    assert rig.supervisor.run_once(python("bad", "raise SystemExit(3)")) == 3


def test_dead_service_is_started_again(rig: Rig) -> None:
    rig.supervisor.launch(
        python("web", "import os, time; print('up', os.getpid()); time.sleep(600)")
    )
    rig.until("up")
    first = rig.supervisor.pid("web")
    os.kill(first, signal.SIGKILL)
    rig.until("web ended (killed by SIGKILL); starting it again in 0.5 s.")
    assert rig.supervisor.wait_until(lambda: rig.supervisor.pid("web") != first, seconds=10)
    assert rig.supervisor.deaths("web") == 1
    second = rig.supervisor.pid("web")
    rig.supervisor.stop("web")
    assert gone(second)


def test_waits_grow_while_a_service_keeps_dying(rig: Rig) -> None:
    rig.supervisor.launch(python("web", "raise SystemExit(4)"))
    rig.until("web ended (exit code 4); starting it again in 0.5 s.")
    rig.until("web ended (exit code 4); starting it again in 1 s.")
    rig.supervisor.stop("web")


def test_stop_reaches_the_parent_and_leaves_no_grandchild(rig: Rig) -> None:
    rig.supervisor.launch(python("worker", PARENT_OF_A_CHILD))
    rig.until("child")
    parent, child = rig.supervisor.pid("worker"), rig.number_after("child")
    rig.supervisor.stop("worker")
    assert gone(parent)
    assert gone(child)


def test_service_that_ignores_the_signal_is_killed_after_its_grace(rig: Rig) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(600)"
    service = Service("deaf", (sys.executable, "-uc", deaf), dict(os.environ), grace=0.3)
    pid = rig.supervisor.launch(service)
    rig.until("deaf     | deaf")
    rig.supervisor.stop("deaf")
    assert gone(pid)


def test_what_a_killed_supervisor_left_is_ended(rig: Rig) -> None:
    orphan = subprocess.Popen(
        [sys.executable, "-c", PARENT_OF_A_CHILD],
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert orphan.stdout is not None
    child = int(orphan.stdout.readline().split()[1])
    write_record(rig, orphan.pid, children.start_time(orphan.pid))
    assert rig.supervisor.end_leftovers() == 2
    orphan.communicate()
    assert gone(child)
    assert not rig.record.exists()


@pytest.mark.parametrize("start", ["1", "99999999999"])
def test_number_that_is_another_programs_by_now_is_left_alone(rig: Rig, start: str) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", SLEEP], start_new_session=True)
    write_record(rig, stranger.pid, start)
    assert rig.supervisor.end_leftovers() == 0
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"boot": "another", "processes": []}', "{}"])
def test_unreadable_record_is_no_obstacle(rig: Rig, text: str) -> None:
    rig.record.write_text(text)
    assert rig.supervisor.end_leftovers() == 0


def write_record(rig: Rig, pid: int, start: str | None) -> None:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    entry = {"pid": pid, "start": start, "signal": 15}
    rig.record.write_text(json.dumps({"boot": boot, "processes": [entry]}))
