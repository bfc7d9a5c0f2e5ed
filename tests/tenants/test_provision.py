"""Making and removing a business: the exact result, who is refused, and nothing half-made."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from apps.core import clock
from apps.core.db import uuid7
from apps.core.errors import AppError
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.jobs.models import Ticket
from apps.locations.models import Location
from apps.staff.models import Member
from apps.tenants import services, wall
from apps.tenants.choices import BusinessStatus
from apps.tenants.errors import SlugInvalidError, SlugTakenError
from apps.tenants.models import Business, Domain
from tests.conftest import business_of
from tests.tenants.catalogue import NOTHING, all_at_once, as_owner, rights_of, shape_of, traces_of

ROOT = Path(__file__).resolve().parent.parent.parent
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PLACES = (
    "stock_after_role",
    "stock_after_group",
    "stock_after_login",
    "provision_after_schema",
    "stock_after_tables",
    "stock_after_rights",
    "stock_before_commit",
)


def test_new_business_is_exactly_what_was_asked_for(slug: str) -> None:
    made = services.create_business(
        slug=slug, name="Ny Café", now=NOW, country="DK", currency="DKK", time_zone="Europe/Oslo"
    )

    mark = as_owner("SELECT mark FROM tenants_installation")[0][0]
    with wall.as_platform():
        made = Business.objects.get(pk=made.pk)
        hosts = list(Domain.objects.filter(tenant=made).values_list("domain", "is_primary"))
    token = made.schema_name.removeprefix("b_")
    assert (made.slug, made.name, len(token)) == (slug, "Ny Café", 12)
    assert (made.country, made.currency, made.time_zone) == ("DK", "DKK", "Europe/Oslo")
    assert (made.role_name, made.status) == (f"t_{mark}_{token}", BusinessStatus.ACTIVE)
    assert (made.fingerprint, made.created_at) == (business_of("alpha").fingerprint, NOW)
    assert hosts == [(f"{slug}.localhost", True)]
    with wall.as_business(made):
        Location.objects.create(name="Oslo", country="NO", time_zone="UTC", created_at=NOW)
        assert [place.name for place in Location.objects.all()] == ["Oslo"]
    with wall.as_business(business_of("alpha")):
        assert not Location.objects.filter(name="Oslo").exists()
    assert Client(HTTP_HOST=f"{slug}.localhost").get("/account/login/").status_code == 200


def test_replayed_schema_equals_a_migrated_one(slug: str) -> None:
    replayed = services.create_business(slug=slug, name="Replayed", now=NOW)
    hand_made = Business(
        slug=f"{slug}-hand",
        name="Migrated",
        schema_name=f"{replayed.schema_name}_hand",
        role_name=f"{replayed.role_name}_hand",
        status=BusinessStatus.ACTIVE,
        created_at=NOW,
    )
    hand_made.save(using="owner")
    as_owner(f'CREATE SCHEMA "{hand_made.schema_name}"')
    as_owner(f'CREATE ROLE "{hand_made.role_name}"')

    said: list[str] = []
    services.migrate_all(say=said.append)

    assert said == [f"{slug}-hand: migrated"]
    migrated, made = shape_of(hand_made.schema_name), shape_of(replayed.schema_name)
    assert len(made["tables"]) > 40
    assert len(made["indexes"]) > 100
    assert made == migrated
    assert rights_of(replayed) == rights_of(hand_made)


@pytest.mark.parametrize(
    "text",
    [
        "", "ab", "a" * 41, "1abc", "-abc", "abc-", "a--b", "xn--abc", "Abc", "a_b", "a b", "a.b",
        "äbc", "abc\n", "a'b", "www", "api", "admin", "localhost", "mail",
    ],
)  # fmt: skip
def test_unfit_address_is_refused_at_its_field(db: None, text: str) -> None:
    with pytest.raises(SlugInvalidError) as caught:
        services.create_business(slug=text, name="X", now=NOW)

    assert (caught.value.code, caught.value.field) == ("slug_invalid", "slug")
    assert as_owner("SELECT count(*) FROM tenants_business WHERE slug = %(slug)s", slug=text) == [
        (0,)
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"currency": "EURO"}, "currency"),
        ({"country": "gb"}, "country"),
    ],
)
def test_impossible_place_is_refused_at_its_field(
    slug: str, values: dict[str, str], field: str
) -> None:
    with pytest.raises(AppError) as caught:
        services.create_business(slug=slug, name="X", now=NOW, **values)
    assert caught.value.field == field
    assert traces_of(slug) == NOTHING


@pytest.mark.parametrize(
    ("email", "password"), [("not-an-address", "correct-horse-9"), ("a@example.com", "123")]
)
def test_owner_who_cannot_log_in_leaves_no_business(
    slug: str, monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    with pytest.raises(CommandError):
        call_command("provision_business", slug, name="X", owner=email, password_stdin=True)
    assert traces_of(slug) == NOTHING


def test_provisioned_owner_is_a_member(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("correct-horse-9\n"))
    said = StringIO()
    call_command(
        "provision_business",
        slug,
        name="X",
        owner="x@example.com",
        password_stdin=True,
        stdout=said,
    )
    assert said.getvalue() == f"X is ready at http://{slug}.localhost:8000/\n"
    with wall.as_business(business_of(slug)):
        assert [(m.email, m.role) for m in Member.objects.all()] == [("x@example.com", "owner")]


@pytest.mark.usefixtures("slug")
def test_taken_address_is_refused_and_its_business_untouched() -> None:
    before = shape_of(business_of("alpha").schema_name)

    with pytest.raises(SlugTakenError) as caught:
        services.create_business(slug="alpha", name="Thief", now=NOW)

    assert caught.value.message == "The address “alpha” is taken. Choose another."
    assert caught.value.field == "slug"
    assert shape_of(business_of("alpha").schema_name) == before
    assert business_of("alpha").name == "Alpha Bikes"


def test_host_of_another_business_is_refused(slug: str) -> None:
    host = Domain(domain=f"{slug}.localhost", tenant=business_of("beta"), is_primary=False)
    Domain.objects.using("owner").bulk_create([host])

    with pytest.raises(SlugTakenError):
        services.create_business(slug=slug, name="X", now=NOW)

    assert traces_of(slug) == {**NOTHING, "host": 1}
    Domain.objects.using("owner").filter(domain=host.domain).delete()


def test_of_many_who_want_one_address_one_gets_it(slug: str) -> None:
    def ask() -> object:
        return services.create_business(slug=slug, name="X", now=NOW).slug

    results = all_at_once([ask] * 6)

    assert sorted(map(str, results)) == ["SlugTakenError"] * 5 + [slug]
    traces = traces_of(slug)
    # Those who came too late had each made a schema; the next businesses take them.
    assert traces.pop("ready") <= 5
    assert traces == {"schemas": 0, "roles": 0, "tickets": 0, "row": 1, "host": 1}


def test_different_businesses_are_made_at_once(slug: str) -> None:
    slugs = [f"{slug}-{letter}" for letter in "abcd"]

    def ask(name: str) -> Callable[[], object]:
        return lambda: services.create_business(slug=name, name=name, now=NOW).slug

    results = all_at_once([ask(name) for name in slugs])

    made = [business_of(name) for name in slugs]
    shapes = [shape_of(business.schema_name) for business in made]
    assert sorted(map(str, results)) == slugs
    assert all(shape == shapes[0] for shape in shapes)


@pytest.mark.parametrize("place", PLACES)
def test_death_on_the_way_leaves_nothing_behind(slug: str, settings: Any, place: str) -> None:
    settings.FAILPOINT = f"{place}:raise"
    with pytest.raises(RuntimeError, match=place):
        services.create_business(slug=slug, name="X", now=NOW)
    assert traces_of(slug) == NOTHING

    settings.FAILPOINT = ""
    made = services.create_business(slug=slug, name="X", now=NOW)
    assert shape_of(made.schema_name) == shape_of(business_of("alpha").schema_name)


def test_death_after_the_end_leaves_a_whole_business(slug: str, settings: Any) -> None:
    settings.FAILPOINT = "claim_after_commit:raise"
    with pytest.raises(RuntimeError):
        services.create_business(slug=slug, name="X", now=NOW)

    assert shape_of(business_of(slug).schema_name) == shape_of(business_of("alpha").schema_name)


def test_killed_process_leaves_nothing_behind(slug: str) -> None:
    command = [sys.executable, "manage.py", "provision_business", slug, "--name", "X"]
    done = subprocess.run(
        [*command, "--owner", "o@example.com", "--password-stdin"],
        input="correct-horse-9\n", text=True, cwd=ROOT, capture_output=True, check=False,
        env={**os.environ, "FAILPOINT": "stock_after_rights:kill"},
    )  # fmt: skip

    assert done.returncode == -9, done.stderr
    assert traces_of(slug) == NOTHING


def test_suspended_business_answers_503_and_its_tickets_wait(slug: str) -> None:
    made = services.create_business(slug=slug, name="X", now=NOW)
    visitor = Client(HTTP_HOST=f"{slug}.localhost")
    now = clock.now()
    with wall.as_business(made):
        jobs.enqueue("recovery.due", key=f"{uuid7()}:collect", now=now, lane=Lane.INTERACTIVE)

    services.suspend_business(business=made)
    jobs.drain(lanes=[Lane.INTERACTIVE])

    assert visitor.get("/account/login/").status_code == 503
    assert visitor.post("/api/v1/customers/").status_code == 503
    with wall.as_business(made):
        ticket = Ticket.objects.get()
    assert ticket.tries == 0
    assert ticket.not_before > now + timedelta(minutes=59)

    services.resume_business(business=made)
    jobs.drain(lanes=[Lane.INTERACTIVE], now=now + timedelta(hours=2))

    assert visitor.get("/account/login/").status_code == 200
    with wall.as_business(made):
        assert not Ticket.objects.exists()


def test_dropped_business_leaves_nothing_and_its_address_is_free(slug: str) -> None:
    made = services.create_business(slug=slug, name="X", now=NOW)
    with wall.as_business(made):
        jobs.enqueue("recovery.due", key=f"{uuid7()}:collect", now=NOW, lane=Lane.INTERACTIVE)
    folder = Path(django_settings.MEDIA_ROOT) / made.schema_name
    folder.mkdir(parents=True)
    (folder / "file").write_text("theirs")
    before = shape_of(business_of("alpha").schema_name)

    with transaction.atomic(using="owner"):
        services.drop_business(business=made)
        transaction.set_rollback(True, using="owner")
    assert (folder / "file").read_text() == "theirs"
    assert traces_of(slug) != NOTHING

    services.drop_business(business=made)

    assert traces_of(slug) == NOTHING
    assert not folder.exists()
    assert shape_of(business_of("alpha").schema_name) == before
    assert Client(HTTP_HOST=f"{slug}.localhost").get("/account/login/").status_code == 404
    again = services.create_business(slug=slug, name="Y", now=NOW)
    assert again.pk != made.pk
    with wall.as_business(again):
        assert not Location.objects.exists()
