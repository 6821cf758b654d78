"""What a day looks like: its reception times and who is booked when.

An advisor's day is cut into slots of `Store.slot_minutes` inside the store's opening periods. What can be booked is said by
`appointments.domain.offers`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from appointments.choices import OCCUPYING
from appointments.models import Appointment
from core import clock
from customers.models import Vehicle
from stores.calendar import Calendar
from stores.choices import RoleCode
from stores.models import Staff, Store
from stores.queries import staff_in_role

# How far ahead a slot is looked for, and how far ahead one may book at all.
SEARCH_DAYS = 14
HORIZON_DAYS = 180


@dataclass(frozen=True)
class Slot:
    """A reception slot of one advisor, half-open [start, end)."""

    advisor: Staff
    start: datetime
    end: datetime

    @property
    def key(self) -> str:
        """What a form posts for this slot: "12@20261121T010000Z" (advisor, start in UTC)."""
        return f"{self.advisor.pk}@{moment_key(self.start)}"


@dataclass(frozen=True)
class Cell:
    """One advisor's slot on the day's sheet: free, past, or with the appointments that overlap it."""

    slot: Slot
    free: bool
    appointments: list[Appointment] = field(default_factory=list)


@dataclass(frozen=True)
class DaySheet:
    day: date
    advisors: list[Staff]
    rows: list[tuple[datetime, list[Cell]]]
    appointments: list[Appointment]

    @property
    def free_count(self) -> int:
        return sum(cell.free for _start, cells in self.rows for cell in cells)


def moment_key(moment: datetime) -> str:
    """A moment in ISO 8601 that needs no escaping in an address."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def advisors() -> QuerySet[Staff]:
    """Who receives customers, in pinyin order."""
    return staff_in_role(RoleCode.ADVISOR)


def times(store: Store, day: date) -> list[tuple[datetime, datetime]]:
    """The day's reception times as (start, end); empty on a closed day. A rest shorter than a slot stays unused."""
    return slots_of(Calendar(store), day)


def times_of_days(store: Store, days: list[date]) -> dict[date, list[tuple[datetime, datetime]]]:
    """`times` of several days, the calendar read once."""
    calendar = Calendar(store)
    return {day: slots_of(calendar, day) for day in days}


def slots_of(calendar: Calendar, day: date) -> list[tuple[datetime, datetime]]:
    """`times` with a calendar that has been read. Steps are real minutes, also on a night the clocks change."""
    step = timedelta(minutes=calendar.store.slot_minutes)
    found = []
    for opens, closes in calendar.periods(day):
        start, end = opens.astimezone(UTC), closes.astimezone(UTC)
        while start + step <= end:
            found.append((start.astimezone(calendar.zone), (start + step).astimezone(calendar.zone)))
            start += step
    return found


def day_sheet(store: Store, day: date, *, first: int | None = None) -> DaySheet:
    """A day by time and advisor, with its arrivals; the advisor whose id is `first` comes first.

    An advisor who has left is still shown while somebody is booked with him, and so is an appointment outside today's
    hours (in `appointments`).
    """
    booked = list(of_day(store, day))
    people = sorted(advisors(), key=lambda person: person.pk != first)
    known = {person.pk for person in people}
    for appointment in booked:
        if appointment.status in OCCUPYING and appointment.advisor_id not in known:
            people.append(appointment.advisor)
            known.add(appointment.advisor_id)
    by_advisor = defaultdict(list)
    for appointment in booked:
        if appointment.status in OCCUPYING:
            by_advisor[appointment.advisor_id].append(appointment)
    now = clock.now()
    rows = [
        (start, [_cell(Slot(p, start, end), by_advisor[p.pk], now) for p in people]) for start, end in times(store, day)
    ]
    return DaySheet(day, people, rows, booked)


def of_day(store: Store, day: date) -> QuerySet[Appointment]:
    """The day's appointments in the order of their time, with what a row shows."""
    return (
        Appointment.objects.filter(
            during__startswith__gte=_day_span(store, day)[0],
            during__startswith__lt=_day_span(store, day)[1],
        )
        .select_related("visit__customer", "visit__vehicle", "advisor")
        .order_by("during", "id")
    )


def between(store: Store, first: date, last: date) -> QuerySet[Appointment]:
    """Bookings that stand or were kept, from the first local day to the last, in order, with what a card shows."""
    return (
        Appointment.objects.filter(
            during__startswith__gte=_day_span(store, first)[0],
            during__startswith__lt=_day_span(store, last)[1],
            status__in=OCCUPYING,
        )
        .select_related("visit__customer", "visit__vehicle", "advisor")
        .order_by("during", "id")
    )


def counts(store: Store, days: list[date]) -> dict[date, int]:
    """{day: bookings that stand or were kept}; one query over the span of the days."""
    begin, end = _day_span(store, min(days))[0], _day_span(store, max(days))[1]
    starts = Appointment.objects.filter(
        during__startswith__gte=begin,
        during__startswith__lt=end,
        status__in=OCCUPYING,
    ).values_list("during", flat=True)
    return Counter(clock.local_day(store.tz, during.lower) for during in starts)


def day_of_key(store: Store, key: str) -> date | None:
    """The store-local day of a slot's key; None for anything else."""
    try:
        moment = datetime.fromisoformat(key.partition("@")[2])
        return clock.local_day(store.tz, moment)
    except ValueError:
        return None


def open_booking(vehicle: Vehicle, *, store: Store, day: date) -> Appointment | None:
    """The car's booking on a store-local day that still stands."""
    begin, end = _day_span(store, day)
    return (
        Appointment.objects.filter(
            visit__vehicle=vehicle,
            status__in=OCCUPYING,
            visit__ended_at=None,
            during__startswith__gte=begin,
            during__startswith__lt=end,
        )
        .select_related("advisor")
        .first()
    )


def _cell(slot: Slot, booked: list[Appointment], now: datetime) -> Cell:
    inside = [a for a in booked if a.start < slot.end and slot.start < a.end]
    return Cell(slot, not inside and slot.start > now, inside)


def _day_span(store: Store, day: date) -> tuple[datetime, datetime]:
    midnight = datetime.min.time()
    return (
        datetime.combine(day, midnight, store.tz),
        datetime.combine(day + timedelta(days=1), midnight, store.tz),
    )
