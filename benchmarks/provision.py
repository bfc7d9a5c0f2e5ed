"""``provision`` and ``migrate_many``: a new business, and a release that changes nothing."""

import time
from itertools import count
from typing import Any

from benchmarks.result import Result, alternate

ROUNDS = 7
FLEET = 200


def provision() -> list[Result]:
    """Make businesses ready for log-in, against Django's migrations of one new schema."""
    from apps.accounts.choices import Role  # noqa: PLC0415 - after django.setup
    from apps.core import clock  # noqa: PLC0415
    from apps.staff import services as staff  # noqa: PLC0415
    from apps.tenants import services as tenants  # noqa: PLC0415

    numbers = count()

    def ours() -> None:
        slug, now = f"bench-{next(numbers)}", clock.now()
        business = tenants.create_business(slug=slug, name=slug, now=now)
        staff.create_member(
            business=business,
            email=f"owner@{slug}.example",
            name="Owner",
            role=Role.OWNER,
            password="correct-horse-9",  # noqa: S106 - nobody's
            now=now,
        )

    def theirs() -> None:
        _migrate_new_schema(f"plain_{next(numbers)}")

    ours_s, theirs_s = alternate([ours, theirs], rounds=ROUNDS)
    return [
        Result(
            bench="provision",
            n=ROUNDS,
            value=round(ours_s, 4),
            unit="s",
            ratio=round(ours_s / theirs_s, 4),
            against="Django's migrations of one new schema, as migrate_schemas runs them",
            note=f"theirs {theirs_s:.3f} s; ours with role, rights, host and an owner who can"
            " log in (password hash included); medians, alternating",
        )
    ]


def _migrate_new_schema(schema: str) -> None:
    from django.apps import apps  # noqa: PLC0415 - after django.setup
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    owner: Any = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema}"')
    owner.set_schema(schema)
    try:
        executor = MigrationExecutor(owner)
        labels = {one.label for one in apps.get_app_configs() if one.name in settings.TENANT_APPS}
        executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in labels])
    finally:
        owner.set_schema_to_public()


def migrate_many() -> list[Result]:
    """Run the runner over a fleet with nothing to do, against asking each schema for its plan."""
    from django.db import connections  # noqa: PLC0415 - after django.setup
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from apps.core import clock  # noqa: PLC0415
    from apps.tenants import services as tenants  # noqa: PLC0415

    started = time.perf_counter()
    schemas = [
        tenants.create_business(slug=f"fleet-{number}", name="F", now=clock.now()).schema_name
        for number in range(FLEET)
    ]
    made_s = time.perf_counter() - started

    def ours() -> None:
        tenants.migrate_all(say=lambda _line: None)

    def theirs() -> None:
        owner: Any = connections["owner"]
        owner.set_schema(schemas[0])
        executor = MigrationExecutor(owner)
        executor.migration_plan(executor.loader.graph.leaf_nodes())
        owner.set_schema_to_public()

    ours_s, one_s = alternate([ours, theirs], rounds=5)
    theirs_s = one_s * FLEET
    return [
        Result(
            bench="migrate_many",
            n=FLEET,
            value=round(ours_s, 3),
            unit="s",
            ratio=round(ours_s / theirs_s, 4),
            against="a migration plan for each schema in turn (one measured, times n)",
            note=f"no-op run: nothing is behind; theirs {theirs_s:.1f} s; the {FLEET} businesses"
            f" were made in {made_s:.1f} s. One real migration over many is not measured here",
        )
    ]
