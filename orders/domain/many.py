"""Several lines in one go, as another system or a walk-in with known work sends them: few statements whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from django.db import transaction

from catalogue.models import Operation
from core.actors import Actor, HasActor
from core.money import money
from journal.domain import entry, record_many
from orders.choices import LineKind, LineOrigin, PayType
from orders.domain.lines import added, draft
from orders.domain.pricing import PartInput, guard_part_prices, part_row, usual_parts
from orders.domain.terms import first_order, last_position, lock_for_change, order_of_locked, touch
from orders.models import Line, LinePart
from stores.models import Staff
from visits.models import Visit


@dataclass(frozen=True)
class LineInput:
    """One line as it is asked for; the fields are the arguments of `add_line`."""

    operation: Operation | None = None
    title: str = ""
    kind: str = LineKind.JOB
    hours: Decimal | None = None
    hour_rate: Decimal | None = None
    fee: Decimal | None = None
    discount: Decimal | int = 0
    parts: Sequence[PartInput] | None = None
    pay_type: str = PayType.CUSTOMER
    concern: str = ""
    origin: str = LineOrigin.ESTIMATE
    risk: str = ""
    found_by: Staff | None = None


_FIELDS = [field.name for field in fields(LineInput) if field.name != "parts"]


@transaction.atomic
def add_lines(
    visit: Visit, lines: Sequence[LineInput], *, by: Actor | HasActor, version: int | None = None
) -> list[Line]:
    """Put several lines on the order, all or none; rules and refusals of each are those of `add_line`."""
    jobs = any(line.kind == LineKind.JOB for line in lines)
    visit = lock_for_change(visit, version=version, kind=LineKind.JOB if jobs else LineKind.OTHER)
    if not lines:
        return []
    order_of_locked(visit, by=by)
    rows = _insert(visit, lines, after=last_position(visit), by=by)
    touch(visit, by=by)
    record_many(_events(rows, by))
    return rows


def first_lines(visit: Visit, lines: Sequence[LineInput], *, by: Actor | HasActor) -> list[Line]:
    """The lines of a visit that the caller's transaction has just opened: nobody else sees it yet, so nothing is locked
    or looked up. Refusals as for `add_line`; they must end the transaction."""
    _order, opened = first_order(visit, by=by)
    rows = _insert(visit, lines, after=0, by=by)
    record_many([opened, *_events(rows, by)])
    return rows


def _insert(visit: Visit, lines: Sequence[LineInput], *, after: int, by: Actor | HasActor) -> list[Line]:
    rows, parts = [], []
    for position, line in enumerate(lines, after + 1):
        row = draft(visit, position=position, by=by, **{name: getattr(line, name) for name in _FIELDS})
        wanted = usual_parts(line.operation) if line.parts is None else line.parts
        own = [part_row(row, part) for part in wanted]
        guard_part_prices(own, by=by)
        row.material = money(sum((part.amount for part in own), Decimal(0)))
        rows.append(row)
        parts += own
    Line.objects.bulk_create(rows)
    for part in parts:
        # Its line had no key yet when the part was made.
        part.line_id = part.line.pk
    LinePart.objects.bulk_create(parts)
    return rows


def _events(rows: list[Line], by: Actor | HasActor) -> list:
    return [entry(added(row), store_id=row.store_id, subject=row, visit_id=row.visit_id, by=by) for row in rows]
