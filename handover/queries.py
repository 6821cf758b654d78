"""What the advisor has in front of him when he gives a car back."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from catalogue.models import MaintenanceRule
from core import clock
from core.money import money
from core.stages import Stage
from handover.models import Handover
from inspections import queries as inspections
from orders import queries as orders
from orders.choices import ConsentState
from orders.models import Line, Settlement
from reception.models import CheckIn
from visits.choices import PhotoKind
from visits.models import Photo, Visit


def handover_of(visit: Visit) -> Handover | None:
    return Handover.objects.filter(visit=visit).select_related("advisor", "run__checklist", "signature").first()


@dataclass(frozen=True)
class BillRow:
    """A line as it was agreed beside what is billed. `agreed` is None where the customer was never shown a price."""

    line: Line
    agreed: Decimal | None
    billed: Decimal
    method: str  # how the customer agreed

    @property
    def difference(self) -> Decimal | None:
        return None if self.agreed is None else money(self.billed - self.agreed)


def bill_rows(visit: Visit) -> list[BillRow]:
    """Every billed line with the price it was agreed at, read from the frozen pack the customer answered."""
    rows = []
    for line in orders.order_lines(visit):
        if line.consent_state != ConsentState.APPROVED:
            continue
        views = line.pack.content.get("lines", []) if line.pack_id else []
        shown = next((view for view in views if view.get("id") == line.pk), None)
        agreed = money(shown["amount"]) if shown and shown.get("amount") else None
        method = line.consent.get_method_display() if line.consent_id else ""
        rows.append(BillRow(line, agreed, money(line.amount or 0), method))
    return rows


def declined_lines(visit: Visit) -> list[Line]:
    """Work the customer decided against, the dangerous first."""
    lines = visit.lines.filter(consent_state=ConsentState.DECLINED)
    return sorted(lines, key=lambda line: (line.risk != "safety", line.position))


def out_of_date(visit: Visit, settlement: Settlement) -> bool:
    """True if the order comes to something else than the list that was issued."""
    now = orders.totals(visit)
    return (now.total, now.payable) != (settlement.total, settlement.payable)


def list_details(visit: Visit, *, mileage_out: int | None) -> dict:
    """What the settlement list prints besides the lines: who brought the car, its mileage, the certificate's number."""
    check_in = CheckIn.objects.filter(visit=visit).first()
    certificate = inspections.certificate_of(visit)
    return {
        "brought_by": check_in.brought_by if check_in else "",
        "mileage_out": mileage_out,
        "certificate": certificate.number if certificate else "",
    }


def kept(visit: Visit) -> list[str]:
    """What the customer left in our keeping at arrival, piece by piece."""
    check_in = CheckIn.objects.filter(visit=visit).first()
    return check_in.kept if check_in else []


def photos(visit: Visit) -> tuple[list[Photo], list[Photo]]:
    """Pictures of the walk-around at arrival, and those taken at handover."""
    before, after = [], []
    for photo in visit.photos.all():
        if photo.kind == PhotoKind.EXIT:
            after.append(photo)
        elif photo.kind in (PhotoKind.WALK_AROUND, PhotoKind.DAMAGE):
            before.append(photo)
    return before, after


def next_visit_booked(visit: Visit) -> bool:
    """True if the car has an appointment ahead."""
    return Visit.objects.filter(vehicle_id=visit.vehicle_id, stage=Stage.BOOKING).exists()


def suggest_next(visit: Visit, *, mileage: int | None = None) -> tuple[date | None, int | None]:
    """When the car is due next by the store's maintenance rules: the earliest date and the lowest mileage.

    A rule for the car's model counts before one for its brand, and that before one for every car, per operation.
    """
    car = visit.vehicle
    rules = MaintenanceRule.objects.filter(
        Q(brand="") | Q(brand=car.brand),
        Q(model="") | Q(model=car.model),
        Q(powertrain="") | Q(powertrain=car.powertrain),
        operation__active=True,
    )
    nearest: dict[int, MaintenanceRule] = {}
    for rule in rules:
        known = nearest.get(rule.operation_id)
        if known is None or _closeness(rule) > _closeness(known):
            nearest[rule.operation_id] = rule
    months = [rule.months for rule in nearest.values() if rule.months]
    km = [rule.km for rule in nearest.values() if rule.km]
    read = mileage or visit.mileage_in
    today = clock.local_day(visit.store.zone)
    return (
        add_months(today, min(months)) if months else None,
        read + min(km) if km and read is not None else None,
    )


def _closeness(rule: MaintenanceRule) -> int:
    return 4 * bool(rule.model) + 2 * bool(rule.brand) + bool(rule.powertrain)


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the month's last day where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
