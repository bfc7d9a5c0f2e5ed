"""Hooks of gunicorn, ``-c python:cxsaas.server``: its processes count into one set of figures."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(server: Any) -> None:
    """Begin with an empty folder for the figures; the workers are forked after this."""
    folder = os.environ.get(VARIABLE) or tempfile.mkdtemp(prefix="cxsaas-metrics-")
    os.environ[VARIABLE] = folder
    place = Path(folder)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in place.glob("*.db"):
        left.unlink()
    server.log.debug("figures are kept in %s", folder)


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a worker that has ended counted, but not what it said of the moment."""
    from prometheus_client import multiprocess  # noqa: PLC0415 - reads the variable set above

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
    server.log.debug("figures of %s are kept", worker.pid)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    folder = os.environ[VARIABLE]
    shutil.rmtree(folder, ignore_errors=True)
    server.log.debug("figures in %s are removed", folder)
