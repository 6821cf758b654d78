"""Where a wish finds its place and when the car would be ready.

A wish is placed greedily: its needs one after the other by one technician, each from where the one before ended, at most
to the end of the third open day; then a wash place, a loan car for every day, a pick-up run. `House` is what one reader
saw free at one moment; planning never writes into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from appointments.choices import Resource
from appointments.offers.capacity import MINUTE, Day, Part
from appointments.offers.wishes import Need, Wish

# A booking's work ends by the end of this open day, the day of its arrival being the first.
OPEN_DAYS = 3


@dataclass(frozen=True)
class Piece:
    """So much of one bucket."""

    bucket_id: int
    resource: str
    key: str
    day: date
    amount: int


@dataclass(frozen=True)
class Plan:
    pieces: tuple[Piece, ...]
    ready_at: datetime

    @property
    def days(self) -> list[date]:
        return sorted({piece.day for piece in self.pieces})


@dataclass(frozen=True)
class FloorPlan:
    """What a car in the house takes from now on; `short`: what no open day within reach had room for."""

    pieces: tuple[Piece, ...]
    ends_at: datetime
    short: list[Need] = field(default_factory=list)


@dataclass(frozen=True)
class Refused:
    """Why a slot cannot be had; one of CODES."""

    code: str


class House:
    """Free capacity of some consecutive days, in order, as one side may use it."""

    def __init__(self, days: list[Day], *, wash_minutes: int):
        self.days = {day.day: day for day in days}
        self.wash_minutes = wash_minutes
        self._order = [day for day in days if day.parts]
        self._place = {day.day: number for number, day in enumerate(self._order)}

    def open_days(self, first: date, count: int = OPEN_DAYS) -> list[Day]:
        """`first` (an open day) and the open days after it."""
        place = self._place[first]
        return self._order[place : place + count]

    def plan(self, wish: Wish, *, day: date, start: datetime, end: datetime) -> Plan | Refused:
        """The work, wash, loan car and pick-up run of a wish that is received from `start` to `end` on `day`."""
        open_days = self.open_days(day, 1 if wish.waits else OPEN_DAYS)
        planned = _after(open_days, wish, end, self.wash_minutes)
        if isinstance(planned, Refused):
            if wish.waits and isinstance(_after(self.open_days(day), wish, end, self.wash_minutes), Plan):
                return Refused("waits")
            return planned
        pieces = list(planned.pieces)
        if wish.loan_car:
            last = pieces[-1].day if pieces else day
            lent = [d.loan_car for d in open_days if d.day <= last]
            if not all(free and free.amount > 0 for free in lent):
                return Refused("loan_car")
            pieces += [Piece(d.loan_car.bucket_id, Resource.LOAN_CAR, "", d.day, 1) for d in open_days if d.day <= last]
        if wish.pickup:
            part = next((part for part in open_days[0].parts if part.start <= start < part.end), None)
            run = part.free.get((Resource.PICKUP, "")) if part else None
            if not run or run.amount < 1:
                return Refused("pickup")
            pieces.append(Piece(run.bucket_id, Resource.PICKUP, "", day, 1))
        return Plan(tuple(pieces), planned.ready_at)


def _after(open_days: list[Day], wish: Wish, cursor: datetime, wash_minutes: int) -> Plan | Refused:
    """Work and wash from `cursor` on."""
    pieces, cursor, short = work(open_days, wish.needs, cursor)
    if short:
        return Refused(_what_lacks(open_days, short[0], cursor, pieces))
    if wish.wash:
        washed = wash(open_days, cursor)
        if washed is None:
            return Refused("wash")
        place, cursor = washed
        if place:
            pieces.append(place)
            cursor += wash_minutes * MINUTE
    return Plan(tuple(pieces), cursor)


def work(open_days: list[Day], needs: Iterable[Need], cursor: datetime, *, go_on: bool = False):
    """(pieces, cursor after the last work, needs that found no room). Stops at the first such need unless `go_on`."""
    pieces: list[Piece] = []
    taken: dict[int, int] = {}
    short: list[Need] = []
    for need in needs:
        left = need.minutes
        for day in open_days:
            for part in day.parts:
                if left and part.end > cursor:
                    cursor, left = _take(day, part, need, cursor, left, taken, pieces)
        if left:
            short.append(Need(need.skill, need.bay_kind, left))
            if not go_on:
                break
    return pieces, cursor, short


def _take(day: Day, part: Part, need: Need, cursor, left: int, taken: dict[int, int], pieces: list[Piece]):
    """Work on a need in one part; the cursor and what is left of the need afterwards."""
    wanted = [(Resource.TECHNICIAN, need.skill), (Resource.BAY, need.bay_kind)]
    limits, buckets = [left, part.left(cursor)], []
    for resource, key in wanted:
        if resource not in day.planned or not key:
            continue
        free = part.free.get((resource, key))
        limits.append(free.amount - taken.get(free.bucket_id, 0) if free else 0)
        buckets.append((free, resource, key))
    amount = min(limits)
    if amount <= 0:
        return cursor, left
    for free, resource, key in buckets:
        taken[free.bucket_id] = taken.get(free.bucket_id, 0) + amount
        pieces.append(Piece(free.bucket_id, resource, key, day.day, amount))
    return max(cursor, part.start) + amount * MINUTE, left - amount


def wash(open_days: list[Day], cursor: datetime) -> tuple[Piece | None, datetime] | None:
    """A wash place in the part in which the work ends, or a later one; (None, cursor) in a house that does not wash."""
    reached = False
    for day in open_days:
        for part in day.parts:
            reached = reached or cursor <= part.end
            if not reached:
                continue
            if Resource.WASH not in day.planned:
                return None, cursor
            free = part.free.get((Resource.WASH, ""))
            if free and free.amount > 0:
                return Piece(free.bucket_id, Resource.WASH, "", day.day, 1), max(cursor, part.start)
    return None


def _what_lacks(open_days: list[Day], need: Need, cursor: datetime, pieces: list[Piece]) -> str:
    """Which of the two the work found no room for; the technician where both lack."""
    taken: dict[int, int] = {}
    for piece in pieces:
        taken[piece.bucket_id] = taken.get(piece.bucket_id, 0) + piece.amount
    free = 0
    for day in open_days:
        for part in day.parts:
            if part.end <= cursor or Resource.TECHNICIAN not in day.planned:
                continue
            found = part.free.get((Resource.TECHNICIAN, need.skill))
            free += max(found.amount - taken.get(found.bucket_id, 0), 0) if found else 0
    planned = any(Resource.TECHNICIAN in day.planned for day in open_days)
    bays = any(Resource.BAY in day.planned for day in open_days)
    return "bay" if bays and need.bay_kind and (free >= need.minutes or not planned) else "technician"
