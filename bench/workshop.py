"""A workshop on paper, whose durations follow from queues and people and not from any formula the estimator of promises has.

Cars arrive over the day, are dispatched to six technicians of different pace, wait for parts now and then for days, get added items,
are inspected by two inspectors who send some back, and queue for one wash place. Time is business time: a day has nine hours.
Months differ in load; a good technician leaves and a slow one comes in the tenth month.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

DAY = 540.0  # business minutes
MONTH_DAYS = 26
PACE = [0.82, 0.95, 1.0, 1.05, 1.12, 1.25]
NEW_PACE = (9, 0, 1.45)  # from this month on this technician has this pace
SEASON = (0.85, 1.05, 0.8, 0.9, 1.0, 1.1, 1.0, 1.12, 0.95, 1.08, 0.9, 0.85, 1.1, 1.0, 1.05)


@dataclass(frozen=True)
class Kind:
    """A kind of job: how often, its standard hours, the book's error and its spread, how often parts are missing or work is added."""

    name: str
    skill: str
    share: float
    hours: tuple[float, ...]
    pace: float
    spread: float
    parts: float
    added: float
    back: float


KINDS = (
    Kind("oil service", "mechanical", 0.38, (0.5, 0.6), 1.05, 0.15, 0.01, 0.12, 0.01),
    Kind("large service", "mechanical", 0.18, (1.5, 1.8, 2.2), 1.1, 0.2, 0.04, 0.3, 0.03),
    Kind("brakes", "mechanical", 0.14, (1.0, 1.6), 0.9, 0.25, 0.06, 0.2, 0.05),
    Kind("fault finding", "electrical", 0.13, (0.8, 1.0), 1.5, 0.8, 0.15, 0.45, 0.08),
    Kind("gearbox", "mechanical", 0.05, (6.0, 8.0), 1.15, 0.3, 0.25, 0.3, 0.12),
    Kind("body repair", "body", 0.08, (4.0, 6.0, 9.0), 1.3, 0.35, 0.2, 0.15, 0.1),
    Kind("battery check", "high_voltage", 0.04, (0.7, 1.2), 1.2, 0.4, 0.1, 0.1, 0.02),
)


@dataclass(frozen=True)
class Car:
    """A finished car, times in business minutes since the first day; `guess` is what an advisor said when it was agreed."""

    kind: Kind
    standard: float
    cars: int
    agreed: float
    ready: float
    guess: float

    @property
    def minutes(self) -> float:
        return self.ready - self.agreed

    @property
    def month(self) -> int:
        return int(self.agreed // (DAY * MONTH_DAYS))


def history(*, months: int = 15, a_day: float = 15.0, seed: int = 7) -> list[Car]:
    """Every car of `months` months, in the order of their agreement."""
    r = Random(seed)
    free = [0.0] * len(PACE)
    inspectors, wash = [0.0, 0.0], [0.0]
    leaving: list[float] = []
    made = []
    advisors = [r.uniform(0.9, 1.25) for _n in range(4)]
    for agreed in _arrivals(r, months, a_day):
        while leaving and leaving[0] <= agreed:
            heapq.heappop(leaving)
        kind = r.choices(KINDS, [kind.share for kind in KINDS])[0]
        hours = r.choice(kind.hours) + (r.choice((0.3, 0.5, 0.9)) if r.random() < 0.3 else 0)
        worked = _worked(r, kind, hours, free, agreed, month=int(agreed // (DAY * MONTH_DAYS)))
        ready = _to_the_gate(r, kind, worked, inspectors, wash)
        guess = _guess(r.choice(advisors), hours, busy=len(leaving), r=r)
        made.append(Car(kind, hours * 60, len(leaving), agreed, ready, guess))
        heapq.heappush(leaving, ready)
    return made


def _arrivals(r: Random, months: int, a_day: float) -> Iterator[float]:
    for day in range(months * MONTH_DAYS):
        load = a_day * SEASON[day // MONTH_DAYS % len(SEASON)] * (1.25 if day % 6 == 5 else 0.95)
        count = max(int(r.gauss(load, math.sqrt(load))), 0)
        yield from sorted(
            day * DAY + (r.triangular(0, 200, 60) if r.random() < 0.65 else r.triangular(200, 520, 330))
            for _n in range(count)
        )


def _worked(r: Random, kind: Kind, hours: float, free: list[float], agreed: float, *, month: int) -> float:
    """When the work is done: the technician who is free first, his pace, missing parts, added items and the customer's answer to them."""
    who = min(range(len(free)), key=lambda n: free[n])
    since, slow, pace = NEW_PACE
    pace = pace if who == slow and month >= since else PACE[who]
    begin = max(free[who], agreed + r.expovariate(1 / 12))
    hands_on = hours * 60 * kind.pace * pace * r.gammavariate(1 / kind.spread**2, kind.spread**2)
    waiting = 0.0
    if r.random() < kind.added:
        hands_on += r.expovariate(1 / 45)
        waiting += r.expovariate(1 / 25)
    if r.random() < kind.parts:
        waiting += r.lognormvariate(5.6, 0.9)
    free[who] = begin + hands_on + min(waiting, 20)  # while he waits longer he takes another car
    return begin + hands_on + waiting


def _to_the_gate(r: Random, kind: Kind, worked: float, inspectors: list[float], wash: list[float]) -> float:
    seen = worked
    for _round in range(1 + (r.random() < kind.back)):
        who = min(range(len(inspectors)), key=lambda n: inspectors[n])
        # Cars come out of order; a queue that is far ahead of this car is not this car's queue.
        begin = max(seen, min(inspectors[who], seen + 60))
        inspectors[who] = begin + r.uniform(6, 16)
        seen = inspectors[who] + (r.expovariate(1 / 50) if _round else 0)
    begin = max(seen, min(wash[0], seen + 90))
    wash[0] = begin + r.uniform(9, 15)
    return wash[0]


def _guess(courage: float, hours: float, *, busy: int, r: Random) -> float:
    """What an advisor says: the hours with his courage, an hour around, ten minutes for each car he sees waiting, on the half hour."""
    said = hours * 60 * courage + 60 + 10 * busy + r.gauss(0, 15)
    return max(math.ceil(said / 30) * 30, 30)
