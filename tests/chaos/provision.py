"""The provisioning campaign: a process that makes a business dies at each point on the way."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from tests.rigs.processes import ROOT, Product

POINTS = (
    "stock_after_role",
    "stock_after_group",
    "stock_after_login",
    "provision_after_schema",
    "stock_after_tables",
    "stock_after_rights",
    "stock_before_commit",
    "claim_before_commit",
    "claim_after_commit",
    "provision_before_commit",
)
# Schemas and roles that belong neither to a business nor to the stock; hosts and businesses that
# lack their other half; businesses without an owner.
STRAYS = """
WITH known AS (
  SELECT schema_name, role_name FROM tenants_business
  UNION ALL SELECT schema_name, role_name FROM tenants_readyschema)
SELECT (SELECT count(*) FROM pg_namespace
         WHERE nspname LIKE 'b\\_%' AND nspname NOT IN (SELECT schema_name FROM known)),
       (SELECT count(*) FROM pg_roles r, tenants_installation i
         WHERE r.rolname LIKE 't\\_' || i.mark || '\\_%'
           AND r.rolname NOT IN (SELECT role_name FROM known)),
       (SELECT count(*) FROM tenants_business b
         WHERE NOT EXISTS (SELECT FROM tenants_domain d WHERE d.tenant_id = b.id)
            OR NOT EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = b.schema_name)
            OR NOT EXISTS (SELECT FROM accounts_membership m WHERE m.business_id = b.id)),
       (SELECT count(*) FROM tenants_business)
"""
KILLED = -9
Say = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """The campaign's end; all but the first two and the last must be 0."""

    points: int
    kills: int
    not_killed: int
    stray_schemas: int
    stray_roles: int
    half_businesses: int
    businesses: int

    @property
    def faults(self) -> list[str]:
        """List what breaks the promise."""
        names = ("not_killed", "stray_schemas", "stray_roles", "half_businesses", "businesses")
        return [f"{name}: {getattr(self, name)}" for name in names if getattr(self, name)]

    def as_line(self) -> dict[str, object]:
        """Give the report as one flat object."""
        return {**asdict(self), "faults": self.faults}


def run(*, times: int, folder: Path, say: Say, points: Sequence[str] = POINTS) -> Report:
    """Kill at each point so many times, count what is left over, then make one to the end."""
    with Product(folder / "data") as product:
        product.layout.create()
        product.start("beat")
        if product.postgres is None:
            raise LookupError("database")
        dsn = product.postgres.superuser_dsn("cxsaas")
        kills = 0
        for point in points:
            # Those of the stock leave the stock empty, so that each process comes by all of them.
            died = sum(_make(product, "never", point) == KILLED for _ in range(times))
            kills += died
            say(f"{point}: killed {died} of {times}")
        with psycopg.connect(dsn) as connection:
            row = connection.execute(STRAYS).fetchone() or (0, 0, 0, 0)
        not_killed = times * len(points) - kills
        return Report(len(points), kills, not_killed, *(int(number) for number in row))


def _make(product: Product, slug: str, point: str) -> int:
    command = [sys.executable, "manage.py", "provision_business", slug, "--name", "X"]
    done = subprocess.run(
        [*command, "--owner", f"{slug}@example.com", "--password-stdin"],
        input="correct-horse-9\n",
        env={**os.environ, **product.environment, "FAILPOINT": f"{point}:kill"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode
