"""Statistics: the published examples, to their last printed figure."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import stats


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (8, 10, 0.490162, 0.943318),
        (45, 50, 0.786398, 0.956524),
    ],
)
def test_wilson_reproduces_newcombe_1998(successes: int, n: int, low: float, high: float) -> None:
    found = stats.wilson(successes, n)
    assert found == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nobody_is_the_whole_range() -> None:
    assert stats.wilson(0, 0) == (0.0, 1.0)
    assert stats.wilson(5, 5)[1] == 1.0


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_share(successes: int, n: int) -> None:
    successes = min(successes, n)
    low, high = stats.wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((7, 34, 1, 34), 0.019, 0.340),
    ],
)
def test_newcombe_reproduces_newcombe_1998(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    assert stats.newcombe(*counts) == pytest.approx((low, high), abs=5e-4)


def test_newcombe_of_an_empty_group_says_nothing() -> None:
    assert stats.newcombe(1, 2, 0, 0) == (-1.0, 1.0)


@pytest.mark.parametrize(
    ("probability", "freedom", "value"),
    [
        (0.975, 1, 12.7062),
        (0.975, 2, 4.3027),
        (0.975, 5, 2.5706),
        (0.975, 10, 2.2281),
        (0.975, 30, 2.0423),
        (0.975, 120, 1.9799),
        (0.95, 10, 1.8125),
        (0.995, 10, 3.1693),
        (0.975, 1_000_000, 1.9600),
    ],
)
def test_t_quantile_equals_the_printed_table(
    probability: float, freedom: float, value: float
) -> None:
    assert stats.t_quantile(probability, freedom) == pytest.approx(value, abs=5e-5)


@given(st.floats(0.51, 0.999), st.floats(1, 500))
def test_t_quantile_inverts_t_cdf(probability: float, freedom: float) -> None:
    value = stats.t_quantile(probability, freedom)
    assert stats.t_cdf(value, freedom) == pytest.approx(probability, abs=1e-9)
    assert stats.t_cdf(-value, freedom) == pytest.approx(1 - probability, abs=1e-9)


def test_mean_interval() -> None:
    assert stats.mean_interval(4.2, 0.8, 16) == pytest.approx((3.7737, 4.6263), abs=5e-5)
    assert stats.mean_interval(4.2, 0.8, 1) is None


def test_welch_reproduces_the_example_of_two_rating_windows() -> None:
    def moments(counts: list[int]) -> tuple[float, float, int]:
        stars = [
            star for star, count in zip((5, 4, 3, 2, 1), counts, strict=True) for _ in range(count)
        ]
        mean = sum(stars) / len(stars)
        spread = sum((star - mean) ** 2 for star in stars) / (len(stars) - 1)
        return mean, math.sqrt(spread), len(stars)

    first, second = moments([60, 20, 10, 5, 5]), moments([45, 20, 12, 11, 12])
    assert (first[0], second[0]) == (4.25, 3.75)
    assert stats.welch(*first, *second) == pytest.approx((0.1390, 0.8610), abs=5e-5)


def test_welch_edges() -> None:
    assert stats.welch(5, 0, 1, 4, 0, 9) is None
    assert stats.welch(5, 0, 9, 4, 0, 9) == (1, 1)


@pytest.mark.parametrize(
    ("answers", "score", "margin"),
    [((60, 25, 15), 45.0, 14.35), ((10, 0, 0), 100.0, 29.4), ((0, 0, 0), 0.0, 100.0)],
)
def test_net_promoter(answers: tuple[int, int, int], score: float, margin: float) -> None:
    assert stats.net_promoter(*answers) == pytest.approx((score, margin), abs=0.05)


@pytest.mark.parametrize(
    ("total", "n", "average"),
    [(5, 1, 4.2308), (48, 10, 4.3714), (920, 200, 4.5556), (0, 0, 4.2)],
)
def test_bayesian_average(total: float, n: int, average: float) -> None:
    found = stats.bayesian_average(total, n, prior_mean=4.2, prior_n=25)
    assert found == pytest.approx(average, abs=5e-5)
    assert stats.bayesian_average(0, 0, prior_mean=4.2, prior_n=0) == 4.2


@pytest.mark.parametrize(
    ("share", "wanted", "people"),
    [
        (0.05, 0.07, 2213),
        (0.05, 0.06, 8158),
        (0.10, 0.12, 3841),
        (0.10, 0.15, 686),
        (0.20, 0.25, 1094),
    ],
)
def test_sample_size(share: float, wanted: float, people: int) -> None:
    assert math.ceil(stats.sample_size(share, wanted)) == people


def test_sample_size_of_the_textbook() -> None:
    assert stats.sample_size(0.5, 0.75, power=0.9) == pytest.approx(76.707, abs=5e-3)
    assert math.isinf(stats.sample_size(0.5, 0.5))
