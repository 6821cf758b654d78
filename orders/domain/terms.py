"""The order itself: its terms, and what every change of it has to respect."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from catalogue import queries as catalogue
from catalogue.choices import RepairCategory
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from core.stages import Stage
from journal.domain import entry, record, record_many
from orders import queries
from orders.choices import LineKind, OldParts
from orders.domain.packs import supersede
from orders.events import OrderOpened, SettlementWithdrawn, TermsChanged
from orders.models import RepairOrder
from visits import domain as visits
from visits.models import Visit

# Work may be added while the workshop can still do it; fees until the customer pays.
# A job belongs to the workshop: found later, it sends the car back or waits for the next visit. A fee may still come until handover.
WORK_STAGES = (Stage.BOOKING, Stage.RECEPTION, Stage.REPAIR)
FEE_STAGES = (*WORK_STAGES, Stage.INSPECTION, Stage.WASH, Stage.HANDOVER)
# What the customer signs for cannot change under his signature.
GUARANTEE = ("guarantee_days", "guarantee_km")
SIGNED_TERMS = ("category", "tolerance_percent", *GUARANTEE)
TERMS = (*SIGNED_TERMS, "old_parts", "settlement_way")
# Nobody promises ten years by a slip of the finger.
MOST_GUARANTEE = {"guarantee_days": 3650, "guarantee_km": 500_000}


class BelowStatute(DomainError):
    """A guarantee shorter than the law sets for the repair category."""


@transaction.atomic
def open_order(
    visit: Visit,
    *,
    by: Actor | HasActor,
    category: RepairCategory | str = RepairCategory.MINOR,
) -> RepairOrder:
    """The visit's order, made if there is none yet, with the guarantee the law sets for its category."""
    return order_of_locked(visits.lock(visit), by=by, category=category)


def order_of_locked(visit: Visit, *, by: Actor | HasActor, category: RepairCategory | str = RepairCategory.MINOR):
    """`open_order` for a domain function that holds the visit's lock."""
    if order := queries.order_of(visit):
        return order
    order, opened = first_order(visit, by=by, category=category)
    record_many([opened])
    return order


def first_order(visit: Visit, *, by: Actor | HasActor, category: RepairCategory | str = RepairCategory.MINOR):
    """Make the order of a visit that has none, in the caller's transaction; (order, event the caller journals)."""
    _known(category, RepairCategory)
    days, km = catalogue.guarantee_for(category)
    order = RepairOrder.objects.create(
        store_id=visit.store_id,
        visit=visit,
        category=category,
        guarantee_days=days,
        guarantee_km=km,
    )
    opened = entry(OrderOpened(str(category)), store_id=visit.store_id, subject=order, visit_id=visit.pk, by=by)
    return order, opened


@transaction.atomic
def set_terms(visit: Visit, *, by: Actor | HasActor, version: int | None = None, **terms) -> RepairOrder:
    """Change category, tolerance_percent, old_parts, settlement_way, guarantee_days or guarantee_km.

    The guarantee follows the category, is never below the statutory one (BelowStatute), and keeps what the store promised beyond
    it. Conflict once the order is signed, for what was signed; an unanswered question to the customer is taken back, because
    it showed the old terms.
    """
    if unknown := set(terms) - set(TERMS):
        raise ValueError(f"not a term of the order: {unknown}")
    visit = lock_for_change(visit, version=version)
    order = open_order(visit, by=by)
    _known(terms.get("category", order.category), RepairCategory)
    _known(terms.get("old_parts", order.old_parts), OldParts)
    tolerance = terms.get("tolerance_percent", order.tolerance_percent)
    if not 0 <= tolerance <= 50:
        raise DomainError(_("The tolerance lies between 0 and 50 percent."), code="tolerance")
    terms |= _guarantee(order, terms)
    changed = {name: value for name, value in terms.items() if getattr(order, name) != value}
    if order.signed_at and any(name in changed for name in SIGNED_TERMS):
        raise Conflict(
            _("The customer has signed these terms; they cannot change any more."),
            code="signed",
        )
    if not changed:
        return order
    for name, value in changed.items():
        setattr(order, name, value)
    order.save(update_fields=list(changed))
    if pack := queries.open_pack(visit):
        supersede(pack, by=by)
    touch(visit, by=by)
    record(
        TermsChanged(str(order.category), str(order.old_parts), order.tolerance_percent),
        store_id=visit.store_id,
        subject=order,
        visit_id=visit.pk,
        by=by,
    )
    return order


def _guarantee(order: RepairOrder, terms: dict) -> dict[str, int]:
    """The guarantee under the new terms: what was asked for, else what the category's law sets; a promise beyond the law of the
    former category stays one."""
    former = dict(zip(GUARANTEE, catalogue.guarantee_for(order.category), strict=True))
    least = dict(zip(GUARANTEE, catalogue.guarantee_for(terms.get("category", order.category)), strict=True))
    wanted = {}
    for name in GUARANTEE:
        beyond = getattr(order, name) if getattr(order, name) > former[name] else 0
        wanted[name] = terms.get(name, max(least[name], beyond))
        if wanted[name] > MOST_GUARANTEE[name]:
            raise DomainError(_("This guarantee is longer than a store can mean."), code="guarantee_long")
        if wanted[name] < least[name]:
            raise BelowStatute(
                _("For this repair category the law sets at least %(days)d days and %(km)d km.")
                % {"days": least["guarantee_days"], "km": least["guarantee_km"]},
                code="below_statute",
            )
    return wanted


def lock_for_change(visit: Visit | int, *, version: int | None = None, kind: str = LineKind.OTHER) -> Visit:
    """Lock the visit and make sure its order may still change: Conflict when it is too late for a line of `kind`."""
    visit = visits.lock(visit, version=version)
    stages = WORK_STAGES if kind == LineKind.JOB else FEE_STAGES
    if visit.stage not in stages:
        raise Conflict(
            _("The order cannot change any more at “%(stage)s”. Open a new visit for further work.")
            % {"stage": Stage(visit.stage).label},
            code="too_late",
        )
    return visit


def last_position(visit: Visit) -> int:
    return visit.lines.aggregate(last=Max("position"))["last"] or 0


def touch(visit: Visit, *, by: Actor | HasActor) -> None:
    """The order changed: a settlement list that was issued is withdrawn, and a form made from the visit as it was is stale.

    Conflict when money was taken for the list.
    """
    withdraw_settlement(visit, by=by)
    visit.version += 1
    visit.save(update_fields=["version"])


def withdraw_settlement(visit: Visit, *, by: Actor | HasActor) -> None:
    """A list that was issued no longer tells the truth once its order changes. Conflict if it was paid."""
    settlement = queries.current_settlement(visit)
    if settlement is None:
        return
    # Payments stand in a higher app; the list only knows that it has some.
    if settlement.payments.exists():
        raise Conflict(
            _("Money was taken for the settlement list. Refund it before the order changes."),
            code="paid",
        )
    settlement.superseded_at = clock.now()
    settlement.save(update_fields=["superseded_at"])
    record(
        SettlementWithdrawn(settlement.pk),
        store_id=visit.store_id,
        subject=settlement,
        visit_id=visit.pk,
        by=by,
    )


def _known(value: str, choices) -> None:
    if value not in choices.values:
        raise DomainError(_("Choose one of the list."), code="unknown_choice")
