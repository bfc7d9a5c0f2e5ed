"""Ready schemas: made ahead by the owner, taken by the web process, never half and never served."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test import Client

from apps.accounts.choices import Role
from apps.core.db import uuid7
from apps.core.errors import AppError
from apps.jobs import poller
from apps.jobs.choices import Lane
from apps.locations.models import Location
from apps.staff import services as staff
from apps.staff.models import Member
from apps.tenants import queries, services, wall
from apps.tenants.errors import NoneReadyError, SlugInvalidError, SlugTakenError
from apps.tenants.models import Business
from tests.conftest import business_of
from tests.tenants.catalogue import NOTHING, all_at_once, as_owner, rights_of, shape_of, traces_of

ROOT = Path(__file__).resolve().parent.parent.parent
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
FUNCTION = "SELECT claim_business(%s, 'X', 'GB', 'GBP', 'UTC', 'en', %s, 'localhost', now())"


def stock() -> list[str]:
    return [row[0] for row in as_owner("SELECT schema_name FROM tenants_readyschema ORDER BY id")]


def claim(slug: str) -> Callable[[], object]:
    return lambda: services.claim_business(slug=slug, name="X", now=NOW).schema_name


def test_stock_is_filled_to_what_is_wanted_and_no_further(slug: str) -> None:
    assert services.top_up(keep=2) == 2
    assert services.top_up(keep=2) == 0
    assert services.top_up(keep=1) == 0
    assert len(stock()) == 2
    assert traces_of(slug) == {**NOTHING, "ready": 2}


def test_ready_schema_is_no_business_and_is_not_served(slug: str) -> None:
    before = {one.slug for one in queries.list_businesses()}
    services.top_up(keep=1)

    (schema,) = stock()
    assert {one.slug for one in queries.list_businesses()} == before
    for host in (schema.removeprefix("b_"), schema.replace("_", "-")):
        assert Client(HTTP_HOST=f"{host}.localhost").get("/account/login/").status_code == 404


# `db` alone: the test fails where the owner's connection would be used.
def test_web_process_makes_a_business_with_its_owner_in_one_transaction(db: None) -> None:
    waiting = stock()

    with transaction.atomic():
        made = services.claim_business(
            slug="corner",
            name=" Corner Café ",
            now=NOW,
            country="DK",
            currency="DKK",
            time_zone="Europe/Oslo",
        )
        staff.create_member(
            business=made,
            email="ole@corner.example",
            name="Ole",
            role=Role.OWNER,
            password="correct-horse-9",
            now=NOW,
        )

    assert made.schema_name == waiting[0]
    assert (made.slug, made.name, made.is_active) == ("corner", "Corner Café", True)
    assert (made.country, made.currency, made.time_zone) == ("DK", "DKK", "Europe/Oslo")
    assert (made.language, made.created_at) == ("en", NOW)
    assert made.fingerprint == business_of("alpha").fingerprint
    with wall.as_business(made):
        assert [person.name for person in Member.objects.all()] == ["Ole"]
        assert not Location.objects.exists()
    visitor = Client(HTTP_HOST="corner.localhost")
    login = {"login": "ole@corner.example", "password": "correct-horse-9"}
    assert visitor.post("/account/login/", login).status_code == 302


def test_taken_up_again_when_the_callers_transaction_fails(slug: str) -> None:
    services.top_up(keep=1)
    before = stock()

    def fail() -> None:
        with transaction.atomic():
            services.claim_business(slug=slug, name="X", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert stock() == before
    assert traces_of(slug) == {**NOTHING, "ready": 1}


def test_claimed_schema_is_like_any_other(slug: str) -> None:
    services.top_up(keep=1)
    made = services.claim_business(slug=slug, name="X", now=NOW)

    alpha = business_of("alpha")
    assert shape_of(made.schema_name) == shape_of(alpha.schema_name)
    assert rights_of(made) == rights_of(alpha)
    assert [one.text for one in queries.audit_wall() if not one.is_good] == []


def test_audit_is_red_when_everybody_may_make_a_business(slug: str) -> None:
    as_owner("GRANT EXECUTE ON FUNCTION claim_business TO PUBLIC")
    red = [one.text for one in queries.audit_wall() if not one.is_good]
    as_owner("REVOKE EXECUTE ON FUNCTION claim_business FROM PUBLIC")

    assert red == ["What runs with the owner's rights may be called by whom it is for."]


def test_empty_stock_is_said_and_changes_nothing(slug: str) -> None:
    with pytest.raises(NoneReadyError) as caught:
        services.claim_business(slug=slug, name="X", now=NOW)

    assert (caught.value.code, caught.value.status) == ("none_ready", 503)
    assert traces_of(slug) == NOTHING


@pytest.mark.parametrize(
    ("address", "error"),
    [("alpha", SlugTakenError), ("www", SlugInvalidError), ("a--b", SlugInvalidError)],
)
def test_refused_address_takes_nothing_from_stock(
    db: None, address: str, error: type[Exception]
) -> None:
    before = stock()
    with pytest.raises(error):
        services.claim_business(slug=address, name="X", now=NOW)
    assert stock() == before


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_unfit_name_is_refused_at_its_field(db: None, name: str) -> None:
    with pytest.raises(AppError) as caught:
        services.claim_business(slug="corner", name=name, now=NOW)
    assert caught.value.field == "name"
    assert queries.find_business(slug="corner") is None


@pytest.mark.parametrize("address", ["www", "a--b", "Abc", "ab", "a" * 41, "a.b", "abc\n", "å-b"])
def test_database_itself_refuses_an_unfit_address(db: None, address: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FUNCTION, [address, uuid7()])


def test_business_may_not_make_another(inside: Business) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FUNCTION.replace("claim_", "public.claim_"), ["corner", uuid7()])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TABLE public.tenants_readyschema")


def test_several_who_claim_at_once_get_a_schema_each(slug: str) -> None:
    services.top_up(keep=3)
    waiting = stock()

    results = all_at_once([claim(f"{slug}-{letter}") for letter in "abcd"])

    assert sorted(map(str, results)) == sorted(["NoneReadyError", *waiting])
    assert stock() == []


def test_of_many_who_claim_one_address_one_gets_it(slug: str) -> None:
    services.top_up(keep=3)
    waiting = stock()

    results = list(map(str, all_at_once([claim(slug)] * 4)))

    assert len([name for name in results if name in waiting]) == 1
    assert set(results) - set(waiting) <= {"SlugTakenError", "NoneReadyError"}
    assert traces_of(slug) == {**NOTHING, "ready": 2, "row": 1, "host": 1}


@pytest.mark.parametrize("place", ["claim_before_commit", "provision_before_commit"])
def test_process_killed_while_it_claims_leaves_the_stock_whole(slug: str, place: str) -> None:
    services.top_up(keep=1)
    before = stock()
    command = [sys.executable, "manage.py", "provision_business", slug, "--name", "X"]
    done = subprocess.run(
        [*command, "--owner", f"{slug}@example.com", "--password-stdin"],
        input="correct-horse-9\n", text=True, cwd=ROOT, capture_output=True, check=False,
        env={**os.environ, "FAILPOINT": f"{place}:kill"},
    )  # fmt: skip

    assert done.returncode == -9, done.stderr
    assert stock() == before
    assert traces_of(slug) == {**NOTHING, "ready": 1}
    assert as_owner(
        "SELECT count(*) FROM accounts_user WHERE email = %(email)s", email=f"{slug}@example.com"
    ) == [(0,)]


def test_stock_of_other_migrations_is_thrown_away_and_made_anew(slug: str) -> None:
    services.top_up(keep=1)
    before = stock()
    role = as_owner("SELECT role_name FROM tenants_readyschema")[0][0]
    as_owner("UPDATE tenants_readyschema SET fingerprint = 'before'")
    with pytest.raises(NoneReadyError):
        services.claim_business(slug=slug, name="X", now=NOW)

    services.migrate_all(say=print)

    assert traces_of(slug) == NOTHING
    assert as_owner("SELECT 1 FROM pg_roles WHERE rolname = %(role)s", role=role) == []
    assert services.top_up(keep=1) == 1
    assert stock() != before


def test_death_while_stock_is_thrown_away_leaves_it_whole(slug: str, settings: Any) -> None:
    services.top_up(keep=1)
    as_owner("UPDATE tenants_readyschema SET fingerprint = 'before'")
    settings.FAILPOINT = "stock_after_discard:raise"
    with pytest.raises(RuntimeError):
        services.migrate_all(say=print)
    assert traces_of(slug) == {**NOTHING, "ready": 1}

    settings.FAILPOINT = ""
    services.migrate_all(say=print)
    assert traces_of(slug) == NOTHING


def test_process_of_another_release_makes_nothing(slug: str) -> None:
    now = as_owner("SELECT fingerprint FROM tenants_installation")[0][0]
    as_owner("UPDATE tenants_installation SET fingerprint = 'newer'")

    assert services.top_up(keep=1) == 0

    as_owner("UPDATE tenants_installation SET fingerprint = %(now)s", now=now)


def test_claim_under_way_is_waited_for_and_its_business_migrated(slug: str) -> None:
    services.top_up(keep=1)
    right = as_owner("SELECT fingerprint FROM tenants_installation")[0][0]
    as_owner("UPDATE tenants_readyschema SET fingerprint = 'before'")
    as_owner("UPDATE tenants_installation SET fingerprint = 'before'")
    is_claimed, may_end = threading.Event(), threading.Event()

    def sign_up() -> None:
        try:
            with transaction.atomic():
                services.claim_business(slug=slug, name="X", now=NOW)
                is_claimed.set()
                may_end.wait(10)
        finally:
            connections.close_all()

    live = threading.Thread(target=sign_up)
    live.start()
    assert is_claimed.wait(10)
    threading.Timer(0.5, may_end.set).start()
    said: list[str] = []
    patience = services.Patience(lock_ms=50, tries=200, pause_s=0.02)
    services.migrate_all(say=said.append, patience=patience)
    live.join()

    assert said == [f"{slug}: migrated"]
    assert business_of(slug).fingerprint == right
    assert traces_of(slug) == {**NOTHING, "row": 1, "host": 1}


def test_only_one_process_fills_the_stock(slug: str) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext('cxsaas:stock'))")
        assert services.top_up(keep=1) == 0
    assert services.top_up(keep=1) == 1


def test_owners_worker_fills_the_stock_and_no_other(slug: str) -> None:
    poller.look([Lane.TRANSACTIONAL, Lane.BULK])
    assert stock() == []

    poller.look([Lane.OWNER])

    assert len(stock()) == 3
