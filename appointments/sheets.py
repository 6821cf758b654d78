"""What pages and messages say of a booking: the menu for a car, the plan the customer is told, the load of a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from appointments import queries
from appointments.choices import DisplacedBy, Resource, ServiceKind
from appointments.models import Appointment, Bucket
from appointments.offers import Item
from catalogue import queries as catalogue
from catalogue.choices import RepairCategory
from catalogue.models import Operation
from catalogue.queries import Car, MenuItem
from core import clock
from customers.models import Vehicle
from orders.choices import LineWork
from orders.models import Line
from stores.choices import BayKind, Skill
from stores.models import Store

DRIVE_UNKNOWN = "unknown"
GREEN_PLATE = "new_energy"
ELECTRIC = {"electric", "plug_in"}


# --- The menu -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MenuGroup:
    label: str
    items: list[MenuItem]
    due: bool = False


def menu_for(store: Store, vehicle: Vehicle | None = None) -> list[MenuGroup]:
    """The booking menu in groups of a kind; for a car what is due for it stands first, and what its drive lacks is left out."""
    items = catalogue.menu(store, _car(vehicle), done=done_to(vehicle)) if vehicle else catalogue.menu(store)
    groups: dict[str, list[MenuItem]] = {label: [] for label in _group_labels()}
    due = [item for item in items if item.due]
    for item in items:
        if not item.due:
            groups[_group(item.operation)].append(item)
    shown = [MenuGroup(label, rows) for label, rows in groups.items() if rows]
    return [MenuGroup(_("Due for this car"), due, due=True), *shown] if due else shown


def menu_choice(store: Store) -> list[MenuGroup]:
    """Every operation in use in the groups of the menu, on it or not."""
    groups: dict[str, list[MenuItem]] = {label: [] for label in _group_labels()}
    for item in catalogue.menu(store, all_of_them=True):
        groups[_group(item.operation)].append(item)
    return [MenuGroup(label, rows) for label, rows in groups.items() if rows]


def done_to(vehicle: Vehicle) -> dict[int, tuple[date, int | None]]:
    """{operation id: (day, km at arrival)} of what was last finished on a car here; one query."""
    rows = (
        Line.objects.filter(visit__vehicle=vehicle, operation__isnull=False, work=LineWork.DONE)
        .order_by("operation", F("work_done_at").desc(nulls_last=True), "-id")
        .distinct("operation")
        .values_list("operation", "work_done_at", "visit__opened_at", "visit__mileage_in")
    )
    return {pk: ((done or opened).date(), km) for pk, done, opened, km in rows}


def kind_of(operation: Operation) -> ServiceKind:
    """The kind of service an operation counts as in a booking."""
    if operation.skill in (Skill.BODY, Skill.PAINT):
        return ServiceKind.BODY_PAINT
    if operation.skill == Skill.DETAILING:
        return ServiceKind.ACCESSORIES
    if operation.category in (RepairCategory.MAINTENANCE, RepairCategory.SECOND_LEVEL):
        return ServiceKind.MAINTENANCE
    return ServiceKind.REPAIR


def _car(vehicle: Vehicle) -> Car:
    drive = vehicle.powertrain
    if drive == DRIVE_UNKNOWN:
        # A green plate is electric or plug-in; of other cars whose drive nobody entered nothing is held back.
        drive = "electric" if vehicle.plate_kind == GREEN_PLATE else ""
    return Car(vehicle.brand, vehicle.model, drive, vehicle.mileage, vehicle.invoice_date)


def _group_labels() -> list[str]:
    return [
        _("Maintenance"),
        _("High-voltage service"),
        _("Tyres, brakes and repairs"),
        _("Electrics and battery"),
        _("Body, glass and paint"),
        _("Care"),
    ]


def _group(operation: Operation) -> str:
    maintenance, high_voltage, repairs, electrics, body, care = _group_labels()
    by_skill = {
        Skill.HIGH_VOLTAGE: high_voltage,
        Skill.ELECTRICAL: electrics,
        Skill.BODY: body,
        Skill.PAINT: body,
        Skill.DETAILING: care,
    }
    usual = maintenance if kind_of(operation) == ServiceKind.MAINTENANCE else repairs
    return by_skill.get(operation.skill, usual)


# --- The plan of a booking ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanRow:
    """One service: its name, the customer's words where there are any, minutes in the workshop (0: none or not known),
    price range (None: only after the car was seen)."""

    label: str
    words: str = ""
    minutes: int = 0
    price_low: Decimal | None = None
    price_high: Decimal | None = None


@dataclass(frozen=True)
class ServicePlan:
    """What the customer is told: the work, when, for how much, and what to bring. `open_price`: some of the work has no
    price before it was looked at, so that the range is of the rest."""

    work: list[PlanRow]
    bring: list[str]
    start: datetime | None = None
    ready_at: datetime | None = None
    minutes: int = field(init=False)
    price_low: Decimal | None = field(init=False)
    price_high: Decimal | None = field(init=False)
    open_price: bool = field(init=False)

    def __post_init__(self):
        priced = [row for row in self.work if row.price_high is not None]
        values = {
            "minutes": sum(row.minutes for row in self.work),
            "price_low": sum((row.price_low for row in priced), Decimal()) if priced else None,
            "price_high": sum((row.price_high for row in priced), Decimal()) if priced else None,
            "open_price": len(priced) < len(self.work),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)


def row_of(item: Item) -> PlanRow:
    """A service that is asked for, as a row of the plan."""
    need = item.need
    label = item.operation.name if item.operation else str(ServiceKind(item.kind).label)
    return PlanRow(label, item.words, need.minutes if need else 0, item.price_low, item.price_high)


def plan_of(booked: Appointment) -> ServicePlan:
    """The plan of a booking as it was booked; a booking from before there were items shows its kinds of service."""
    items = list(booked.items.select_related("operation").order_by("position"))
    rows = [
        PlanRow(
            item.operation.name if item.operation else str(ServiceKind(item.kind).label),
            item.words,
            item.minutes,
            item.price_low,
            item.price_high,
        )
        for item in items
    ] or [PlanRow(str(label)) for label in booked.service_labels]
    kinds = {item.kind for item in items} | set(booked.services)
    return ServicePlan(rows, bring(kinds, booked.visit.vehicle), booked.start, booked.expected_ready_at)


def bring(kinds: Iterable[str], vehicle: Vehicle | None = None) -> list[str]:
    """What the customer should have with him for these kinds of service, most important first."""
    kinds = set(kinds)
    things = [_("vehicle licence"), _("car key")]
    if kinds & {ServiceKind.FIRST_SERVICE, ServiceKind.MAINTENANCE, ServiceKind.RECALL}:
        things.append(_("maintenance booklet and three-guarantees certificate"))
    if kinds & {ServiceKind.REWORK}:
        things.append(_("settlement list of the last repair"))
    if kinds & {ServiceKind.ACCIDENT, ServiceKind.INSURANCE}:
        things += [_("driving licence"), _("insurance policy and claim number")]
    if kinds & {ServiceKind.ANNUAL}:
        things += [_("identity card"), _("compulsory insurance policy"), _("warning triangle in the car")]
    if vehicle and (vehicle.powertrain in ELECTRIC or vehicle.plate_kind == GREEN_PLATE):
        things.append(_("battery charged to 30 % at least"))
    return things


# --- A week with its load -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """One resource on one day. Minutes for technicians and bays (`in_minutes`), pieces for everything else.

    `free`: what a booking may still take.
    """

    capacity: int
    booked: int
    floor: int
    reserve: int
    in_minutes: bool

    @property
    def used(self) -> int:
        return self.booked + self.floor

    @property
    def free(self) -> int:
        return max(min(self.capacity - self.reserve - self.booked, self.capacity - self.used), 0)

    @property
    def free_hours(self) -> str:
        """Free minutes as hours with one decimal."""
        return f"{self.free / 60:.1f}".removesuffix(".0")

    @property
    def percent(self) -> int:
        return round(100 * self.used / self.capacity) if self.capacity else 0

    @property
    def tone(self) -> str:
        """How full it is, as a tone of the interface."""
        if not self.capacity:
            return "idle"
        if not self.free:
            return "bad"
        return "warn" if self.free * 5 <= self.capacity else "ok"


@dataclass(frozen=True)
class LoadRow:
    resource: str
    label: str
    days: list[Load | None]


@dataclass(frozen=True)
class WeekDay:
    day: date
    open: bool
    count: int


@dataclass(frozen=True)
class WeekCell:
    """A reception time: `start` (None where the store receives nobody), `key` of the moment, who is booked, how many advisors
    can still receive somebody."""

    start: datetime | None
    key: str
    booked: list[Appointment]
    free: int


@dataclass(frozen=True)
class WeekSheet:
    """`rows`: (time as "09:30", one cell for each day)."""

    days: list[WeekDay]
    rows: list[tuple[str, list[WeekCell]]]


SHOWN_LOAD = [Resource.TECHNICIAN, Resource.BAY, Resource.WASH, Resource.LOAN_CAR, Resource.PICKUP]


def load(store: Store, days: list[date]) -> list[LoadRow]:
    """How full the workshop is on each of these days, by skill and kind of bay, then wash, loan cars and pick-up runs; one
    query. None on a day that is not laid out in the ledger."""
    rows = (
        Bucket.objects.filter(store=store, ledger_day__day__in=days, resource__in=SHOWN_LOAD)
        .values("resource", "key", "ledger_day__day")
        .annotate(c=Sum("capacity"), b=Sum("booked"), f=Sum("floor"), r=Sum("reserve"))
    )
    by_line: dict[tuple[str, str], dict[date, Load]] = defaultdict(dict)
    for row in rows:
        in_minutes = row["resource"] in (Resource.TECHNICIAN, Resource.BAY)
        by_line[row["resource"], row["key"]][row["ledger_day__day"]] = Load(
            row["c"], row["b"], row["f"], row["r"], in_minutes
        )
    lines = sorted(by_line.items(), key=lambda line: _place(*line[0]))
    return [
        LoadRow(resource, _load_label(resource, key), [found.get(day) for day in days])
        for (resource, key), found in lines
        if any(entry.capacity for entry in found.values())
    ]


def week_sheet(
    store: Store, first: date, *, days: int = 7, free: Mapping[datetime, int] = MappingProxyType({})
) -> WeekSheet:
    """`days` days from `first` with who is expected when. `free`: advisors who can still receive, by start."""
    shown = [first + timedelta(days=n) for n in range(days)]
    booked = queries.between(store, shown[0], shown[-1])
    at: dict[tuple[date, str], list[Appointment]] = defaultdict(list)
    for appointment in booked:
        local = appointment.start.astimezone(store.tz)
        at[local.date(), f"{local:%H:%M}"].append(appointment)
    times_of = queries.times_of_days(store, shown)
    grid = {(day, f"{start:%H:%M}"): start for day in shown for start, _end in times_of[day]}
    times = sorted({time for _day, time in grid} | {time for _day, time in at})
    rows = [
        (time, [_week_cell(grid.get((day, time)), at.get((day, time), []), free) for day in shown]) for time in times
    ]
    open_days = {day for day, _time in grid}
    counted = [
        WeekDay(day, day in open_days, sum(len(rows) for (on, _t), rows in at.items() if on == day)) for day in shown
    ]
    return WeekSheet(counted, rows)


def _week_cell(start: datetime | None, booked: list[Appointment], free: Mapping[datetime, int]) -> WeekCell:
    return WeekCell(start, queries.moment_key(start) if start else "", booked, free.get(start, 0) if start else 0)


def displaced(store: Store) -> list[Appointment]:
    """Bookings the house cannot keep as they are and that the desk has to move, the soonest first; those of the past are
    no longer here to be moved. Each has `why`, in words."""
    rows = list(
        Appointment.objects.filter(displaced_at__isnull=False, status="booked", during__endswith__gt=clock.now())
        .select_related("visit__customer", "visit__vehicle", "advisor")
        .order_by("during", "id")
    )
    for row in rows:
        row.why = DisplacedBy(row.displaced_reason).label if row.displaced_reason in DisplacedBy.values else ""
    return rows


def away(store: Store, day: date) -> set[tuple[int, datetime]]:
    """(advisor id, start) of the reception times of a day at which somebody is not here; one query."""
    rows = Bucket.objects.filter(store=store, ledger_day__day=day, resource=Resource.ADVISOR, capacity=0)
    return {(int(key), start) for key, start in rows.values_list("key", "starts_at")}


def _place(resource: str, key: str) -> tuple[int, int]:
    order = {Resource.TECHNICIAN: Skill.values, Resource.BAY: BayKind.values}.get(resource, [])
    return SHOWN_LOAD.index(resource), order.index(key) if key in order else 0


def _load_label(resource: str, key: str) -> str:
    if resource == Resource.TECHNICIAN:
        return str(Skill(key).label) if key in Skill.values else _("Technicians")
    if resource == Resource.BAY:
        return str(BayKind(key).label) if key in BayKind.values else _("Bays")
    return str(Resource(resource).label)
