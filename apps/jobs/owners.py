"""The name under which a process holds its leases, and whether a process of this machine is dead.

The name carries the machine's boot and the space of process numbers, so that nobody judges a
process that it cannot see; and the moment of the process's start, since numbers are used again.
"""

import hashlib
import os
import socket
from pathlib import Path

_START, _STATE = 19, 0
_LONGEST_HOST = 20


def own_name() -> str:
    """Return the name of this process."""
    pid = os.getpid()
    return f"{_place()}:{pid}:{_stat(pid)[_START]}"


def is_dead(name: str) -> bool:
    """Tell whether the process of this name has surely ended; False where nobody here can know."""
    place, _, rest = name.partition(":")
    number, _, start = rest.partition(":")
    if place != _place() or not number.isdigit() or not start.isdigit():
        return False
    try:
        os.kill(int(number), 0)
        stat = _stat(int(number))
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return stat[_START] != start or stat[_STATE] in "ZX"


def _stat(pid: int) -> list[str]:
    """Return the fields of a process after its name, which may itself hold blanks and brackets."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except FileNotFoundError:
        return ["?"] * (_START + 1)
    return text.rpartition(")")[2].split()


def _place() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 - a name, not a path
    except OSError:
        # Nobody can be judged here: leases end by time alone.
        boot, space = "unknown", str(os.getpid())
    digest = hashlib.sha256(f"{boot} {space}".encode()).hexdigest()[:10]
    host = socket.gethostname()[:_LONGEST_HOST].replace(":", "_")
    return f"{host}.{digest}"
