"""Named places where a test may stop, kill or break a process; nothing happens elsewhere."""

import os
import signal
import time

from django.conf import settings


def failpoint(name: str) -> None:
    """Act when the environment names this place: ``FAILPOINT=after_gate:kill``."""
    if not settings.FAILPOINT or not settings.FAILPOINT.startswith(f"{name}:"):
        return
    action = settings.FAILPOINT.split(":", 1)[1]
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif action.startswith("sleep"):
        time.sleep(float(action.removeprefix("sleep") or 1))
    else:
        message = f"failpoint {name}"
        raise RuntimeError(message)
