"""How good the computed promises would have been: each month judged by an estimator that has seen the months before it only. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from reception.forecast import Estimator, Known, Work


@dataclass(frozen=True)
class Case:
    """A finished car. Days are counted from any fixed day; `guess` is the first promise in minutes, None where nothing was promised."""

    work: Work
    minutes: float
    guess: float | None
    agreed_day: float
    ended_day: float
    month: int


@dataclass(frozen=True)
class Judged:
    """A kind of job in the held-out months. `coverage`: share of cars ready within the promised quantile. Errors are mean absolute
    errors in minutes: of the computed middle, of the guess, of the standard hours."""

    job: object
    cars: int
    coverage: float
    error: float
    guess_error: float | None
    guess_kept: float | None
    standard_error: float
    guessed: int


def judged(cases: Iterable[Case], *, months: Iterable[int]) -> list[Judged]:
    """One row per kind of job, the most frequent first. For each month everything that had ended before its first car is known."""
    cases, months = list(cases), set(months)
    told: dict[object, list[tuple]] = defaultdict(list)
    for month in sorted(months):
        asked = [case for case in cases if case.month == month]
        if not asked:
            continue
        first = min(case.agreed_day for case in asked)
        estimator = Estimator(
            Known(case.work, case.minutes, first - case.ended_day) for case in cases if case.ended_day <= first
        )
        for case in asked:
            told[case.work.job].append((case, estimator.forecast(case.work)))
    return sorted((_row(job, rows) for job, rows in told.items()), key=lambda row: (-row.cars, str(row.job)))


def totals(rows: list[Judged]) -> Judged:
    """All kinds of job together."""
    cars = sum(row.cars for row in rows)
    guessed = sum(row.guessed for row in rows)

    def mean(name: str, weight: str, n: int) -> float | None:
        known = [row for row in rows if getattr(row, name) is not None]
        return sum(getattr(row, name) * getattr(row, weight) for row in known) / n if n else None

    return Judged(
        job="all",
        cars=cars,
        coverage=mean("coverage", "cars", cars) or 0.0,
        error=mean("error", "cars", cars) or 0.0,
        guess_error=mean("guess_error", "guessed", guessed),
        guess_kept=mean("guess_kept", "guessed", guessed),
        standard_error=mean("standard_error", "cars", cars) or 0.0,
        guessed=guessed,
    )


def _row(job, rows: list[tuple]) -> Judged:
    guessed = [case for case, _forecast in rows if case.guess is not None]
    return Judged(
        job=job,
        cars=len(rows),
        coverage=sum(case.minutes <= forecast.promise for case, forecast in rows) / len(rows),
        error=sum(abs(case.minutes - forecast.middle) for case, forecast in rows) / len(rows),
        guess_error=sum(abs(case.minutes - case.guess) for case in guessed) / len(guessed) if guessed else None,
        guess_kept=sum(case.minutes <= case.guess for case in guessed) / len(guessed) if guessed else None,
        standard_error=sum(abs(case.minutes - case.work.standard) for case, _forecast in rows) / len(rows),
        guessed=len(guessed),
    )
