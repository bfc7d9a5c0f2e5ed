"""Bringing the public schema and every business's schema to the tables of this release."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql as pg

from apps.core import clock
from apps.tenants import sql
from apps.tenants.models import Business, Snapshot
from apps.tenants.services.owner import compose, owner_connection, run
from apps.tenants.services.wall import raise_wall

Say = Callable[[str], None]
TEMPLATE_SCHEMA = "cx_template"


def migrate_all(*, say: Say) -> None:
    """Migrate public, raise the wall, then migrate each business that is behind; resumable.

    Each business is one transaction of its own; a no-op run reads one row per business.
    """
    wrapper = owner_connection()
    wrapper.set_schema_to_public()
    if _migrate_here(_labels(settings.SHARED_APPS)):
        say("public: migrated")
    raise_wall()
    wanted = fingerprint()
    ensure_snapshot()
    behind = list(Business.objects.using("owner").exclude(fingerprint=wanted).order_by("pk"))
    for business in behind:
        migrate_business(business=business)
        say(f"{business.slug}: migrated")


def migrate_business(*, business: Business) -> None:
    """Migrate one business's schema and grant its role anew."""
    with _inside(business.schema_name):
        _migrate_here(_labels(settings.TENANT_APPS))
    grant_schema(schema=business.schema_name, role=business.role_name)
    Business.objects.using("owner").filter(pk=business.pk).update(fingerprint=fingerprint())


def fingerprint() -> str:
    """Return a hash of the migrations that a business's schema should have."""
    loader = MigrationLoader(None)
    labels = set(_labels(settings.TENANT_APPS))
    names = sorted(f"{app}.{name}" for app, name in loader.graph.nodes if app in labels)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def ensure_snapshot() -> str:
    """Record, once per set of migrations, the statements that make a business's tables."""
    wanted = fingerprint()
    found = Snapshot.objects.using("owner").filter(fingerprint=wanted).first()
    if found:
        return found.statements
    statements: list[str] = []
    run(compose(sql.DROP_SCHEMA, schema=TEMPLATE_SCHEMA))
    run(compose(sql.CREATE_SCHEMA, schema=TEMPLATE_SCHEMA))
    try:
        with _inside(TEMPLATE_SCHEMA), owner_connection().execute_wrapper(_recorder(statements)):
            _migrate_here(_labels(settings.TENANT_APPS))
    finally:
        run(compose(sql.DROP_SCHEMA, schema=TEMPLATE_SCHEMA))
    text = ";\n".join(statements)
    Snapshot.objects.using("owner").create(
        fingerprint=wanted, statements=text, created_at=clock.now()
    )
    return text


def grant_schema(*, schema: str, role: str) -> None:
    """Give a business's role its own tables, and no way to rewrite what is append-only."""
    run(compose(sql.GRANT_SCHEMA, schema=schema, role=role))
    for table in sql.APPEND_ONLY:
        run(compose(sql.REVOKE_CHANGES, schema=schema, table=table, role=role))


def _labels(names: list[str]) -> list[str]:
    wanted = set(names)
    return [config.label for config in apps.get_app_configs() if config.name in wanted]


def _migrate_here(labels: list[str]) -> bool:
    """Apply what is missing in the schema the owner's connection stands in."""
    executor = MigrationExecutor(owner_connection())
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in labels]
    plan = executor.migration_plan(targets)
    if not plan:
        return False
    executor.migrate(targets, plan)
    return True


@contextmanager
def _inside(schema: str) -> Iterator[None]:
    wrapper = owner_connection()
    wrapper.set_schema(schema)
    try:
        yield
    finally:
        wrapper.set_schema_to_public()


def _recorder(into: list[str]) -> Callable[..., Any]:
    def record(execute: Any, sql_text: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - the wrapper's fixed signature
        result = execute(sql_text, params, many, context)
        words = sql_text.lstrip().split(None, 1)
        if words and words[0].upper() not in {"SELECT", "SET", "SAVEPOINT", "RELEASE"}:
            raw = context["connection"].connection
            into.append(psycopg.ClientCursor(raw).mogrify(sql_text, params))
        return result

    return record


def replay(*, schema: str) -> None:
    """Make the tables of a new business from the snapshot, in the caller's transaction."""
    text = ensure_snapshot()
    with transaction.atomic(using="owner"):
        run(compose(sql.CREATE_SCHEMA, schema=schema))
        run(compose(sql.SET_PATH, schema=schema))
        run(pg.SQL(text))
        wrapper = owner_connection()
        wrapper.search_path_set_schemas = None
