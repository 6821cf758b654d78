"""Work advised and left undone: kept with the car, offered again with its reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from journal.domain import record
from orders.domain.lines import PartInput, add_line
from orders.events import RecommendationRevived, Recommended
from orders.models import Line, Recommendation
from visits import domain as visits
from visits.models import Visit


def recommend(line: Line, *, visit: Visit, by: Actor | HasActor) -> Recommendation:
    """Keep a declined line for the car's next visit, inside the caller's transaction."""
    row, made = Recommendation.objects.get_or_create(
        store_id=line.store_id,
        line=line,
        defaults={
            "vehicle_id": visit.vehicle_id,
            "risk": line.risk,
            "reason": line.declined_reason,
            "created_at": clock.now(),
        },
    )
    if made:
        record(
            Recommended(row.pk, line.pk, str(line.risk)),
            store_id=line.store_id,
            subject=row,
            visit_id=visit.pk,
            by=by,
        )
    return row


@transaction.atomic
def revive(
    recommendation: Recommendation,
    *,
    visit: Visit,
    by: Actor | HasActor,
    version: int | None = None,
) -> Line:
    """Offer the work again: a draft on this visit at today's prices. Conflict if it was taken up already, DomainError for
    another car's recommendation."""
    visit = visits.lock(visit, version=version)
    row = (
        Recommendation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("line__operation")
        .get(pk=recommendation.pk)
    )
    if row.vehicle_id != visit.vehicle_id:
        raise DomainError(_("This recommendation belongs to another car."), code="other_car")
    if row.closed_at:
        raise Conflict(_("This recommendation was taken up already."), code="taken_up")
    old = row.line
    is_job = old.hours > 0 or old.operation_id is not None or old.kind == "job"
    line = add_line(
        visit,
        by=by,
        operation=old.operation,
        title=old.title,
        kind=old.kind,
        hours=old.hours if is_job else None,
        fee=None if is_job else old.labour + old.discount,
        parts=[_again(part) for part in old.parts.select_related("part")],
        pay_type=old.pay_type,
        concern=old.concern,
        risk=row.risk,
    )
    row.closed_at, row.revived_line = clock.now(), line
    row.save(update_fields=["closed_at", "revived_line"])
    record(
        RecommendationRevived(row.pk, line.pk, str(row.risk)),
        store_id=visit.store_id,
        subject=row,
        visit_id=visit.pk,
        by=by,
    )
    return line


def _again(part) -> PartInput:
    """The same part at today's price, or at the old one where the catalogue does not have it."""
    known = part.part if part.part_id else None
    return PartInput(
        part=known,
        number=part.number,
        name=part.name,
        part_class=part.part_class,
        quantity=part.quantity,
        unit_price=None if known else part.unit_price,
        brought_by_customer=part.brought_by_customer,
        unit=part.unit,
    )
