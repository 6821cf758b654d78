"""The counters of the three guarantees for family cars (家用汽车产品修理更换退货责任规定, order 43 of 2021), as pure arithmetic.

A single repair lasts from the moment customer and store agreed on it to its completion; every full 24 hours are one day and
what is left over is one more (art. 40). The cumulative time is the sum of the single ones, each rounded by itself; transport of
parts made to the VIN and of traction batteries, and the way of a rescue, do not count towards it (art. 24). The single repair
of art. 21 includes waiting for parts and leaves out nothing.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from guarantees.choices import AlertKind

DAY = timedelta(hours=24)
NOTHING = timedelta(0)

# When a manager hears of it (domain.md 4.2). The last of each is the customer's right itself, where the law puts it.
SINGLE_DAYS = (3, 4, 5)
TOTAL_DAYS = (20, 25, 30)
SAME_TIMES = (3, 4)


@dataclass(frozen=True)
class Numbers:
    """What the law sets: how long the guarantees hold, and what must be exceeded before the customer has the right."""

    months: int = 24  # art. 18, validity of the three guarantees
    km: int = 50_000
    free_months: int = 36  # art. 18, free repair
    free_km: int = 60_000
    single_days: int = 5  # art. 21
    total_days: int = 30  # art. 24 (4)
    same_times: int = 4  # art. 24 (4)


@dataclass(frozen=True)
class Spell:
    """One repair for a quality problem. `ended` None: it still lasts. `excluded`: time of art. 24 that does not count.
    `km`: the odometer when the car came. `problems`: keys of what was repaired."""

    key: int
    began: datetime
    ended: datetime | None = None
    excluded: timedelta = NOTHING
    km: int | None = None
    problems: frozenset = frozenset()


@dataclass(frozen=True)
class Single:
    """One repair's figures. `days` of art. 21, `counted` of art. 24. `free`/`valid`: whether it began while free repair, or
    the three guarantees, held; None where the day of the invoice is not known: then it counts until somebody knows better."""

    key: int
    days: int
    counted: int
    free: bool | None
    valid: bool | None
    running: bool
    problems: frozenset


@dataclass(frozen=True)
class Standing:
    """A car's counters. `total` and `times` are those of repairs within the three guarantees (or with an unknown day of purchase)."""

    singles: tuple[Single, ...]
    total: int
    times: dict = field(default_factory=dict)
    may_return: tuple[
        AlertKind, ...
    ] = ()  # by which counter the customer may ask for another car or his money (art. 24)


@dataclass(frozen=True)
class Due:
    """A warning that is to be given: `key` is the repair or the problem, None for the car's total. `right`: no warning any
    more, the customer has the right."""

    kind: AlertKind
    threshold: int
    key: int | None = None
    right: bool = False


def repair_days(began: datetime, ended: datetime, *, excluded: timedelta = NOTHING) -> int:
    """Days of one repair: full 24 hours, and one more for a rest. Less than nothing cannot be left out."""
    lasted = max(ended - began - max(excluded, NOTHING), NOTHING)
    return -(-lasted // DAY)


def last_day(start: date, months: int) -> date:
    """The last day of a period of months: the day of the same number, or the month's last where it has none (民法典 202)."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def within(bought: date | None, on: date, km: int | None, *, months: int, most_km: int) -> bool | None:
    """Whether a guarantee that ends with the months or the distance, whichever comes first, still held; None if unknown.

    The distance alone can say that it is over; without the day of purchase nothing can say that it holds.
    """
    if km is not None and km > most_km:
        return False
    return None if bought is None else on <= last_day(bought, months)


def count(spells: Iterable[Spell], *, bought: date | None, now: datetime, numbers: Numbers, zone: ZoneInfo) -> Standing:
    """The counters of a car from its repairs, at a moment."""
    singles = tuple(_single(spell, bought, now, numbers, zone) for spell in sorted(spells, key=lambda s: s.began))
    counting = [single for single in singles if single.valid is not False]
    total = sum(single.counted for single in counting)
    times = dict(Counter(problem for single in counting for problem in single.problems))
    rights = []
    if total > numbers.total_days:
        rights.append(AlertKind.TOTAL)
    if any(n > numbers.same_times for n in times.values()):
        rights.append(AlertKind.SAME)
    return Standing(singles, total, times, tuple(rights))


def _single(spell: Spell, bought: date | None, now: datetime, numbers: Numbers, zone: ZoneInfo) -> Single:
    ended = spell.ended or max(now, spell.began)
    on = spell.began.astimezone(zone).date()
    return Single(
        key=spell.key,
        days=repair_days(spell.began, ended),
        counted=repair_days(spell.began, ended, excluded=spell.excluded),
        free=within(bought, on, spell.km, months=numbers.free_months, most_km=numbers.free_km),
        valid=within(bought, on, spell.km, months=numbers.months, most_km=numbers.km),
        running=spell.ended is None,
        problems=spell.problems,
    )


def due(standing: Standing, numbers: Numbers) -> list[Due]:
    """Every warning the counters call for, whether it was given or not; nobody's right is left out."""
    found = []
    for single in standing.singles:
        if single.free is False:
            continue
        found += [Due(AlertKind.SINGLE, n, single.key) for n in SINGLE_DAYS if single.days >= n]
        if single.days > numbers.single_days:
            found.append(Due(AlertKind.SINGLE, numbers.single_days + 1, single.key, right=True))
    found += [Due(AlertKind.TOTAL, n) for n in TOTAL_DAYS if standing.total >= n]
    if standing.total > numbers.total_days:
        found.append(Due(AlertKind.TOTAL, numbers.total_days + 1, right=True))
    for problem, times in sorted(standing.times.items()):
        found += [Due(AlertKind.SAME, n, problem) for n in SAME_TIMES if times >= n]
        if times > numbers.same_times:
            found.append(Due(AlertKind.SAME, numbers.same_times + 1, problem, right=True))
    return found
