"""Laying out a day of the ledger: what people, places, leave, hours and policy give in each stretch of it.

A day is laid out when it is first asked for. Whoever asks also compares a digest of what it was made from, so that a person
hired or a bay closed anywhere is seen at once; capacity below what is claimed already waits for `relay`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

from appointments import queries
from appointments.choices import Resource
from appointments.models import BookingPolicy, Bucket, LedgerDay
from appointments.offers import MINUTE
from core import clock
from stores.calendar import Calendar
from stores.choices import BayKind, RoleCode, Skill
from stores.models import Bay, Leave, LoanCar, ParkingSpace, Qualification, Staff, Store

BATCH = 2000
SKILL_ORDER = {skill: number for number, skill in enumerate(Skill.values)}
RESERVED = {Resource.TECHNICIAN, Resource.BAY, Resource.WASH}
Key = tuple[str, str, datetime]  # resource, key, start


@dataclass(frozen=True)
class Cell:
    """What a bucket is to be."""

    ends_at: datetime
    capacity: int
    reserve: int


# Leave and dates of past months cannot change a coming day.
DIGEST = """
SELECT md5(concat_ws('/',
  (SELECT slot_minutes || zone FROM stores_store WHERE id = %(store)s),
  (SELECT string_agg(concat_ws(',', s.id, r.code), ';' ORDER BY s.id) FROM stores_staff s JOIN stores_role r ON r.id = s.role_id
    WHERE s.store_id = %(store)s AND s.active AND r.code IN ('advisor', 'technician')),
  (SELECT string_agg(concat_ws(',', staff_id, skill, level, valid_until), ';' ORDER BY id) FROM stores_qualification
    WHERE store_id = %(store)s),
  (SELECT string_agg(concat_ws(',', id, kind), ';' ORDER BY id) FROM stores_bay WHERE store_id = %(store)s AND active),
  (SELECT string_agg(id::text, ';' ORDER BY id) FROM stores_parkingspace WHERE store_id = %(store)s AND active),
  (SELECT count(*) FROM stores_loancar WHERE store_id = %(store)s AND active),
  (SELECT string_agg(concat_ws(',', staff_id, during), ';' ORDER BY id) FROM stores_leave
    WHERE store_id = %(store)s AND upper(during) >= %(since)s),
  (SELECT string_agg(concat_ws(',', weekday, opens, closes), ';' ORDER BY id) FROM stores_openingperiod
    WHERE store_id = %(store)s),
  (SELECT string_agg(concat_ws(',', day, kind, follows_weekday, opens, closes), ';' ORDER BY id) FROM stores_calendarday
    WHERE store_id = %(store)s AND day >= %(since)s),
  (SELECT concat_ws(',', reserve_percent, wash_minutes, pickup_runs) FROM appointments_bookingpolicy
    WHERE store_id = %(store)s)
))
"""


def digest(store: Store) -> str:
    """One word for everything a day is made from; one statement."""
    since = clock.now().date().replace(day=1) - timedelta(days=2)
    with connection.cursor() as sql:
        sql.execute(DIGEST, {"store": store.pk, "since": since})
        return sql.fetchone()[0]


class Inputs:
    """People, places, leave and policy of a store, read once for a span of days."""

    def __init__(self, store: Store, first: date, last: date):
        self.calendar = Calendar(store)
        self.policy = BookingPolicy.of(store)
        self.advisors = list(queries.advisors().values_list("pk", flat=True))
        self.spaces = list(ParkingSpace.objects.filter(active=True).values_list("pk", flat=True))
        self.loan_cars = LoanCar.objects.filter(active=True).count()
        self.bays: dict[str, int] = {}
        for kind in Bay.objects.filter(active=True).values_list("kind", flat=True):
            self.bays[kind] = self.bays.get(kind, 0) + 1
        self.qualified = _technicians()
        self.leaves: dict[int, list[tuple[datetime, datetime]]] = {}
        begin = datetime.combine(first, datetime.min.time(), store.tz)
        end = datetime.combine(last + timedelta(days=1), datetime.min.time(), store.tz)
        for person, during in Leave.objects.filter(during__overlap=(begin, end)).values_list("staff_id", "during"):
            self.leaves.setdefault(person, []).append((during.lower, during.upper))

    def cells(self, day: date) -> dict[Key, Cell]:
        """What the buckets of a store-local day are to be; none on a closed day."""
        parts = parts_of(self.calendar, day)
        cells: dict[Key, Cell] = {}
        for slot in queries.slots_of(self.calendar, day):
            start, end = (moment.astimezone(UTC) for moment in slot)
            for person in self.advisors:
                here = not self._away(person, start, end)
                cells[Resource.ADVISOR, str(person), start] = Cell(end, int(here), 0)
            for space in self.spaces:
                cells[Resource.PARKING, str(space), start] = Cell(end, 1, 0)
        for start, end in parts:
            for resource, key, capacity in self._of_part(day, start, end):
                reserve = reserve_of(capacity, self.policy) if resource in RESERVED else 0
                cells[resource, key, start] = Cell(end, capacity, reserve)
        if parts:
            cells[Resource.LOAN_CAR, "", parts[0][0]] = Cell(parts[-1][1], self.loan_cars, 0)
        return cells

    def _of_part(self, day: date, start: datetime, end: datetime) -> Iterator[tuple[str, str, int]]:
        minutes = (end - start) // MINUTE
        skills: dict[str, int] = {}
        for person, qualifications in self.qualified.items():
            skill, valid = capacity_skill(qualifications, day)
            here = (end - start - self._away(person, start, end)) // MINUTE if valid else 0
            skills[skill] = skills.get(skill, 0) + here
        for skill, capacity in skills.items():
            yield Resource.TECHNICIAN, skill, capacity
        for kind, count in self.bays.items():
            if kind == BayKind.WASH:
                yield Resource.WASH, "", count * (minutes // self.policy.wash_minutes)
            else:
                yield Resource.BAY, kind, count * minutes
        yield Resource.PICKUP, "", self.policy.pickup_runs

    def _away(self, person: int, start: datetime, end: datetime) -> timedelta:
        away = timedelta()
        for begin, until in self.leaves.get(person, ()):
            away += max(min(end, until) - max(start, begin), timedelta())
        return away


def reserve_of(capacity: int, policy: BookingPolicy) -> int:
    """What bookings leave of a capacity for walk-ins and comebacks, rounded up."""
    return math.ceil(capacity * policy.reserve_percent / 100)


def parts_of(calendar: Calendar, day: date) -> list[tuple[datetime, datetime]]:
    """Opening periods of a day in UTC, where lengths are real time."""
    return [(start.astimezone(UTC), end.astimezone(UTC)) for start, end in calendar.periods(day)]


def capacity_skill(qualifications: Iterable[tuple[str, int, date | None]], day: date) -> tuple[str, bool]:
    """(skill a technician's time counts for, whether it still does): his highest level, the first of `Skill` at equal
    level; somebody whose certificates have all run out has none of his time counted."""
    rows = [(valid_until is None or valid_until >= day, level, skill) for skill, level, valid_until in qualifications]
    valid, _level, skill = max(rows, key=lambda row: (row[0], row[1], -SKILL_ORDER[row[2]]))
    return skill, valid


def counts_under(person: Staff, day: date) -> str:
    """The skill a technician's time is booked under on a day; "" for others, and for whom all certificates have run out."""
    rows = [(row.skill, row.level, row.valid_until) for row in person.qualifications.all()]
    if person.role.code != RoleCode.TECHNICIAN or not rows:
        return ""
    skill, valid = capacity_skill(rows, day)
    return skill if valid else ""


def _technicians() -> dict[int, list[tuple[str, int, date | None]]]:
    people = Staff.objects.filter(active=True, role__code=RoleCode.TECHNICIAN)
    found: dict[int, list] = {}
    rows = Qualification.objects.filter(staff__in=people)
    for person, *qualification in rows.values_list("staff_id", "skill", "level", "valid_until"):
        found.setdefault(person, []).append(tuple(qualification))
    return found


def lay_out(store: Store, days: Iterable[date]) -> tuple[dict[date, LedgerDay], list[LedgerDay]]:
    """({day: its row}, rows laid out just now for the first time). Three statements while nothing has changed.

    Rows are locked in their order where something is to be written.
    """
    wanted = sorted(set(days))
    now_inputs = digest(store)
    rows = {row.day: row for row in LedgerDay.objects.filter(store=store, day__in=wanted)}
    stale = [day for day in wanted if day not in rows or rows[day].inputs != now_inputs]
    if not stale:
        return rows, []
    with transaction.atomic():
        LedgerDay.objects.bulk_create(
            (LedgerDay(store=store, day=day, laid_out_at=clock.now()) for day in stale if day not in rows),
            ignore_conflicts=True,
        )
        locked = list(lock_days(store, stale))
        todo = [row for row in locked if row.inputs != now_inputs]
        new = [row for row in todo if not row.inputs]
        _write(store, todo, now_inputs)
    rows.update({row.day: row for row in locked})
    return rows, new


def lock_days(store: Store, days: Iterable[date]):
    """The days' rows, locked in their order until the transaction ends."""
    rows = LedgerDay.objects.filter(store=store, day__in=list(days))
    return rows.select_for_update(no_key=True).order_by("day")


def _write(store: Store, rows: list[LedgerDay], inputs: str) -> None:
    """Bring the buckets of locked days to what they are to be, as far as claims allow."""
    if not rows:
        return
    made_from = Inputs(store, rows[0].day, rows[-1].day)
    there: dict[int, dict[Key, Bucket]] = {row.pk: {} for row in rows}
    for bucket in Bucket.objects.filter(ledger_day__in=[row.pk for row in rows if row.inputs]):
        there[bucket.ledger_day_id][bucket.resource, bucket.key, bucket.starts_at] = bucket
    new, changed, gone = [], [], []
    for row in rows:
        cells, old = made_from.cells(row.day), there[row.pk]
        for key, cell in cells.items():
            if key not in old:
                new.append(new_bucket(row, key, cell))
            elif fit(old[key], cell):
                changed.append(old[key])
        for key in old.keys() - cells.keys():
            bucket = old[key]
            if not bucket.booked and not bucket.floor:
                gone.append(bucket.pk)
            elif fit(bucket, Cell(bucket.ends_at, 0, 0)):
                changed.append(bucket)
        row.inputs, row.laid_out_at = inputs, clock.now()
    Bucket.objects.filter(pk__in=gone).delete()
    Bucket.objects.bulk_update(changed, ["ends_at", "capacity", "reserve"], batch_size=500)
    Bucket.objects.bulk_create(new, batch_size=BATCH)
    LedgerDay.objects.bulk_update(rows, ["inputs", "laid_out_at"])


def new_bucket(row: LedgerDay, key: Key, cell: Cell) -> Bucket:
    resource, name, starts_at = key
    return Bucket(
        store_id=row.store_id,
        ledger_day=row,
        resource=resource,
        key=name,
        starts_at=starts_at,
        ends_at=cell.ends_at,
        capacity=cell.capacity,
        reserve=cell.reserve,
    )


def fit(bucket: Bucket, cell: Cell) -> bool:
    """Set a bucket as near to `cell` as its claims allow; whether anything changed."""
    capacity = max(cell.capacity, bucket.booked + bucket.floor)
    reserve = min(cell.reserve, capacity - bucket.booked)
    was = bucket.ends_at, bucket.capacity, bucket.reserve
    bucket.ends_at, bucket.capacity, bucket.reserve = cell.ends_at, capacity, reserve
    return was != (cell.ends_at, capacity, reserve)
