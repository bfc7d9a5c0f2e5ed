"""Figures: a trend only where chance is ruled out, and no verdict before its time."""

import pytest

from apps.insights import rules
from apps.insights.rules import Trend, Verdict

RECENT, OLDER = (4.25, 1.1314, 100), (3.75, 1.4312, 100)


@pytest.mark.parametrize(
    ("now", "before", "trend"),
    [
        ((56, 70), (48, 80), Trend.UP),
        ((48, 80), (56, 70), Trend.DOWN),
        ((50, 80), (48, 80), Trend.UNSURE),
        ((50, 80), (0, 0), Trend.UNKNOWN),
        ((0, 0), (48, 80), Trend.UNKNOWN),
    ],
)
def test_share_trend(now: tuple[int, int], before: tuple[int, int], trend: Trend) -> None:
    assert rules.share_trend(now, before) == trend


def test_mean_trend() -> None:
    assert rules.mean_trend(RECENT, OLDER) == Trend.UP
    assert rules.mean_trend(OLDER, RECENT) == Trend.DOWN
    assert rules.mean_trend(RECENT, RECENT) == Trend.UNSURE
    assert rules.mean_trend(RECENT, (3.0, 0.0, 1)) == Trend.UNKNOWN


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((36, 120, 6, 30), Verdict.UNCLEAR),
        ((60, 120, 6, 30), Verdict.HELPS),
        ((12, 120, 12, 30), Verdict.HARMS),
        ((36, 120, 4, 30), Verdict.NOT_ENOUGH),
        ((20, 29, 6, 30), Verdict.NOT_ENOUGH),
    ],
)
def test_judge_uplift(counts: tuple[int, int, int, int], verdict: Verdict) -> None:
    assert rules.judge_uplift(*counts) == verdict


def test_plan_groups() -> None:
    assert rules.plan_groups(0.20, 0.25) == 1094
    assert rules.plan_groups(0.2, 0.2) is None
