"""Statistics for figures that people act on: each with its interval, in the standard library."""

import math
from collections.abc import Callable
from statistics import NormalDist

CONFIDENCE = 0.95
_TINY = 1e-300
_PRECISION = 1e-14
_MOST_STEPS = 300


def z_score(confidence: float = CONFIDENCE) -> float:
    """Return how many standard deviations a two-sided interval reaches."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return Wilson's score interval of a share; the whole range where nobody was asked."""
    if n <= 0:
        return 0.0, 1.0
    z = z_score(confidence)
    share = successes / n
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    middle = share + z * z / (2 * n)
    scale = 1 + z * z / n
    low = 0.0 if successes == 0 else (middle - spread) / scale
    high = 1.0 if successes == n else (middle + spread) / scale
    return low, high


def newcombe(
    successes: int,
    n: int,
    other_successes: int,
    other_n: int,
    confidence: float = CONFIDENCE,
) -> tuple[float, float]:
    """Return Newcombe's hybrid score interval of the first share less the other."""
    if n <= 0 or other_n <= 0:
        return -1.0, 1.0
    share, other = successes / n, other_successes / other_n
    low, high = wilson(successes, n, confidence)
    other_low, other_high = wilson(other_successes, other_n, confidence)
    difference = share - other
    return (
        difference - math.hypot(share - low, other_high - other),
        difference + math.hypot(high - share, other - other_low),
    )


def mean_interval(
    mean: float, sd: float, n: int, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """Return Student's interval of a mean; None for fewer than two values."""
    least = 2
    if n < least:
        return None
    reach = t_quantile(0.5 + confidence / 2, n - 1) * sd / math.sqrt(n)
    return mean - reach, mean + reach


def welch(
    mean: float, sd: float, n: int, other_mean: float, other_sd: float, other_n: int
) -> tuple[float, float] | None:
    """Return the 95 % interval of the first mean less the other; None for too few values."""
    least = 2
    if n < least or other_n < least:
        return None
    first, second = sd * sd / n, other_sd * other_sd / other_n
    difference = mean - other_mean
    if first + second == 0:
        return difference, difference
    freedom = (first + second) ** 2 / (first**2 / (n - 1) + second**2 / (other_n - 1))
    reach = t_quantile(0.5 + CONFIDENCE / 2, freedom) * math.sqrt(first + second)
    return difference - reach, difference + reach


def net_promoter(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    """Return the net promoter score and its margin, both in points.

    Three pseudo-answers keep the margin honest where all answers are alike.
    """
    n = promoters + passives + detractors
    if n <= 0:
        return 0.0, 100.0
    padded = n + 3
    high, low = (promoters + 0.75) / padded, (detractors + 0.75) / padded
    variance = (high + low - (high - low) ** 2) / padded
    return 100 * (promoters - detractors) / n, 100 * z_score() * math.sqrt(variance)


def bayesian_average(total: float, n: int, *, prior_mean: float, prior_n: float) -> float:
    """Return a mean drawn towards the usual one while there are few values."""
    if n + prior_n <= 0:
        return prior_mean
    return (prior_n * prior_mean + total) / (prior_n + n)


def sample_size(share: float, wanted: float, *, power: float = 0.8) -> float:
    """Return how many people per group show a change from ``share`` to ``wanted``."""
    if share == wanted:
        return math.inf
    pooled = (share + wanted) / 2
    by_chance = z_score() * math.sqrt(2 * pooled * (1 - pooled))
    by_power = NormalDist().inv_cdf(power) * math.sqrt(share * (1 - share) + wanted * (1 - wanted))
    return ((by_chance + by_power) / (share - wanted)) ** 2


def t_quantile(probability: float, freedom: float) -> float:
    """Return the value below which Student's t lies with ``probability`` (above one half)."""
    high = 1.0
    while t_cdf(high, freedom) < probability:
        high *= 2
    return _bisect(lambda value: t_cdf(value, freedom) - probability, 0.0, high)


def t_cdf(value: float, freedom: float) -> float:
    """Return the probability that Student's t lies below ``value``."""
    tail = _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + value * value)) / 2
    return 1 - tail if value > 0 else tail


def _bisect(function: Callable[[float], float], low: float, high: float) -> float:
    for _step in range(_MOST_STEPS):
        middle = (low + high) / 2
        if function(middle) < 0:
            low = middle
        else:
            high = middle
        if high - low < _PRECISION * high:
            break
    return (low + high) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return max(0.0, min(1.0, x))
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    log_front += a * math.log(x) + b * math.log1p(-x)
    c, d = 1.0, _invert(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = _invert(1 + even * d), _away_from_zero(1 + even / c)
        fraction *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = _invert(1 + odd * d), _away_from_zero(1 + odd / c)
        fraction *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return math.exp(log_front) * fraction / a


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _invert(value: float) -> float:
    return 1 / _away_from_zero(value)
