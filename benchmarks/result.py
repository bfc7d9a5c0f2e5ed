"""What a benchmark says, and timing that alternates between us and what we compare with."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Result:
    """One line of output; ``ratio`` is our value divided by theirs, in the bench's unit."""

    bench: str
    n: int
    value: float
    unit: str
    ratio: float | None
    against: str
    note: str

    def line(self) -> str:
        """Return the JSON object that is printed."""
        return json.dumps(asdict(self))


def alternate(works: Sequence[Callable[[], object]], *, rounds: int) -> list[float]:
    """Return the median seconds of each, one round after the other so that noise is shared."""
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(rounds):
        order = range(len(works)) if turn % 2 == 0 else reversed(range(len(works)))
        for index in order:
            started = time.perf_counter()
            works[index]()
            taken[index].append(time.perf_counter() - started)
    return [statistics.median(one) for one in taken]
