"""Reads the ledger from outside, as the database's superuser, past the product's own code."""

from uuid import UUID

import psycopg
from psycopg import sql

from tests.chaos.reckoning import OPEN, Row


class Ledger:
    """The messages and tickets of one business."""

    def __init__(self, dsn: str, *, slug: str) -> None:
        self._dsn = dsn
        self._slug = slug

    def rows(self) -> list[Row]:
        """Give every message."""
        query = sql.SQL("SELECT id, state, provider_ref FROM {}.messaging_message")
        with psycopg.connect(self._dsn) as connection:
            schema = self._schema(connection)
            found = connection.execute(query.format(sql.Identifier(schema))).fetchall()
        return [Row(str(UUID(str(key))), state, reference) for key, state, reference in found]

    def count_open(self) -> int:
        """Count the messages that are neither final nor shown to staff."""
        query = sql.SQL("SELECT count(*) FROM {}.messaging_message WHERE state = ANY(%s)")
        with psycopg.connect(self._dsn) as connection:
            schema = self._schema(connection)
            row = connection.execute(query.format(sql.Identifier(schema)), [list(OPEN)]).fetchone()
        return int(row[0]) if row else 0

    def count_tickets(self) -> dict[int, int]:
        """Count the tickets left, by state."""
        with psycopg.connect(self._dsn) as connection:
            rows = connection.execute(
                "SELECT state, count(*) FROM public.jobs_ticket t JOIN public.tenants_business b"
                " ON b.role_name = t.tenant WHERE b.slug = %s GROUP BY state",
                [self._slug],
            ).fetchall()
        return {int(state): int(count) for state, count in rows}

    def _schema(self, connection: psycopg.Connection) -> str:
        row = connection.execute(
            "SELECT schema_name FROM public.tenants_business WHERE slug = %s", [self._slug]
        ).fetchone()
        if row is None:
            raise LookupError(self._slug)
        return str(row[0])
