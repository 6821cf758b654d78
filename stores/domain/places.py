"""The store's places: bays, parking spaces for arrivals, loan cars. None is ever deleted, they are switched off."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actors import Actor, HasActor
from core.errors import Conflict
from core.plates import normalise_plate
from journal.domain import record
from stores.choices import BayKind
from stores.events import PlaceChanged
from stores.models import Bay, LoanCar, ParkingSpace, Store

Place = Bay | ParkingSpace | LoanCar


def add_bay(*, store: Store, code: str, kind: BayKind | str, by: Actor | HasActor) -> Bay:
    """One more bay. Conflict if the code is taken."""
    return _add(Bay(store=store, code=code.strip(), kind=kind), by)


def add_parking(*, store: Store, code: str, by: Actor | HasActor) -> ParkingSpace:
    """One more numbered space for arrivals. Conflict if the number is taken."""
    return _add(ParkingSpace(store=store, code=code.strip()), by)


def add_loan_car(*, store: Store, plate: str, title: str, by: Actor | HasActor) -> LoanCar:
    """One more car to lend. Conflict if the plate is known already."""
    return _add(LoanCar(store=store, plate=normalise_plate(plate), title=title.strip()), by)


@transaction.atomic
def switch_place(place: Place, *, active: bool, by: Actor | HasActor) -> Place:
    """Take a place out of service or back in. The ledger follows when `appointments.domain.relay` is called."""
    place.active = active
    place.save(update_fields=["active"])
    _say(place, by)
    return place


@transaction.atomic
def _add(place: Place, by: Actor | HasActor) -> Place:
    try:
        with transaction.atomic():
            place.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("There is one with this number already."), code="code_taken") from error
    _say(place, by)
    return place


def _say(place: Place, by: Actor | HasActor) -> None:
    record(
        PlaceChanged(place._meta.model_name, place.active),
        store_id=place.store_id,
        subject=place,
        by=by,
    )
