"""The processes that make up the product, each with its command, environment and way to stop."""

import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from cxsaas.local.environment import without_owner
from cxsaas.local.layout import CHECKOUT, Layout
from cxsaas.local.postgres import EmbeddedPostgres
from cxsaas.local.processes import Service
from cxsaas.local.valkey import EmbeddedValkey

WEB_WORKERS = 2
WEB_THREADS = 4
# name: (queue, processes, lanes it drains)
WORKERS = {
    "fast": ("fast", 1, "0"),
    "bulk": ("bulk", 2, "0,1,2"),
    "owner": ("owner", 1, "owner"),
}


# Six lines from each worker that root should not run it; for a local trial it may.
NO_ROOT_WARNING = "ignore:You're running the worker with superuser privileges"


def manage(name: str, words: tuple[str, ...], environment: Mapping[str, str]) -> Service:
    """Describe one management command; with the owner's worker, it alone may change tables."""
    command = (sys.executable, str(CHECKOUT / "manage.py"), *words)
    return Service(name=name, command=command, environment=environment)


def postgres_server(postgres: EmbeddedPostgres, environment: Mapping[str, str]) -> Service:
    """Describe the embedded database server."""
    return Service(
        name="postgres",
        command=tuple(postgres.command()),
        environment=without_owner(environment),
        # TERM would wait for every client; INT is PostgreSQL's fast and clean shutdown.
        stop_signal=signal.SIGINT,
        grace=30.0,
        user=postgres.identity.uid,
        group=postgres.identity.gid,
        before=postgres.recover,
        routine=re.compile(r"^LOG: "),
    )


def valkey_server(valkey: EmbeddedValkey, environment: Mapping[str, str]) -> Service:
    """Describe the embedded broker and cache."""
    return Service(
        name="valkey",
        command=tuple(valkey.command()),
        environment=without_owner(environment),
        before=valkey.recover,
        routine=re.compile(r"overcommit|SIGTERM|bye bye"),
    )


def product(environment: Mapping[str, str], place: Layout, port: int) -> list[Service]:
    """Describe web, workers and scheduler."""
    return [
        web(environment, port),
        *(worker(name, environment) for name in WORKERS),
        scheduler(environment, place),
    ]


def web(environment: Mapping[str, str], port: int) -> Service:
    """Describe the web server."""
    options = {
        "--config": "python:cxsaas.server",
        "--worker-class": "gthread",
        "--workers": str(WEB_WORKERS),
        "--threads": str(WEB_THREADS),
        "--bind": f"127.0.0.1:{port}",
        "--graceful-timeout": "10",
        "--log-level": "warning",
    }
    words = [word for pair in options.items() for word in pair]
    command = (sys.executable, "-m", "gunicorn", "cxsaas.wsgi", "--no-control-socket", *words)
    figures = {"PROMETHEUS_MULTIPROC_DIR": str(Path(environment["DATA_DIR"]) / "run" / "metrics")}
    return Service(name="web", command=command, environment=without_owner(environment) | figures)


def worker(name: str, environment: Mapping[str, str]) -> Service:
    """Describe one of the workers; only the owner's has the owner's address."""
    queue, processes, lanes = WORKERS[name]
    options = ("-n", f"{name}@%h", "-Q", queue, "-c", str(processes), "--loglevel", "WARNING")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    own = environment if name == "owner" else without_owner(environment)
    return Service(
        name=name,
        command=(*celery(), "worker", *options, *quiet),
        environment={**own, "CXSAAS_LANES": lanes, "PYTHONWARNINGS": NO_ROOT_WARNING},
    )


def scheduler(environment: Mapping[str, str], place: Layout) -> Service:
    """Describe the one process that rings the hours."""
    notes = place.run / "beat-schedule"
    return Service(
        name="beat",
        command=(*celery(), "beat", "--schedule", str(notes), "--pidfile=", "-l", "WARNING"),
        environment=without_owner(environment),
        # What it noted may be torn after a kill; the schedule is code and needs no memory.
        before=place.forget_beat,
        routine=re.compile(r"Sending due task"),
    )


def celery() -> tuple[str, ...]:
    """Give the start of every Celery command."""
    return (sys.executable, "-m", "celery", "--quiet", "-A", "cxsaas")
