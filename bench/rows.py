"""The rows of a walk-in with three lines, made without the domain: what the lean view inserts, and pgbench after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from core.clock import now as clock_now
from core.stages import Stage
from journal.models import Event
from orders.models import Line, LinePart, RepairOrder
from visits.models import Visit

# What every create sends: three jobs, each with a part.
LINES = [
    {
        "title": "更换机油机滤",
        "hours": "0.50",
        "part": {"number": "EO-5W30-4L", "name": "机油", "unit_price": "288.00"},
    },
    {
        "title": "更换前制动片",
        "hours": "1.20",
        "part": {"number": "BP-F-0442", "name": "前制动片", "unit_price": "460.00"},
    },
    {
        "title": "更换空调滤芯",
        "hours": "0.30",
        "part": {"number": "AC-0119", "name": "空调滤芯", "unit_price": "96.00"},
    },
]
RATE = Decimal("220.00")
COUNTER = """INSERT INTO stores_counter (store_id, day, kind, last) VALUES (%s, %s, 'RO', 1)
ON CONFLICT (store_id, day, kind) DO UPDATE SET last = stores_counter.last + 1 RETURNING last"""


@dataclass(frozen=True)
class Facts:
    """What the rows refer to."""

    store_id: int
    advisor_id: int
    update_minutes: int
    guarantee_days: int
    guarantee_km: int


def visit(facts: Facts, *, number: str, customer_id: int, vehicle_id: int) -> Visit:
    at = clock_now()
    return Visit(
        store_id=facts.store_id,
        number=number,
        customer_id=customer_id,
        vehicle_id=vehicle_id,
        advisor_id=facts.advisor_id,
        stage=Stage.RECEPTION,
        stage_since=at,
        opened_at=at,
        arrived_at=at,
        next_update_due_at=at + timedelta(minutes=facts.update_minutes),
    )


def order(facts: Facts, visit_id: int) -> RepairOrder:
    return RepairOrder(
        store_id=facts.store_id,
        visit_id=visit_id,
        guarantee_days=facts.guarantee_days,
        guarantee_km=facts.guarantee_km,
    )


def line(facts: Facts, visit_id: int, position: int, said: dict) -> Line:
    hours = Decimal(said["hours"])
    return Line(
        store_id=facts.store_id,
        visit_id=visit_id,
        position=position,
        title=said["title"],
        hours=hours,
        hour_rate=RATE,
        labour=hours * RATE,
        material=Decimal(said["part"]["unit_price"]),
        created_at=clock_now(),
    )


def part(facts: Facts, line_id: int, said: dict) -> LinePart:
    price = Decimal(said["unit_price"])
    return LinePart(
        store_id=facts.store_id,
        line_id=line_id,
        number=said["number"],
        name=said["name"],
        quantity=1,
        unit_price=price,
        amount=price,
    )


def events(facts: Facts, visit: Visit, order: RepairOrder, lines: list[Line]) -> list[Event]:
    opened = {"stage": visit.stage, "customer_id": visit.customer_id, "vehicle_id": visit.vehicle_id}
    rows = [("visits.opened", visit, opened | {"advisor_id": facts.advisor_id})]
    rows.append(("orders.opened", order, {"category": "minor"}))
    for row in lines:
        data = {"line_id": row.pk, "kind": "job", "origin": "estimate"}
        rows.append(("orders.line_added", row, data | {"labour": str(row.labour), "material": str(row.material)}))
    return [
        Event(
            store_id=facts.store_id,
            name=name,
            subject_kind=subject._meta.label_lower,
            subject_id=subject.pk,
            visit_id=visit.pk,
            actor_kind="staff",
            actor_id=facts.advisor_id,
            at=clock_now(),
            data=data,
        )
        for name, subject, data in rows
    ]
