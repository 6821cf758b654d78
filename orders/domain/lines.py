"""Lines: what is to be done and charged, until the customer has agreed; and what the workshop writes to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import Operation
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from core.stages import Stage
from journal.domain import record
from orders import queries
from orders.choices import ConsentState, LineKind, LineOrigin, LineWork, PayType, Risk
from orders.domain.packs import ask_again
from orders.domain.pricing import Measured, PartInput, measure, price, set_parts, usual_parts
from orders.domain.redeeming import give_back
from orders.domain.terms import last_position, lock_for_change, order_of_locked, touch
from orders.events import LineAdded, LineChanged, LineDocumented, LineRemoved
from orders.models import Line, LinePhoto, Recommendation
from stores.models import Staff
from visits import domain as visits
from visits.models import Photo, Visit

AGREED_AT_RECEPTION = (Stage.BOOKING, Stage.RECEPTION)
CHANGEABLE = {
    "title",
    "concern",
    "hours",
    "hour_rate",
    "fee",
    "discount",
    "pay_type",
    "risk",
    "parts",
    "measured",
    "replace_reason",
}


@transaction.atomic
def add_line(
    visit: Visit,
    *,
    by: Actor | HasActor,
    operation: Operation | None = None,
    title: str = "",
    kind: LineKind | str = LineKind.JOB,
    hours: Decimal | None = None,
    hour_rate: Decimal | None = None,
    fee: Decimal | None = None,
    discount: Decimal | int = 0,
    parts: Sequence[PartInput] | None = None,
    pay_type: PayType | str = PayType.CUSTOMER,
    concern: str = "",
    origin: LineOrigin | str = LineOrigin.ESTIMATE,
    risk: Risk | str = "",
    found_by: Staff | None = None,
    version: int | None = None,
    photos: Iterable[Photo] = (),
    measured: Measured | None = None,
    replace_reason: str = "",
) -> Line:
    """Put a line on the order, as a draft the customer has not seen.

    An operation brings its title, standard hours and (with `parts=None`) its usual parts; a job costs hours × rate, any other
    kind its `fee` (or hours × rate), less the discount. A part that is replaced although its reading (`measured`) is in range needs
    a `replace_reason` before the customer is asked. What is added at repair or later counts as added. DomainError for
    figures that make no sense, NotAllowed for a discount above the role's, Conflict when it is too late for the order.
    """
    visit = lock_for_change(visit, version=version, kind=kind)
    order_of_locked(visit, by=by)
    line = draft(
        visit,
        position=last_position(visit) + 1,
        by=by,
        operation=operation,
        title=title,
        kind=kind,
        hours=hours,
        hour_rate=hour_rate,
        fee=fee,
        discount=discount,
        pay_type=pay_type,
        concern=concern,
        origin=origin,
        risk=risk,
        found_by=found_by,
        replace_reason=replace_reason.strip()[:200],
    )
    if measured:
        measure(line, measured)
    line.save(force_insert=True)
    set_parts(line, usual_parts(operation) if parts is None else parts, by=by)
    for photo in photos:
        attach_photo(line, photo)
    touch(visit, by=by)
    _journal(added(line), line, by)
    return line


def draft(
    visit: Visit, *, position: int, by, operation, title, kind, hours, hour_rate, fee, discount, origin, **said
) -> Line:
    """A priced and checked line, not saved and still without parts; arguments as for `add_line`."""
    if visit.stage not in AGREED_AT_RECEPTION and origin == LineOrigin.ESTIMATE:
        origin = LineOrigin.ADDED
    said["concern"] = said["concern"].strip()
    line = Line(
        store_id=visit.store_id,
        visit=visit,
        position=position,
        kind=kind,
        origin=origin,
        operation=operation,
        title=(title or (operation.name if operation else "")).strip(),
        created_at=clock.now(),
        **said,
    )
    if line.pay_type == PayType.PACKAGE:
        raise DomainError(
            _("A package pays what is redeemed for it: put the item on the order, then redeem."), code="redeem_first"
        )
    if hours is None:
        hours = operation.hours if operation else 0
    rate = visit.store.hour_rate if hour_rate is None else hour_rate
    price(line, hours=hours, rate=rate, fee=fee, discount=discount, by=by)
    _check(line)
    return line


def added(line: Line) -> LineAdded:
    return LineAdded(line.pk, str(line.kind), str(line.origin), line.labour, line.material)


@transaction.atomic
def change_line(line: Line, *, by: Actor | HasActor, version: int | None = None, **fields) -> Line:
    """Change title, concern, hours, hour_rate, fee, discount, pay_type, risk, parts, measured or replace_reason of a line.

    If the customer was asked about it or had agreed, his word no longer covers it: the line becomes a draft again, and a
    question he has not answered is taken back as a whole, because it showed the old price. Conflict once the workshop has
    the line, or when he declined it.
    """
    if unknown := set(fields) - CHANGEABLE:
        raise ValueError(f"not changeable: {unknown}")
    visit = lock_for_change(line.visit_id, version=version)
    line = _locked(line)
    _guard_change(line)
    before = queries.line_view(line)
    parts = fields.pop("parts", None)
    prices = {name: fields.pop(name) for name in ("hours", "hour_rate", "fee", "discount") if name in fields}
    if measured := fields.pop("measured", None):
        measure(line, measured)
    if fields.get("pay_type", line.pay_type) != line.pay_type and PayType.PACKAGE in (
        line.pay_type,
        fields["pay_type"],
    ):
        raise Conflict(
            _("Who pays “%(title)s” follows from what is redeemed: redeem it, or undo that.") % {"title": line.title},
            code="redeemed",
        )
    for name, value in fields.items():
        setattr(line, name, value.strip() if isinstance(value, str) else value)
    if prices:
        _reprice(line, prices, by=by)
    _check(line)
    line.save()
    if parts is not None:
        set_parts(line, parts, by=by)
        line = _locked(line)
    changed = queries.line_view(line) != before
    reset = changed and line.consent_state != ConsentState.DRAFT
    if reset:
        ask_again(line, by=by)
    if changed:
        touch(visit, by=by)
        _journal(LineChanged(line.pk, line.labour, line.material, reset), line, by)
    return line


@transaction.atomic
def remove_line(line: Line, *, by: Actor | HasActor, version: int | None = None) -> None:
    """Take a draft off the order. What the customer was asked or told stays: Conflict.

    A recommendation that was offered again with this line is open again.
    """
    visit = lock_for_change(line.visit_id, version=version)
    line = _locked(line)
    if line.consent_state != ConsentState.DRAFT:
        raise Conflict(
            _("The customer has been asked about this item; take the question back first."),
            code="asked",
        )
    _journal(LineRemoved(line.pk, str(line.kind), line.labour, line.material), line, by)
    Recommendation.objects.filter(revived_line=line).update(revived_line=None, closed_at=None)
    give_back(line, by=by)
    line.delete()
    touch(visit, by=by)


@transaction.atomic
def set_cause(line: Line, *, cause: str, correction: str, by: Actor | HasActor) -> Line:
    """What was wrong and what was done about it, as the workshop found it."""
    visits.lock(line.visit_id)
    line = _locked(line)
    if line.origin == LineOrigin.IMPORT:
        raise Conflict(_("Imported history stays as it is."), code="imported")
    line.cause, line.correction = cause.strip(), correction.strip()
    line.save(update_fields=["cause", "correction"])
    _journal(LineDocumented(line.pk), line, by)
    return line


@transaction.atomic
def mark_work(line: Line, *, work: LineWork | str, by: Actor | HasActor) -> Line:
    """Where the work on a line stands; for repairs only, which journals the job itself. Conflict without consent, or when the
    car is not in the workshop."""
    visit = visits.lock(line.visit_id)
    line = _locked(line)
    if work in (LineWork.STARTED, LineWork.DONE) and visit.stage != Stage.REPAIR:
        raise Conflict(_("The car is not in the workshop; no work can be done on it now."), code="not_in_repair")
    if work != LineWork.OPEN and line.consent_state != ConsentState.APPROVED:
        raise Conflict(
            _("The customer has not agreed to “%(title)s”; ask before work begins.") % {"title": line.title},
            code="no_consent",
        )
    line.work = work
    line.work_done_at = clock.now() if work == LineWork.DONE else None
    line.save(update_fields=["work", "work_done_at"])
    return line


def attach_photo(line: Line, photo: Photo) -> LinePhoto:
    """Let a photo of the same visit show why the line is needed. Attaching twice is harmless."""
    if photo.visit_id != line.visit_id:
        raise DomainError(_("This photo belongs to another visit."), code="other_visit")
    row, _made = LinePhoto.objects.get_or_create(store_id=line.store_id, line=line, photo=photo)
    return row


def _locked(line: Line) -> Line:
    return Line.objects.select_for_update(of=("self",), no_key=True).select_related("operation").get(pk=line.pk)


def _guard_change(line: Line) -> None:
    if line.origin == LineOrigin.IMPORT:
        raise Conflict(_("Imported history stays as it is."), code="imported")
    if line.work != LineWork.OPEN:
        raise Conflict(
            _("The workshop has “%(title)s” already; its price cannot change any more. Add another item instead.")
            % {"title": line.title},
            code="work_started",
        )
    if line.consent_state == ConsentState.DECLINED:
        raise Conflict(
            _("The customer declined “%(title)s”. Offer it again as a new item.") % {"title": line.title},
            code="declined",
        )


def _reprice(line: Line, prices: dict, *, by: Actor | HasActor) -> None:
    fee = prices.get("fee")
    if fee is None and line.hours == 0 and line.kind != LineKind.JOB:
        # a fee keeps its amount when only its discount changes
        fee = line.labour + line.discount
    price(
        line,
        hours=prices.get("hours", line.hours),
        rate=prices.get("hour_rate", line.hour_rate),
        fee=fee,
        discount=prices.get("discount", line.discount),
        by=by,
    )


def _check(line: Line) -> None:
    if not line.title:
        raise DomainError(_("Say what is to be done."), code="title_missing")
    if len(line.title) > 120:
        raise DomainError(_("The item's name is too long: at most 120 characters."), code="title_long")
    for value, choices in (
        (line.kind, LineKind),
        (line.pay_type, PayType),
        (line.risk or Risk.LATER, Risk),
    ):
        if value not in choices.values:
            raise DomainError(_("Choose one of the list."), code="unknown_choice")


def _journal(evt, line: Line, by: Actor | HasActor) -> None:
    record(evt, store_id=line.store_id, subject=line, visit_id=line.visit_id, by=by)
