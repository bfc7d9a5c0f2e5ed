"""The migration runner: who is behind is migrated, who fails is named, and live work goes first."""

import os
import threading
import time
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from apps.tenants import services
from apps.tenants.errors import MigrationsFailedError
from apps.tenants.models import Business
from tests.conftest import business_of
from tests.tenants.catalogue import all_at_once, as_owner, rights_of, shape_of

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
QUICK = services.Patience(lock_ms=50, tries=3, pause_s=0.05)


def make_behind(slug: str) -> Business:
    """Make a business that lacks the tables of one room, as before that room was written."""
    business = services.create_business(slug=slug, name=slug, now=NOW)
    owner: Any = connections["owner"]
    owner.set_schema(business.schema_name)
    MigrationExecutor(owner).migrate([("recovery", None)])
    owner.set_schema_to_public()
    Business.objects.using("owner").filter(pk=business.pk).update(fingerprint="before")
    assert "recovery_case" not in tables_of(business)
    return business


def tables_of(business: Business) -> list[str]:
    return [row[0] for row in shape_of(business.schema_name)["tables"]]


def migrate(patience: services.Patience = QUICK) -> list[str]:
    """Run the runner and return what it said, with its error at the end."""
    said: list[str] = []
    try:
        services.migrate_all(say=said.append, patience=patience)
    except MigrationsFailedError as error:
        said.append(error.message)
    return said


def test_business_behind_is_migrated_and_nobody_else(slug: str) -> None:
    behind = make_behind(slug)

    assert migrate() == [f"{slug}: migrated"]

    assert shape_of(behind.schema_name) == shape_of(business_of("alpha").schema_name)
    assert rights_of(behind) == rights_of(business_of("alpha"))
    assert business_of(slug).fingerprint == business_of("alpha").fingerprint
    assert migrate() == []


def test_failure_is_named_and_leaves_the_others_done(slug: str) -> None:
    first, broken, last = (make_behind(f"{slug}-{letter}") for letter in "abc")
    as_owner(f'CREATE TABLE "{broken.schema_name}".recovery_case (a int)')
    before = shape_of(broken.schema_name)

    said = migrate()

    assert said[0] == f"{first.slug}: migrated"
    assert said[1].startswith(f"{broken.slug}: failed: DuplicateTable: relation")
    assert said[2:] == [
        f"{last.slug}: migrated",
        f"Not migrated: {broken.slug}. The others are done; run migrate_all again.",
    ]
    assert shape_of(broken.schema_name) == before
    assert business_of(broken.slug).fingerprint == "before"
    for done in (first, last):
        assert shape_of(done.schema_name) == shape_of(business_of("alpha").schema_name)
    with pytest.raises(CommandError, match=f"Not migrated: {broken.slug}"):
        call_command("migrate_all")

    as_owner(f'DROP TABLE "{broken.schema_name}".recovery_case')
    assert migrate() == [f"{broken.slug}: migrated"]
    assert shape_of(broken.schema_name) == shape_of(business_of("alpha").schema_name)


def test_death_in_the_middle_leaves_a_business_as_it_was(slug: str, settings: Any) -> None:
    behind = make_behind(slug)
    before = shape_of(behind.schema_name)
    settings.FAILPOINT = "migrate_after_tables:raise"

    assert migrate()[0] == f"{slug}: failed: RuntimeError: failpoint migrate_after_tables"
    assert shape_of(behind.schema_name) == before

    settings.FAILPOINT = ""
    assert migrate() == [f"{slug}: migrated"]


def test_lock_that_stays_is_given_up_soon_and_named(slug: str) -> None:
    held, free = make_behind(f"{slug}-a"), make_behind(f"{slug}-b")

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as work:
        work.execute(f'LOCK TABLE "{held.schema_name}".staff_member IN ROW EXCLUSIVE MODE')
        work.execute(f'LOCK TABLE "{held.schema_name}".customers_customer')
        started = time.monotonic()
        said = migrate()
        took = time.monotonic() - started

    assert said[0].startswith(f"{held.slug}: failed: OperationalError: canceling statement due to")
    assert said[1] == f"{free.slug}: migrated"
    assert took < 20
    assert "recovery_case" not in tables_of(held)
    assert migrate() == [f"{held.slug}: migrated"]


def test_lock_that_is_let_go_is_waited_for(slug: str) -> None:
    held = make_behind(slug)
    is_held, done = threading.Event(), threading.Event()

    def work() -> None:
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as live:
            live.execute(f'LOCK TABLE "{held.schema_name}".customers_customer')
            is_held.set()
            done.wait(0.5)

    live = threading.Thread(target=work)
    live.start()
    is_held.wait(10)
    said = migrate(services.Patience(lock_ms=50, tries=200, pause_s=0.02))
    done.set()
    live.join()

    assert said == [f"{slug}: migrated"]
    assert shape_of(held.schema_name) == shape_of(business_of("alpha").schema_name)


def test_two_runners_do_each_business_once(slug: str) -> None:
    behind = [make_behind(f"{slug}-{letter}") for letter in "ab"]

    results = all_at_once([migrate, migrate])

    assert sorted(map(str, results)) == sorted(
        ["[]", str([f"{one.slug}: migrated" for one in behind])]
    )
