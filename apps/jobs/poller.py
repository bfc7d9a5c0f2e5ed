"""A thread in each worker process that looks for due tickets when no bell is heard.

The owner's worker also sees to it that schemas for new businesses are in stock, and that closed
businesses are removed when their time is over.
"""

import random
import threading

import structlog
from django import db

from apps.jobs import services
from apps.jobs.choices import Lane
from apps.tenants import services as tenants

PAUSE_S = 1.0
log = structlog.get_logger(__name__)
# Held while this process works, so that bell and poller never work at once.
working = threading.Lock()
_stop = threading.Event()


def start(lanes: list[Lane]) -> None:
    """Begin to look once a second."""
    threading.Thread(target=_look_on, args=(lanes,), name="poller", daemon=True).start()


def stop() -> None:
    """Stop looking, and wait for work under way to end."""
    _stop.set()
    if working.acquire(timeout=25):
        working.release()


def look(lanes: list[Lane]) -> None:
    """Do what is due now, unless this process is at work already."""
    if not working.acquire(blocking=False):
        return
    try:
        services.sweep()
        services.drain(lanes=lanes, budget_s=5.0)
        if Lane.OWNER in lanes:
            tenants.top_up()
            tenants.drop_closed()
    except Exception as error:  # noqa: BLE001 - the database may be away; look again
        log.warning("poller.failed", error=f"{type(error).__name__}: {error}"[:200])
        db.connections.close_all()
    finally:
        working.release()


def _look_on(lanes: list[Lane]) -> None:
    while not _stop.wait(PAUSE_S + random.uniform(0, 0.3)):  # noqa: S311 - jitter
        look(lanes)
