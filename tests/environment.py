"""The databases of a test run: an embedded cluster, a migrated template, a copy for each process.

Loaded as a plugin before Django's settings are read. ``TEST_CLUSTER`` names the superuser address
of a running cluster to use instead of an embedded one.
"""

import atexit
import hashlib
import importlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from cxsaas.local.bootstrap import bootstrap_database
from cxsaas.local.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parent.parent
OWNER, APP = "cxsaas_owner", "cxsaas_app"


def address(user: str, name: str) -> str:
    """Return the address of a database of the test cluster for one of its users."""
    base = os.environ["TEST_CLUSTER"]
    head, tail = base.split("@", 1)
    scheme = head.split("://", 1)[0]
    options = tail.split("?", 1)[1] if "?" in tail else ""
    host = tail.split("/", 1)[0]
    return f"{scheme}://{user}@{host}/{name}?{options}"


def superuser() -> str:
    """Return the address of the cluster's superuser."""
    return os.environ["TEST_CLUSTER"]


def template_name() -> str:
    """Return the name of the template for the migrations and seeds as they stand."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("apps/*/migrations/*.py"), ROOT / "tests" / "template.py"]):
        digest.update(path.read_bytes())
    for path in sorted((ROOT / "apps" / "tenants").rglob("*.py")):
        digest.update(path.read_bytes())
    return f"template_{digest.hexdigest()[:12]}"


def ensure_template() -> str:
    """Make the template database once per cluster; others wait for whoever makes it."""
    name = template_name()
    with psycopg.connect(superuser(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(4711)")
        found = connection.execute(
            "SELECT datistemplate FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found and found[0]:
            return name
        if found:
            drop_database(name)
        bootstrap_database(superuser(), name, OWNER, APP)
        environment = {
            **os.environ,
            "DATABASE_URL": address(APP, name),
            "DATABASE_OWNER_URL": address(OWNER, name),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.template"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            message = f"The template database could not be made:\n{done.stdout}\n{done.stderr}"
            raise RuntimeError(message)
        connection.execute(
            sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(name))
        )
    return name


def copy_database(name: str) -> None:
    """Make a database as a copy of the template, in place of one of the same name."""
    template = ensure_template()
    drop_database(name)
    with psycopg.connect(superuser(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)
            )
        )
        # A copy has the rows and rights of its template, but not the rights on the database.
        connection.execute(
            sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
        )


def drop_database(name: str) -> None:
    """Drop a database with whoever is still connected."""
    with psycopg.connect(superuser(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _prepare() -> None:
    defaults = {
        "DJANGO_SETTINGS_MODULE": "cxsaas.settings",
        "SECRET_KEY": "only-for-tests",
        "LOCAL_MODE": "1",
        "LOGIN_LIMITS_OFF": "1",
        "LOG_LEVEL": "ERROR",
        "CELERY_BROKER_URL": "memory://",
        "BASE_DOMAIN": "localhost",
        "PORT": "8000",
        "CONN_MAX_AGE": "0",
    }
    for key, value in defaults.items():
        os.environ[key] = value
    for name in ("CACHE_URL", "SMTP_URL", "DEBUG", "FAILPOINT", "PUBLIC_PORT", "SECURE"):
        os.environ.pop(name, None)
    if "TEST_CLUSTER" not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="cxsaas-test-"))
        cluster = EmbeddedPostgres(folder / "pg", durable=False)
        cluster.start()
        atexit.register(_remove, cluster, folder)
        os.environ["TEST_CLUSTER"] = cluster.superuser_dsn()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{os.getpid()}_{worker}"
    os.environ["DATABASE_URL"] = address(APP, name)
    os.environ["DATABASE_OWNER_URL"] = address(OWNER, name)
    os.environ["TEST_DATABASE"] = name
    data = Path(tempfile.mkdtemp(prefix="cxsaas-data-"))
    os.environ["DATA_DIR"] = str(data)
    (data / "static").mkdir()
    atexit.register(_remove_tree, data)
    # Whole, before some plugin asks for a part of it too early and leaves it broken behind.
    importlib.import_module("django.db.models")


def _remove(cluster: EmbeddedPostgres, folder: Path) -> None:
    cluster.stop()
    _remove_tree(folder)


def _remove_tree(folder: Path) -> None:
    subprocess.run(["rm", "-rf", str(folder)], check=False)  # noqa: S607


_prepare()
