"""Who calls, and with which car: found among the store's own, or taken down anew while booking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Reverse
from django.utils.translation import gettext as _

from appointments.domain.booking import book, made_by
from appointments.models import Appointment
from core import clock
from core.actors import Actor, HasActor
from core.phones import normalise_phone
from core.plates import normalise_plate
from core.vin import normalise_vin
from customers import domain as customers
from customers.models import Customer, Vehicle
from stores.models import Store

BOOKING_PAGE = Actor.system("booking_page")


@dataclass(frozen=True)
class Caller:
    """What a person says at the desk, on the telephone or on the public page."""

    name: str
    phone: str
    plate: str = ""
    vin: str = ""
    brand: str = ""
    model: str = ""


@transaction.atomic
def who(
    *,
    store: Store,
    caller: Caller,
    by: Actor | HasActor,
    vehicle: Vehicle | None = None,
) -> tuple[Customer, Vehicle]:
    """The customer and the car a member of staff talks about; taken down where they are new.

    The phone decides who it is (the car's owner first), plate or VIN which car. A car that is known keeps its owner;
    somebody else who comes with it is noted as its driver. What was missing on file (the owner's number, the plate of a
    car taken over from another system) is filled in.
    """
    known = vehicle or _known_car(caller)
    customer = (
        _best(_with_phone(caller), caller, known)
        or _owner_without_phone(caller, known, by=by)
        or customers.register_customer(store=store, name=caller.name, phone=caller.phone, by=by)
    )
    if vehicle is None:
        owner = known.owner if known and known.owner else customer
        vehicle = _register_car(store, caller, owner, by=by)
    elif vehicle.owner_id is None:
        vehicle = customers.change_owner(vehicle, to=customer, by=by)
    if caller.plate and not vehicle.plate:
        vehicle = customers.change_plate(vehicle, plate=caller.plate, by=by)
    if vehicle.owner_id != customer.pk:
        customers.note_driver(vehicle, customer=customer, by=by)
    return customer, vehicle


@transaction.atomic
def stranger(*, store: Store, caller: Caller) -> tuple[Customer, Vehicle]:
    """The same for the public page, where anybody may type anybody's number.

    A person on file is recognised only when phone and name agree, or the phone and the plate of his own car; otherwise a
    new customer is taken down. Nothing on file is overwritten, and the caller cannot tell which of the two happened.
    """
    known = _known_car(caller)
    owner_id = known.owner_id if known else None
    owner = next((c for c in _with_phone(caller) if c.pk == owner_id), None)
    customer = owner or customers.register_customer(store=store, name=caller.name, phone=caller.phone, by=BOOKING_PAGE)
    car = _register_car(store, caller, customer, by=Actor.customer(customer.pk))
    return customer, car


@transaction.atomic
def book_for(
    *,
    store: Store,
    caller: Caller,
    by: Actor | HasActor | None = None,
    vehicle: Vehicle | None = None,
    known: Customer | None = None,
    token=None,
    agrees: Iterable[str] = (),
    **booking,
) -> Appointment:
    """Take the caller down and book in one transaction: a slot that is lost leaves no customer behind.

    `by` None: the customer himself on the public page, where he may also agree to be contacted afterwards (`agrees`:
    purposes). Anybody could do that in his name, so it never undoes his own no. `known` is who he has shown himself to be
    by a one-time code: with one of his cars (`vehicle`) nothing is taken down. The rest is `book`'s.
    """
    if token and (made := made_by(token)):
        return made
    if by is None and known is not None:
        customer, by = known, Actor.customer(known.pk)
        vehicle = vehicle or _register_car(store, caller, customer, by=by)
    elif by is None:
        customer, vehicle = stranger(store=store, caller=caller)
        by = Actor.customer(customer.pk)
    else:
        customer, vehicle = who(store=store, caller=caller, by=by, vehicle=vehicle)
    made = book(store=store, customer=customer, vehicle=vehicle, by=by, token=token, **booking)
    wishes = dict.fromkeys(agrees, True)
    if wishes:
        customers.hear_wishes(customer, wishes, by=by, evidence=_where_he_said_so(made), over_refusals=False)
    return made


def _where_he_said_so(made: Appointment) -> str:
    return _("With the booking of %(number)s, %(channel)s, %(at)s") % {
        "number": made.visit.number,
        "channel": made.get_channel_display(),
        "at": f"{clock.now().astimezone(made.store.tz):%Y-%m-%d %H:%M}",
    }


def _known_car(caller: Caller) -> Vehicle | None:
    """The store's car with this VIN, else with this plate."""
    for field, value in (
        ("vin", normalise_vin(caller.vin)),
        ("plate", normalise_plate(caller.plate)),
    ):
        if value and (car := Vehicle.objects.filter(**{field: value}).first()):
            return car
    return None


def _with_phone(caller: Caller) -> list[Customer]:
    """Customers with exactly this number, oldest first; reversed, as the index on it is."""
    phone = normalise_phone(caller.phone)
    rows = Customer.objects.alias(backwards=Reverse("phone"))
    return list(rows.filter(backwards__startswith=phone[::-1], phone=phone).order_by("id"))


def _best(same_phone: list[Customer], caller: Caller, vehicle: Vehicle | None) -> Customer | None:
    """Of several people with one number: the car's owner, else the one of that name, else the first taken down."""
    owner = vehicle.owner_id if vehicle else None
    return min(
        same_phone,
        key=lambda c: (c.pk != owner, c.name != caller.name.strip(), c.pk),
        default=None,
    )


def _owner_without_phone(caller: Caller, car: Vehicle | None, *, by: Actor | HasActor) -> Customer | None:
    """The car's owner of that name who has no number on file; now he has."""
    owner = car.owner if car else None
    if owner is None or owner.phone or owner.name != caller.name.strip():
        return None
    return customers.update_customer(owner, by=by, phone=caller.phone)


def _register_car(store: Store, caller: Caller, owner: Customer, *, by: Actor | HasActor) -> Vehicle:
    return customers.register_vehicle(
        store=store,
        owner=owner,
        plate=caller.plate,
        vin=caller.vin,
        brand=caller.brand.strip(),
        model=caller.model.strip(),
        by=by,
    )
