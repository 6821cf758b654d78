"""Work that is done outside the house (外协): sent, due back, back, called off."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from core.money import money
from journal.domain import record
from orders import domain as orders
from orders.choices import LineWork
from orders.models import Line
from repairs.choices import SubletState
from repairs.domain.floor import replan
from repairs.domain.locking import in_repair, lock_line
from repairs.domain.planning import may_be_dispatched
from repairs.events import SubletChanged, SubletEnded, SubletSent
from repairs.models import Sublet
from stores.models import Staff
from visits.models import Visit

LARGEST = Decimal(10_000_000)


@transaction.atomic
def send_out(
    line: Line,
    *,
    supplier: str,
    due_at: datetime,
    by: Staff,
    cost: Decimal = Decimal(0),
    note: str = "",
    version: int | None = None,
) -> Sublet:
    """Give an agreed line to a supplier instead of a technician; `cost` is what the store pays for it.

    The line is in work until it is back. Refuses what `dispatch` refuses of a line, and a due time in the past.
    """
    visit, line = lock_line(line, version=version)
    may_be_dispatched(line)
    if not supplier.strip():
        raise DomainError(_("Say who does the work."), code="supplier_missing")
    _in_future(due_at)
    sublet = Sublet.objects.create(
        store_id=visit.store_id,
        line=line,
        round=visit.round,
        supplier=supplier.strip()[:60],
        sent_at=clock.now(),
        sent_by=by,
        due_at=due_at,
        cost=_cost(cost),
        note=note.strip()[:200],
    )
    orders.mark_work(line, work=LineWork.STARTED, by=by)
    _journal(SubletSent(sublet.pk, line.pk, due_at, sublet.cost, sublet.round), visit, sublet, by)
    replan(visit)
    return sublet


@transaction.atomic
def change_sublet(sublet: Sublet, *, due_at: datetime, cost: Decimal, by: Staff) -> Sublet:
    """The supplier needs longer, or another price."""
    visit, sublet = _lock(sublet)
    _in_future(due_at)
    sublet.due_at, sublet.cost = due_at, _cost(cost)
    sublet.save(update_fields=["due_at", "cost"])
    _journal(SubletChanged(sublet.pk, sublet.line_id, due_at, sublet.cost), visit, sublet, by)
    return sublet


@transaction.atomic
def receive_back(sublet: Sublet, *, note: str, by: Staff) -> Sublet:
    """The work is back: somebody of the house looked at it and says how it is; the line is done."""
    visit, sublet = _lock(sublet)
    if not note.strip():
        raise DomainError(_("Say what was checked when it came back."), code="note_missing")
    sublet.received_by, sublet.note = by, note.strip()[:200]
    _end(sublet, SubletState.BACK, visit, by)
    orders.mark_work(sublet.line, work=LineWork.DONE, by=by)
    replan(visit)
    return sublet


@transaction.atomic
def call_off(sublet: Sublet, *, reason: str, by: Staff) -> Sublet:
    """Not done outside after all; the line can be dispatched again."""
    visit, sublet = _lock(sublet)
    if not reason.strip():
        raise DomainError(_("Say why it is called off."), code="reason_missing")
    sublet.note = reason.strip()[:200]
    _end(sublet, SubletState.CALLED_OFF, visit, by)
    orders.mark_work(sublet.line, work=LineWork.OPEN, by=by)
    replan(visit)
    return sublet


def _lock(sublet: Sublet) -> tuple[Visit, Sublet]:
    visit, _line = lock_line(sublet.line)
    in_repair(visit)
    sublet = Sublet.objects.select_for_update(of=("self",), no_key=True).select_related("line").get(pk=sublet.pk)
    if sublet.state != SubletState.OUT:
        raise Conflict(_("This work is not outside any more; reload the board."), code="not_out")
    return visit, sublet


def _end(sublet: Sublet, state: SubletState, visit: Visit, by: Staff) -> None:
    sublet.state, sublet.back_at = state, clock.now()
    sublet.save(update_fields=["state", "back_at", "received_by", "note"])
    late = sublet.back_at > sublet.due_at
    _journal(SubletEnded(sublet.pk, sublet.line_id, str(state.value), late), visit, sublet, by)


def _in_future(due_at: datetime) -> None:
    if due_at <= clock.now():
        raise DomainError(_("Due back lies in the past; enter when it will be here again."), code="past")


def _cost(cost: Decimal) -> Decimal:
    if not 0 <= cost <= LARGEST:
        raise DomainError(_("Enter what it costs the store, nothing or more."), code="cost")
    return money(cost)


def _journal(evt, visit: Visit, sublet: Sublet, by: Staff) -> None:
    record(evt, store_id=visit.store_id, subject=sublet, visit_id=visit.pk, by=by)
