"""What a wish takes of the house and when it would be ready: planning over free capacity, without a database.

A wish is placed greedily: its needs one after the other by one technician, each from where the one before ended, at most
to the end of the third open day; then a wash place, a loan car for every day, a pick-up run. `House` is what one reader
saw free at one moment; planning never writes into it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from appointments.choices import DEFAULT_WORK, Resource
from catalogue.models import Operation
from stores.choices import BayKind, Skill
from stores.models import ParkingSpace, Staff

MINUTE = timedelta(minutes=1)
# A booking's work ends by the end of this open day, the day of its arrival being the first.
OPEN_DAYS = 3
# In the order in which a slot is judged: the later the reason, the nearer the slot came to being free.
CODES = (
    "closed",
    "past",
    "too_far",
    "reception",
    "parking",
    "technician",
    "bay",
    "waits",
    "wash",
    "loan_car",
    "pickup",
)


@dataclass(frozen=True)
class Need:
    """Minutes of a technician's skill, in a bay of a kind (empty: anywhere)."""

    skill: str
    bay_kind: str
    minutes: int


@dataclass(frozen=True)
class Item:
    """One service of a booking: a standard operation, or a kind with the customer's words.

    `minutes` overrule both, and so does a `skill` with its bay.
    """

    kind: str
    operation: Operation | None = None
    words: str = ""
    minutes: int | None = None
    price_low: Decimal | None = None
    price_high: Decimal | None = None
    likely: Operation | None = None  # of a fault that was asked about: whose skill and bay it will probably need
    skill: str = ""
    bay_kind: str = ""

    @property
    def need(self) -> Need | None:
        """What it takes of the workshop: the operation's standard hours, else what such a service usually takes."""
        skill, bay_kind, minutes = DEFAULT_WORK[self.kind]
        if self.likely:
            skill, bay_kind = self.likely.skill, self.likely.bay_kind
        if self.operation:
            skill, bay_kind = self.operation.skill, self.operation.bay_kind
            minutes = math.ceil(self.operation.hours * 60)
        if self.skill:
            skill, bay_kind = self.skill, self.bay_kind
        if self.minutes is not None:
            minutes = self.minutes
        return Need(str(skill), str(bay_kind), minutes) if skill and minutes else None


@dataclass(frozen=True)
class Wish:
    """What somebody wants to book, as far as capacity goes."""

    needs: tuple[Need, ...] = ()
    waits: bool = False
    loan_car: bool = False
    pickup: bool = False
    wash: bool = True
    advisor_id: int | None = None  # this advisor and no other
    own_advisor_id: int | None = None  # offered first

    @classmethod
    def of(cls, items: Iterable[Item], **more) -> Wish:
        """The wish of these services; `more` are the other fields."""
        return cls(needs=tuple(item.need for item in items if item.need), **more)

    def as_data(self) -> dict:
        """What a hold keeps: everything but whose advisor is whose."""
        return {
            "needs": [[need.skill, need.bay_kind, need.minutes] for need in self.needs],
            "waits": self.waits,
            "loan_car": self.loan_car,
            "pickup": self.pickup,
            "wash": self.wash,
        }

    @classmethod
    def from_data(cls, data: dict) -> Wish:
        rest = {name: data[name] for name in ("waits", "loan_car", "pickup", "wash") if name in data}
        return cls(needs=tuple(Need(*need) for need in data.get("needs", ())), **rest)


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


class Free(NamedTuple):
    """What one reader may still take of a bucket."""

    bucket_id: int
    amount: int


@dataclass
class Part:
    """An opening period of a day with what is free in it: {(resource, key): Free}."""

    day: date
    start: datetime
    end: datetime
    free: dict[tuple[str, str], Free] = field(default_factory=dict)

    def left(self, cursor: datetime) -> int:
        """Whole minutes between `cursor` and the end of the part."""
        return (self.end - max(cursor, self.start)) // MINUTE


@dataclass
class Day:
    """A day of the ledger. `planned`: the resources of which the house has anything at all; others limit nothing."""

    day: date
    parts: list[Part] = field(default_factory=list)
    planned: set[str] = field(default_factory=set)
    loan_car: Free | None = None


class Time(NamedTuple):
    """A reception time of a day: who is free then, best first, and the parking space kept for it."""

    start: datetime
    end: datetime
    advisors: list[Staff]
    parking: ParkingSpace | None
    parking_free: bool


class Offer(NamedTuple):
    """A reception slot that can be booked now, with what makes it fit."""

    advisor: Staff
    start: datetime
    end: datetime
    own: bool
    parking: ParkingSpace | None
    plan: Plan
    wish: Wish

    @property
    def key(self) -> str:
        """What a form posts for this slot: "12@20261121T010000Z" (advisor, start in UTC)."""
        return f"{self.advisor.pk}@{self.start.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    @property
    def ready_at(self) -> datetime:
        return self.plan.ready_at

    @property
    def reasons(self) -> list[str]:
        """Why it fits, as sentences in the reader's language."""
        return _reasons(self)


@dataclass
class DayAnswer:
    """A day's offers by time; `refusal` (a sentence) and `code` say why there are none."""

    day: date
    offers: list[Offer] = field(default_factory=list)
    code: str = ""

    @property
    def refusal(self) -> str:
        return refusal_of(self.code) if self.code else ""


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


def refusal_of(code: str) -> str:
    """The sentence for one of CODES."""
    return {
        "closed": _("The store is closed on that day."),
        "past": _("This day's reception times are past."),
        "too_far": _("Bookings are taken half a year ahead at most."),
        "reception": _("No advisor is free on this day."),
        "parking": _("No arrival parking space is free on this day."),
        "technician": _("No technician for this work has enough time left."),
        "bay": _("No bay for this work has enough time left."),
        "waits": _("The work would not be finished on the same day; the car could stay here."),
        "wash": _("No wash place is left; without a wash there may be a time."),
        "loan_car": _("No loan car is free for as long as the work takes."),
        "pickup": _("No pick-up run is left on this day."),
    }[code]


def _reasons(offer: Offer) -> list[str]:
    zone, plan, wish = offer.start.tzinfo, offer.plan, offer.wish
    found = []
    if offer.own:
        found.append(_("The customer's own advisor is free."))
    elif wish.own_advisor_id:
        found.append(_("%(advisor)s stands in for the customer's own advisor.") % {"advisor": offer.advisor.name})
    if offer.parking:
        found.append(_("Parking space %(code)s is free.") % {"code": offer.parking.code})
    for resource, name in ((Resource.TECHNICIAN, Skill), (Resource.BAY, BayKind)):
        sums: dict[str, int] = {}
        for piece in plan.pieces:
            if piece.resource == resource:
                sums[piece.key] = sums.get(piece.key, 0) + piece.amount
        found += [
            _("%(what)s: %(minutes)d minutes are free.") % {"what": name(key).label, "minutes": minutes}
            for key, minutes in sums.items()
        ]
    if any(piece.resource == Resource.WASH for piece in plan.pieces):
        found.append(_("A wash place is free."))
    if wish.loan_car:
        found.append(_("A loan car is free."))
    if wish.pickup:
        found.append(_("A pick-up run is left."))
    ready = plan.ready_at.astimezone(zone)
    same_day = ready.date() == offer.start.date()
    found.append(_("Expected ready %(at)s.") % {"at": f"{ready:%H:%M}" if same_day else f"{ready:%m-%d %H:%M}"})
    return found
