"""The product's processes start, survive kill -9 under a rig's hand, and leave nothing behind."""

import random
import urllib.request
from pathlib import Path

import pytest

from cxsaas.local import children
from tests.rigs.processes import Product, wait_until

pytestmark = pytest.mark.chaos


def test_product_starts_is_killed_revives_and_stops(tmp_path: Path) -> None:
    with Product(tmp_path / "data", durable=False) as product:
        product.start()
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{product.url}/healthz", headers={"Host": "localhost"}
        )
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
            assert answer.status == 200

        bulk = product.processes["bulk"]
        assert wait_until(lambda: len(bulk.pids()) >= 3, seconds=30), bulk.tail()
        before = bulk.pids()
        bulk.kill()
        assert not bulk.is_alive
        assert product.revive() == ["bulk"]
        assert wait_until(lambda: len(bulk.pids()) >= 3, seconds=30), bulk.tail()
        assert not set(before) & set(bulk.pids())

        victim = bulk.kill_one(random.Random(1))
        assert wait_until(lambda: victim not in bulk.pids(), seconds=5)
        started = {
            pid: children.start_time(pid)
            for process in product.processes.values()
            for pid in process.pids()
        }

    assert len(started) >= 6
    assert [pid for pid, start in started.items() if start and children.start_time(pid)] == []
