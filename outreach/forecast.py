"""When a car is due for service, as pure functions (domain.md 6.4). `outreach.domain.due` says the same in SQL.

Kilometres a day are the median slope between all pairs of readings at least 30 days apart (Theil-Sen): one wrong figure
among several does not move it. The readings of 24 months count, back from the car's own newest one and not from today, so
that a forecast changes only when something is known that was not known before.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import combinations
from statistics import median

from outreach.choices import DueBy, RateFrom

WINDOW_MONTHS = 24
APART_DAYS = 30
SLOWEST, FASTEST = Decimal(5), Decimal(200)  # km a day; anything else is a misreading
FARTHEST_DAYS = 20_000  # a misread meter must not lead out of the calendar
USUAL = Decimal(40)  # [default] 35 to 45 km a day
LEAST_CARS = 10  # cars that make a model's median worth something
# To compare intervals that have only months with those that have only kilometres.
DAYS_A_MONTH, KM_A_DAY = 30, 40


@dataclass(frozen=True)
class Reading:
    """One look at the meter; `replaced`: a new meter was fitted, earlier figures say nothing about later ones."""

    on: date
    km: int
    replaced: bool = False


@dataclass(frozen=True)
class Rule:
    """A maintenance rule of the catalogue; empty brand, model or powertrain = every one. Distances in km."""

    pk: int
    operation_id: int
    brand: str = ""
    model: str = ""
    powertrain: str = ""
    km: int | None = None
    months: int | None = None
    first_km: int | None = None
    first_months: int | None = None

    @property
    def is_first_only(self) -> bool:
        """Its regular interval is its first one: the first service itself (首保), which no car has twice."""
        return self.has_first and (self.km, self.months) == (self.first_km, self.first_months)

    @property
    def has_first(self) -> bool:
        return bool(self.first_km or self.first_months)

    @property
    def exactness(self) -> tuple[bool, bool, bool, int]:
        return bool(self.model), bool(self.brand), bool(self.powertrain), self.pk


@dataclass(frozen=True)
class Interval:
    """What is due after so many km or months, whichever comes first."""

    operation_id: int
    km: int | None
    months: int | None

    @property
    def length(self) -> int:
        """Rough days, for comparing intervals."""
        by_months = self.months * DAYS_A_MONTH if self.months else 10**6
        by_km = self.km // KM_A_DAY if self.km else 10**6
        return min(by_months, by_km)


@dataclass(frozen=True)
class Plan:
    """The service a kind of car is called in for: the regular one, and the first one of its life."""

    regular: Interval | None = None
    first: Interval | None = None


@dataclass(frozen=True)
class Base:
    """The day and mileage the interval runs from; `first`: the car was never serviced, it runs from the invoice."""

    on: date
    km: int | None
    first: bool = False


@dataclass(frozen=True)
class Due:
    """`due_on` with what decided it. `by_km` and `by_time` are the two candidates."""

    due_on: date
    by: DueBy
    operation_id: int
    by_km: date | None
    by_time: date | None


def drive_of(powertrain: str, plate_kind: str) -> str:
    """The powertrain that rules are looked up for: a car whose drive nobody entered is electric with a green plate, else petrol."""
    if powertrain and powertrain != "unknown":
        return powertrain
    return "electric" if plate_kind == "new_energy" else "petrol"


def plan_for(rules: Iterable[Rule], *, brand: str, model: str, powertrain: str) -> Plan:
    """The service that calls a kind of car in: of each operation's most exact rule, the one with the shortest interval. Rules
    that name a first interval are services proper and go before those of single items (a filter, brake fluid), which are
    done along with them."""
    best: dict[int, Rule] = {}
    for rule in sorted(rules, key=lambda rule: rule.exactness):
        if rule.brand in ("", brand) and rule.model in ("", model) and rule.powertrain in ("", powertrain):
            best[rule.operation_id] = rule
    again = [rule for rule in best.values() if not rule.is_first_only]
    regular = [Interval(r.operation_id, r.km, r.months) for r in _proper(again)]
    starters = _proper(best.values())
    first = [Interval(r.operation_id, r.first_km or r.km, r.first_months or r.months) for r in starters]
    # The first service itself goes before a regular one of the same length.
    once = {r.operation_id for r in starters if r.is_first_only}
    return Plan(
        min(regular, key=lambda i: (i.length, i.operation_id), default=None),
        min(first, key=lambda i: (i.length, i.operation_id not in once, i.operation_id), default=None),
    )


def _proper(rules: Iterable[Rule]) -> list[Rule]:
    known = list(rules)
    return [rule for rule in known if rule.has_first] or known


def points(readings: Iterable[Reading]) -> list[tuple[date, int]]:
    """What counts of a car's readings, by day: one figure a day (the highest; a new meter's own), none from before the
    newest meter, none older than 24 months before the newest."""
    days: dict[date, list[Reading]] = {}
    for reading in readings:
        days.setdefault(reading.on, []).append(reading)
    if not days:
        return []
    since = max((on for on, read in days.items() if any(r.replaced for r in read)), default=date.min)
    since = max(since, add_months(max(days), -WINDOW_MONTHS))
    return [
        (on, max(r.km for r in ([r for r in read if r.replaced] or read)))
        for on, read in sorted(days.items())
        if on >= since
    ]


def slope(pts: Sequence[tuple[date, int]]) -> Decimal | None:
    """Median km a day over all pairs of points at least 30 days apart, to 2 places; None if there is no such pair."""
    slopes = [
        (km_b - km_a) / (on_b - on_a).days
        for (on_a, km_a), (on_b, km_b) in combinations(pts, 2)
        if (on_b - on_a).days >= APART_DAYS
    ]
    return _round(median(slopes)) if slopes else None


def rate(
    pts: Sequence[tuple[date, int]],
    *,
    invoice_date: date | None,
    pace_of_model: Decimal | None = None,
    pace_of_store: Decimal | None = None,
) -> tuple[Decimal, RateFrom]:
    """Km a day within 5 to 200, and where the figure comes from: the car's readings, else its kilometres since the invoice,
    else the median of its model, of the store, of the trade."""
    if (own := slope(pts)) is not None:
        return _clip(own), RateFrom.READINGS
    if pts and invoice_date and (pts[-1][0] - invoice_date).days >= APART_DAYS:
        return _clip(_round(pts[-1][1] / (pts[-1][0] - invoice_date).days)), RateFrom.INVOICE
    if pace_of_model is not None:
        return _clip(pace_of_model), RateFrom.MODEL
    if pace_of_store is not None:
        return _clip(pace_of_store), RateFrom.STORE
    return USUAL, RateFrom.DEFAULT


def base_of(
    *, serviced: tuple[date, int | None] | None, released: tuple[date, int | None] | None, invoice_date: date | None
) -> Base | None:
    """Where the interval begins: the last service; where none is on record, the last visit of any kind (whose records came
    without operations); for a car that was never here, the invoice."""
    if known := serviced or released:
        return Base(*known)
    return Base(invoice_date, 0, first=True) if invoice_date else None


def due(plan: Plan, base: Base, pts: Sequence[tuple[date, int]], km_rate: Decimal) -> Due | None:
    """The earlier of the day the kilometres are driven and the day the months are over; None without a rule."""
    interval = plan.first if base.first else plan.regular
    if interval is None:
        return None
    last_on, last_km = pts[-1] if pts else (base.on, base.km)
    by_km = None
    if interval.km and base.km is not None and last_km is not None:
        left = (Decimal(base.km + interval.km - last_km) / km_rate).to_integral_value(ROUND_FLOOR)
        by_km = last_on + timedelta(days=min(max(int(left), -FARTHEST_DAYS), FARTHEST_DAYS))
    by_time = add_months(base.on, interval.months) if interval.months else None
    if by_km is None and by_time is None:
        return None
    by = DueBy.KM if by_time is None or (by_km is not None and by_km < by_time) else DueBy.TIME
    return Due(by_km if by == DueBy.KM else by_time, by, interval.operation_id, by_km, by_time)


def add_months(on: date, months: int) -> date:
    """The same day so many months on, or the last one of a month that is too short (as PostgreSQL counts)."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def median_pace(rates: Mapping[tuple[str, str], Sequence[Decimal]]) -> dict[tuple[str, str], Decimal]:
    """Median km a day per (brand, model) with at least 10 cars; ("", "") over all of them."""
    found = {kind: _round(float(median(known))) for kind, known in rates.items() if len(known) >= LEAST_CARS}
    everyone = [one for known in rates.values() for one in known]
    if len(everyone) >= LEAST_CARS:
        found["", ""] = _round(float(median(everyone)))
    return found


def _clip(value: Decimal) -> Decimal:
    return min(max(value, SLOWEST), FASTEST)


def _round(value: float) -> Decimal:
    # 15 significant digits, as PostgreSQL turns a double into a numeric.
    return Decimal(f"{value:.15g}").quantize(Decimal("0.01"), ROUND_HALF_UP)
