"""Raising the wall: roles of the installation and what each may touch in public."""

import secrets

from django.conf import settings
from django.db import transaction
from psycopg import sql as pg

from apps.tenants import rules, sql
from apps.tenants.postgres.base import DISPATCHER, PLATFORM
from apps.tenants.services.owner import compose, owner_connection, run

GROUP = "tenants"
SHARED_ROWS = ("jobs_ticket",)


def raise_wall() -> str:
    """Make the installation's roles and grant them what they need; harmless when run again.

    Returns the installation's mark. Needs the owner's connection.
    """
    with transaction.atomic(using="owner"):
        mark = _mark()
        platform, dispatcher, group = (f"{name}_{mark}" for name in (PLATFORM, DISPATCHER, GROUP))
        for role in (platform, dispatcher, group):
            make_role(role)
            run(compose(sql.GRANT_PUBLIC_USAGE, role=role))
        for role in (platform, dispatcher):
            run(compose(sql.GRANT_ROLE, role=role, member=app_login()))
        run(compose(sql.GRANT_PUBLIC_USAGE, role=app_login()))
        _grant("SELECT", "tenants_installation", app_login())
        _grant_public(platform, dispatcher, group)
        _make_functions(platform, group)
    return mark


def make_role(role: str) -> None:
    """Create a role that cannot log in, unless it exists."""
    if not run(sql.ROLE_EXISTS, (role,)):
        run(compose(sql.CREATE_ROLE, role=role))


def app_login() -> str:
    """Return the name of the least-privileged log-in role."""
    return str(settings.DATABASES["default"]["USER"])


def _mark() -> str:
    rows = run("SELECT mark FROM public.tenants_installation")
    if rows:
        return str(rows[0][0])
    mark = secrets.token_hex(4)
    run("INSERT INTO public.tenants_installation (mark, fingerprint) VALUES (%s, '')", (mark,))
    return mark


def _grant(rights: str, table: str, role: str) -> None:
    run(
        sql.GRANT_TABLE.format(
            rights=pg.SQL(rights), table=pg.Identifier(table), role=pg.Identifier(role)
        )
    )


def _grant_public(platform: str, dispatcher: str, group: str) -> None:
    everything = "SELECT, INSERT, UPDATE, DELETE"
    for pattern in sql.PLATFORM_TABLES:
        for (table,) in run(sql.TABLES_LIKE, ("public", pattern)):
            _grant(everything, table, platform)
    for table in ("tenants_business", "tenants_domain"):
        _grant("SELECT", table, platform)
    _grant("SELECT", "tenants_business", dispatcher)
    for table in SHARED_ROWS:
        _grant(everything, table, dispatcher)
        _grant(everything, table, group)
        run(compose(sql.ROW_SECURITY, table=table, group=group, dispatcher=dispatcher))
    owner_connection().search_path_set_schemas = None


def _make_functions(platform: str, group: str) -> None:
    """Let the platform make and reopen a business, and a business change or close itself."""
    run(
        sql.CLAIM_FUNCTION.format(
            shape=pg.Literal(f"^{rules.SLUG_SHAPE}$"),
            reserved=pg.Literal(sorted(rules.RESERVED)),
            role=pg.Identifier(platform),
        )
    )
    run(compose(sql.CHANGE_FUNCTION, group=group))
    run(compose(sql.CLOSE_FUNCTION, group=group))
    run(compose(sql.REOPEN_FUNCTION, platform=platform))
