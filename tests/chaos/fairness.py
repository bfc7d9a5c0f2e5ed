"""The fairness campaign: a small business's ticket, while a large one has very many waiting."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.register import Register, TicketProduct
from tests.rigs.processes import wait_until

WORKERS = ("fast", "bulk")
LANES = {0: "transactional", 2: "bulk"}
PROMISE_S = 1.0
BIG, SMALL = "big", tuple(f"small-{number}" for number in range(5))
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many tickets wait, how long each takes, and how many are measured in each lane."""

    waiting: int = 100_000
    samples: int = 150
    every_s: float = 0.15
    pause_ms: int = 0


@dataclass(frozen=True)
class Report:
    """How long the small businesses' tickets of one lane took from queueing to their effect."""

    lane: str
    waiting: int
    left: int
    samples: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    faults: list[str]

    def as_line(self) -> dict[str, object]:
        """Give the report as one flat object."""
        return asdict(self)


def run(plan: Plan, *, folder: Path, say: Say) -> list[Report]:
    """Fill the large business's queue, let workers at it, measure the small ones' tickets."""
    with TicketProduct(folder / "data") as product:
        product.start("beat")
        register = Register(product)
        small = ("--count", "1", "--lane", "2")
        say(product.run("tests.chaos.queue", "fill", *SMALL, *small).strip())
        words = ("--count", str(plan.waiting), "--lane", "2", "--pause-ms", str(plan.pause_ms))
        say(product.run("tests.chaos.queue", "fill", BIG, *words).strip())
        for name in WORKERS:
            product.launch(name)
        wait_until(lambda: register.count_effects() > len(SMALL), seconds=60)
        lanes = [word for lane in LANES for word in ("--lane", str(lane))]
        count = ("--count", str(plan.samples * len(LANES)), "--every", str(plan.every_s))
        say(product.run("tests.chaos.queue", "sample", *SMALL, *count, *lanes).strip())
        left = register.count_tickets().open
        wait_until(lambda: _count(register) == plan.samples * len(LANES), seconds=60)
        return [_report(register, plan, lane, left) for lane in LANES]


def _taken(register: Register) -> list[tuple[int, float]]:
    """Give lane and seconds of each measured ticket; its word holds both lane and start."""
    found = [(word.split(" "), at) for word, at in register.moments() if " " in word]
    return [(int(word[0]), at - float(word[1])) for word, at in found]


def _count(register: Register) -> int:
    return len(_taken(register))


def _report(register: Register, plan: Plan, lane: int, left: int) -> Report:
    taken = sorted(seconds for its, seconds in _taken(register) if its == lane)
    p99 = percentile(taken, 99)
    faults = []
    if len(taken) != plan.samples:
        faults.append(f"done: {len(taken)} of {plan.samples}")
    if p99 > PROMISE_S:
        faults.append(f"p99: {p99:.3f} s, promised {PROMISE_S} s")
    if left == 0:
        faults.append("the large business's queue ran empty before the end")
    return Report(
        lane=LANES[lane],
        waiting=plan.waiting,
        left=left,
        samples=len(taken),
        p50_ms=round(percentile(taken, 50) * 1000, 1),
        p99_ms=round(p99 * 1000, 1),
        max_ms=round(max(taken, default=0.0) * 1000, 1),
        faults=faults,
    )


def percentile(ordered: list[float], percent: float) -> float:
    """Return the least value that so many per cent do not exceed (nearest rank)."""
    if not ordered:
        return math.inf
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]
