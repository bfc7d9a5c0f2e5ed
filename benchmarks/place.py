"""A database server of the benchmarks' own, with the product's tables; gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cxsaas.local.bootstrap import bootstrap_database
from cxsaas.local.environment import APP, DATABASE, OWNER
from cxsaas.local.postgres import EmbeddedPostgres


@contextmanager
def own_server() -> Iterator[None]:
    """Start a durable server, set Django up on it and migrate; stop and delete it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cxsaas-bench-"))
    server = EmbeddedPostgres(folder / "pg")
    try:
        (folder / "static").mkdir()
        server.start()
        bootstrap_database(server.superuser_dsn(), DATABASE, OWNER, APP)
        os.environ.pop("CACHE_URL", None)
        os.environ.update(
            DJANGO_SETTINGS_MODULE="cxsaas.settings",
            SECRET_KEY="only-for-benchmarks",  # noqa: S106 - nobody's
            LOGIN_LIMITS_OFF="1",
            LOCAL_MODE="1",
            LOG_LEVEL="ERROR",
            BASE_DOMAIN="localhost",
            CELERY_BROKER_URL="memory://",
            DATA_DIR=str(folder),
            DATABASE_URL=server.url(APP, DATABASE),
            DATABASE_OWNER_URL=server.url(OWNER, DATABASE),
        )
        _set_up()
        yield
    finally:
        _let_go()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _set_up() -> None:
    import django  # noqa: PLC0415 - the settings read the environment just made

    django.setup()
    from apps.tenants import services  # noqa: PLC0415 - after django.setup

    services.migrate_all(say=lambda _line: None)


def _let_go() -> None:
    from django.db import connections  # noqa: PLC0415 - after django.setup

    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        connections.close_all()
