"""Repair-order history: which column means what, what a row says, and putting it into the store as a closed visit.

A row is known by store, source, car, date and source number; a second run of the same file makes nothing twice. What the file does
not say stays unknown: no amount becomes zero, no time is made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actors import Actor, HasActor
from core.errors import DomainError
from core.money import money
from core.plates import is_plate, normalise_plate
from core.stages import Stage
from core.vin import check_digit_ok, is_vin, normalise_vin
from customers import domain as customers
from customers.choices import OdometerSource
from customers.models import Vehicle
from journal.domain import entry, record_many
from orders.choices import LineOrigin
from orders.models import Line, RepairOrder
from stores.models import Store
from stores.numbers import next_number
from visits.choices import Origin
from visits.events import CarReleased, VisitOpened
from visits.models import Visit

# Our fields, in the order of the mapping form, with the column names they are known by elsewhere.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "vin": (gettext_lazy("VIN"), ("vin", "车架号", "vin码", "底盘号")),
    "plate": (gettext_lazy("Plate"), ("plate", "车牌", "车牌号", "车牌号码", "license")),
    "on": (gettext_lazy("Date"), ("repair_date", "date", "日期", "结算日期", "进厂日期", "维修日期", "送修日期")),
    "number": (
        gettext_lazy("Number in the other system"),
        ("transaction_id", "ro_number", "工单号", "单号", "结算单号", "委托书号"),
    ),
    "words": (gettext_lazy("Customer's words"), ("customer_verbatim", "concern", "故障描述", "客户描述", "客户陈述")),
    "correction": (
        gettext_lazy("Correction"),
        ("correction_verbatim", "correction", "维修内容", "维修措施", "处理结果"),
    ),
    "title": (gettext_lazy("Operation"), ("global_labor_code_description", "operation", "维修项目", "项目名称")),
    "part": (gettext_lazy("Part"), ("causal_part_nm", "part", "配件", "配件名称")),
    "mileage": (gettext_lazy("Mileage (km)"), ("km", "mileage", "odometer", "里程", "行驶里程", "送修里程")),
    "labour": (gettext_lazy("Labour amount"), ("lbrcost", "labour", "labor", "工时费")),
    "total": (gettext_lazy("Total amount"), ("totalcost", "total", "合计", "总金额", "应收金额", "结算金额")),
    "brand": (gettext_lazy("Brand"), ("brand", "make", "品牌", "platform")),
    "model": (gettext_lazy("Model"), ("model", "车型", "body_style")),
    "customer": (gettext_lazy("Customer's name"), ("customer", "customer_name", "车主", "客户", "客户姓名")),
    "phone": (gettext_lazy("Customer's phone"), ("phone", "mobile", "电话", "手机", "联系电话")),
}
NEEDED = ("on",)
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


@dataclass(frozen=True)
class Row:
    """A row as we understand it; None and "" mean that the file does not say."""

    vin: str
    plate: str
    on: date
    number: str
    words: str
    correction: str
    title: str
    part: str
    mileage: int | None
    labour: Decimal | None
    total: Decimal | None
    brand: str
    model: str
    customer: str
    phone: str

    @property
    def other(self) -> Decimal | None:
        """What the total holds beside labour; None while either is unknown."""
        return None if self.labour is None or self.total is None else money(self.total - self.labour)


def guess(columns: list[str]) -> dict[str, str]:
    """A first mapping by the columns' names: {our field: column}."""
    by_name = {column.strip().lower().replace(" ", "_"): column for column in columns}
    return {
        field: next(by_name[name] for name in names if name in by_name)
        for field, (_label, names) in FIELDS.items()
        if any(name in by_name for name in names)
    }


def check_mapping(mapping: dict[str, str], columns: list[str]) -> dict[str, str]:
    """The mapping without what it leaves out. DomainError when a needed field is missing or a column is not in the file."""
    mapping = {field: column for field, column in mapping.items() if column}
    if unknown := [column for column in mapping.values() if column not in columns]:
        raise DomainError(_("The file has no column “%(column)s”.") % {"column": unknown[0]}, code="mapping")
    if not mapping.get("on") or not (mapping.get("vin") or mapping.get("plate")):
        raise DomainError(_("Say which column holds the date, and which the VIN or the plate."), code="mapping")
    return mapping


def parse(cells: dict[str, str], mapping: dict[str, str]) -> Row:
    """What a row of the file says. DomainError with the first thing that is wrong with it."""

    def text(field: str) -> str:
        return cells.get(mapping.get(field, ""), "").strip()

    vin, plate = normalise_vin(text("vin")), normalise_plate(text("plate"))
    if vin and not is_vin(vin):
        raise DomainError(_("“%(vin)s” is not a VIN (17 characters, no I, O, Q).") % {"vin": vin[:30]}, code="vin")
    if plate and not is_plate(plate):
        raise DomainError(_("“%(plate)s” is not a number plate.") % {"plate": plate[:20]}, code="plate")
    if not vin and not plate:
        raise DomainError(_("The row names no car: VIN and plate are empty."), code="no_car")
    labour, total = _amount(text("labour")), _amount(text("total"))
    if labour is not None and total is not None and labour > total:
        raise DomainError(_("Labour is more than the total."), code="amounts")
    return Row(
        vin=vin,
        plate=plate,
        on=_date(text("on")),
        number=text("number")[:60],
        words=text("words"),
        correction=text("correction"),
        title=(text("title") or text("correction") or _("Repair"))[:120],
        part=text("part")[:120],
        mileage=_mileage(text("mileage")),
        labour=labour,
        total=total,
        brand=text("brand")[:40],
        model=text("model")[:80],
        customer=text("customer")[:60],
        phone=text("phone"),
    )


def _date(text: str) -> date:
    found = DATE.match(text)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise DomainError(_("“%(text)s” is not a date (2024-01-31).") % {"text": text[:20]}, code="date")
    if day > datetime.now(UTC).date():
        raise DomainError(_("The date %(day)s lies in the future.") % {"day": day}, code="date")
    return day


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", "").lstrip("¥$￥"))
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or not 0 <= amount < Decimal(10) ** 9:
        raise DomainError(_("“%(text)s” is not an amount.") % {"text": text[:20]}, code="amount")
    return money(amount)


def _mileage(text: str) -> int | None:
    if not text:
        return None
    try:
        km = int(Decimal(text.replace(",", "")))
    except (InvalidOperation, ValueError, OverflowError):
        km = -1
    if not 0 <= km <= 999_999:
        raise DomainError(_("“%(text)s” is not a mileage (0 to 999,999 km).") % {"text": text[:20]}, code="mileage")
    return km


@transaction.atomic
def put_in(store: Store, row: Row, *, source: str, currency: str, by: Actor | HasActor) -> Visit | None:
    """Write a row as an imported, closed visit with its line; None if it is there already.

    The visit's times are the start of its day in the store's zone: the file knows no hour. Nothing is sent, no clock starts.
    """
    at = datetime.combine(row.on, time(), store.tz)
    vehicle = _vehicle(store, row, by=by)
    # Two runs at once over the same car queue here; the second one finds what the first one wrote.
    Vehicle.objects.select_for_update(of=("self",), no_key=True).get(pk=vehicle.pk)
    same = {"source": source, "source_number": row.number, "vehicle": vehicle, "opened_at": at}
    if Visit.objects.filter(store=store, **same).exists():
        return None
    visit = Visit.objects.create(
        store=store,
        number=next_number(store, "IM", at=at),
        customer=vehicle.owner,
        stage=Stage.CLOSED,
        stage_since=at,
        origin=Origin.IMPORT,
        mileage_in=row.mileage,
        released_at=at,
        ended_at=at,
        **same,
    )
    RepairOrder.objects.create(store=store, visit=visit, currency=currency)
    line = Line.objects.create(
        store=store,
        visit=visit,
        position=1,
        origin=LineOrigin.IMPORT,
        title=row.title,
        concern=row.words,
        correction=row.correction,
        labour=row.labour,
        material=row.other,
        created_at=at,
    )
    if row.part:
        line.cause = row.part
        line.save(update_fields=["cause"])
    if row.mileage is not None:
        customers.read_odometer(vehicle, km=row.mileage, on=row.on, by=by, source=OdometerSource.IMPORT)
    _journal(visit, at, by)
    return visit


def _vehicle(store: Store, row: Row, *, by) -> Vehicle:
    vehicle = Vehicle.objects.filter(vin=row.vin).first() if row.vin else None
    vehicle = vehicle or (Vehicle.objects.filter(plate=row.plate).first() if row.plate else None)
    if vehicle is None or vehicle.owner_id is None:
        tail = (row.vin or row.plate)[-6:]
        name = row.customer or _("Owner of …%(tail)s") % {"tail": tail}
        owner = customers.register_customer(store=store, name=name, phone=row.phone, by=by)
        details = {"brand": row.brand, "model": row.model}
        vehicle = customers.register_vehicle(store=store, owner=owner, vin=row.vin, plate=row.plate, by=by, **details)
    return vehicle


def _journal(visit: Visit, at: datetime, by) -> None:
    opened = VisitOpened(stage=Stage.CLOSED, customer_id=visit.customer_id, vehicle_id=visit.vehicle_id)
    released = CarReleased(released_at=at, customer_id=visit.customer_id, vehicle_id=visit.vehicle_id)
    record_many(
        entry(event, store_id=visit.store_id, subject=visit, visit_id=visit.pk, by=by, origin=Origin.IMPORT, at=at)
        for event in (opened, released)
    )


def warnings(row: Row) -> list[str]:
    """What is odd about a row and comes in all the same."""
    found = []
    if row.vin and not check_digit_ok(row.vin):
        found.append(_("VIN check digit does not fit"))
    if row.total is None:
        found.append(_("total unknown"))
    return found
