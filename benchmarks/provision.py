"""``provision`` and ``migrate_many``: a new business, and a release over many of them."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.peers import make_schema, migrate_schema
from benchmarks.release import next_release
from benchmarks.result import Result, alternate

ROUNDS = 7
FLEET = 200
FULL_FLEET = 500
RELEASES = 5
PASSWORD = "correct-horse-9"  # noqa: S105 - nobody's
COLUMN = '    migrations.AddField("location", "bench_{}", models.IntegerField(default=0)),\n'


def provision() -> list[Result]:
    """Make businesses ready for log-in, against ``migrate_schemas`` of one new schema."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415 - after django.setup

    from apps.tenants import services as tenants  # noqa: PLC0415
    from apps.tenants.services.stock import make_ready  # noqa: PLC0415

    numbers = count()

    def stocked() -> None:
        _found(f"stocked-{next(numbers)}")

    def made_now() -> None:
        make_ready()
        _found(f"made-{next(numbers)}")

    def theirs() -> None:
        schema = f"plain_{next(numbers)}"
        make_schema(schema)
        migrate_schema(schema)

    started = time.perf_counter()
    tenants.top_up(keep=ROUNDS)
    ahead_s = (time.perf_counter() - started) / ROUNDS
    stocked_s, made_s, hash_s, theirs_s = alternate(
        [stocked, made_now, lambda: make_password(PASSWORD), theirs], rounds=ROUNDS
    )
    ahead = (
        "a ready schema out of stock becomes a business with its host and an owner who can log"
        f" in; the stock is made ahead by the owner's worker, {ahead_s:.3f} s each, not counted"
    )
    now = "the same with an empty stock: role, schema, tables and rights made first"
    return [
        Result(
            bench=name,
            n=ROUNDS,
            value=round(ours_s, 4),
            unit="s",
            ratio=round(ours_s / theirs_s, 4),
            against="django-tenants' migrate_schemas of one new schema (its run_migrations)",
            note=f"{how}; of that {hash_s:.3f} s hash the owner's password; theirs {theirs_s:.3f}"
            " s; medians, alternating",
        )
        for name, ours_s, how in (
            ("provision", stocked_s, ahead),
            ("provision_unstocked", made_s, now),
        )
    ]


def _found(slug: str) -> None:
    from django.db import transaction  # noqa: PLC0415 - after django.setup

    from apps.accounts.choices import Role  # noqa: PLC0415
    from apps.core import clock  # noqa: PLC0415
    from apps.staff import services as staff  # noqa: PLC0415
    from apps.tenants import services as tenants  # noqa: PLC0415

    now = clock.now()
    with transaction.atomic():
        business = tenants.claim_business(slug=slug, name=slug, now=now)
        staff.create_member(
            business=business,
            email=f"owner@{slug}.example",
            name="Owner",
            role=Role.OWNER,
            password=PASSWORD,
            now=now,
        )


def migrate_many() -> list[Result]:
    """Run the runner over a fleet: with nothing to do, and with a column to add."""
    from apps.core import clock  # noqa: PLC0415 - after django.setup
    from apps.tenants import services as tenants  # noqa: PLC0415

    fleet = FULL_FLEET if os.environ.get("BENCH_FULL") else FLEET
    started = time.perf_counter()
    for number in range(fleet):
        tenants.create_business(slug=f"fleet-{number}", name="F", now=clock.now())
    made_s = time.perf_counter() - started
    plain = "plain_fleet"
    make_schema(plain)
    migrate_schema(plain)
    made = f"the {fleet} businesses were made in {made_s:.1f} s"
    return [_idle_release(fleet, plain, made), _column_release(fleet, plain, made)]


def _idle_release(fleet: int, plain: str, made: str) -> Result:
    ours_s, one_s = alternate([_migrate_all, lambda: migrate_schema(plain)], rounds=5)
    return Result(
        bench="migrate_many",
        n=fleet,
        value=round(ours_s, 3),
        unit="s",
        ratio=round(ours_s / (one_s * fleet), 4),
        against="serial migrate_schemas with nothing to do (one schema measured, times n)",
        note=f"no-op: nothing is behind; theirs {one_s * fleet:.1f} s; {made}; medians of 5",
    )


def _column_release(fleet: int, plain: str, made: str) -> Result:
    """Add a column in each round; a round is a release, since a column is added only once."""
    ours: list[float] = []
    theirs: list[float] = []
    with ExitStack() as releases:
        for number in range(RELEASES):
            releases.enter_context(_release(number))
            for taken, work in (
                (ours, _migrate_all),
                (theirs, lambda: migrate_schema(plain)),
            )[:: 1 if number % 2 else -1]:
                started = time.perf_counter()
                work()
                taken.append(time.perf_counter() - started)
    ours_s, one_s = sorted(ours)[RELEASES // 2], sorted(theirs)[RELEASES // 2]
    _expect_columns(fleet)
    return Result(
        bench="migrate_many",
        n=fleet,
        value=round(ours_s, 3),
        unit="s",
        ratio=round(ours_s / (one_s * fleet), 4),
        against="serial migrate_schemas of the same migration (one schema measured, times n)",
        note=f"one migration that adds a column with a default, snapshot for new businesses"
        f" included, each business in a transaction of its own; theirs {one_s * fleet:.1f} s;"
        f" {made}; medians of {RELEASES} releases, alternating",
    )


@contextmanager
def _release(number: int) -> Iterator[None]:
    """Stand at the release that adds one more column than the one before."""
    with tempfile.TemporaryDirectory(prefix="release") as folder:
        columns = [COLUMN.format(one) for one in range(number + 1)]
        with next_release(Path(folder), *columns):
            yield


def _migrate_all() -> None:
    from apps.tenants import services as tenants  # noqa: PLC0415 - after django.setup

    tenants.migrate_all(say=lambda _line: None)


def _expect_columns(fleet: int) -> None:
    """Refuse a figure for work that was not done."""
    from django.db import connections  # noqa: PLC0415 - after django.setup

    owner: Any = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns JOIN tenants_business"
            " ON schema_name = table_schema WHERE table_name = 'locations_location'"
            " AND column_name LIKE 'bench_%'"
        )
        found = cursor.fetchone()[0]
    if found != fleet * RELEASES:
        message = f"{found} columns were added, not {fleet * RELEASES}."
        raise RuntimeError(message)
