"""Cars: the VIN is a car's identity, the plate only a key that moves from car to car.

What a stranger types on a public page never takes a car, a plate or an entry away from somebody: a `by` of kind customer
fills in what is empty, staff and programs correct.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import clock, plates
from core import vin as vins
from core.actors import CUSTOMER, Actor, HasActor, actor_of
from core.errors import Conflict, DomainError
from customers.choices import OwnershipKind, PlateKind, Powertrain
from customers.events import OwnershipChanged, PlateChanged, VehicleRegistered
from customers.models import Customer, Ownership, PlateChange, Vehicle
from journal.domain import record
from stores.models import Store

# What a caller may say about a car besides plate, VIN and owner.
DETAILS = {"brand", "model", "year", "colour", "engine_no", "powertrain", "invoice_date"}
_MAX_PLATE = 12


@transaction.atomic
def register_vehicle(
    *,
    store: Store,
    owner: Customer | None,
    plate: str = "",
    vin: str = "",
    plate_kind: PlateKind | str | None = None,
    by: Actor | HasActor,
    **details,
) -> Vehicle:
    """Enter a car, or bring the one that is known by this VIN or plate up to date; never a second row for one car.

    A plate that another VIN carried so far moves over; the other car keeps it in its history. `owner` becomes the owner
    (with the customer as `by`: only of a car without one, else he is noted as who brings it). `details`: brand, model,
    year, colour, engine_no, powertrain, invoice_date. DomainError without plate and VIN, or for a wrong one.
    """
    if unknown := set(details) - DETAILS:
        raise TypeError(f"not a detail of a car: {sorted(unknown)}")
    plate, kind = _clean_plate(plate, plate_kind)
    vin = _clean_vin(vin)
    if not plate and not vin:
        raise DomainError(_("A car needs its number plate or its VIN."), code="identity_missing")
    trusted = actor_of(by).kind != CUSTOMER
    car = _known(store, plate, vin, trusted) or _create(store, plate, kind, vin, owner, details, by, trusted)
    if car is None:
        # Somebody entered the same car in this very moment: now it is known.
        car = _known(store, plate, vin, trusted)
        if car is None:
            raise Conflict(_("This car was just entered by somebody else; search for it."), code="entered_meanwhile")
    _bring_up_to_date(car, plate=plate, kind=kind, vin=vin, owner=owner, details=details, by=by, trusted=trusted)
    return car


@transaction.atomic
def update_vehicle(vehicle: Vehicle, *, by: Actor | HasActor, vin: str | None = None, **details) -> Vehicle:
    """Correct a car's VIN or details (see `DETAILS`). Conflict if another car of the store has this VIN."""
    if unknown := set(details) - DETAILS:
        raise TypeError(f"not a detail of a car: {sorted(unknown)}")
    vehicle = _lock(vehicle)
    if vin is not None and _clean_vin(vin) != vehicle.vin:
        _set_vin(vehicle, _clean_vin(vin))
        if not vehicle.vin and not vehicle.plate:
            raise DomainError(_("A car needs its number plate or its VIN."), code="identity_missing")
    for field, value in details.items():
        setattr(vehicle, field, value)
    try:
        with transaction.atomic():
            vehicle.save()
    except IntegrityError as error:
        raise _two_cars(error) from error
    return vehicle


@transaction.atomic
def change_plate(
    vehicle: Vehicle, *, plate: str, by: Actor | HasActor, plate_kind: PlateKind | str | None = None
) -> Vehicle:
    """Give a car another plate, or none ("") while it has a VIN. The old one stays in its history and finds it still.

    A car with a VIN that carried the new plate so far loses it. Conflict if that car is known by nothing but the plate.
    """
    plate, kind = _clean_plate(plate, plate_kind)
    meant = Q(pk=vehicle.pk) | (Q(plate=plate, store_id=vehicle.store_id) if plate else Q())
    rows = {row.pk: row for row in _locking().filter(meant).order_by("pk")}
    vehicle = rows[vehicle.pk]
    if vehicle.plate == plate:
        return vehicle
    if not plate and not vehicle.vin:
        raise DomainError(_("A car needs its number plate or its VIN."), code="identity_missing")
    if plate:
        _free(vehicle.store_id, plate, by=by)
    _put_plate(vehicle, plate, kind, by=by)
    return vehicle


@transaction.atomic
def change_owner(vehicle: Vehicle, *, to: Customer, by: Actor | HasActor, on: date | None = None) -> Vehicle:
    """The car has another owner from the store's day `on` (today). What was done to the car stays with the car."""
    vehicle = _lock(vehicle)
    if vehicle.owner_id == to.pk:
        return vehicle
    on = on or clock.local_day(vehicle.store.zone)
    for former in vehicle.ownerships.filter(kind=OwnershipKind.OWNER, until=None):
        former.until = max(former.since, on)
        former.save(update_fields=["until"])
    _own(vehicle, to, OwnershipKind.OWNER, since=on)
    vehicle.owner = to
    vehicle.save(update_fields=["owner"])
    evt = OwnershipChanged(vehicle.pk, to.pk, OwnershipKind.OWNER.value)
    record(evt, store_id=vehicle.store_id, subject=vehicle, by=by)
    return vehicle


@transaction.atomic
def note_driver(vehicle: Vehicle, *, customer: Customer, by: Actor | HasActor) -> Ownership:
    """Note that `customer` brings the car without owning it; noting it twice is harmless."""
    vehicle = _lock(vehicle)
    known = vehicle.ownerships.filter(customer=customer, kind=OwnershipKind.DRIVER, until=None).first()
    if known:
        return known
    row = _own(vehicle, customer, OwnershipKind.DRIVER, since=clock.local_day(vehicle.store.zone))
    evt = OwnershipChanged(vehicle.pk, customer.pk, OwnershipKind.DRIVER.value)
    record(evt, store_id=vehicle.store_id, subject=vehicle, by=by)
    return row


def _known(store: Store, plate: str, vin: str, trusted: bool) -> Vehicle | None:
    """The car that is meant, locked together with the one that carries the plate now."""
    meant = (Q(vin=vin) if vin else Q()) | (Q(plate=plate) if plate else Q())
    # In the order of their ids: two people who exchange plates between two cars then wait, and do not deadlock.
    rows = list(_locking().filter(meant, store=store).order_by("pk"))
    by_vin = next((car for car in rows if vin and car.vin == vin), None)
    by_plate = next((car for car in rows if plate and car.plate == plate), None)
    if by_vin or by_plate is None:
        return by_vin
    # A plate on another VIN is another car, unless a stranger says so.
    return by_plate if not vin or not by_plate.vin or not trusted else None


def _create(store, plate, kind, vin, owner, details, by, trusted) -> Vehicle | None:
    """A new row, or None if the same car was entered meanwhile."""
    if plate:
        _free(store.pk, plate, by=by)
    car = Vehicle(store=store, plate=plate, plate_kind=kind, owner=owner, **details)
    _set_vin(car, vin)
    try:
        with transaction.atomic():
            car.save(force_insert=True)
    except IntegrityError as error:
        if "customers_vehicle_vin_once" in str(error) or "customers_vehicle_plate_once" in str(error):
            return None
        raise
    if owner:
        _own(car, owner, OwnershipKind.OWNER, since=clock.local_day(store.zone))
    record(VehicleRegistered(car.pk, owner.pk if owner else None), store_id=store.pk, subject=car, by=by)
    return car


def _bring_up_to_date(car: Vehicle, *, plate, kind, vin, owner, details, by, trusted: bool) -> None:
    changed = []
    if vin and not car.vin:
        _set_vin(car, vin)
        changed += ["vin", "vin_check_ok"]
    for field, value in details.items():
        known = getattr(car, field)
        empty = not known or known == Powertrain.UNKNOWN
        if value and value != known and (trusted or empty) and value != Powertrain.UNKNOWN:
            setattr(car, field, value)
            changed.append(field)
    if changed:
        car.save(update_fields=changed)
    if plate and plate != car.plate and (trusted or not car.plate):
        _free(car.store_id, plate, by=by)
        _put_plate(car, plate, kind, by=by)
    if owner and owner.pk != car.owner_id:
        if trusted or car.owner_id is None:
            change_owner(car, to=owner, by=by)
            car.owner = owner
        else:
            note_driver(car, customer=owner, by=by)


def _free(store_id: int, plate: str, *, by) -> None:
    """Take a plate off the car that carries it now, if that car is known by its VIN as well."""
    holder = _locking().filter(store_id=store_id, plate=plate).first()
    if holder is None:
        return
    if not holder.vin:
        raise Conflict(
            _("A car without VIN is kept under the plate %(plate)s. Open that car and enter its VIN first.")
            % {"plate": plate},
            code="plate_taken",
        )
    _put_plate(holder, "", PlateKind.NONE, by=by)


def _put_plate(car: Vehicle, plate: str, kind: str, *, by) -> None:
    if car.plate:
        PlateChange.objects.create(store_id=car.store_id, vehicle=car, plate=car.plate, until=clock.now())
    car.plate, car.plate_kind = plate, kind
    try:
        with transaction.atomic():
            car.save(update_fields=["plate", "plate_kind"])
    except IntegrityError as error:
        # Another car was given this plate in this very moment.
        raise _two_cars(error) from error
    record(PlateChanged(car.pk), store_id=car.store_id, subject=car, by=by)


def _own(car: Vehicle, customer: Customer, kind: OwnershipKind, *, since: date) -> Ownership:
    return Ownership.objects.create(store_id=car.store_id, vehicle=car, customer=customer, kind=kind, since=since)


def _lock(vehicle: Vehicle) -> Vehicle:
    return _locking().select_related("store").get(pk=vehicle.pk)


def _locking() -> QuerySet[Vehicle]:
    return Vehicle.objects.select_for_update(of=("self",), no_key=True)


def _set_vin(car: Vehicle, vin: str) -> None:
    car.vin, car.vin_check_ok = vin, vins.check_digit_ok(vin) if vin else None


def _clean_vin(vin: str) -> str:
    vin = vins.normalise_vin(vin or "")
    if vin:
        try:
            vins.validate_vin(vin)
        except ValidationError as error:
            raise DomainError(error.messages[0], code="vin") from error
    return vin


def _clean_plate(plate: str, kind: PlateKind | str | None) -> tuple[str, str]:
    """The plate in its one spelling and its kind; temporary, military and other plates are taken as they are written."""
    plate = plates.normalise_plate(plate or "")
    if not plate:
        return "", PlateKind.NONE
    if plates.is_plate(plate):
        return plate, PlateKind.NEW_ENERGY if plates.is_new_energy(plate) else PlateKind.ORDINARY
    if kind == PlateKind.SPECIAL and len(plate) <= _MAX_PLATE:
        return plate, PlateKind.SPECIAL
    try:
        plates.validate_plate(plate)
    except ValidationError as error:
        raise DomainError(error.messages[0], code="plate") from error
    raise DomainError(_("Enter the number plate as it is written."), code="plate")


def _two_cars(error: IntegrityError) -> Exception:
    if "customers_vehicle_vin_once" in str(error):
        return Conflict(_("Another car of this store has this VIN already; search for it."), code="vin_taken")
    if "customers_vehicle_plate_once" in str(error):
        return Conflict(_("Another car of this store was just given this plate; search for it."), code="plate_taken")
    return error
