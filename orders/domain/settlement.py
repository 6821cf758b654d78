"""The settlement list: made of what was agreed and nothing else, before any money is taken (明码标价规定 §15)."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError, GateClosed
from core.money import format_money, money
from core.stages import Stage
from journal.domain import record
from orders import queries
from orders.choices import ConsentState
from orders.domain.terms import open_order, withdraw_settlement
from orders.events import SettlementExplained, SettlementIssued
from orders.models import RepairOrder, Settlement
from stores.models import Staff
from stores.numbers import next_number
from visits import domain as visits
from visits.models import Visit

# Before the final inspection is passed nobody knows what was really done.
SETTLED_AT = (Stage.INSPECTION, Stage.WASH, Stage.HANDOVER, Stage.CHECKOUT)
NUMBER_KIND = "ST"


@transaction.atomic
def issue_settlement(
    visit: Visit,
    *,
    by: Staff,
    brought_by: str = "",
    mileage_out: int | None = None,
    certificate: str = "",
    version: int | None = None,
) -> Settlement:
    """Issue the settlement list of the lines the customer agreed to, frozen as it will be printed.

    The same list again is the one there is; a different one is a new version in its place. GateClosed with what is missing
    (unanswered items, unfinished work), DomainError when it comes to more than was agreed and the tolerance allows,
    Conflict when money was taken for the former list or the visit is at another stage.
    """
    visit = visits.lock(visit, version=version)
    if visit.stage not in SETTLED_AT:
        raise Conflict(
            _("At “%(stage)s” there is nothing to settle yet.") % {"stage": Stage(visit.stage).label},
            code="too_early",
        )
    if blockers := queries.settlement_blockers(visit):
        raise GateClosed(blockers)
    order = open_order(visit, by=by)
    lines = queries.order_lines(visit)
    totals = queries.totals_of(line for line in lines if line.consent_state == ConsentState.APPROVED)
    _guard_tolerance(visit, order, totals.total)
    content = queries.settlement_content(
        visit,
        order,
        lines,
        brought_by=brought_by,
        mileage_out=mileage_out,
        certificate=certificate,
    )
    current = queries.current_settlement(visit)
    if current and current.content == content:
        return current
    withdraw_settlement(visit, by=by)
    return _issue(visit, content, totals, by=by)


def _guard_tolerance(visit: Visit, order: RepairOrder, total: Decimal) -> None:
    """What exceeds the estimate by more than the agreed tolerance needs the customer's word (JT/T 816 5.4.2)."""
    agreed = queries.consented_amount(visit)
    most = money(agreed * (1 + order.tolerance_percent / 100))
    if total > most:
        raise DomainError(
            _(
                "The list comes to ¥%(total)s, the customer agreed to ¥%(agreed)s (tolerance %(percent)s%%). "
                "Ask for the difference first."
            )
            % {
                "total": format_money(total),
                "agreed": format_money(agreed),
                "percent": order.tolerance_percent.normalize(),
            },
            code="over_estimate",
        )


def _issue(visit: Visit, content: dict, totals, *, by: Staff) -> Settlement:
    now = clock.now()
    last = visit.settlements.order_by("-version").first()
    settlement = Settlement.objects.create(
        store_id=visit.store_id,
        visit=visit,
        number=next_number(visit.store, NUMBER_KIND, at=now),
        version=last.version + 1 if last else 1,
        content=content,
        labour=totals.labour,
        material=totals.material,
        other=totals.other,
        discount=totals.discount,
        total=totals.total,
        payable=totals.payable,
        issued_at=now,
        issued_by=by,
    )
    record(
        SettlementIssued(
            settlement.pk,
            settlement.number,
            settlement.version,
            settlement.total,
            settlement.payable,
            [view["id"] for view in content["lines"]],
        ),
        store_id=visit.store_id,
        subject=settlement,
        visit_id=visit.pk,
        by=by,
        at=now,
    )
    return settlement


@transaction.atomic
def explain_settlement(settlement: Settlement, *, by: Actor | HasActor) -> Settlement:
    """The list was gone through with the customer. A second time keeps the first; Conflict if a newer list replaced it."""
    visit = visits.lock(settlement.visit_id)
    settlement = visit.settlements.select_for_update(of=("self",), no_key=True).get(pk=settlement.pk)
    if settlement.superseded_at:
        raise Conflict(
            _("A newer settlement list replaced this one; explain that one."),
            code="superseded",
        )
    if settlement.explained_at is None:
        settlement.explained_at = clock.now()
        settlement.save(update_fields=["explained_at"])
        record(
            SettlementExplained(settlement.pk),
            store_id=visit.store_id,
            subject=settlement,
            visit_id=visit.pk,
            by=by,
        )
    return settlement
