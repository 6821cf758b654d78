"""The gate pass: issued when nothing is owed, used once, on its day, for its car."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from checkout import queries
from checkout.choices import Leaving
from checkout.domain.leaving import ask_before_leaving
from checkout.events import GatePassIssued, GatePassUsed, GatePassWithdrawn
from checkout.models import GatePass, LeavingAnswer
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.money import format_money
from core.plates import normalise_plate
from core.stages import Stage
from journal.domain import record
from stores.models import Staff, Store
from stores.numbers import next_number
from visits import domain as visits
from visits.models import Visit


@transaction.atomic
def issue_gate_pass(visit: Visit, *, by: Staff, content: bool = False) -> GatePass:
    """Issue the pass once nothing is owed and the customer was asked whether he is content, valid until the end of the
    store's day. `content`: he said yes just now.

    Asking again returns the valid pass; one that was not used on its day is issued anew with a new number.
    """
    visit = visits.lock(visit)
    if visit.stage != Stage.CHECKOUT:
        raise Conflict(
            _("This car is at “%(stage)s”; a gate pass is issued at checkout.") % {"stage": Stage(visit.stage).label},
            code="stage",
        )
    if not by.may("checkout.take_payment"):
        raise NotAllowed(_("Your role does not issue gate passes."))
    _guard_paid(visit)
    asked = LeavingAnswer.objects.filter(visit=visit).exists()
    if content and not asked:
        ask_before_leaving(visit, answer=Leaving.CONTENT, by=by)
    elif not asked:
        raise DomainError(_("Ask the customer first whether everything is as he wished."), code="not_asked")
    now = clock.now()
    gate_pass = GatePass.objects.select_for_update(of=("self",)).filter(visit=visit).first()
    if gate_pass and queries.is_valid(gate_pass):
        return gate_pass
    if gate_pass is None:
        gate_pass = GatePass(store_id=visit.store_id, visit=visit)
    gate_pass.number = next_number(visit.store, "CM", at=now)
    gate_pass.issued_by, gate_pass.issued_at = by, now
    gate_pass.valid_until = end_of_day(visit.store, now)
    gate_pass.save()
    _record(GatePassIssued(gate_pass.number), gate_pass, by=by)
    return gate_pass


def _guard_paid(visit: Visit) -> None:
    settlement = queries.settlement_of(visit)
    if settlement is None:
        raise DomainError(
            _("There is no settlement list; the advisor has to issue it."),
            code="no_list",
        )
    if owed := queries.balance(settlement):
        raise DomainError(
            _("¥%(amount)s is still owed.") % {"amount": format_money(owed)},
            code="owed",
        )


def end_of_day(store: Store, at: datetime) -> datetime:
    """The last second of the store's local day of `at`."""
    day = clock.local_day(store.zone, at)
    return datetime.combine(day, time(23, 59, 59), tzinfo=store.tz)


def withdraw_gate_pass(visit: Visit, *, by: Staff) -> None:
    """Make an issued pass useless, inside the caller's transaction."""
    gate_pass = GatePass.objects.select_for_update(of=("self",)).filter(visit=visit).first()
    if gate_pass and queries.is_valid(gate_pass):
        gate_pass.valid_until = clock.now()
        gate_pass.save(update_fields=["valid_until"])
        _record(GatePassWithdrawn(gate_pass.number), gate_pass, by=by)


@transaction.atomic
def release(plate: str, *, by: Staff) -> GatePass:
    """Let the car with this plate (or VIN, if it has no plate yet) out: its pass is used and the visit goes to follow-up.

    DomainError: no such car here, no pass, pass of another day. Conflict: the pass was used before.
    """
    if not by.may("checkout.gate"):
        raise NotAllowed(_("Your role does not let cars out."))
    visit = visits.lock(_visit_of(plate))
    gate_pass = GatePass.objects.select_for_update(of=("self",)).filter(visit=visit).first()
    if gate_pass and gate_pass.used_at:
        raise _used(gate_pass)
    if gate_pass is None or visit.stage != Stage.CHECKOUT:
        raise DomainError(
            _("This car has no gate pass: it is at “%(stage)s”. Send the customer to the cashier.")
            % {"stage": Stage(visit.stage).label},
            code="no_pass",
        )
    if not queries.is_valid(gate_pass):
        raise DomainError(
            _("The pass %(number)s is no longer valid. Send the customer to the cashier for a new one.")
            % {"number": gate_pass.number},
            code="expired",
        )
    now = clock.now()
    gate_pass.used_at, gate_pass.used_by = now, by
    gate_pass.save(update_fields=["used_at", "used_by"])
    _record(GatePassUsed(gate_pass.number), gate_pass, by=by)
    visits.advance(visit, to=Stage.FOLLOW_UP, by=by, stamp={"released_at": now})
    return gate_pass


def _visit_of(plate: str) -> Visit:
    found = queries.cars_of_plate(plate)
    if len(found) == 1:
        return found[0]
    left = queries.last_release(plate)
    gate_pass = queries.gate_pass_of(left) if left else None
    if gate_pass and gate_pass.used_at:
        zone = left.store.zone
        if clock.local_day(zone, gate_pass.used_at) == clock.local_day(zone):
            raise _used(gate_pass)
    raise DomainError(
        _("No car with the plate %(plate)s is in the store. Compare the plate with the pass.")
        % {"plate": normalise_plate(plate)[:20] or "–"},
        code="unknown_plate",
    )


def _used(gate_pass: GatePass) -> Conflict:
    return Conflict(
        _("The pass %(number)s was used already, at %(time)s.")
        % {
            "number": gate_pass.number,
            "time": f"{gate_pass.used_at.astimezone(gate_pass.store.tz):%H:%M}",
        },
        code="used",
    )


def _record(event, gate_pass: GatePass, *, by: Staff) -> None:
    record(
        event,
        store_id=gate_pass.store_id,
        subject=gate_pass,
        visit_id=gate_pass.visit_id,
        by=by,
    )
