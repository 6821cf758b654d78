"""Rows for tests, quick and consistent with the constraints. Each function makes one thing and lets anything be overridden.

They write rows directly: a test of a domain function calls that function, a test of something later starts from these.
"""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta
from decimal import Decimal

from catalogue.models import Operation, OperationPart, Part, WorkStep
from core import clock, vin
from core.names import pinyin_of
from customers.models import Customer, Ownership, Vehicle
from orders import queries
from orders.choices import ConsentMethod, ConsentState
from orders.models import Consent, ConsentPack, Line, LinePart, RepairOrder
from stores import domain as stores
from stores.choices import BayKind, RoleCode, Skill
from stores.models import Bay, Staff, Store
from visits.choices import SignaturePurpose
from visits.models import Signature, Visit

PASSWORD = "open-sesame-27"
_numbers = itertools.count(1)
SKILLS = {
    RoleCode.TECHNICIAN: (Skill.MECHANICAL, Skill.ELECTRICAL),
    RoleCode.INSPECTOR: (Skill.INSPECTION,),
}
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN_NAMES = ["伟", "芳", "建国", "秀英", "敏", "静", "志强", "丽华"]


def number() -> int:
    """The next number of this process: what must differ is made from it."""
    return next(_numbers)


def name() -> str:
    n = number()
    return FAMILY_NAMES[n % len(FAMILY_NAMES)] + GIVEN_NAMES[n % len(GIVEN_NAMES)]


def plate() -> str:
    return f"京A{number():05d}"


def valid_vin() -> str:
    """A VIN with a right check digit."""
    body = f"LSVAA4180E{number():07d}"
    return body[:8] + vin.check_digit(body) + body[9:]


def mobile() -> str:
    return f"138{number():08d}"


def store(code: str = "", **fields) -> Store:
    """A store with its roles, hours and bays (no catalogue, no checklists: see the fixture `store`)."""
    n = number()
    return stores.open_store(code=code or f"s{n}", name_zh=fields.pop("name_zh", f"测试店{n}"), **fields)


def staff(store: Store, role: RoleCode | str, **fields) -> Staff:
    """A new person in `role`. Technicians are qualified for mechanical and electrical work, inspectors for inspection,
    unless `skills` says otherwise. The password is `PASSWORD`."""
    n = number()
    return stores.hire(
        store=store,
        role=role,
        name=fields.pop("name", name()),
        username=fields.pop("username", f"{role}-{n}"),
        password=fields.pop("password", PASSWORD),
        employee_no=fields.pop("employee_no", f"T{n}"),
        skills=fields.pop("skills", SKILLS.get(RoleCode(role), ())),
        **fields,
    )


def bay(store: Store, kind: BayKind | str = BayKind.LIFT, **fields) -> Bay:
    return Bay.objects.create(store=store, kind=kind, **{"code": f"T{number()}", **fields})


def customer(store: Store, **fields) -> Customer:
    values = {"name": name(), "phone": mobile(), **fields}
    full, initials = pinyin_of(values["name"])
    return Customer.objects.create(store=store, name_pinyin=full, name_initials=initials, **values)


def vehicle(store: Store, owner: Customer | None = None, **fields) -> Vehicle:
    """A car with an owner, and the ownership since last year."""
    values = {
        "plate": plate(),
        "vin": valid_vin(),
        "brand": "大众",
        "model": "帕萨特",
        "year": 2023,
        "colour": "白",
        "powertrain": "petrol",
        **fields,
    }
    values.setdefault("vin_check_ok", vin.check_digit_ok(values["vin"]) if values["vin"] else None)
    car = Vehicle.objects.create(store=store, owner=owner or customer(store), **values)
    since = clock.now().date() - timedelta(days=365)
    Ownership.objects.create(store=store, vehicle=car, customer=car.owner, since=since)
    return car


def part(store: Store, **fields) -> Part:
    n = number()
    values = {
        "number": f"PT-{n}",
        "name_zh": f"配件{n}",
        "name_en": f"Part {n}",
        "price": Decimal("68.00"),
        "stock": 10,
    }
    return Part.objects.create(store=store, **{**values, **fields})


def operation(store: Store, *, steps: int = 2, parts: list[Part] | int = 1, **fields) -> Operation:
    """An operation with required tick steps and its usual parts (given, or so many new ones)."""
    n = number()
    values = {"code": f"OP-{n}", "name_zh": f"项目{n}", "name_en": f"Operation {n}", "hours": Decimal("1.00")}
    row = Operation.objects.create(store=store, **{**values, **fields})
    WorkStep.objects.bulk_create(
        WorkStep(store=store, operation=row, position=i, name_zh=f"步骤{i}", name_en=f"Step {i}")
        for i in range(1, steps + 1)
    )
    usual = [part(store) for _ in range(parts)] if isinstance(parts, int) else parts
    OperationPart.objects.bulk_create(OperationPart(store=store, operation=row, part=p) for p in usual)
    return row


def order(visit: Visit, **fields) -> RepairOrder:
    """The visit's repair order, made if there is none."""
    return RepairOrder.objects.get_or_create(visit=visit, defaults={"store_id": visit.store_id, **fields})[0]


def line(
    visit: Visit,
    *,
    operation: Operation | None = None,
    title: str = "",
    hours: Decimal | str = "1.00",
    rate: Decimal | str = "180.00",
    parts: list[Part] | int | None = None,
    consent: Consent | None = None,
    **fields,
) -> Line:
    """A line of the visit with its parts and right amounts; a draft unless a `consent` is given.

    `operation` brings title, hours and usual parts; without one the line has a title and one part of its own.
    """
    order(visit)
    hours = Decimal(operation.hours if operation else hours)
    if parts is None and operation:
        parts = [usual.part for usual in operation.parts.select_related("part")]
    elif parts is None or isinstance(parts, int):
        parts = [part(visit.store) for _ in range(1 if parts is None else parts)]
    values = {
        "position": visit.lines.count() + 1,
        "operation": operation,
        "title": title or (operation.name_zh if operation else "更换机油"),
        "hours": hours,
        "hour_rate": Decimal(rate),
        "labour": hours * Decimal(rate),
        "material": sum((p.price for p in parts), Decimal(0)),
        "created_at": clock.now(),
    }
    if consent:
        values |= {"consent_state": ConsentState.APPROVED, "consent": consent, "pack": consent.pack}
    row = Line.objects.create(store_id=visit.store_id, visit=visit, **{**values, **fields})
    LinePart.objects.bulk_create(
        LinePart(
            store_id=visit.store_id,
            line=row,
            part=p,
            number=p.number,
            name=p.name_zh,
            part_class=p.part_class,
            unit=p.unit,
            quantity=1,
            unit_price=p.price,
            amount=p.price,
        )
        for p in parts
    )
    if consent:
        _show(consent.pack, row)
        consent.decisions[str(row.pk)] = True
        consent.save(update_fields=["decisions"])
    return row


def _show(pack: ConsentPack, row: Line) -> None:
    """What the customer agreed to stands in the pack he was shown."""
    pack.content["lines"].append(queries.line_view(row))
    pack.sha256 = queries.digest(pack.content)
    pack.save(update_fields=["content", "sha256"])


def pack(visit: Visit, *, by: Staff | None = None, **fields) -> ConsentPack:
    """A pack as it was shown to the customer; open unless `decided_at` is given."""
    version = visit.packs.count() + 1
    values = {
        "version": version,
        "content": {"lines": [], "promised_at": None, "totals": {"total": "0.00", "payable": "0.00"}},
        "sha256": hashlib.sha256(f"{visit.pk}/{version}".encode()).hexdigest(),
        "created_at": clock.now(),
        "created_by": by or visit.advisor,
    }
    return ConsentPack.objects.create(store_id=visit.store_id, visit=visit, **{**values, **fields})


def signature(visit: Visit, purpose: SignaturePurpose = SignaturePurpose.ESTIMATE, **fields) -> Signature:
    values = {"signer": visit.customer.name, "document_sha256": hashlib.sha256(b"").hexdigest(), "at": clock.now()}
    return Signature.objects.create(store_id=visit.store_id, visit=visit, purpose=purpose, **{**values, **fields})


def consent(visit: Visit, **fields) -> Consent:
    """The customer's signed agreement to a new pack; give it to `line(visit, consent=...)`."""
    decided = fields.pop("at", clock.now())
    shown = fields.pop("pack", None) or pack(visit, decided_at=decided)
    values = {
        "method": ConsentMethod.SIGNATURE,
        "decided_by": visit.customer.name,
        "phone": visit.customer.phone,
        "at": decided,
        "signature": signature(visit),
        "evidence_sha256": shown.sha256,
    }
    return Consent.objects.create(store_id=visit.store_id, visit=visit, pack=shown, **{**values, **fields})
