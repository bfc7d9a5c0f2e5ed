"""The stall campaign: how long work stands still when the process that does it is killed."""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from cxsaas.local import children
from tests.chaos.fairness import percentile
from tests.chaos.register import Register, TicketProduct
from tests.rigs.processes import wait_until

WORKERS = ("fast", "bulk")
SLUG = "stalled"
PROMISE_S = 5.0
PATIENCE_S = 60.0
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How often the process is killed, and how long one job takes."""

    kills: int = 20
    pause_ms: int = 2000


@dataclass(frozen=True)
class Report:
    """Seconds from the kill to the end of the work, less what the work takes by itself."""

    kills: int
    p50_s: float
    max_s: float
    faults: list[str]

    def as_line(self) -> dict[str, object]:
        """Give the report as one flat object."""
        return asdict(self)


def run(plan: Plan, *, folder: Path, say: Say) -> Report:
    """Kill the process that holds the one ticket there is, again and again."""
    with TicketProduct(folder / "data") as product:
        product.start("beat")
        product.run("tests.chaos.queue", "fill", SLUG, "--count", "0")
        for name in WORKERS:
            product.launch(name)
        register = Register(product)
        taken = []
        for number in range(1, plan.kills + 1):
            taken.append(_kill_once(product, register, plan))
            say(f"{number}. stood still for {taken[-1]:.2f} s")
    taken.sort()
    worst = max(taken, default=0.0)
    faults = [f"max: {worst:.1f} s, promised {PROMISE_S} s"] if worst > PROMISE_S else []
    return Report(len(taken), round(percentile(taken, 50), 2), round(worst, 2), faults)


def _kill_once(product: TicketProduct, register: Register, plan: Plan) -> float:
    done = register.count_effects()
    words = ("--count", "1", "--every", "0", "--lane", "2", "--pause-ms", str(plan.pause_ms))
    # Not waited for: on a busy machine the work would be done before this process has ended.
    queue = threading.Thread(target=product.run, args=["tests.chaos.queue", "sample", SLUG, *words])
    queue.start()
    holders: list[int] = []

    def is_held() -> bool:
        holders[:] = register.holders()
        return bool(holders)

    if not wait_until(is_held, seconds=PATIENCE_S, pause=0.02):
        message = "The ticket was done before it was seen: let it take longer."
        raise TimeoutError(message)
    started = time.monotonic()
    for pid in holders:
        children.signal_one(pid, signal.SIGKILL)
    wait_until(lambda: register.count_effects() > done, seconds=PATIENCE_S, pause=0.02)
    taken = time.monotonic() - started - plan.pause_ms / 1000
    queue.join()
    return taken
