"""The customer has his car back: everything explained, answered, shown and signed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError, GateClosed
from core.stages import Stage
from customers import domain as customers
from handover import gates, queries
from handover.choices import NextService
from handover.domain.prepare import checked_mileage, issue, lock
from handover.events import HandoverCompleted
from handover.models import Handover
from journal.domain import record
from orders import domain as orders
from orders import queries as order_queries
from standards import domain as standards
from standards import queries as standard_queries
from standards.choices import ChecklistUse
from standards.models import ChecklistRun
from stores.models import Staff
from visits import domain as visits
from visits.choices import SignaturePurpose
from visits.models import Visit


@transaction.atomic
def complete_filled(visit: Visit, *, by: Staff, results: dict[int, dict], **fields) -> Handover:
    """Fill the handover checklist with `results` ({item id: {state, value, note}}) and complete, in one step."""
    visit, handover = lock(visit, by=by)
    run = handover.run or standards.start_run(use=ChecklistUse.HANDOVER, visit_id=visit.pk, by=by, round=visit.round)
    if run.completed_at is None:
        standards.fill(run, results, by=by)
        run = standards.complete(run, by=by)
    return complete(visit, by=by, run=run, **fields)


@transaction.atomic
def complete(
    visit: Visit,
    *,
    by: Staff,
    old_parts_shown: bool,
    settings_reset: bool,
    mileage_out: int,
    next_service: NextService | str,
    signer: str,
    next_service_on: date | None = None,
    next_service_km: int | None = None,
    declined_named: bool = False,
    belongings_returned: bool = False,
    call_preference: str = "",
    advice: str = "",
    run: ChecklistRun | None = None,
    strokes: list | None = None,
    png_data_url: str = "",
    ip: str | None = None,
    device: str = "",
    version: int | None = None,
) -> Handover:
    """Complete the handover and send the visit to the cashier; stamps `handed_over_at`.

    The customer signs under the settlement list (`signer`, with strokes and picture where he drew). `declined_named`: the
    safety work he declined was named once more. `belongings_returned`: he has back what he left in the store's keeping.
    `run` is the filled checklist, by default the one that was begun.

    GateClosed with everything that is still owed to the customer; DomainError for an impossible mileage or next service.
    """
    visit, handover = lock(visit, by=by, version=version)
    _write(
        visit,
        handover,
        old_parts_shown=old_parts_shown,
        settings_reset=settings_reset,
        declined_named=declined_named,
        belongings_returned=belongings_returned,
        call_preference=call_preference.strip()[:40],
        advice=advice.strip()[:300],
        run=run or handover.run,
    )
    _agree_next(visit, handover, next_service, next_service_on, next_service_km)
    _read_mileage(visit, handover, mileage_out, by=by)
    if blockers := gates.missing(visit, handover):
        raise GateClosed(blockers)
    _guard_run(visit, handover.run)
    handover.signature = _sign_list(
        visit, signer=signer, strokes=strokes, png_data_url=png_data_url, ip=ip, device=device
    )
    handover.completed_at = clock.now()
    handover.save()
    said = HandoverCompleted(str(handover.next_service), handover.mileage_out, by.pk)
    record(said, store_id=visit.store_id, subject=handover, visit_id=visit.pk, by=by, at=handover.completed_at)
    visits.advance(visit, to=Stage.CHECKOUT, by=by, stamp={"handed_over_at": handover.completed_at})
    return handover


def _sign_list(visit: Visit, **drawn):
    """The customer's name under the settlement list as it was explained to him."""
    document = order_queries.canonical(order_queries.current_settlement(visit).content)
    return visits.sign(visit, purpose=SignaturePurpose.HANDOVER, document=document, **drawn)


def _write(visit: Visit, handover: Handover, **values) -> None:
    for field, value in values.items():
        setattr(handover, field, value)


def _guard_run(visit: Visit, run: ChecklistRun) -> None:
    if (run.visit_ref, run.checklist.use) != (visit.pk, ChecklistUse.HANDOVER):
        raise DomainError(
            _("This checklist belongs to another handover; begin a new one."),
            code="other_run",
        )
    if failed := standard_queries.failures(run):
        raise DomainError(
            _("Not in order: %(items)s. Put it right before the customer leaves.")
            % {"items": _(", ").join(result.item.name for result in failed)},
            code="failures",
        )


def _agree_next(
    visit: Visit,
    handover: Handover,
    choice: str,
    on: date | None,
    km: int | None,
) -> None:
    if choice not in NextService.values:
        raise DomainError(_("Agree on the next service."), code="next_missing")
    if choice == NextService.BOOKED and not queries.next_visit_booked(visit):
        raise DomainError(
            _("The next visit is not booked yet; book it, or choose a reminder."),
            code="not_booked",
        )
    if choice == NextService.REMIND and not on and not km:
        raise DomainError(
            _("Say when the customer is to be reminded: a date or a mileage."),
            code="next_when",
        )
    if on and on <= clock.local_day(visit.store.zone):
        raise DomainError(
            _("The next service lies in the future; choose a later date."),
            code="next_past",
        )
    handover.next_service = choice
    handover.next_service_on, handover.next_service_km = on, km


def _read_mileage(visit: Visit, handover: Handover, mileage_out: int, *, by: Staff) -> None:
    """Keep the mileage; the list that was explained gets it printed, with the same lines and the same money."""
    changed = handover.mileage_out != mileage_out
    handover.mileage_out = checked_mileage(visit, mileage_out)
    if visit.mileage_in is None or mileage_out > visit.mileage_in:
        customers.read_odometer(
            visit.vehicle,
            km=mileage_out,
            on=clock.local_day(visit.store.zone),
            by=by,
        )
    settlement = order_queries.current_settlement(visit)
    if not changed or settlement is None or settlement.explained_at is None:
        return
    if queries.out_of_date(visit, settlement):
        return
    newer = issue(visit, handover, by=by)
    if (newer.total, newer.payable) == (settlement.total, settlement.payable):
        orders.explain_settlement(newer, by=by)
