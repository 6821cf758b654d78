"""Reads of what the store can do and sell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from catalogue.choices import RepairCategory
from catalogue.models import MaintenanceRule, Operation, OperationPart, Part, StatutoryNumber
from core import clock
from core.names import pinyin_of
from stores.choices import Skill
from stores.models import Store

# A price named before the car was seen: [default] the standard price up to so much more (filling quantities and part numbers
# differ between cars), to whole ten yuan.
PRICE_SPREAD = Decimal("1.15")
TEN = Decimal(10)
# So near to a service it counts as due, so far after it as missed.
NEAR_KM, NEAR_MONTHS = 1_000, 1
HIGH_VOLTAGE_DRIVES = {"electric", "plug_in", "hybrid"}


@dataclass(frozen=True)
class Car:
    """What of a car decides what is due: empty or None where it is not known. `bought`: the day of the sales invoice."""

    brand: str = ""
    model: str = ""
    powertrain: str = ""
    km: int | None = None
    bought: date | None = None


@dataclass(frozen=True)
class MenuItem:
    """An operation on the booking menu, with its usual length and a price range in the store's currency, parts included.

    `due`: why this car needs it now, as a sentence; empty when it is not due.
    """

    operation: Operation
    minutes: int
    price_low: Decimal
    price_high: Decimal
    due: str = ""

    @property
    def found_by(self) -> str:
        """What it is found by when somebody types: code, both names, pinyin in full and initials."""
        operation = self.operation
        return " ".join([operation.code, operation.name_zh, operation.name_en, *_pinyin(operation.name_zh)])


def operations(text: str = "") -> QuerySet[Operation]:
    """Operations in use, by code; with `text` those whose code begins with it or whose name contains it. A store has a few
    hundred, so names are simply looked through."""
    rows = Operation.objects.filter(active=True).order_by("code")
    if text:
        rows = rows.filter(Q(code__istartswith=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text))
    return rows


def operations_with_parts() -> QuerySet[Operation]:
    """Operations in use with `usual` (their usual parts, each with its part): two queries however many there are."""
    usual = Prefetch("parts", OperationPart.objects.select_related("part").order_by("id"), to_attr="usual")
    return operations().prefetch_related(usual)


def parts_for(operation: Operation) -> list[OperationPart]:
    """The parts an operation usually needs, with quantity; parts no longer sold are left out."""
    return list(operation.parts.filter(part__active=True).select_related("part").order_by("id"))


def parts(text: str = "") -> QuerySet[Part]:
    """Parts in use, by number; with `text` those whose number begins with it or whose name contains it."""
    rows = Part.objects.filter(active=True).order_by("number")
    if text:
        rows = rows.filter(Q(number__istartswith=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text))
    return rows


def statutory(code: str, category: str = "", *, on: date | None = None) -> StatutoryNumber:
    """The number of law in force on a day (today): the category's own, else the general one. LookupError if none is known."""
    on = on or clock.now().date()
    known = StatutoryNumber.objects.filter(code=code, category__in={category, ""}, valid_from__lte=on)
    # The category's own number goes before the general one, the newer edition before the older.
    number = known.order_by("-category", "-valid_from").first()
    if number is None:
        raise LookupError(f"no statutory number {code!r} on {on}")
    return number


def guarantee_for(category: RepairCategory | str, *, on: date | None = None) -> tuple[int, int]:
    """(days, km) of the statutory quality guarantee of a repair category, whichever comes first; a store may promise more,
    never less."""
    on = on or clock.now().date()
    codes = ("guarantee_days", "guarantee_km")
    known = StatutoryNumber.objects.filter(code__in=codes, category__in={category, ""}, valid_from__lte=on)
    # As in `statutory`, both numbers with one query: of each code the last one counts.
    numbers = dict(known.order_by("category", "valid_from").values_list("code", "value"))
    if missing := set(codes) - set(numbers):
        raise LookupError(f"no statutory number {missing} on {on}")
    days, km = (int(numbers[code]) for code in codes)
    return days, km


def rules_for(*, brand: str = "", model: str = "", powertrain: str = "") -> list[MaintenanceRule]:
    """The maintenance rule of each operation for a car, the most exact one where several fit (model before brand before
    drive before all)."""
    fitting = MaintenanceRule.objects.filter(
        brand__in={"", brand}, model__in={"", model}, powertrain__in={"", powertrain}, operation__active=True
    ).select_related("operation")
    best: dict[int, MaintenanceRule] = {}
    for rule in sorted(fitting, key=lambda r: (bool(r.model), bool(r.brand), bool(r.powertrain), r.pk)):
        best[rule.operation_id] = rule
    return sorted(best.values(), key=lambda rule: rule.operation.code)


def menu(
    store: Store,
    car: Car | None = None,
    *,
    done: Mapping[int, tuple[date, int | None]] | None = None,
    all_of_them: bool = False,
) -> list[MenuItem]:
    """What can be booked, with length and price range; for a car what is due first, and nothing its drive does not have.

    `done`: {operation id: (day, km)} of what was last done to it. `all_of_them`: also what is not on the menu. Four queries,
    however long the menu.
    """
    operations = list(operations_with_parts() if all_of_them else operations_with_parts().filter(bookable=True))
    if car is None:
        return [_menu_item(store, operation) for operation in operations]
    rules = rules_for(brand=car.brand, model=car.model, powertrain=car.powertrain)
    known = {rule.operation_id: rule for rule in rules}
    ruled = set(MaintenanceRule.objects.values_list("operation_id", flat=True)) if car.powertrain else set()
    items = [
        _menu_item(store, operation, due_now(known[operation.pk], car, done or {}) if operation.pk in known else "")
        for operation in operations
        if _suits(operation, car, known, ruled)
    ]
    return sorted(items, key=lambda item: not item.due)


def priced(store: Store, operations: Mapping[int, Operation] | list[int]) -> dict[int, MenuItem]:
    """{operation id: its length and price range}, on the menu or not; two queries."""
    rows = operations_with_parts().filter(pk__in=list(operations))
    return {row.pk: _menu_item(store, row) for row in rows}


def due_now(rule: MaintenanceRule, car: Car, done: Mapping[int, tuple[date, int | None]]) -> str:
    """Why the rule's operation is due for the car today; empty when it is not, or when too little is known to say so.

    What was done here counts from then. For a car with no such record the round figures count (each 30,000 km), for its
    first service the first interval only.
    """
    today = clock.now().date()
    last = done.get(rule.operation_id)
    if last:
        return _due_since(rule, car, *last, today=today)
    if rule.first_km and (rule.km, rule.months) == (rule.first_km, rule.first_months):
        return _first_due(rule, car, today) if not done else ""
    if rule.km and car.km is not None:
        times = int((Decimal(car.km) / rule.km).to_integral_value(ROUND_HALF_UP))
        if times and abs(car.km - times * rule.km) <= NEAR_KM:
            return _("due at %(km)s km") % {"km": f"{times * rule.km:,}"}
        return ""
    age = _months(car.bought, today)
    if rule.months and age and (age % rule.months <= NEAR_MONTHS or rule.months - age % rule.months <= NEAR_MONTHS):
        whole = round(age / rule.months) * rule.months
        return _("due after %(months)d months") % {"months": whole} if whole else ""
    return ""


def _due_since(rule: MaintenanceRule, car: Car, on: date, km: int | None, *, today: date) -> str:
    by_km = rule.km and car.km is not None and km is not None and car.km - km >= rule.km - NEAR_KM
    by_time = rule.months and _months(on, today) >= rule.months - NEAR_MONTHS
    if not by_km and not by_time:
        return ""
    if km is None:
        return _("due; last done on %(day)s") % {"day": f"{on:%Y-%m-%d}"}
    return _("due; last done on %(day)s at %(km)s km") % {"day": f"{on:%Y-%m-%d}", "km": f"{km:,}"}


def _first_due(rule: MaintenanceRule, car: Car, today: date) -> str:
    young = car.bought and _months(car.bought, today) <= (rule.first_months or 0) + NEAR_MONTHS
    if car.km is not None and rule.first_km and car.km <= rule.first_km + 2 * NEAR_KM:
        near = car.km >= rule.first_km - 2 * NEAR_KM
    else:
        near = bool(young and car.km is None)
    return _("due at %(km)s km") % {"km": f"{rule.first_km:,}"} if near else ""


def _months(since: date | None, today: date) -> int:
    """Whole months from one day to another; 0 when the first is not known."""
    if since is None:
        return 0
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)


def _suits(operation: Operation, car: Car, known: Mapping[int, MaintenanceRule], ruled: set[int]) -> bool:
    """A rule for other drives only means that this one has no such thing; unknown drives are offered everything."""
    if car.powertrain and operation.skill == Skill.HIGH_VOLTAGE and car.powertrain not in HIGH_VOLTAGE_DRIVES:
        return False
    return operation.pk in known or operation.pk not in ruled


@lru_cache(maxsize=1024)
def _pinyin(name: str) -> tuple[str, str]:
    return pinyin_of(name)


def _menu_item(store: Store, operation: Operation, due: str = "") -> MenuItem:
    labour = operation.hours * store.hour_rate
    goods = sum((row.quantity * row.part.price for row in operation.usual if row.part.active), Decimal())
    whole = labour + goods
    return MenuItem(
        operation,
        int((operation.hours * 60).to_integral_value(ROUND_HALF_UP)),
        (whole / TEN).to_integral_value(ROUND_FLOOR) * TEN,
        (whole * PRICE_SPREAD / TEN).to_integral_value(ROUND_CEILING) * TEN,
        due,
    )
