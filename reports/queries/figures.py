"""A figure with what may be said of it: its sample, its interval, and whether it may be shown and ranked (domain.md 3.5)."""

from __future__ import annotations

from dataclasses import dataclass

from reports.choices import Standing
from surveys import statistics
from surveys.statistics import Sample


@dataclass(frozen=True)
class Figure:
    """`value`, `low`, `high` in the unit of the figure; all None where nothing was counted."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def standing(self) -> Standing:
        return standing(self.n)

    @property
    def shown(self) -> bool:
        """Enough answers to be printed at all."""
        return self.value is not None and self.n >= statistics.HIDDEN_BELOW

    @property
    def ranked(self) -> bool:
        return self.n >= statistics.RANKED_FROM


def standing(n: int) -> Standing:
    if n < statistics.HIDDEN_BELOW:
        return Standing.HIDDEN
    if n < statistics.RANKED_FROM:
        return Standing.THIN
    return Standing.SMALL if n < statistics.PLAIN_FROM else Standing.FULL


def mean(sample: Sample) -> Figure:
    """Mean with its t-interval."""
    if not sample.n:
        return Figure(0)
    low, high = statistics.mean_interval(sample.n, sample.total, sample.squares) or (None, None)
    return Figure(sample.n, sample.mean, low, high)


def share(k: int, n: int) -> Figure:
    """k of n in percent, with Wilson's interval. More answers than cars (a car released before the journal began) are all of them."""
    if not n:
        return Figure(0)
    k = min(k, n)
    low, high = statistics.wilson(k, n)
    return Figure(n, 100 * k / n, 100 * low, 100 * high)


def share_of(sample: Sample) -> Figure:
    """Share of ones among values of 0 and 1."""
    return share(int(sample.total), sample.n)


def nps(sample: Sample) -> Figure:
    """NPS from values of 1, 0 and -1: their sum and sum of squares tell promoters and detractors."""
    promoters, detractors = int(sample.squares + sample.total) // 2, int(sample.squares - sample.total) // 2
    low, high = statistics.nps_interval(promoters, detractors, sample.n) or (None, None)
    return Figure(sample.n, statistics.nps(promoters, detractors, sample.n), low, high)


def rest(whole: Sample, part: Sample) -> Sample:
    """The whole without one of its parts: what the part is compared with."""
    return Sample(whole.n - part.n, whole.total - part.total, whole.squares - part.squares)


def beyond_chance(pairs: list[tuple[Sample, Sample]]) -> list[bool]:
    """Of several comparisons, which differ by more than chance (Welch, then Benjamini-Hochberg over all that can be made)."""
    tested = [
        (place, statistics.difference_p(a, b))
        for place, (a, b) in enumerate(pairs)
        if min(a.n, b.n) >= statistics.HIDDEN_BELOW
    ]
    held = statistics.benjamini_hochberg([p for _place, p in tested])
    certain = {place for (place, _p), holds in zip(tested, held) if holds}
    return [place in certain for place in range(len(pairs))]
