"""What a new store can do and sell at the start: operations with steps and usual parts, parts, maintenance rules, and the
numbers of law that are the same for every store. The figures are a passenger-car store's usual ones; every store edits its own."""

from __future__ import annotations

from decimal import Decimal

from catalogue.models import MaintenanceRule, Operation, OperationPart, Part, StatutoryNumber, WorkStep
from catalogue.seeds.law import NUMBERS
from catalogue.seeds.menu import BAYS, BOOKABLE
from catalogue.seeds.operations import OPERATIONS
from catalogue.seeds.parts import PARTS
from catalogue.seeds.rules import RULES
from catalogue.seeds.words import KEY_STEPS
from stores.choices import BayKind
from stores.models import Store


def seed(store: Store) -> None:
    """Give a new store its catalogue, inside the store's scope. Not for a store that has one."""
    statutory_numbers()
    parts = _parts(store)
    operations = _operations(store)
    OperationPart.objects.bulk_create(
        OperationPart(store=store, operation=operations[code], part=parts[number], quantity=Decimal(quantity))
        for code, operation in OPERATIONS.items()
        for number, quantity in operation.parts
    )
    WorkStep.objects.bulk_create(
        WorkStep(
            store=store,
            operation=operations[code],
            position=position,
            key_step=operation.key and step["name_zh"] in KEY_STEPS,
            **step,
        )
        for code, operation in OPERATIONS.items()
        for position, step in enumerate(operation.steps, start=1)
    )
    MaintenanceRule.objects.bulk_create(
        MaintenanceRule(store=store, operation=operations[rule.pop("operation")], **rule) for rule in map(dict, RULES)
    )


def statutory_numbers() -> None:
    """Enter the numbers of law this version knows; an edition already entered stays as it is."""
    StatutoryNumber.objects.bulk_create((StatutoryNumber(**number) for number in NUMBERS), ignore_conflicts=True)


def _parts(store: Store) -> dict[str, Part]:
    rows = Part.objects.bulk_create(
        Part(
            store=store,
            number=number,
            name_zh=zh,
            name_en=en,
            unit=unit,
            price=Decimal(price),
            stock=stock,
            part_class=part_class,
        )
        for number, (zh, en, unit, price, stock, part_class) in PARTS.items()
    )
    return {row.number: row for row in rows}


def _operations(store: Store) -> dict[str, Operation]:
    rows = Operation.objects.bulk_create(
        Operation(
            store=store,
            code=code,
            name_zh=operation.name_zh,
            name_en=operation.name_en,
            category=operation.category,
            skill=operation.skill,
            hours=Decimal(operation.hours),
            key_operation=operation.key,
            bookable=code in BOOKABLE,
            bay_kind=BAYS.get(code, BayKind.LIFT),
        )
        for code, operation in OPERATIONS.items()
    )
    return {row.code: row for row in rows}
