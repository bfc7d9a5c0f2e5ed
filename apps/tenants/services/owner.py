"""The owner's connection, for what the least-privileged log-in may not do."""

from typing import Any

from django.db import connections
from psycopg import sql

from apps.tenants.errors import OwnerConnectionMissingError


def owner_connection() -> Any:
    """Return the owner's connection; OwnerConnectionMissingError without DATABASE_OWNER_URL."""
    if "owner" not in connections.settings:
        message = "Set DATABASE_OWNER_URL: this needs the role that owns the database."
        raise OwnerConnectionMissingError(message)
    return connections["owner"]


def start_afresh() -> None:
    """Forget the owner's connection with all its state; the next use makes another.

    A plain close is not enough: Django's schema editor leaves its transaction block entered when a
    deferred statement fails, and then everything after it would seem to be inside of it.
    """
    raw = owner_connection().connection
    if raw is not None:
        raw.close()
    del connections["owner"]


def run(statement: sql.Composable | str, params: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
    """Run one composed statement as the owner and return its rows, if any."""
    wrapper = owner_connection()
    wrapper.ensure_connection()
    with wrapper.connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return list(cursor.fetchall()) if cursor.description else []


def compose(template: sql.SQL, **names: str) -> sql.Composed:
    """Fill identifiers into a statement, quoted."""
    return template.format(**{key: sql.Identifier(value) for key, value in names.items()})
