"""Reads of what the store can do and sell."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from catalogue.choices import RepairCategory
from catalogue.models import MaintenanceRule, Operation, OperationPart, Part, StatutoryNumber
from core import clock


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
