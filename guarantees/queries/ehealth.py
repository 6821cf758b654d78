"""The 13 elements of the national vehicle e-health record (汽车维修电子健康档案, JT/T 1132.2), per order and day.

Everything is read from the settlement list as it was issued, because that is what the customer signed.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from core.clock import local_day
from guarantees.models import HealthFile
from orders.models import Settlement
from stores.models import Store
from visits.models import Need

# The elements in the standard's order: key of the export, name in the record. The record is Chinese whoever reads it.
ELEMENTS = (
    ("company", "企业名称"),
    ("vin", "车辆识别代号"),
    ("plate", "车牌号"),
    ("arrived_on", "送修日期"),
    ("mileage", "送修里程"),
    ("settled_on", "结算日期"),
    ("number", "结算清单编号"),
    ("fault", "故障描述"),
    ("item", "维修项目"),
    ("hours", "维修工时"),
    ("part_name", "配件名称"),
    ("part_number", "配件编码"),
    ("part_quantity", "配件数量"),
)
NAMES = dict(ELEMENTS)


@dataclass(frozen=True)
class HealthRecord:
    """One order. `items` are {item, hours}, `parts` {part_name, part_number, part_quantity}; `missing` names empty elements."""

    settlement: Settlement
    head: dict
    items: tuple[dict, ...]
    parts: tuple[dict, ...]
    missing: tuple[str, ...]

    def as_dict(self) -> dict:
        """For the JSON file."""
        return {**self.head, "items": list(self.items), "parts": list(self.parts)}

    def rows(self) -> list[dict]:
        """For the CSV file: each item and each part has a row, the order's own elements stand in all of them."""
        return [{**self.head, **row} for row in (*self.items, *self.parts)] or [self.head]


def settled_on(store: Store, day: date) -> QuerySet[Settlement]:
    """Settlement lists of the store's day that still hold; a corrected one belongs to the day of its correction."""
    start = datetime.combine(day, time(), tzinfo=store.tz)
    return (
        Settlement.objects.filter(
            store=store, superseded_at=None, issued_at__gte=start, issued_at__lt=start + timedelta(days=1)
        )
        .select_related("visit__vehicle")
        .order_by("number")
    )


def health_records(store: Store, day: date) -> list[HealthRecord]:
    """The store's orders of a day with their 13 elements. Two queries."""
    settlements = list(settled_on(store, day))
    words: dict[int, list[str]] = {}
    visits = [row.visit_id for row in settlements]
    for visit_id, said in Need.objects.filter(visit__in=visits).order_by("pk").values_list("visit_id", "words"):
        words.setdefault(visit_id, []).append(said)
    return [_record(store, row, words.get(row.visit_id, [])) for row in settlements]


def _record(store: Store, settlement: Settlement, words: list[str]) -> HealthRecord:
    content = settlement.content
    lines = content["lines"]
    said = dict.fromkeys([*(line["concern"] for line in lines if line["concern"]), *words])
    arrived = parse_datetime(content["arrived_at"]) if content.get("arrived_at") else None
    head = {
        "company": content["store"]["name"],
        "vin": content["vehicle"]["vin"],
        "plate": content["vehicle"]["plate"],
        "arrived_on": local_day(store.tz, arrived).isoformat() if arrived else "",
        "mileage": content.get("mileage_in"),
        "settled_on": local_day(store.tz, settlement.issued_at).isoformat(),
        "number": settlement.number,
        "fault": "；".join(said),
    }
    items = tuple({"item": line["title"], "hours": line["hours"]} for line in lines)
    parts = tuple(
        {"part_name": part["name"], "part_number": part["number"], "part_quantity": part["quantity"]}
        for line in lines
        for part in line["parts"]
    )
    return HealthRecord(settlement, head, items, parts, _missing(head, lines, items, parts))


def _missing(head: dict, lines: list[dict], items: tuple, parts: tuple) -> tuple[str, ...]:
    """Names of elements that are empty. An order may have no part; a part has all three of its elements."""
    empty = [key for key, value in head.items() if value in ("", None)]
    if not items or not all(row["item"] for row in items):
        empty.append("item")
    if any(line["kind"] == "job" and not Decimal(line["hours"] or 0) for line in lines):
        empty.append("hours")
    empty += [key for key in ("part_name", "part_number", "part_quantity") if not all(row[key] for row in parts)]
    return tuple(NAMES[key] for key in empty)


def as_csv(records: list[HealthRecord]) -> str:
    """The day as CSV with the record's own names in the first row. Texts that a spreadsheet would calculate are quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([name for _key, name in ELEMENTS])
    for record in records:
        for row in record.rows():
            writer.writerow([_cell(row.get(key, "")) for key, _name in ELEMENTS])
    return out.getvalue()


def _cell(value) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def as_json(store: Store, day: date, records: list[HealthRecord]) -> str:
    """The day as JSON: one object per order, items and parts inside."""
    content = {"store": store.code, "day": day.isoformat(), "orders": [record.as_dict() for record in records]}
    return json.dumps(content, ensure_ascii=False, indent=1)


def files(store: Store) -> QuerySet[HealthFile]:
    """Nightly files, the newest first."""
    return HealthFile.objects.filter(store=store).order_by("-day")
