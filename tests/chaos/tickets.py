"""The ticket campaign: workers, broker and database die, each ticket's work is done once."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from tests.chaos.faults import FAULTS
from tests.chaos.register import Count, Register, TicketProduct
from tests.rigs.processes import wait_until

WORKERS = ("fast", "bulk", "bulk-2")
# What a blow at workers may be.
AT_WORKERS = ("child", "child", "worker")
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much work there is, how long each takes, and how often what is killed."""

    tickets: int = 2000
    businesses: int = 20
    workers: int = 50
    broker: int = 10
    database: int = 10
    pause_ms: int = 200
    most_pause_s: float = 0.5
    work_s: float = 40.0
    drain_s: float = 300.0
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """The campaign's end; `doubled`, `lost`, `parked` and `left` must be 0."""

    tickets: int
    businesses: int
    kills: dict[str, int]
    kills_at_work: int
    done: int
    doubled: int
    lost: int
    parked: int
    left: int
    seconds: float

    @property
    def faults(self) -> list[str]:
        """List what breaks the promise."""
        names = ("doubled", "lost", "parked", "left")
        return [f"{name}: {getattr(self, name)}" for name in names if getattr(self, name)]

    def as_line(self) -> dict[str, object]:
        """Give the report as one flat object."""
        return {**asdict(self), "faults": self.faults}


def run(plan: Plan, *, folder: Path, say: Say) -> Report:
    """Queue everything, kill while it is worked off, wait for the rest, reckon."""
    with TicketProduct(folder / "data") as product:
        product.start("beat")
        slugs = [f"chaos-{number}" for number in range(plan.businesses)]
        words = ("--count", str(plan.tickets // plan.businesses), "--pause-ms", str(plan.pause_ms))
        say(product.run("tests.chaos.queue", "fill", *slugs, *words).strip())
        register = Register(product)
        started = time.monotonic()
        for name in WORKERS:
            product.launch(name)
        kills, at_work = _kill(product, register, plan, say)
        _drain(product, register, plan)
        return _reckon(register, plan, kills, at_work, time.monotonic() - started)


def _kill(
    product: TicketProduct, register: Register, plan: Plan, say: Say
) -> tuple[Counter[str], int]:
    chance = random.Random(plan.seed)
    blows = ["workers"] * plan.workers + ["broker"] * plan.broker + ["database"] * plan.database
    chance.shuffle(blows)
    kills: Counter[str] = Counter()
    at_work = 0
    for number, blow in enumerate(blows, start=1):
        before = register.count_effects()
        is_working = wait_until(
            lambda: register.count_effects() > before,  # noqa: B023 - called at once
            seconds=plan.work_s,
            pause=0.05,
        )
        time.sleep(chance.uniform(0, plan.most_pause_s))
        FAULTS[chance.choice(AT_WORKERS) if blow == "workers" else blow](product, chance)
        kills[blow] += 1
        at_work += is_working
        revived = product.revive()
        say(f"{number}. {blow} {'at work' if is_working else 'idle'}, revived {revived}")
    return kills, at_work


def _drain(product: TicketProduct, register: Register, plan: Plan) -> None:
    def is_empty() -> bool:
        product.revive()
        try:
            return register.count_tickets().open == 0
        except psycopg.OperationalError:
            return False

    wait_until(is_empty, seconds=plan.drain_s, pause=0.5)


def _reckon(
    register: Register, plan: Plan, kills: Counter[str], at_work: int, seconds: float
) -> Report:
    effects = register.effects()
    tickets: Count = register.count_tickets()
    # Every business has as many as the others.
    queued = plan.tickets // plan.businesses * plan.businesses
    return Report(
        tickets=queued,
        businesses=plan.businesses,
        kills=dict(kills),
        kills_at_work=at_work,
        done=len(effects),
        doubled=sum(count - 1 for count in effects.values()),
        lost=queued - len(effects) - tickets.open - tickets.parked,
        parked=tickets.parked,
        left=tickets.open,
        seconds=round(seconds, 1),
    )
