"""What a car has coming: granted, redeemed once under a lock, given back, voided."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from customers.choices import EntitlementKind, EntitlementPayer
from customers.events import EntitlementGranted, EntitlementReturned, EntitlementUsed, EntitlementVoided
from customers.models import Entitlement, Vehicle
from journal.domain import record
from stores.models import Staff

MOST_TIMES = 100


@transaction.atomic
def grant_entitlement(
    vehicle: Vehicle,
    *,
    kind: EntitlementKind | str,
    name: str,
    payer: EntitlementPayer | str,
    by: Staff,
    quantity: int = 1,
    operation_code: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    reference: str = "",
) -> Entitlement:
    """Note what a car has coming. DomainError for figures that make no sense, and for a prepaid package without its contract."""
    since = valid_from or clock.local_day(vehicle.store.tz)
    if kind not in EntitlementKind.values or payer not in EntitlementPayer.values:
        raise DomainError(_("Choose one of the list."), code="unknown_choice")
    if not name.strip():
        raise DomainError(_("Say what it is good for."), code="name_missing")
    if not 1 <= quantity <= MOST_TIMES:
        raise DomainError(_("From 1 to %(most)d times.") % {"most": MOST_TIMES}, code="quantity")
    if valid_until and valid_until < since:
        raise DomainError(_("It ends before it begins."), code="dates")
    if payer == EntitlementPayer.PREPAID and not reference.strip():
        raise DomainError(_("A prepaid package has a contract in writing: enter its number."), code="contract")
    row = Entitlement.objects.create(
        store_id=vehicle.store_id,
        vehicle=vehicle,
        kind=kind,
        name=name.strip()[:60],
        operation_code=operation_code.strip(),
        payer=payer,
        quantity=quantity,
        valid_from=since,
        valid_until=valid_until,
        reference=reference.strip()[:60],
        granted_at=clock.now(),
        granted_by=by,
    )
    _journal(EntitlementGranted(row.pk, str(kind), str(payer), quantity), row, by)
    return row


@transaction.atomic
def void_entitlement(entitlement: Entitlement, *, reason: str, by: Staff) -> Entitlement:
    """Take back what is left of it, with the reason. Voiding twice keeps the first."""
    row = lock_entitlement(entitlement.pk)
    if row.voided_at:
        return row
    if not reason.strip():
        raise DomainError(_("Say why."), code="reason_missing")
    row.voided_at, row.void_reason = clock.now(), reason.strip()[:120]
    row.save(update_fields=["voided_at", "void_reason"])
    _journal(EntitlementVoided(row.pk, row.left), row, by)
    return row


def lock_entitlement(pk: int) -> Entitlement:
    """The row, fresh and locked until the transaction ends: two tills cannot redeem the same one."""
    return Entitlement.objects.select_for_update(of=("self",), no_key=True).select_related("vehicle").get(pk=pk)


def use_entitlement(
    entitlement: Entitlement, *, vehicle_id: int, by: Actor | HasActor, visit_id: int | None = None
) -> Entitlement:
    """Redeem one, inside the caller's transaction, whose work it pays. Conflict when it is used up, voided, out of date or
    another car's."""
    row = lock_entitlement(entitlement.pk)
    today = clock.local_day(row.store.tz)
    if row.vehicle_id != vehicle_id:
        raise Conflict(_("“%(name)s” belongs to another car.") % {"name": row.name}, code="other_car")
    if row.voided_at:
        raise Conflict(_("“%(name)s” was taken back.") % {"name": row.name}, code="voided")
    if today < row.valid_from or (row.valid_until and today > row.valid_until):
        raise Conflict(_("“%(name)s” is not valid today.") % {"name": row.name}, code="out_of_date")
    if row.left < 1:
        raise Conflict(_("“%(name)s” is used up.") % {"name": row.name}, code="used_up")
    row.used += 1
    row.save(update_fields=["used"])
    _journal(EntitlementUsed(row.pk, row.left), row, by, visit_id)
    return row


def return_entitlement(entitlement: Entitlement, *, by: Actor | HasActor, visit_id: int | None = None) -> Entitlement:
    """Give back one that was redeemed, inside the caller's transaction: the work was not done, or not on its account."""
    row = lock_entitlement(entitlement.pk)
    row.used -= 1
    row.save(update_fields=["used"])
    _journal(EntitlementReturned(row.pk, row.left), row, by, visit_id)
    return row


def _journal(evt, row: Entitlement, by, visit_id: int | None = None) -> None:
    record(evt, store_id=row.store_id, subject=row, visit_id=visit_id, by=by)
