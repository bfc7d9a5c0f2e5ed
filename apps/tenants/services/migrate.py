"""Bringing the public schema and every business's schema to the tables of this release."""

import functools
import hashlib
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from psycopg import sql as pg

from apps.core import clock
from apps.core.failpoints import failpoint
from apps.tenants import sql
from apps.tenants.errors import MigrationsFailedError
from apps.tenants.models import Business, ReadySchema, Snapshot
from apps.tenants.services.owner import compose, owner_connection, run, start_afresh
from apps.tenants.services.wall import raise_wall

Say = Callable[[str], None]
# Which migrations a schema has had, and the statements that lead from there to this release.
Standing = frozenset[tuple[Any, ...]]
Known = dict[Standing, str]
TEMPLATE_SCHEMA = "cx_template"
_FRESH_EVERY = 25
_DJANGOS = ("django.db.migrations.operations.", "django.contrib.postgres.operations")
_WORTH_ANOTHER_TRY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


@dataclass(frozen=True)
class Patience:
    """How long a migration waits for a lock that live work holds, and how often it tries."""

    lock_ms: int = 2000
    tries: int = 5
    pause_s: float = 1.0


def migrate_all(*, say: Say, patience: Patience = Patience()) -> None:
    """Migrate public, raise the wall, then migrate each business that is behind; resumable.

    Each business is one transaction of its own, which gives way to live work that holds a lock; a
    no-op run reads one row per business. What Django did to the first is done in one round trip to
    the others that stand where it stood, unless a migration runs Python. A business that fails is
    named and stays as it was; the others are migrated all the same, and then MigrationsFailedError
    is raised.
    """
    with _only_runner():
        owner_connection().set_schema_to_public()
        if _patiently(_migrate_public, patience):
            say("public: migrated")
        raise_wall()
        ensure_snapshot()
        _change_stock(patience)
        failed = _migrate_behind(say, patience)
    if failed:
        names = ", ".join(failed)
        message = f"Not migrated: {names}. The others are done; run migrate_all again."
        raise MigrationsFailedError(message, data={"businesses": failed})


def _change_stock(patience: Patience) -> None:
    """Let new businesses be made from these migrations only, before it is seen who is behind."""
    run(sql.NOTE_FINGERPRINT, (fingerprint(), fingerprint()))
    outdated = ReadySchema.objects.using("owner").exclude(fingerprint=fingerprint())
    for pk in list(outdated.values_list("pk", flat=True)):
        _patiently(functools.partial(_discard, pk), patience)


def _discard(pk: int) -> None:
    """Throw a ready schema away; one that is being claimed is waited for, and then gone."""
    found = ReadySchema.objects.using("owner").select_for_update().filter(pk=pk).first()
    if found is not None:
        run(compose(sql.DROP_SCHEMA, schema=found.schema_name))
        run(compose(sql.DROP_ROLE, role=found.role_name))
        found.delete(using="owner")
        failpoint("stock_after_discard")


def _migrate_behind(say: Say, patience: Patience) -> list[str]:
    failed: list[str] = []
    behind = Business.objects.using("owner").exclude(fingerprint=fingerprint()).order_by("pk")
    known: Known = {}
    for number, business in enumerate(behind, start=1):
        try:
            work = functools.partial(migrate_business, business=business, known=known)
            _patiently(work, patience)
        except Exception as error:  # noqa: BLE001 - one business's trouble must not stop the others
            failed.append(business.slug)
            say(f"{business.slug}: failed: {type(error).__name__}: {error}".rstrip())
        else:
            say(f"{business.slug}: migrated")
        # What a long-lived connection remembers of each schema grows without an end.
        if number % _FRESH_EVERY == 0:
            start_afresh()
    return failed


def migrate_business(*, business: Business, known: Known) -> None:
    """Migrate one business's schema and grant its role anew, whole or not at all.

    ``known`` carries the statements from one business to the next that stands where it stood.
    """
    run(compose(sql.SET_PATH, schema=business.schema_name))
    standing = frozenset(run(sql.APPLIED)) if _has_history(business) else frozenset()
    if standing in known:
        run(pg.SQL(known[standing]))
        owner_connection().search_path_set_schemas = None
    else:
        _migrate_first(business, standing, known)
    failpoint("migrate_after_tables")
    grant_schema(schema=business.schema_name, role=business.role_name)
    Business.objects.using("owner").filter(pk=business.pk).update(fingerprint=fingerprint())


def _has_history(business: Business) -> bool:
    return bool(run(sql.HAS_HISTORY, (business.schema_name,))[0][0])


def _migrate_first(business: Business, standing: Standing, known: Known) -> None:
    """Let Django migrate, and note what it did where that does not hang on the data it met."""
    owner_connection().search_path_set_schemas = None
    statements: list[str] = []
    with (
        _inside(business.schema_name),
        owner_connection().execute_wrapper(_recorder(statements)),
    ):
        plan = _migrate_here(_labels(settings.TENANT_APPS))
    if all(_is_same_everywhere(one) for migration in plan for one in migration.operations):
        text = ";\n".join(statements)
        transaction.on_commit(lambda: known.update({standing: text}), using="owner")


def _is_same_everywhere(operation: Operation) -> bool:
    """Tell whether an operation does in every schema what it did in the first."""
    if isinstance(operation, SeparateDatabaseAndState):
        return all(_is_same_everywhere(one) for one in operation.database_operations)
    home = type(operation).__module__
    return home.startswith(_DJANGOS) and not isinstance(operation, RunPython)


def _migrate_public() -> bool:
    return bool(_migrate_here(_labels(settings.SHARED_APPS)))


@contextmanager
def _only_runner() -> Iterator[None]:
    """Let a second runner wait until the first is done; a dead one holds nobody up."""
    keeper = owner_connection().copy()
    keeper.ensure_connection()
    try:
        keeper.connection.execute(sql.LOCK_RUNNER)
        yield
    finally:
        keeper.close()


def _patiently(work: Callable[[], Any], patience: Patience) -> Any:
    """Do it in one transaction; where a lock is not to be had, let go of all and try again."""
    for turn in range(1, patience.tries + 1):
        try:
            with transaction.atomic(using="owner"):
                run(sql.LOCK_TIMEOUT, (f"{patience.lock_ms}ms",))
                return work()
        except (OperationalError, psycopg.OperationalError) as error:
            cause = error.__cause__ if isinstance(error, OperationalError) else error
            start_afresh()
            if turn == patience.tries or not isinstance(cause, _WORTH_ANOTHER_TRY):
                raise
        time.sleep(patience.pause_s * random.uniform(0.5, 1.5) * turn)  # noqa: S311 - jitter
    return None


@functools.cache
def fingerprint() -> str:
    """Return a hash of the migrations that a business's schema should have."""
    loader = MigrationLoader(None)
    labels = set(_labels(settings.TENANT_APPS))
    names = sorted(f"{app}.{name}" for app, name in loader.graph.nodes if app in labels)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def ensure_snapshot() -> str:
    """Record, once per set of migrations, the statements that make a business's tables."""
    wanted = fingerprint()
    found = _find_snapshot(wanted)
    if found is None:
        with transaction.atomic(using="owner"):
            run(sql.LOCK_SNAPSHOT)
            found = _find_snapshot(wanted) or _take_snapshot(wanted)
    return found.statements


def _find_snapshot(wanted: str) -> Snapshot | None:
    return Snapshot.objects.using("owner").filter(fingerprint=wanted).first()


def _take_snapshot(wanted: str) -> Snapshot:
    statements: list[str] = []
    run(compose(sql.DROP_SCHEMA, schema=TEMPLATE_SCHEMA))
    run(compose(sql.CREATE_SCHEMA, schema=TEMPLATE_SCHEMA))
    with _inside(TEMPLATE_SCHEMA), owner_connection().execute_wrapper(_recorder(statements)):
        _migrate_here(_labels(settings.TENANT_APPS))
    run(compose(sql.DROP_SCHEMA, schema=TEMPLATE_SCHEMA))
    return Snapshot.objects.using("owner").create(
        fingerprint=wanted, statements=";\n".join(statements), created_at=clock.now()
    )


def grant_schema(*, schema: str, role: str) -> None:
    """Give a business's role its own tables, and no way to rewrite what is append-only."""
    run(compose(sql.GRANT_SCHEMA, schema=schema, role=role))
    for table in sql.APPEND_ONLY:
        run(compose(sql.REVOKE_CHANGES, schema=schema, table=table, role=role))


def _labels(names: list[str]) -> list[str]:
    wanted = set(names)
    return [config.label for config in apps.get_app_configs() if config.name in wanted]


def _migrate_here(labels: list[str]) -> list[Migration]:
    """Apply what is missing in the schema the owner's connection stands in, and return that."""
    executor = MigrationExecutor(owner_connection())
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in labels]
    plan = executor.migration_plan(targets)
    if plan:
        executor.migrate(targets, plan)
    return [migration for migration, _backwards in plan]


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
        failpoint("provision_after_schema")
        run(compose(sql.SET_PATH, schema=schema))
        run(pg.SQL(text))
        wrapper = owner_connection()
        wrapper.search_path_set_schemas = None
