"""The release campaign: the migration runner is killed on its way, and the next one goes on."""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from tests.rigs.processes import ROOT, Product

# Columns, their rights and the row of each business: one shape, or somebody was left half way.
SHAPES = """
SELECT count(DISTINCT shape), count(*) FILTER (WHERE has_column) FROM (
  SELECT id, bool_or(column_name = 'chaos') AS has_column,
         md5(string_agg(concat_ws(' ', fingerprint, table_name, column_name, data_type, may_change),
                        ',' ORDER BY table_name, column_name)) AS shape
    FROM (
      SELECT b.id, b.fingerprint, c.table_name, c.column_name, c.data_type,
             has_column_privilege(b.role_name, format('%I.%I', c.table_schema, c.table_name),
                                  c.column_name, 'UPDATE') AS may_change
        FROM tenants_business b
        JOIN information_schema.columns c ON c.table_schema = b.schema_name) columns
   GROUP BY id) shapes
"""
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many businesses there are, and how often the runner is killed."""

    businesses: int = 60
    kills: int = 50
    # So many businesses does a runner get done before it dies, at most.
    most_done: int = 2
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """The campaign's end: all businesses at the new release, all of one shape."""

    businesses: int
    kills: int
    migrated: int
    shapes: int
    code: int
    seconds: float

    @property
    def faults(self) -> list[str]:
        """List what breaks the promise."""
        wrong = []
        if self.migrated != self.businesses:
            wrong.append(f"migrated: {self.migrated} of {self.businesses}")
        if self.shapes != 1:
            wrong.append(f"shapes: {self.shapes}")
        if self.code:
            wrong.append(f"the last runner left with {self.code}")
        return wrong

    def as_line(self) -> dict[str, object]:
        """Give the report as one flat object."""
        return {**asdict(self), "faults": self.faults}


def run(plan: Plan, *, folder: Path, say: Say) -> Report:
    """Make the businesses, kill runner after runner, let the last one end, compare."""
    with Product(folder / "data") as product:
        product.start("beat")
        if product.postgres is None:
            raise LookupError("database")
        slugs = [f"chaos-{number}" for number in range(plan.businesses)]
        product.run("tests.chaos.queue", "fill", *slugs, "--count", "0")
        started = time.monotonic()
        chance = random.Random(plan.seed)
        for number in range(1, plan.kills + 1):
            said = _kill_runner(product, folder, after=chance.randint(0, plan.most_done))
            say(f"{number}. runner killed after {said}")
        code = _start(product, folder).wait()
        with psycopg.connect(product.postgres.superuser_dsn("cxsaas")) as connection:
            row = connection.execute(SHAPES).fetchone() or (0, 0)
        return Report(
            businesses=plan.businesses,
            kills=plan.kills,
            migrated=int(row[1]),
            shapes=int(row[0]),
            code=code,
            seconds=round(time.monotonic() - started, 1),
        )


def _start(product: Product, folder: Path) -> subprocess.Popen[str]:
    release = tempfile.mkdtemp(prefix="release", dir=folder)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.runner", release],
        env={**os.environ, **product.environment},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def _kill_runner(product: Product, folder: Path, *, after: int) -> str:
    """Kill -9 a runner when it has told of so many businesses; gives its last word."""
    runner = _start(product, folder)
    last, done = "nothing", 0
    for line in runner.stdout or ():
        last = line.strip()
        done += ": migrated" in last
        if done >= after:
            break
    time.sleep(random.uniform(0, 0.05))  # somewhere in the next business
    runner.kill()
    runner.wait()
    if runner.stdout:
        runner.stdout.close()
    return last
