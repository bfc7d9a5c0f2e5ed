"""A release reaches every business: what stands in it, and each of its rows."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from apps.locations.models import Location
from apps.tenants import services, wall
from apps.tenants.models import Business
from benchmarks.release import next_release
from tests import environment
from tests.conftest import business_of
from tests.tenants.catalogue import rights_of, shape_of
from tests.tenants.conftest import forget_stock

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ADD_COLUMN = """
    migrations.AddField("location", "floor", models.IntegerField(default=3)),
    migrations.AddIndex("location", models.Index(fields=["floor"], name="location_floor")),
"""
# What it does hangs on what it finds, so it must meet every business for itself.
NAME_A_PLACE = """
    migrations.RunPython(
        lambda apps, editor: apps.get_model("locations", "Location").objects.using("owner")
        .filter(name="Old").update(name="New")
    ),
"""


@pytest.fixture(autouse=True)
def _own_copy(_fresh_copy: None) -> None:
    """Give each test a copy of the database, since a release cannot be taken back."""
    environment.copy_database(os.environ["TEST_DATABASE"])
    forget_stock()


def make_place(business: Business, name: str) -> None:
    with wall.as_business(business):
        Location.objects.create(name=name, country="GB", time_zone="UTC", created_at=NOW)


def floors(business: Business) -> list[tuple[Any, ...]]:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as bare:
        bare.execute(f'SET search_path = "{business.schema_name}"')
        return bare.execute("SELECT name, floor FROM locations_location").fetchall()


def test_release_reaches_every_business_and_its_rows(slug: str, tmp_path: Path) -> None:
    first, second = (
        services.create_business(slug=f"{slug}-{letter}", name="X", now=NOW) for letter in "ab"
    )
    for place, business in zip(("A", "B"), (first, second), strict=True):
        make_place(business, place)

    with next_release(tmp_path, ADD_COLUMN):
        said: list[str] = []
        services.migrate_all(say=said.append)
        services.top_up(keep=1)
        made = services.create_business(slug=f"{slug}-c", name="X", now=NOW)

    everybody = ["alpha", "beta", first.slug, second.slug]
    assert said == [f"{name}: migrated" for name in everybody]
    assert floors(first) == [("A", 3)]
    assert floors(second) == [("B", 3)]
    assert rights_of(first) == rights_of(business_of("alpha"))
    assert {one.fingerprint for one in (business_of(name) for name in everybody)} == {
        made.fingerprint
    }
    shapes = [shape_of(business_of(name).schema_name) for name in everybody]
    assert shapes == [shape_of(made.schema_name)] * 4


def test_python_of_a_migration_meets_every_business(slug: str, tmp_path: Path) -> None:
    first, second, third = (
        services.create_business(slug=f"{slug}-{letter}", name="X", now=NOW) for letter in "abc"
    )
    for place, business in zip(("Kept", "Old", "Old"), (first, second, third), strict=True):
        make_place(business, place)

    with next_release(tmp_path, ADD_COLUMN, NAME_A_PLACE):
        services.migrate_all(say=print)

    found = [floors(one) for one in (first, second, third)]
    assert found == [[("Kept", 3)], [("New", 3)], [("New", 3)]]
