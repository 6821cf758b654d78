"""Arithmetic of satisfaction: CSI, NPS, and how sure one may be of a figure (domain.md 3.1-3.5). Pure; no database.

Figures of money-like exactness (CSI) are Decimal; what is estimated (intervals, p-values) is float. Nothing here needs a
library: quantiles of the normal distribution come from the standard library, those of Student's t from its distribution
function by Newton's steps. The tests hold all of it against worked values and against scipy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()
# Below this share of answered items a factor says nothing (domain.md 3.1).
MIN_ANSWERED = Decimal("0.5")
# Publication rule (domain.md 3.5): hidden, shown without a rank, ranked with a flag, plain.
HIDDEN_BELOW, RANKED_FROM, PLAIN_FROM = 10, 30, 100
# How many answers the store's own mean counts for when a small group is shrunk towards it.
SHRINKAGE = 30

Scores = Mapping[str, Sequence[int | Decimal | None]]


def factor_mean(items: Sequence[int | Decimal | None]) -> Decimal | None:
    """Mean of the answered items of one factor (1-10), or None when fewer than half of them were answered."""
    answered = [Decimal(item) for item in items if item is not None]
    if not answered or len(answered) < MIN_ANSWERED * len(items):
        return None
    return sum(answered) / len(answered)


def csi(scores: Scores, weights: Mapping[str, int]) -> Decimal | None:
    """Customer satisfaction index, 100 to 1000 with one decimal: `100 × Σ weight × mean of items / Σ weight`.

    `scores`: the item scores (1-10) per factor, None where the customer left one out; `weights` in percent. A missing item
    re-normalises within its factor. None as soon as any factor with a weight has fewer than half of its items answered: an
    index over other factors would be another index.
    """
    total = Decimal(0)
    weighed = {code: weight for code, weight in weights.items() if weight}
    for code, weight in weighed.items():
        mean = factor_mean(scores.get(code, ()))
        if mean is None:
            return None
        total += weight * mean
    if not weighed:
        return None
    return (total / sum(weighed.values()) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def z_quantile(level: float = 0.95) -> float:
    """Two-sided quantile of the normal distribution: 1.96 for 0.95."""
    return _NORMAL.inv_cdf((1 + level) / 2)


def wilson(k: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share k/n, both bounds between 0 and 1; (0, 1) when nobody was asked.

    27 of 30 -> (0.744, 0.965); 20 of 20 -> (0.839, 1.0).
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    if n == 0:
        return 0.0, 1.0
    z2 = z_quantile(level) ** 2
    centre = (k + z2 / 2) / (n + z2)
    half = math.sqrt(z2) / (n + z2) * math.sqrt(k * (n - k) / n + z2 / 4)
    # At the ends the bound is exact; the difference of two equal floats is not.
    low = 0.0 if k == 0 else max(centre - half, 0.0)
    high = 1.0 if k == n else min(centre + half, 1.0)
    return low, high


def mean_interval(
    n: int, total: float | Decimal, squares: float | Decimal, level: float = 0.95
) -> tuple[float, float] | None:
    """t-interval of a mean from what a roll-up keeps: number, sum and sum of squares. None below two answers.

    Pass Decimals (as the roll-ups keep them) and the variance is exact; floats lose digits when all answers are alike.
    """
    if n < 2:
        return None
    mean = total / n
    variance = max(float((squares - mean * total) / (n - 1)), 0.0)
    half = t_quantile(n - 1, level) * math.sqrt(variance / n)
    return float(mean) - half, float(mean) + half


@lru_cache(maxsize=4096)
def t_quantile(df: float, level: float = 0.95) -> float:
    """Two-sided quantile of Student's t with `df` degrees of freedom: 2.045 for 29 at 0.95.

    Newton's steps from the normal quantile, which lies below: the distribution function is concave there, so each step comes nearer from
    the left and none overshoots.
    """
    if df <= 0:
        raise ValueError("at least one degree of freedom")
    wanted, t = (1 + level) / 2, z_quantile(level)
    constant = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    for _step in range(200):
        density = constant * math.exp(-(df + 1) / 2 * math.log1p(t * t / df))
        further = (wanted - t_cdf(t, df)) / density
        t += further
        if further <= 1e-13 * t:
            break
    return t


def t_cdf(t: float, df: float) -> float:
    """Distribution function of Student's t, by the incomplete beta function (Abramowitz and Stegun 26.7.1)."""
    tail = _incomplete_beta(df / 2, 0.5, df / (df + t * t)) / 2
    return 1 - tail if t > 0 else tail


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function by its continued fraction (Abramowitz and Stegun 26.5.8)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    # Lentz's method; `tiny` keeps a vanishing denominator from dividing by zero.
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    value = d
    for m in range(1, 500):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + numerator / c
            c = c if abs(c) > tiny else tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def nps(promoters: int, detractors: int, n: int) -> float | None:
    """Net promoter score, -100 to 100: share of 9-10 minus share of 0-6. None when nobody was asked."""
    return 100 * (promoters - detractors) / n if n else None


def nps_interval(promoters: int, detractors: int, n: int, level: float = 0.95) -> tuple[float, float] | None:
    """Interval of the NPS, `± z × 100 × √([p + d − (p − d)²]/n)`, cut to -100..100. None when nobody was asked.

    Where all gave the same kind of mark that variance is 0, and a handful of promoters would claim to be certain: there it
    is estimated with one promoter, one passive and one detractor added. The score itself stays.
    """
    if not n:
        return None
    p, d, size = promoters / n, detractors / n, n
    if p + d - (p - d) ** 2 <= 0:
        p, d, size = (promoters + 1) / (n + 3), (detractors + 1) / (n + 3), n + 3
    half = z_quantile(level) * 100 * math.sqrt((p + d - (p - d) ** 2) / size)
    score = 100 * (promoters - detractors) / n
    return max(score - half, -100.0), min(score + half, 100.0)


def shrink(n: int, mean: float, store_mean: float, k: int = SHRINKAGE) -> float:
    """A small group's mean, drawn towards the store's as if `k` average customers had answered besides."""
    return (n * float(mean) + k * float(store_mean)) / (n + k)


def sample_size(population: int, margin: float, level: float = 0.95) -> int:
    """How many of `population` have to answer so that a share is known to ± `margin` (0.05 for five points), at worst.

    With the correction for a finite population: 1000 at 0.05 -> 278, 100 at 0.1 -> 50; always rounded up.
    """
    if population <= 0:
        return 0
    unlimited = z_quantile(level) ** 2 / 4 / margin**2
    return math.ceil(unlimited / (1 + (unlimited - 1) / population) - 1e-9)


def benjamini_hochberg(p_values: Sequence[float], q: float = 0.05) -> list[bool]:
    """Which of several comparisons hold when the share of false ones among them is to stay below `q`; in their order."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    last = 0
    for rank, i in enumerate(order, start=1):
        if p_values[i] <= q * rank / len(p_values):
            last = rank
    held = set(order[:last])
    return [i in held for i in range(len(p_values))]


@dataclass(frozen=True)
class Sample:
    """What a roll-up keeps of a group: number, sum, sum of squares."""

    n: int
    total: float | Decimal
    squares: float | Decimal

    @property
    def mean(self) -> float:
        return float(self.total / self.n)

    @property
    def variance(self) -> float:
        return max(float((self.squares - self.total * self.total / self.n) / (self.n - 1)), 0.0)


def difference_interval(a: Sample, b: Sample, level: float = 0.95) -> tuple[float, float] | None:
    """Interval of mean(a) − mean(b) by Welch, for groups of different spread. None below two answers in either.

    Say “higher” or “lower” only when it does not contain 0.
    """
    if a.n < 2 or b.n < 2:
        return None
    difference, error, df = _welch(a, b)
    if error == 0:
        return difference, difference
    half = t_quantile(df, level) * error
    return difference - half, difference + half


def difference_p(a: Sample, b: Sample) -> float | None:
    """Two-sided p-value of mean(a) = mean(b) by Welch, for `benjamini_hochberg`. None below two answers in either."""
    if a.n < 2 or b.n < 2:
        return None
    difference, error, df = _welch(a, b)
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return 2 * t_cdf(-abs(difference / error), df)


def _welch(a: Sample, b: Sample) -> tuple[float, float, float]:
    """(difference of means, its standard error, Welch-Satterthwaite degrees of freedom)."""
    va, vb = a.variance / a.n, b.variance / b.n
    if va + vb == 0:
        return a.mean - b.mean, 0.0, 1.0
    df = (va + vb) ** 2 / (va**2 / (a.n - 1) + vb**2 / (b.n - 1))
    return a.mean - b.mean, math.sqrt(va + vb), df
