"""What a line costs: hours and rates, fees, discounts and their limits, parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from catalogue.choices import PartClass
from catalogue.models import Operation, Part
from core.actors import Actor, HasActor
from core.errors import DomainError, NotAllowed
from core.money import format_money, money
from orders import queries
from orders.choices import LineKind
from orders.models import Line, LinePart
from orders.rules import discount_limit

MAX_HOURS = Decimal(500)


@dataclass(frozen=True)
class PartInput:
    """One material row as it is asked for. With `part` (of the catalogue) whatever is left empty comes from there.

    `unit_price` is in yuan; a part the customer brought costs nothing and is listed as his own.
    """

    part: Part | None = None
    number: str = ""
    name: str = ""
    part_class: str = ""
    quantity: Decimal | int = 1
    unit_price: Decimal | int | None = None
    brought_by_customer: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Measured:
    """A reading that was taken before a part is replaced, with the range in which it is as it should be."""

    value: Decimal | int
    unit: str = ""
    low: Decimal | int | None = None
    high: Decimal | int | None = None


def usual_parts(operation: Operation | None) -> list[PartInput]:
    """What an operation usually needs, at today's prices."""
    if operation is None:
        return []
    rows = operation.parts.select_related("part").order_by("pk")
    return [PartInput(part=row.part, quantity=row.quantity) for row in rows]


def price(line: Line, *, hours, rate, fee, discount, by: Actor | HasActor) -> None:
    """labour = hours × rate − discount, each product rounded half up to the fen; or the fee less the discount."""
    line.hours = _figure(hours, _("Hours"), most=MAX_HOURS)
    line.hour_rate = _figure(rate, _("Rate"))
    line.discount = _figure(discount, _("Discount"))
    if line.kind == LineKind.JOB and fee is not None:
        raise DomainError(_("A job is charged by hours; a fixed amount is a fee."), code="job_fee")
    if line.kind != LineKind.JOB and fee is None and not line.hours:
        raise DomainError(_("Enter the amount of the fee."), code="fee_missing")
    if fee is not None:
        line.hours = Decimal("0.00")
    gross = _figure(fee, _("Fee")) if fee is not None else money(line.hours * line.hour_rate)
    if line.discount > gross:
        raise DomainError(
            _("The discount is larger than the amount it is taken from."),
            code="discount_too_large",
        )
    if line.discount and line.discount > (most := discount_limit(by, gross=gross, percent=queries.own_limit(by))):
        raise NotAllowed(
            _("Your role may give at most ¥%(most)s here. Ask your service manager for more.")
            % {"most": format_money(most)},
            code="discount_not_allowed",
        )
    line.labour = money(gross - line.discount)


def measure(line: Line, reading: Measured) -> None:
    figures = (reading.value, reading.low, reading.high)
    if any(figure is not None and Decimal(figure) != round(Decimal(figure), 2) for figure in figures):
        raise DomainError(_("A measured value has at most two decimals."), code="precision")
    line.measured, line.measured_low, line.measured_high = (
        None if figure is None else Decimal(figure) for figure in figures
    )
    line.measured_unit = reading.unit.strip()[:20]


def guard_part_prices(rows: Iterable[LinePart], *, by: Actor | HasActor) -> None:
    """A catalogue part below its price is a discount too: what is given away on a line's parts keeps to the role's limit."""
    known = [row for row in rows if row.part_id and not row.brought_by_customer]
    given = sum(
        (money(row.quantity * row.part.price) - row.amount for row in known if row.unit_price < row.part.price),
        Decimal(0),
    )
    if given <= 0:
        return
    gross = sum((money(row.quantity * row.part.price) for row in known), Decimal(0))
    if given > (most := discount_limit(by, gross=gross, percent=queries.own_limit(by))):
        raise NotAllowed(
            _("The parts cost ¥%(given)s less than in the catalogue; your role may give at most ¥%(most)s.")
            % {"given": format_money(given), "most": format_money(most)},
            code="discount_not_allowed",
        )


def set_parts(line: Line, wanted: Sequence[PartInput], *, by: Actor | HasActor) -> None:
    """Make the line's material what is wanted, keeping the rows that stay, and sum it up."""
    rows = [part_row(line, entry) for entry in wanted]
    guard_part_prices(rows, by=by)
    old = list(line.parts.all())
    for row in rows:
        same = next((o for o in old if _part_key(o) == _part_key(row)), None)
        if same:
            old.remove(same)
            row.pk = same.pk
        row.save()
    LinePart.objects.filter(pk__in=[row.pk for row in old]).delete()
    line.material = money(sum((row.amount for row in rows), Decimal(0)))
    line.save(update_fields=["material"])


def _part_key(row: LinePart) -> tuple:
    return (row.part_id, row.number, row.name, row.part_class, row.brought_by_customer)


def part_row(line: Line, entry: PartInput) -> LinePart:
    part = entry.part
    price = entry.unit_price
    if entry.brought_by_customer:
        price = 0
    elif price is None:
        if part is None:
            raise DomainError(_("Enter the price of the part."), code="price_missing")
        price = part.price
    row = LinePart(
        store_id=line.store_id,
        line=line,
        part=part,
        number=(entry.number or (part.number if part else "")).strip(),
        name=(entry.name or (part.name if part else "")).strip(),
        part_class=entry.part_class or (part.part_class if part else PartClass.ORIGINAL),
        brought_by_customer=entry.brought_by_customer,
        unit=entry.unit or (part.unit if part else "个"),
        quantity=_figure(entry.quantity, _("Quantity"), most=Decimal(9999)),
        unit_price=_figure(price, _("Price")),
    )
    if not row.name:
        raise DomainError(_("Name the part."), code="part_name_missing")
    if not row.quantity:
        raise DomainError(_("A part has a quantity."), code="quantity_missing")
    if row.part_class not in PartClass.values:
        raise DomainError(_("Choose one of the list."), code="unknown_choice")
    row.amount = money(row.quantity * row.unit_price)
    return row


def _figure(value, name: str, *, most: Decimal = Decimal(9_999_999)) -> Decimal:
    """A figure from 0 to `most` with two places; a third place is refused, not rounded away."""
    try:
        number = Decimal(value)
        rounded = money(number)
    except (InvalidOperation, TypeError, ValueError):
        raise DomainError(_("%(name)s: this is not a number.") % {"name": name}, code="not_a_number") from None
    if number != rounded:
        raise DomainError(_("%(name)s: at most two decimals.") % {"name": name}, code="decimals")
    if not 0 <= rounded <= most:
        raise DomainError(
            _("%(name)s: from 0 to %(most)s.") % {"name": name, "most": most},
            code="out_of_range",
        )
    return rounded
