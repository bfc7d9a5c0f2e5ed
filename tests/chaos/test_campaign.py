"""A slice of the kill campaign: every message of a launched queue is sent once."""

from pathlib import Path

import pytest

from tests.chaos.__main__ import run_campaign
from tests.chaos.campaign import Plan

pytestmark = pytest.mark.chaos


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_killed_workers_lose_and_double_nothing(tmp_path: Path, channel: str) -> None:
    plan = Plan(faults=("child", "worker", "workers"), kills=3, work_s=6, drain_s=120)
    said: list[str] = []

    report = run_campaign(channel, messages=1200, plan=plan, folder=tmp_path, say=said.append)

    assert (report.faults, report.drained) == ([], True), (report.as_line(), said)
    assert report.reckoning.accepted + report.reckoning.unconfirmed >= 1200
    assert report.kills >= 1
