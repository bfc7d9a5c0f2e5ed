"""A slice of the ticket campaigns: done once whatever dies, and in fair turns."""

from pathlib import Path

import pytest

from tests.chaos import fairness, provision, tickets

pytestmark = pytest.mark.chaos


def test_killed_workers_broker_and_database_lose_and_double_nothing(tmp_path: Path) -> None:
    plan = tickets.Plan(
        tickets=99, businesses=3, workers=3, broker=1, database=1, pause_ms=60, drain_s=120
    )
    said: list[str] = []

    report = tickets.run(plan, folder=tmp_path, say=said.append)

    assert report.faults == [], (report.as_line(), said)
    assert (report.done, sum(report.kills.values())) == (99, 5)


def test_small_business_does_not_wait_for_a_large_one(tmp_path: Path) -> None:
    plan = fairness.Plan(waiting=12_000, samples=5, every_s=0.1)
    said: list[str] = []

    reports = fairness.run(plan, folder=tmp_path, say=said.append)

    assert [(report.lane, report.samples) for report in reports] == [
        ("transactional", 5),
        ("bulk", 5),
    ]
    # All samples are done while the large one still waits; how fast is for the whole campaign.
    assert min(report.left for report in reports) > 0


def test_process_killed_on_the_way_leaves_no_half_business(tmp_path: Path) -> None:
    points = ("stock_after_tables", "claim_before_commit", "provision_before_commit")
    report = provision.run(times=1, folder=tmp_path, say=lambda _line: None, points=points)

    assert report.faults == [], report.as_line()
    assert (report.points, report.kills) == (3, 3)


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, 5.0), (99, 10.0), (100, 10.0), (1, 1.0), (0, 1.0)]
)
def test_percentile_is_one_of_the_measured_values(percent: float, expected: float) -> None:
    assert fairness.percentile([float(number) for number in range(1, 11)], percent) == expected
