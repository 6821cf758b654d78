"""How long a car takes from the customer's word until it is ready: a quantile, learned from cars like it.

Pure mathematics. Minutes are business minutes. What is known before the work begins: the standard minutes of what was agreed,
the kind of work, and how many cars stand in the workshop.

    ln(actual) = a + b · ln(standard + 30 + w · cars) + residual

`w` is what each car in the workshop adds in front of this one. The line is fitted over all cars of the store (outliers count
less, old cars count less) and is held to "standard hours and half an hour" until there are enough of them. The quantile is read
from the residuals themselves, not from a bell curve: those of the same operation with full weight, those of the same skill and of
all others as ten and five cars' worth, so that a rare job borrows its spread.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

SHARE = 0.8  # of such cars that are ready by the time we name
AROUND = 30.0  # minutes around the work itself, until the history says otherwise: dispatch, inspection, wash
HALF_LIFE_DAYS = 60.0  # people and habits change: a car of two months ago counts half
PRIOR = (0.0, 1.0)
HELD = 8.0  # how many cars the prior is worth
QUEUES = (0.0, 1.0, 2.0, 4.0, 6.0, 9.0, 13.0, 18.0, 25.0, 35.0)  # minutes; the `w` that are tried
KIN, OTHERS = 10.0, 5.0
# Without any history: ready at the standard hours and half an hour in the middle, four of five cars within a third more.
UNKNOWN = (-0.5, -0.3, -0.15, -0.05, 0.0, 0.08, 0.18, 0.29, 0.45, 0.8)
OUTLIER = 2.0  # in robust standard deviations; beyond it a car pulls the line less and less


@dataclass(frozen=True)
class Work:
    """What is known when a time is promised. `job` and `kin`: the operation and its skill, None where unknown."""

    standard: float
    cars: int
    job: Hashable | None = None
    kin: Hashable | None = None


@dataclass(frozen=True)
class Known:
    """A finished car: what was known of it, the minutes it took, and how many days ago that was."""

    work: Work
    minutes: float
    age_days: float = 0.0


@dataclass(frozen=True)
class Forecast:
    """Minutes within which a tenth, half, `SHARE` and nine tenths of such cars are ready. `alike`: cars of the same operation it
    rests on, `all`: of the store; none = the standard hours speak alone."""

    low: float
    middle: float
    promise: float
    high: float
    alike: int
    all: int


class Estimator:
    """Learned once from a store's finished cars, asked many times."""

    def __init__(self, known: Iterable[Known]):
        known = [car for car in known if car.minutes > 0]
        self._weights = [0.5 ** (max(car.age_days, 0.0) / HALF_LIFE_DAYS) for car in known]
        # The car that is asked about counts as one more beside those that are known: few cars give a cautious answer.
        self._doubt = min(sum(self._weights) / 15, 1.0)
        actual = [math.log(car.minutes) for car in known]
        self.queue, self.line = _best_line([car.work for car in known], actual, self._weights)
        self._known = [
            (y - self._base(car.work), weight, car.work)
            for y, weight, car in zip(actual, self._weights, known, strict=True)
        ]
        self._mixtures: dict[tuple, tuple[list[float], list[float], int]] = {}

    def forecast(self, work: Work) -> Forecast:
        """What such a car takes."""
        values, cumulated, alike = self._mixture(work.job, work.kin)
        base = self._base(work)
        low, middle, promise, high = (
            math.exp(base + _quantile(values, cumulated, share, self._doubt)) for share in (0.1, 0.5, SHARE, 0.9)
        )
        return Forecast(low, middle, promise, high, alike, len(self._known))

    def _base(self, work: Work) -> float:
        return self.line[0] + self.line[1] * _ahead(work, self.queue)

    def _mixture(self, job, kin) -> tuple[list[float], list[float], int]:
        """Residuals in order with their cumulated weights: of the job, of its kin, of all, and of no history at all."""
        if (job, kin) not in self._mixtures:
            own = [row for row in self._known if job is not None and row[2].job == job]
            near = [row for row in self._known if kin is not None and row[2].kin == kin and row[2].job != job]
            # The unknown stands for a few cars and fades as the store's own become many.
            nothing = OTHERS * OTHERS / (OTHERS + sum(self._weights))
            mixed = [(residual, weight) for residual, weight, _work in own]
            mixed += _scaled(near, KIN) + _scaled(self._known, OTHERS)
            mixed += [(residual, nothing / len(UNKNOWN)) for residual in UNKNOWN]
            self._mixtures[job, kin] = (*_cumulated(mixed), len(own))
        return self._mixtures[job, kin]


def _ahead(work: Work, queue: float) -> float:
    return math.log(max(work.standard, 0.0) + AROUND + queue * max(work.cars, 0))


def _best_line(works: Sequence[Work], actual: Sequence[float], weights: Sequence[float]) -> tuple[float, tuple]:
    """The queue and its line that leave the smallest typical error."""
    best = (math.inf, 0.0, PRIOR)
    for queue in QUEUES if works else ():
        ahead = [_ahead(work, queue) for work in works]
        line = _fit(ahead, actual, weights)
        error = sum(w * abs(y - line[0] - line[1] * x) for x, y, w in zip(ahead, actual, weights, strict=True))
        # The slope and the queue have to be worth their while: few cars leave things as the book says.
        error += HELD * (abs(line[1] - 1.0) + 0.005 * queue)
        best = min(best, (error, queue, line))
    return best[1], best[2]


def _fit(ahead: Sequence[float], actual: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Least squares on the logarithms, drawn to the prior, in rounds that let outliers count less."""
    line, trust = PRIOR, list(weights)
    centre = sum(w * x for w, x in zip(weights, ahead, strict=True)) / sum(weights)
    for _round in range(3):
        total = sum(trust)
        mean = sum(w * x for w, x in zip(trust, ahead, strict=True)) / total
        level = (sum(w * y for w, y in zip(trust, actual, strict=True)) + HELD * centre) / (total + HELD)
        across = sum(w * (x - mean) * (y - level) for w, x, y in zip(trust, ahead, actual, strict=True))
        along = sum(w * (x - mean) ** 2 for w, x in zip(trust, ahead, strict=True))
        slope = (across + HELD) / (along + HELD)
        place = (total * mean + HELD * centre) / (total + HELD)
        line = (level - slope * place, slope)
        residuals = [y - line[0] - slope * x for x, y in zip(ahead, actual, strict=True)]
        spread = max(_middle_of([abs(value) for value in residuals]) * 1.4826, 0.05)
        trust = [
            weight * min(1.0, OUTLIER * spread / max(abs(value), 1e-9))
            for weight, value in zip(weights, residuals, strict=True)
        ]
    return line


def _middle_of(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def _scaled(rows: list, worth: float) -> list[tuple[float, float]]:
    """Residuals whose weights come to no more than `worth` cars."""
    total = sum(weight for _residual, weight, _work in rows)
    factor = min(1.0, worth / total) if total else 0.0
    return [(residual, weight * factor) for residual, weight, _work in rows]


def _cumulated(mixed: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    mixed.sort()
    values, sums, total = [], [], 0.0
    for value, weight in mixed:
        total += weight
        values.append(value)
        sums.append(total)
    return values, sums


def _quantile(values: list[float], cumulated: list[float], share: float, doubt: float) -> float:
    """The value below which `share` of the weight lies; `doubt` is weight above all values, for the upper shares."""
    total = cumulated[-1] + (doubt if share > 0.5 else 0.0)
    return values[min(bisect_left(cumulated, share * total), len(values) - 1)]
