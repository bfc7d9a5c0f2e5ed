"""Ways to hurt the running product; each tells how many connections to a provider it may cut."""

import random
import signal
import time
from collections.abc import Callable, Mapping

from cxsaas.local import children
from tests.rigs.processes import WORKERS, Process, Product

# Longer than the lease and its margin, so that somebody else has taken the work over.
FREEZE_S = 45.0
Fault = Callable[[Product, random.Random], int]


def _senders(product: Product) -> list[Process]:
    return [p for name, p in product.processes.items() if name.split("-")[0] in WORKERS]


def kill_child(product: Product, chance: random.Random) -> int:
    """Kill -9 one process of a worker: the parent or one of its children."""
    return 1 if chance.choice(_senders(product)).kill_one(chance) else 0


def kill_worker(product: Product, chance: random.Random) -> int:
    """Kill -9 a worker with all its children."""
    worker = chance.choice(_senders(product))
    connections = max(len(worker.pids()) - 1, 1)
    worker.kill()
    return connections


def kill_workers(product: Product, chance: random.Random) -> int:
    """Kill -9 every worker at once."""
    connections = 0
    for worker in _senders(product):
        connections += max(len(worker.pids()) - 1, 1)
        worker.kill()
    return connections


def kill_all(product: Product, chance: random.Random) -> int:
    """Kill -9 web, workers and scheduler at once."""
    connections = sum(max(len(worker.pids()) - 1, 1) for worker in _senders(product))
    product.kill()
    return connections


def freeze_worker(product: Product, chance: random.Random) -> int:
    """Stop a worker for longer than its lease, then let it go on."""
    worker = chance.choice(_senders(product))
    pids = worker.pids()
    for pid in pids:
        children.signal_one(pid, signal.SIGSTOP)
    time.sleep(FREEZE_S)
    for pid in pids:
        children.signal_one(pid, signal.SIGCONT)
    return max(len(pids) - 1, 1)


def kill_broker(product: Product, chance: random.Random) -> int:
    """Kill -9 the broker: the bell is lost, no message may be."""
    product.kill_broker()
    return 0


def kill_database(product: Product, chance: random.Random) -> int:
    """Kill -9 the database server; whatever was under way may stay open."""
    product.kill_database()
    return sum(max(len(worker.pids()) - 1, 1) for worker in _senders(product))


FAULTS: Mapping[str, Fault] = {
    "child": kill_child,
    "worker": kill_worker,
    "workers": kill_workers,
    "all": kill_all,
    "freeze": freeze_worker,
    "broker": kill_broker,
    "database": kill_database,
}
