"""The kill campaign: messages are queued, processes die, every message is accounted for."""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from tests.chaos.faults import FAULTS
from tests.chaos.ledger import Ledger
from tests.chaos.reckoning import Reckoning, reckon
from tests.rigs.processes import Product, wait_until

# Ruling: a killed connection leaves at most so many messages unconfirmed.
UNCONFIRMED_A_CONNECTION = 2
REVIVE_PAUSE_S = 0.2

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is done to the product while it sends."""

    faults: tuple[str, ...] = ("child", "worker")
    kills: int = 5
    # From the moment the provider hears something again to the next blow.
    least_pause_s: float = 0.0
    most_pause_s: float = 0.4
    work_s: float = 20.0
    drain_s: float = 300.0
    seed: int = 1
    # Messages that the provider itself leaves open (answers lost on the way).
    ambiguous: int = 0


@dataclass(frozen=True)
class Report:
    """One campaign's end."""

    reckoning: Reckoning
    kills: int
    cut: int
    drained: bool
    seconds: float
    faults: list[str]

    def as_line(self) -> dict[str, object]:
        """Give the report as one flat object."""
        return {
            "kills": self.kills,
            "connections_cut": self.cut,
            "drained": self.drained,
            "seconds": round(self.seconds, 1),
            **asdict(self.reckoning),
            "faults": self.faults,
        }


def run(
    product: Product,
    *,
    plan: Plan,
    expected: int,
    ledger: Ledger,
    journal: Callable[[], Iterable[Mapping[str, object]]],
    progress: Callable[[], int],
    say: Say = print,
) -> Report:
    """Hurt the product while its queue drains, wait for the rest, reckon.

    `progress` is any number that grows with each message the provider takes: each blow waits for
    it, since a worker that has not begun to send has nothing to lose.
    """
    chance = random.Random(plan.seed)
    started = time.monotonic()
    kills = cut = 0
    while kills < plan.kills and ledger.count_open():
        before = progress()
        is_working = wait_until(lambda: progress() > before, seconds=plan.work_s, pause=0.01)  # noqa: B023 - called at once
        time.sleep(chance.uniform(plan.least_pause_s, plan.most_pause_s))
        name = chance.choice(plan.faults)
        hurt = FAULTS[name](product, chance)
        kills += 1
        cut += hurt
        time.sleep(REVIVE_PAUSE_S)
        revived = product.revive()
        when = "while sending" if is_working else "while idle"
        say(f"{kills}. {name} {when}: cut {hurt}, revived {', '.join(revived) or 'nobody'}")
    drained = _drain(product, plan, ledger)
    reckoning = reckon(expected=expected, rows=ledger.rows(), journal=journal())
    faults = reckoning.faults(allowed_unconfirmed=cut * UNCONFIRMED_A_CONNECTION + plan.ambiguous)
    return Report(
        reckoning=reckoning,
        kills=kills,
        cut=cut,
        drained=drained,
        seconds=time.monotonic() - started,
        faults=faults if drained else [*faults, "not drained"],
    )


def _drain(product: Product, plan: Plan, ledger: Ledger) -> bool:
    def is_empty() -> bool:
        product.revive()
        return ledger.count_open() == 0

    return wait_until(is_empty, seconds=plan.drain_s, pause=0.5)
