"""The product as its people meet it: own database, real processes, real servers at its edges."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from tests import environment
from tests.rigs.processes import Product, wait_until
from tests.rigs.smtp import SmtpSink
from tests.rigs.twilio import Behaviour, FakeTwilio

PATIENCE_S = 30.0
PROCESSES = ("web", "fast", "bulk", "beat")


@dataclass(frozen=True)
class Country:
    """Where phones ring by day just now: texts go out only by day."""

    code: str
    zone: str
    numbers: tuple[tuple[str, str], ...]  # each as people write it, and in full


COUNTRIES = (
    Country(
        "GB",
        "Europe/London",
        (
            ("07700 900123", "+447700900123"),
            ("+44 (7700) 900-456", "+447700900456"),
            ("07700900789", "+447700900789"),
        ),
    ),
    Country(
        "PE",
        "America/Lima",
        (
            ("912 345 678", "+51912345678"),
            ("+51 (912) 345-679", "+51912345679"),
            ("912345680", "+51912345680"),
        ),
    ),
    Country(
        "JP",
        "Asia/Tokyo",
        (
            ("090-1234-5678", "+819012345678"),
            ("+81 (90) 1234-5679", "+819012345679"),
            ("09012345680", "+819012345680"),
        ),
    ),
)
BY_DAY = range(8, 20)


def awake_country() -> Country:
    """Return a country where it is day for another hour at least."""
    now = datetime.now(UTC)
    return next(one for one in COUNTRIES if now.astimezone(ZoneInfo(one.zone)).hour in BY_DAY)


@dataclass
class Stage:
    """The running product and what stands around it."""

    product: Product
    database: str
    smtp: SmtpSink
    twilio: FakeTwilio

    def url(self, path: str = "/", *, business: str = "alpha") -> str:
        """Return an address of a business's host."""
        return f"http://{business}.localhost:{self.product.port}{path}"

    def rows(self, query: str, *values: Any, business: str = "alpha") -> list[dict[str, Any]]:
        """Read from a business's tables, past the product; never write."""
        with psycopg.connect(environment.superuser(), dbname=self.database) as connection:
            connection.read_only = True
            found = connection.execute(
                "SELECT schema_name FROM tenants_business WHERE slug = %s", [business]
            ).fetchone()
            assert found, business
            connection.execute(
                sql.SQL("SET LOCAL search_path TO {}, public").format(sql.Identifier(found[0]))
            )
            with connection.cursor(row_factory=dict_row) as cursor:
                return cursor.execute(query.encode(), values).fetchall()

    def settle(self, holds: Any, *, what: str) -> None:
        """Wait until something holds, or say what the processes said."""
        if not wait_until(holds, seconds=PATIENCE_S, pause=0.1):
            tails = [f"{name}:\n{one.tail()}" for name, one in self.product.processes.items()]
            message = f"This never came true: {what}\n" + "\n".join(tails)
            raise AssertionError(message)


@contextmanager
def open_stage(folder: Path, *names: str, setup: tuple[str, ...] = ()) -> Iterator[Stage]:
    """Start the named processes over a copy of the template, after the commands of ``setup``."""
    name = f"{os.environ['TEST_DATABASE']}_{folder.name}"
    environment.copy_database(name)
    given = {
        "DATABASE_URL": environment.address(environment.APP, name),
        "DATABASE_OWNER_URL": environment.address(environment.OWNER, name),
    }
    smtp = SmtpSink().start()
    twilio = FakeTwilio(behaviour=Behaviour(receipts=("sent", "delivered"))).start()
    try:
        with Product(folder, environment=given, durable=False) as product:
            product.layout.create()
            for command in setup:
                product.manage(command)
            product.start(*(names or PROCESSES))
            yield Stage(product, name, smtp, twilio)
    finally:
        twilio.stop()
        smtp.stop()
        environment.drop_database(name)
