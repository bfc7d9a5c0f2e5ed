"""The roles and rights of a new database, as seen by those who log in."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from cxsaas.local.bootstrap import bootstrap_database
from cxsaas.local.layout import CHECKOUT
from cxsaas.local.postgres import EmbeddedPostgres, binaries
from tests.local.conftest import DATABASE

Connection = psycopg.Connection[tuple[object, ...]]
RIGHTS = """
    SELECT 'role', rolname, concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb,
                                      rolcanlogin, rolconfig)
    FROM pg_roles WHERE rolname LIKE 'cxsaas%'
    UNION SELECT 'schema', nspname, nspacl::text FROM pg_namespace WHERE nspname = 'public'
    UNION SELECT 'database', 'owner', pg_get_userbyid(datdba) FROM pg_database
    WHERE datname = current_database()
    UNION SELECT 'database', 'rights', datacl::text FROM pg_database
    WHERE datname = current_database()
    UNION SELECT 'function', proname, proacl::text FROM pg_proc WHERE proname = 'set_config'
    ORDER BY 1, 2
"""


@pytest.fixture
def owner(cluster: EmbeddedPostgres) -> Iterator[Connection]:
    with psycopg.connect(cluster.url("cxsaas_owner", DATABASE), autocommit=True) as connection:
        yield connection


@pytest.fixture
def app(cluster: EmbeddedPostgres) -> Iterator[Connection]:
    with psycopg.connect(cluster.url("cxsaas_app", DATABASE), autocommit=True) as connection:
        yield connection


@pytest.fixture
def tenant(owner: Connection) -> Iterator[str]:
    owner.execute("CREATE ROLE t_local NOLOGIN")
    owner.execute("GRANT t_local TO cxsaas_app")
    yield "t_local"
    owner.execute("DROP ROLE t_local")


def rights_of(cluster: EmbeddedPostgres, dbname: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.superuser_dsn(dbname)) as connection:
        return connection.execute(RIGHTS).fetchall()


def test_app_login_sets_its_time_zone(app: Connection) -> None:
    row = app.execute("SELECT set_config('TimeZone', 'UTC', false)").fetchone()
    assert row == ("UTC",)


def test_set_config_is_denied_under_a_business_role(app: Connection, tenant: str) -> None:
    app.execute(f"SET ROLE {tenant}")
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute("SELECT set_config('role', 'cxsaas_app', false)")
    assert app.execute("SELECT current_user").fetchone() == (tenant,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.intruder (id int)",
        "CREATE SCHEMA intruder",
        "CREATE TEMPORARY TABLE intruder (id int)",
        "CREATE ROLE intruder",
        "CREATE DATABASE intruder",
        "SET ROLE cxsaas_owner",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_app_login_may_not(app: Connection, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(statement)
    found = app.execute("SELECT count(*) FROM pg_class WHERE relname = 'intruder'").fetchone()
    assert found == (0,)


def test_app_login_carries_its_time_outs(app: Connection) -> None:
    assert app.execute("SHOW statement_timeout").fetchone() == ("30s",)
    assert app.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("1min",)


def test_owner_builds_in_public_without_being_superuser(owner: Connection) -> None:
    owner.execute("CREATE TABLE public.owned (id int)")
    owner.execute("DROP TABLE public.owned")
    row = owner.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False,)


def test_bootstrap_changes_nothing_the_second_time(cluster: EmbeddedPostgres) -> None:
    before = rights_of(cluster, DATABASE)
    bootstrap_database(cluster.superuser_dsn(), DATABASE)
    assert rights_of(cluster, DATABASE) == before


def test_the_script_for_other_servers_gives_the_same_rights(tmp_path: Path) -> None:
    script = CHECKOUT / "docs" / "bootstrap.sql"
    program = [str(binaries() / "psql"), "--no-psqlrc", "--quiet", "--file", str(script)]
    passwords = {**os.environ, "OWNER_PASSWORD": "it's", "APP_PASSWORD": "secret"}
    server = EmbeddedPostgres(tmp_path / "pg", durable=False)
    server.start()
    try:
        for _ in range(2):
            subprocess.run([*program, server.superuser_dsn()], env=passwords, check=True)
        by_script = rights_of(server, "cxsaas")
        bootstrap_database(server.superuser_dsn(), "cxsaas")
        assert rights_of(server, "cxsaas") == by_script
    finally:
        server.stop()
