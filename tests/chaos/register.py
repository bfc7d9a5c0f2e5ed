"""Reads tickets and their effects from outside, as the database's superuser."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import psycopg
from psycopg import sql

from cxsaas.local.processes import Service
from tests.chaos.effects import TABLE
from tests.rigs.processes import Product

Found = TypeVar("Found")
WORKER_APP = "tests.chaos.app"


class TicketProduct(Product):
    """The product whose workers know the rig's job as well."""

    def _service(self, name: str, environment: dict[str, str]) -> Service:  # type: ignore[override]
        service = super()._service(name, environment)
        command = tuple(WORKER_APP if word == "cxsaas" else word for word in service.command)
        return replace(service, command=command)


@dataclass(frozen=True)
class Count:
    """Tickets that are still there, by what holds them up."""

    open: int
    parked: int


class Register:
    """The tickets of all businesses and what their work has left."""

    def __init__(self, product: Product) -> None:
        if product.postgres is None:
            raise LookupError("database")
        self._dsn = product.postgres.superuser_dsn("cxsaas")

    def effects(self) -> Counter[str]:
        """Count how often each word was left, over all businesses."""
        return self._ask(lambda connection: Counter(word for word, _at in _rows(connection)))

    def moments(self) -> list[tuple[str, float]]:
        """Give each word with the moment at which it was left."""
        return self._ask(_rows)

    def count_effects(self) -> int:
        """Count all words left; grows with the work."""
        return len(self.moments())

    def count_tickets(self) -> Count:
        """Count the tickets of the rig's job."""
        query = (
            "SELECT count(*) FILTER (WHERE state <> 2), count(*) FILTER (WHERE state = 2)"
            " FROM public.jobs_ticket WHERE kind = 'chaos.note'"
        )

        def ask(connection: psycopg.Connection) -> Count:
            row = connection.execute(query).fetchone()
            return Count(*(row or (0, 0)))

        return self._ask(ask)

    def holders(self) -> list[int]:
        """List the processes that hold a ticket of the rig's job."""
        query = (
            "SELECT DISTINCT split_part(lease_owner, ':', 2)::int FROM public.jobs_ticket"
            " WHERE kind = 'chaos.note' AND state = 1"
        )
        return self._ask(lambda connection: [row[0] for row in connection.execute(query)])

    def _ask(self, question: Callable[[psycopg.Connection], Found]) -> Found:
        with psycopg.connect(self._dsn) as connection:
            return question(connection)


def _rows(connection: psycopg.Connection) -> list[tuple[str, float]]:
    places = connection.execute(
        "SELECT schemaname FROM pg_tables WHERE tablename = %s", [TABLE]
    ).fetchall()
    found: list[tuple[str, float]] = []
    for (schema,) in places:
        query = sql.SQL("SELECT word, extract(epoch FROM at)::float8 FROM {}").format(
            sql.Identifier(schema, TABLE)
        )
        found += connection.execute(query).fetchall()
    return found
