"""The wall: what one business's role can and cannot reach, and what fails closed."""

from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from apps.core import clock
from apps.core.db import uuid7
from apps.core.facts import SYSTEM
from apps.customers.events import CustomerCreated
from apps.customers.models import Customer
from apps.jobs import services as jobs
from apps.jobs.models import Ticket
from apps.journal import services as journal
from apps.locations.models import Location
from apps.tenants import queries, wall
from apps.tenants.errors import WallError
from apps.tenants.models import Business

VERBS = ("SELECT count(*) FROM {t}", "DELETE FROM {t}", "TRUNCATE {t}", "COPY {t} TO STDOUT")


def run(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def refused(statement: str) -> bool:
    """Tell whether the database refuses, leaving the transaction usable."""
    try:
        with transaction.atomic():
            run(statement)
    except ProgrammingError:
        return True
    return False


def foreign_tables(schema: str) -> list[str]:
    with wall.as_platform():
        rows = run("SELECT schemaname, tablename FROM pg_tables")
    return [table for place, table in rows if place == schema]


def test_no_table_of_another_business_can_be_touched(inside: Business, beta: Business) -> None:
    tables = foreign_tables(beta.schema_name)
    assert len(tables) > 40
    allowed = [
        (table, verb)
        for table in tables
        for verb in VERBS
        if not refused(verb.format(t=f"{beta.schema_name}.{table}"))
    ]
    assert allowed == []


def test_no_account_or_business_row_can_be_read_inside_a_business(inside: Business) -> None:
    for table in ("accounts_user", "accounts_membership", "accounts_session", "tenants_business"):
        assert refused(f"TABLE public.{table}")


def test_platform_cannot_see_tenant_tables(alpha: Business) -> None:
    assert refused(f"TABLE {alpha.schema_name}.customers_customer")
    with pytest.raises(ProgrammingError), transaction.atomic():
        list(Customer.objects.all())


@pytest.mark.parametrize(
    "escape",
    [
        "SELECT set_config('role', 't_x', false)",
        "SELECT set_config('search_path', '{beta}', false)",
        "UPDATE pg_settings SET setting = '{beta}' WHERE name = 'search_path'",
        "SELECT query_to_xml('SELECT * FROM {beta}.customers_customer', true, true, '')",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "CREATE TABLE public.mine (a int)",
        "CREATE TABLE mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE customers_customer ADD COLUMN x int",
        "UPDATE journal_entry SET kind = 'x'",
        "DELETE FROM journal_entry",
        "DELETE FROM consent_event",
        "DELETE FROM django_migrations",
    ],
)
def test_one_statement_cannot_leave_the_wall(inside: Business, beta: Business, escape: str) -> None:
    assert refused(escape.replace("{beta}", beta.schema_name))


def test_missing_schema_raises_and_writes_nothing(alpha: Business) -> None:
    ghost = Business(schema_name="b_ghost", role_name=alpha.role_name, slug="ghost")
    with pytest.raises(WallError), wall.as_business(ghost):
        Location.objects.create(name="x", country="GB", time_zone="UTC", created_at=clock.now())
    wall.leave()


def test_schema_without_its_role_raises(alpha: Business) -> None:
    roleless = Business(schema_name=alpha.schema_name, role_name="", slug="x")
    with pytest.raises(WallError), wall.as_business(roleless):
        list(Location.objects.all())


def visit_and_fail(other: Business) -> None:
    with transaction.atomic(), wall.as_business(other):
        assert list(Location.objects.all()) == []
        raise ZeroDivisionError


def test_path_is_right_after_a_rolled_back_savepoint(alpha: Business, beta: Business) -> None:
    with wall.as_business(alpha):
        Location.objects.create(name="A", country="GB", time_zone="UTC", created_at=clock.now())
        with pytest.raises(ZeroDivisionError):
            visit_and_fail(beta)
        assert [place.name for place in Location.objects.all()] == ["A"]
        assert run("SELECT current_user, current_schema()") == [
            (alpha.role_name, alpha.schema_name)
        ]


def test_tickets_of_another_business_are_invisible(alpha: Business, beta: Business) -> None:
    now = clock.now()
    with wall.as_business(alpha):
        jobs.enqueue("flows.handle", key="1:x", now=now)
        assert Ticket.objects.count() == 1
    with wall.as_business(beta):
        assert Ticket.objects.count() == 0
        assert Ticket.objects.update(state=2) == 0
        forged = Ticket(
            tenant=alpha.role_name, kind="x", key="1", lane=1, not_before=now, created_at=now
        )
        with pytest.raises(ProgrammingError), transaction.atomic():
            forged.save()


def test_audit_finds_nothing_red(db: None) -> None:
    findings = queries.audit_wall()
    assert [finding.text for finding in findings if not finding.is_good] == []
    assert len(findings) == 6


def test_entries_carry_the_writing_transaction(inside: Business) -> None:
    fact = CustomerCreated(customer_id=uuid7(), source="test")
    entry = journal.record(fact, actor=SYSTEM, now=clock.now())
    entry.refresh_from_db()
    assert entry.transaction_id == run("SELECT pg_current_xact_id()::text::bigint")[0][0]


def test_the_login_itself_reads_nothing(alpha: Business) -> None:
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"] or settings["OPTIONS"].get("host"),
        user=settings["USER"],
        dbname=settings["NAME"],
    ) as bare:
        customers = f"{alpha.schema_name}.customers_customer"
        for table in ("public.accounts_user", customers, "public.jobs_ticket"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), bare.transaction():
                bare.execute(f"SELECT * FROM {table}")  # noqa: S608
