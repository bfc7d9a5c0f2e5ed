"""What the catalogues say of a business, and doing things at the same moment."""

import os
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections

from apps.tenants.models import Business

# Everything of a schema that a business could notice, without the schema's own name.
SHAPE = {
    "tables": """
        SELECT table_name, table_type FROM information_schema.tables
         WHERE table_schema = %(schema)s ORDER BY 1""",
    "columns": """
        SELECT table_name, ordinal_position, column_name, data_type, udt_name, is_nullable,
               replace(coalesce(column_default, ''), %(schema)s || '.', ''),
               character_maximum_length, numeric_precision, numeric_scale, is_identity,
               identity_generation, is_generated, generation_expression, collation_name
          FROM information_schema.columns
         WHERE table_schema = %(schema)s ORDER BY 1, 2""",
    "indexes": """
        SELECT tablename, indexname, replace(indexdef, %(schema)s || '.', '')
          FROM pg_indexes WHERE schemaname = %(schema)s ORDER BY 1, 2""",
    "constraints": """
        SELECT c.conrelid::regclass::text, c.conname, c.contype, c.condeferrable, c.condeferred,
               c.convalidated, replace(pg_get_constraintdef(c.oid), %(schema)s || '.', '')
          FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
         WHERE n.nspname = %(schema)s ORDER BY 1, 2""",
    "triggers": """
        SELECT event_object_table, trigger_name, event_manipulation, action_timing,
               replace(action_statement, %(schema)s || '.', '')
          FROM information_schema.triggers
         WHERE trigger_schema = %(schema)s ORDER BY 1, 2, 3""",
    "functions": """
        SELECT p.proname, replace(pg_get_functiondef(p.oid), %(schema)s || '.', '')
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = %(schema)s ORDER BY 1""",
    "sequences": """
        SELECT sequencename, data_type::text, start_value, increment_by
          FROM pg_sequences WHERE schemaname = %(schema)s ORDER BY 1""",
    "migrations": 'SELECT app, name FROM "{schema}".django_migrations ORDER BY 1, 2',
}


def as_owner(statement: str, **values: object) -> list[tuple[Any, ...]]:
    """Ask the database itself, past the wall, on a connection of its own."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as bare:
        cursor = bare.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def shape_of(schema: str) -> dict[str, list[tuple[Any, ...]]]:
    """Describe a schema as the catalogues do; names of tables without the schema's."""
    found = {}
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as bare:
        bare.execute(f'SET search_path = "{schema}"')
        for part, statement in SHAPE.items():
            text = statement.replace("{schema}", schema)
            found[part] = bare.execute(text, {"schema": schema}).fetchall()
    return found


def rights_of(business: Business) -> list[tuple[Any, ...]]:
    """List what a business's role may do with its tables."""
    return as_owner(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = %(role)s AND table_schema = %(schema)s ORDER BY 1, 2",
        role=business.role_name,
        schema=business.schema_name,
    )


# Whatever belongs neither to a business nor to the stock.
STRAYS = """
WITH known AS (
  SELECT schema_name, role_name FROM tenants_business
  UNION ALL SELECT schema_name, role_name FROM tenants_readyschema)
SELECT (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'b\\_%%'
           AND nspname NOT IN (SELECT schema_name FROM known)),
       (SELECT count(DISTINCT r.rolname) FROM pg_roles r JOIN pg_shdepend d ON d.refobjid = r.oid
          JOIN pg_database p ON p.oid = d.dbid AND p.datname = current_database()
         WHERE r.rolname LIKE 't\\_%%' AND r.rolname NOT IN (SELECT role_name FROM known)),
       (SELECT count(*) FROM jobs_ticket WHERE tenant NOT IN (SELECT role_name FROM known)),
       (SELECT count(*) FROM tenants_readyschema),
       (SELECT count(*) FROM tenants_business WHERE slug = %(slug)s),
       (SELECT count(*) FROM tenants_domain WHERE domain = %(slug)s || '.localhost')
"""
NOTHING = {"schemas": 0, "roles": 0, "tickets": 0, "ready": 0, "row": 0, "host": 0}


def traces_of(slug: str) -> dict[str, int]:
    """Count what there is of a business, what belongs to nobody, and what is in stock."""
    return dict(zip(NOTHING, as_owner(STRAYS, slug=slug)[0], strict=True))


def empty_stock() -> None:
    """Throw away what these tests left in stock, with its roles."""
    for schema, role in as_owner(
        "DELETE FROM tenants_readyschema RETURNING schema_name, role_name"
    ):
        as_owner(f'DROP SCHEMA "{schema}" CASCADE')
        as_owner(f'GRANT "{role}" TO CURRENT_USER; DROP OWNED BY "{role}"; DROP ROLE "{role}"')


def all_at_once(works: list[Callable[[], object]]) -> list[object]:
    """Do all at once, each in a thread; return what came of them, errors by their names."""
    barrier = threading.Barrier(len(works))
    results: list[object] = []

    def do(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - the result that is asked about
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
