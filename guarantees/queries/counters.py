"""Where a car stands by the three guarantees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from catalogue.models import StatutoryNumber
from core import clock
from customers.models import Vehicle
from guarantees import counting
from guarantees.counting import Numbers, Single, Spell, Standing
from guarantees.models import Alert, Courtesy, Exclusion, GuaranteeRepair, Problem, RepairProblem

CODES = {
    "sanbao_months": "months",
    "sanbao_km": "km",
    "free_repair_months": "free_months",
    "free_repair_km": "free_km",
    "courtesy_car_after_days": "single_days",
    "return_total_repair_days": "total_days",
    "return_same_fault_times": "same_times",
}


def numbers(*, on: date | None = None) -> Numbers:
    """The law's numbers in force on a day (today). Before its first edition the first one is used: it is the strictest we know."""
    on = on or clock.now().date()
    rows = StatutoryNumber.objects.filter(code__in=CODES, category="").order_by("valid_from")
    found: dict[str, int] = {}
    for row in rows:
        if row.valid_from <= on or CODES[row.code] not in found:
            found[CODES[row.code]] = int(row.value)
    if missing := set(CODES.values()) - set(found):
        raise LookupError(f"no statutory number {missing}")
    return Numbers(**found)


def repairs(vehicles: Iterable[Vehicle]) -> QuerySet[GuaranteeRepair]:
    """Repairs of these cars with everything the counters read, oldest first. Four queries."""
    return (
        GuaranteeRepair.objects.filter(vehicle__in=list(vehicles))
        .select_related("visit__advisor", "courtesy")
        .prefetch_related(
            Prefetch("exclusions", Exclusion.objects.select_related("by", "withdrawn_by")),
            Prefetch(
                "problems",
                RepairProblem.objects.select_related("problem", "line", "regrouped_by").order_by("pk"),
            ),
        )
        .order_by("agreed_at", "pk")
    )


def spell_of(repair: GuaranteeRepair) -> Spell:
    """A repair as the arithmetic sees it."""
    hours = sum((row.hours for row in repair.exclusions.all() if row.withdrawn_at is None), Decimal(0))
    return Spell(
        key=repair.pk,
        began=repair.agreed_at,
        ended=repair.completed_at,
        excluded=timedelta(seconds=int(hours * 3600)),
        km=repair.mileage,
        problems=frozenset(row.problem_id for row in repair.problems.all()),
    )


@dataclass(frozen=True)
class Row:
    """A repair beside its figures; `single` is None for one that does not count any more."""

    repair: GuaranteeRepair
    single: Single | None


@dataclass(frozen=True)
class Car:
    """A car's file under the three guarantees. `until` is the last day they hold, None without a day of purchase."""

    vehicle: Vehicle
    standing: Standing
    rows: tuple[Row, ...]
    problems: tuple[tuple[Problem, int], ...]
    until: date | None
    numbers: Numbers
    open_alerts: tuple[Alert, ...] = ()

    @property
    def running(self) -> bool:
        return any(row.single and row.single.running for row in self.rows)

    @property
    def worst(self) -> int:
        """How many repairs the problem repaired most often had."""
        return max(self.standing.times.values(), default=0)


def car(vehicle: Vehicle, *, now: datetime | None = None) -> Car:
    """One car's file."""
    return cars([vehicle], now=now)[0]


def cars(vehicles: Iterable[Vehicle], *, now: datetime | None = None) -> list[Car]:
    """The files of these cars, in their order, with a fixed number of queries."""
    vehicles, now = list(vehicles), now or clock.now()
    law = numbers(on=now.date())
    by_car: dict[int, list[GuaranteeRepair]] = {}
    for repair in repairs(vehicles):
        by_car.setdefault(repair.vehicle_id, []).append(repair)
    alerts: dict[int, list[Alert]] = {}
    for alert in Alert.objects.filter(vehicle__in=vehicles, handled_at=None).select_related("problem"):
        alerts.setdefault(alert.vehicle_id, []).append(alert)
    return [_car(v, by_car.get(v.pk, []), alerts.get(v.pk, []), law, now) for v in vehicles]


def _car(vehicle: Vehicle, found: list[GuaranteeRepair], alerts: list[Alert], law: Numbers, now: datetime) -> Car:
    counted = [repair for repair in found if repair.withdrawn_at is None]
    standing = counting.count(
        [spell_of(repair) for repair in counted],
        bought=vehicle.invoice_date,
        now=now,
        numbers=law,
        zone=vehicle.store.tz,
    )
    singles = {single.key: single for single in standing.singles}
    names = {row.problem_id: row.problem for repair in counted for row in repair.problems.all()}
    times = sorted(standing.times.items(), key=lambda pair: (-pair[1], pair[0]))
    return Car(
        vehicle=vehicle,
        standing=standing,
        rows=tuple(Row(repair, singles.get(repair.pk)) for repair in found),
        problems=tuple((names[key], n) for key, n in times),
        until=counting.last_day(vehicle.invoice_date, law.months) if vehicle.invoice_date else None,
        numbers=law,
        open_alerts=tuple(alerts),
    )


def counted_cars(*, text: str = "", only_open: bool = False) -> QuerySet[Vehicle]:
    """Cars with at least one repair under the three guarantees, those with an open warning first. Nothing is left out."""
    found = Vehicle.objects.filter(guarantee_repairs__isnull=False)
    if text:
        found = found.filter(Q(plate__icontains=text) | Q(vin__icontains=text))
    if only_open:
        found = found.filter(guarantee_alerts__isnull=False, guarantee_alerts__handled_at=None)
    return found.distinct().select_related("store", "owner")


def open_alerts() -> QuerySet[Alert]:
    """Warnings nobody has looked after yet, the customer's rights first."""
    return Alert.objects.filter(handled_at=None).select_related("vehicle", "repair__visit", "problem")


def courtesies_owed() -> QuerySet[Courtesy]:
    """Loan cars and travel costs that are owed, the oldest first."""
    return Courtesy.objects.filter(settled_at=None).select_related("repair__visit__advisor", "repair__vehicle")


def courtesy_days(courtesy: Courtesy, *, now: datetime | None = None) -> int:
    """Days from the sixth one on for which the customer is owed something, up to the completion of the repair."""
    until = courtesy.repair.completed_at or now or clock.now()
    return max(counting.repair_days(courtesy.owed_from, until), 1)
