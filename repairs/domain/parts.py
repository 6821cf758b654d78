"""Material from the counter to the car and back: request, order, arrive, issue, return (领料、订货、退料)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from catalogue.models import Part
from core import clock
from core.actors import Actor, HasActor
from core.clock import local_day
from core.errors import Conflict, DomainError, NotAllowed
from journal.domain import record
from repairs.choices import PartRequestStatus
from repairs.domain.floor import replan
from repairs.domain.locking import in_repair, lock_job, lock_request
from repairs.events import (
    PartArrived,
    PartIssued,
    PartOrdered,
    PartRequestCancelled,
    PartRequested,
    PartReturned,
    StockReceived,
)
from repairs.models import LIVE, Job, PartRequest
from repairs.queries.parts import OPEN, parts_of, returned_quantity
from repairs.rules import may_ask_for_parts
from repairs.stock import stock
from stores.models import Staff
from visits.models import Visit

LARGEST = Decimal(999_999)


@transaction.atomic
def request_parts(job: Job, *, by: Staff) -> list[PartRequest]:
    """Ask the counter for what the job's line needs and has neither got nor asked for; asking twice asks once. What the
    stock holds is kept for it.

    The customer's own parts are not asked for. NotAllowed for anybody but the technician and the controller, Conflict when
    the job is over.
    """
    visit, job = lock_job(job)
    in_repair(visit)
    if not may_ask_for_parts(by, job):
        raise NotAllowed(_("Only %(technician)s asks for this job's parts.") % {"technician": job.technician.name})
    if job.state not in LIVE:
        raise Conflict(_("This job is over; parts are asked for while it is open."), code="not_live")
    made = []
    for state in parts_of(job):
        if not state.to_ask:
            continue
        request = PartRequest(
            store_id=visit.store_id,
            line_part=state.line_part,
            job=job,
            quantity=state.to_ask,
            requested_by=by,
            requested_at=clock.now(),
        )
        request.reserved = stock().reserve(request)
        request.save()
        _journal(PartRequested(request.pk, job.pk, state.line_part.part_id, request.quantity), visit, request, by)
        made.append(request)
    if made:
        replan(visit)
    return made


@transaction.atomic
def issue_parts(request: PartRequest, *, by: Staff, quantity: Decimal | None = None) -> PartRequest:
    """Hand out what was asked for (all of it unless `quantity` says less; the rest stays open as a request of its own).

    Conflict when it was issued or cancelled meanwhile, or the stock does not hold it; the stock never goes below zero.
    """
    visit, request = lock_request(request)
    _still_open(request)
    quantity = request.quantity if quantity is None else _amount(quantity)
    if quantity > request.quantity:
        raise DomainError(
            _("%(asked)s were asked for; issue at most that many.") % {"asked": _plain(request.quantity)},
            code="too_many",
        )
    stock().take(request, quantity)
    rest = request.quantity - quantity
    request.status, request.quantity, request.reserved = PartRequestStatus.ISSUED, quantity, Decimal(0)
    request.issued_by, request.issued_at = by, clock.now()
    request.save(update_fields=["status", "quantity", "reserved", "issued_by", "issued_at"])
    left = _ask_for_rest(request, rest) if rest else None
    issued = PartIssued(request.pk, request.job_id, request.line_part.part_id, quantity, left.pk if left else None)
    _journal(issued, visit, request, by)
    replan(visit)
    return request


def _ask_for_rest(request: PartRequest, quantity: Decimal) -> PartRequest:
    rest = PartRequest(
        store_id=request.store_id,
        line_part=request.line_part,
        job=request.job,
        quantity=quantity,
        requested_by_id=request.requested_by_id,
        requested_at=request.requested_at,
    )
    rest.reserved = stock().reserve(rest)
    rest.save()
    return rest


@transaction.atomic
def order_parts(
    request: PartRequest,
    *,
    expected_on: date,
    by: Staff,
    supplier: str = "",
    carrier: str = "",
    tracking_number: str = "",
) -> PartRequest:
    """Order what the stock does not hold, or correct an order: the expected day (the past is refused), from whom, and how it
    travels. The car waits in the ledger until that day."""
    visit, request = lock_request(request)
    _still_open(request)
    if expected_on < local_day(visit.store.zone):
        raise DomainError(_("The expected day lies in the past; enter when the part will be here."), code="past")
    former = request.expected_on if request.status == PartRequestStatus.ORDERED else None
    request.status, request.expected_on = PartRequestStatus.ORDERED, expected_on
    request.ordered_at = request.ordered_at or clock.now()
    request.supplier, request.carrier = supplier.strip()[:60], carrier.strip()[:40]
    request.tracking_number = tracking_number.strip()[:60]
    request.save(update_fields=["status", "expected_on", "ordered_at", "supplier", "carrier", "tracking_number"])
    ordered = PartOrdered(
        request.pk,
        request.job_id,
        request.line_part.part_id,
        expected_on,
        former if former != expected_on else None,
        bool(request.tracking_number),
    )
    _journal(ordered, visit, request, by)
    replan(visit)
    return request


@transaction.atomic
def parts_arrived(request: PartRequest, *, by: Staff, quantity: Decimal | None = None) -> PartRequest:
    """An ordered part is here: into stock with it (as many as asked for, or `quantity`), kept for this request, ready to be
    issued."""
    visit, request = lock_request(request)
    if request.status != PartRequestStatus.ORDERED:
        raise Conflict(_("This part is not on order (any more); reload the list."), code="not_ordered")
    quantity = request.quantity if quantity is None else _amount(quantity)
    part = request.line_part.part
    if part:
        stock().put_back(part, quantity)
    request.status, request.arrived_at = PartRequestStatus.REQUESTED, clock.now()
    request.reserved = stock().reserve(request)
    request.save(update_fields=["status", "arrived_at", "reserved"])
    _journal(PartArrived(request.pk, request.job_id, request.line_part.part_id, quantity), visit, request, by)
    if part:
        keep_for_waiting(part)
    replan(visit)
    return request


@transaction.atomic
def return_parts(request: PartRequest, *, quantity: Decimal, reason: str, by: Staff) -> PartRequest:
    """Take back issued material that was not used (退料): a row of its own beside the issued one, and back into stock.

    At most what was issued and has not come back yet; with its reason. Returns the new row.
    """
    visit, issued = lock_request(request)
    if issued.status != PartRequestStatus.ISSUED:
        raise Conflict(_("Only issued parts can be returned."), code="not_issued")
    if not reason.strip():
        raise DomainError(_("Say why the part comes back."), code="reason_missing")
    quantity, left = _amount(quantity), issued.quantity - returned_quantity(issued)
    if quantity > left:
        raise DomainError(
            _("At most %(left)s can come back: no more is out in the workshop.") % {"left": _plain(left)},
            code="too_many",
        )
    back = PartRequest.objects.create(
        store_id=issued.store_id,
        line_part=issued.line_part,
        job=issued.job,
        quantity=quantity,
        status=PartRequestStatus.RETURNED,
        requested_by_id=issued.requested_by_id,
        requested_at=clock.now(),
        issued_by=by,
        issued_at=clock.now(),
        returns=issued,
        reason=reason.strip()[:200],
    )
    if part := issued.line_part.part:
        stock().put_back(part, quantity)
        keep_for_waiting(part)
    _journal(PartReturned(back.pk, issued.job_id, issued.line_part.part_id, quantity), visit, back, by)
    return back


@transaction.atomic
def cancel_request(request: PartRequest, *, reason: str, by: Actor | HasActor) -> PartRequest:
    """A request nobody needs any more, with its reason; it would keep the car in the workshop."""
    request = give_up(request, reason=reason, by=by)
    replan(request.job.line.visit_id)
    return request


def give_up(request: PartRequest, *, reason: str, by: Actor | HasActor) -> PartRequest:
    """`cancel_request` inside another change, which plans the car anew itself: days of the ledger are locked last."""
    visit, request = lock_request(request)
    _still_open(request)
    if not reason.strip():
        raise DomainError(_("Say why the request is cancelled."), code="reason_missing")
    freed = request.reserved
    request.status, request.reason, request.reserved = PartRequestStatus.CANCELLED, reason.strip()[:200], Decimal(0)
    request.save(update_fields=["status", "reason", "reserved"])
    _journal(PartRequestCancelled(request.pk, request.job_id), visit, request, by)
    if freed:
        keep_for_waiting(request.line_part.part)
    return request


@transaction.atomic
def receive_stock(part: Part, *, quantity: Decimal, by: Staff) -> Part:
    """Goods came in that no request waits for."""
    stock().put_back(part, _amount(quantity))
    keep_for_waiting(part)
    record(StockReceived(part.pk, _amount(quantity)), store_id=part.store_id, subject=part, by=by)
    return Part.objects.get(pk=part.pk)


def keep_for_waiting(part: Part) -> None:
    """What has come in is kept for those who wait for it: customers who wait first, then by promised time.

    Only requests that are not on order: what is on order has its own delivery. Their cars' capacity follows with the next
    change of work, at the latest with the evening's planning.
    """
    waiting = (
        PartRequest.objects.filter(line_part__part=part, status=PartRequestStatus.REQUESTED, reserved__lt=F("quantity"))
        .select_related("line_part")
        .order_by("-job__line__visit__waiting", F("job__line__visit__promised_at").asc(nulls_last=True), "pk")
        # Whoever holds a request now is about to reserve or issue by himself; waiting for him here would be a deadlock.
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
    )
    for request in waiting:
        request.reserved = stock().reserve(request)
        request.save(update_fields=["reserved"])


def _still_open(request: PartRequest) -> None:
    if request.status in OPEN:
        return
    if request.status == PartRequestStatus.ISSUED:
        raise Conflict(
            _("%(name)s has issued “%(part)s” already; reload the list.")
            % {"name": request.issued_by.name, "part": request.line_part.name},
            code="issued",
        )
    raise Conflict(_("This request is not open any more; reload the list."), code="not_open")


def _amount(quantity) -> Decimal:
    quantity = Decimal(quantity)
    if not 0 < quantity <= LARGEST or quantity != round(quantity, 2):
        raise DomainError(_("Enter a quantity above zero, with at most two decimals."), code="quantity")
    return quantity


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _journal(evt, visit: Visit, request: PartRequest, by: Actor | HasActor) -> None:
    record(evt, store_id=visit.store_id, subject=request, visit_id=visit.pk, by=by)
