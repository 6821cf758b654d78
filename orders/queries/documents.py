"""The documents a customer agrees to and pays: what he is shown, frozen, and the bytes that are hashed and signed.

Numbers stand in them as text with two places, so that the same document gives the same bytes after a trip through the
database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from core.money import money
from orders.choices import ConsentState, LineKind
from orders.models import ConsentPack, Line, RepairOrder
from orders.queries.lines import totals_of
from visits.models import Visit


def canonical(content: dict) -> bytes:
    """The one spelling of a document: sorted keys, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(content: dict) -> str:
    """SHA-256 of the document's one spelling, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def pack_document(pack: ConsentPack) -> bytes:
    """The bytes that were hashed when the customer was asked, and that he signs."""
    return canonical(pack.content)


def line_view(line: Line) -> dict:
    """A line as the customer is shown it. Whatever changes here needs his word again."""
    return _bare_view(line) | _reading(line)


def _reading(line: Line) -> dict:
    """What was measured, and why the part is replaced although it is in range; nothing where nothing was measured."""
    if line.measured is None:
        return {}
    return {
        "measured": {
            "value": _text(line.measured),
            "unit": line.measured_unit,
            "low": _text(line.measured_low),
            "high": _text(line.measured_high),
            "in_range": line.in_range,
            "replace_reason": line.replace_reason,
        }
    }


def _bare_view(line: Line) -> dict:
    parts = sorted(line.parts.all(), key=lambda part: part.pk)
    return {
        "id": line.pk,
        "kind": str(line.kind),
        "origin": str(line.origin),
        "code": line.operation.code if line.operation_id else "",
        "title": line.title,
        "concern": line.concern,
        "pay_type": str(line.pay_type),
        "risk": str(line.risk),
        "hours": _text(line.hours),
        "hour_rate": _text(line.hour_rate),
        "discount": _text(line.discount),
        "labour": _text(line.labour),
        "material": _text(line.material),
        "amount": _text(line.amount),
        "parts": [
            {
                "number": part.number,
                "name": part.name,
                "part_class": str(part.part_class),
                "brought_by_customer": part.brought_by_customer,
                "unit": part.unit,
                "quantity": _text(part.quantity),
                "unit_price": _text(part.unit_price),
                "amount": _text(part.amount),
            }
            for part in parts
        ],
    }


def pack_content(
    visit: Visit,
    order: RepairOrder,
    lines: Iterable[Line],
    *,
    version: int,
    promised_at: datetime | None,
) -> dict:
    """What the customer is asked: the lines with prices, and the terms they stand under (JT/T 816: items, charges, what
    happens when they are exceeded, delivery time, guarantee). People appear as keys only."""
    lines = list(lines)
    return {
        "visit": visit.number,
        "store_id": visit.store_id,
        "customer_id": visit.customer_id,
        "vehicle_id": visit.vehicle_id,
        "version": version,
        "promised_at": promised_at.isoformat() if promised_at else None,
        "currency": order.currency,
        "terms": {
            "category": str(order.category),
            "tolerance_percent": _text(order.tolerance_percent),
            "guarantee_days": order.guarantee_days,
            "guarantee_km": order.guarantee_km,
            "old_parts": str(order.old_parts),
            "settlement_way": order.settlement_way,
        },
        "lines": [line_view(line) for line in lines],
        "totals": _totals(lines),
    }


def settlement_content(
    visit: Visit,
    order: RepairOrder,
    lines: Iterable[Line],
    *,
    brought_by: str = "",
    mileage_out: int | None = None,
    certificate: str = "",
) -> dict:
    """The settlement list (机动车维修费用结算清单, JT/T 1133) as it will be printed: parties, car, material and labour apart, the six
    kinds of fee, and what the customer left undone knowing the risk. A legal record, so it names the parties."""
    lines = list(lines)
    billed = [line for line in lines if line.consent_state == ConsentState.APPROVED]
    return {
        "visit": visit.number,
        "category": str(order.category),
        "currency": order.currency,
        **_parties(visit, brought_by),
        "arrived_at": visit.arrived_at.isoformat() if visit.arrived_at else None,
        "mileage_in": visit.mileage_in,
        "mileage_out": mileage_out,
        "certificate": certificate,
        "advisor": visit.advisor.name if visit.advisor_id else "",
        "old_parts": str(order.old_parts),
        "guarantee_days": order.guarantee_days,
        "guarantee_km": order.guarantee_km,
        "tolerance_percent": _text(order.tolerance_percent),
        "lines": [
            line_view(line)
            | {
                "correction": line.correction,
                "consent_method": str(line.consent.method) if line.consent_id else "",
                "consent_at": line.consent.at.isoformat() if line.consent_id else None,
            }
            for line in billed
        ],
        "declined": [
            {
                "id": line.pk,
                "title": line.title,
                "risk": str(line.risk),
                "reason": line.declined_reason,
            }
            for line in lines
            if line.consent_state == ConsentState.DECLINED
        ],
        "fees": _fees(billed),
        "totals": _totals(billed),
    }


def _parties(visit: Visit, brought_by: str) -> dict:
    store, customer, car = visit.store, visit.customer, visit.vehicle
    return {
        "store": {
            "name": store.name_zh,
            "address": store.address,
            "phone": store.phone,
            "bank_account": store.bank_account,
        },
        "customer": {"name": customer.name, "phone": customer.phone, "brought_by": brought_by or customer.name},
        "vehicle": {"plate": car.plate, "vin": car.vin, "title": car.title},
    }


def _fees(lines: list[Line]) -> dict:
    """The six parts of a repair's price (domain.md F10): diagnosis, testing, material, labour, processing, other."""
    sums = dict.fromkeys(
        ("diagnosis", "testing", "material", "labour", "processing", "other"),
        Decimal(0),
    )
    names = {
        LineKind.JOB: "labour",
        LineKind.DIAGNOSIS: "diagnosis",
        LineKind.TESTING: "testing",
        LineKind.PROCESSING: "processing",
    }
    for line in lines:
        sums[names.get(line.kind, "other")] += line.labour or Decimal(0)
        sums["material"] += line.material or Decimal(0)
    return {name: _text(amount) for name, amount in sums.items()}


def _totals(lines: list[Line]) -> dict:
    found = totals_of(lines)
    return {
        name: _text(getattr(found, name)) for name in ("labour", "material", "other", "discount", "total", "payable")
    }


def _text(value: Decimal | int | str | None) -> str | None:
    return None if value is None else str(money(value))
