"""Single child processes: start one that dies with us, end one, recognise one by its start."""

import contextlib
import ctypes
import itertools
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
# field 22 of /proc/<pid>/stat, counted after the parenthesis that ends field 2
START_FIELD = 19
STATE_FIELD = 0
SESSION_FIELD = 3
Steps = Sequence[tuple[signal.Signals, float]]

try:
    _libc: ctypes.CDLL | None = ctypes.CDLL(None, use_errno=True)
except OSError:
    _libc = None


def spawn(
    command: Sequence[str],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdout: IO[bytes] | int | None = None,
    user: int | None = None,
    group: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, so that Ctrl-C reaches only its parent."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
        start_new_session=True,
        # PLW1509 warns of threads; the supervisor has none and this calls only prctl.
        preexec_fn=_die_with_parent(death_signal, os.getpid()),  # noqa: PLW1509
    )


def _die_with_parent(death_signal: signal.Signals, parent: int) -> Callable[[], None]:
    def ask() -> None:
        if _libc is not None and hasattr(_libc, "prctl"):
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return ask


def end(process: subprocess.Popen[bytes], steps: Steps) -> None:
    """Signal a child step by step until it is gone, and reap it."""
    for step, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(step)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def end_stranger(pid: int, steps: Steps) -> None:
    """End a process that is not our child, watching that the number stays the same process."""
    born = start_time(pid)
    for step, seconds in steps:
        if born is None or start_time(pid) != born:
            return
        signal_one(pid, step)
        deadline = time.monotonic() + seconds
        while start_time(pid) == born and time.monotonic() < deadline:
            time.sleep(0.02)


def stat_fields(pid: int) -> list[str]:
    """Read the fields of a process after its name, or nothing when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def start_time(pid: int) -> str | None:
    """Say when a living process started, in kernel ticks; None when it is gone or a zombie."""
    fields = stat_fields(pid)
    return fields[START_FIELD] if fields and fields[STATE_FIELD] not in "ZX" else None


def command_line(pid: int) -> list[str]:
    """Read a process's command line, or nothing when there is none to read."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []
    return [os.fsdecode(word) for word in raw.split(b"\0") if word]


def all_pids() -> Iterable[int]:
    """List the process ids of this machine."""
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def pids_with_words(first: str, second: str) -> list[int]:
    """Find the processes whose command line holds two given words, one after the other."""
    return [
        pid
        for pid in all_pids()
        if (words := command_line(pid)) and (first, second) in itertools.pairwise(words)
    ]


def session_members(leader: int, start: str) -> list[int]:
    """List who lives in the session a recorded child led; none when its number is another's now.

    The kernel gives no process a number that still names a session, so members of the session
    prove that the number has not been handed out again.
    """
    if start_time(leader) not in (None, start):
        return []
    return [
        pid
        for pid in all_pids()
        if (fields := stat_fields(pid))
        and fields[SESSION_FIELD] == str(leader)
        and fields[STATE_FIELD] not in "ZX"
        and int(fields[START_FIELD]) >= int(start)
    ]


def kill_session(child: subprocess.Popen[bytes]) -> None:
    """Kill at once what is left of the session that a child of ours leads or led."""
    if child.returncode is not None and start_time(child.pid) is not None:
        return  # reaped, and its number is already another's
    for pid in all_pids():
        fields = stat_fields(pid)
        if fields and fields[SESSION_FIELD] == str(child.pid):
            signal_one(pid, signal.SIGKILL)


def signal_one(pid: int, number: signal.Signals) -> None:
    """Signal a process that may be gone by now, or not ours."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def end_together(
    started: Mapping[int, str], signals: Mapping[int, signal.Signals], *, seconds: float
) -> None:
    """End several recorded processes: ask all of them, wait, kill those that remain."""

    def alive() -> list[int]:
        return [pid for pid, start in started.items() if start_time(pid) == start]

    for pid in alive():
        signal_one(pid, signals.get(pid, signal.SIGTERM))
    deadline = time.monotonic() + seconds
    while alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in alive():
        signal_one(pid, signal.SIGKILL)
    deadline = time.monotonic() + seconds
    while alive() and time.monotonic() < deadline:
        time.sleep(0.02)
