"""Mileage: every reading is kept as it was read; one below the last needs its reason."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import DomainError
from customers import queries
from customers.choices import OdometerSource
from customers.events import OdometerRead
from customers.models import OdometerReading, Vehicle
from journal.domain import record

MAX_KM = 999_999


@transaction.atomic
def read_odometer(
    vehicle: Vehicle,
    *,
    km: int,
    on: date,
    by: Actor | HasActor,
    source: OdometerSource | str = OdometerSource.RECEPTION,
    reason: str = "",
) -> OdometerReading:
    """Keep a mileage read on the store's day `on`, and bring the car's last mileage up to date.

    DomainError "backwards" for fewer kilometres than were read before without a `reason`; "range" outside 0 to 999,999;
    "future". Imported readings come as they are: they are a record of the past, and are not journalled.
    The same figure of the same day and source is one reading.
    """
    vehicle = Vehicle.objects.select_for_update(of=("self",), no_key=True).select_related("store").get(pk=vehicle.pk)
    if not 0 <= km <= MAX_KM:
        raise DomainError(_("A mileage is between 0 and 999,999 km."), code="range")
    if on > clock.local_day(vehicle.store.zone):
        raise DomainError(_("A mileage cannot be read in the future."), code="future")
    same = vehicle.readings.filter(km=km, on=on, source=source).first()
    if same:
        return same
    known = queries.mileage_known(vehicle, on=on)
    backwards = known is not None and km < known
    if backwards and source != OdometerSource.IMPORT and not reason.strip():
        raise DomainError(
            _(
                "The car had %(known)s km already. Check the figure; if it is right, say why it is lower (meter replaced, earlier misreading)."
            )
            % {"known": f"{known:,}"},
            code="backwards",
        )
    reading = OdometerReading.objects.create(
        store_id=vehicle.store_id, vehicle=vehicle, km=km, on=on, source=source, reason=reason.strip()[:120]
    )
    if vehicle.mileage_on is None or on >= vehicle.mileage_on:
        vehicle.mileage, vehicle.mileage_on = km, on
        vehicle.save(update_fields=["mileage", "mileage_on"])
    if source != OdometerSource.IMPORT:
        evt = OdometerRead(vehicle.pk, km, str(source), backwards)
        record(evt, store_id=vehicle.store_id, subject=reading, by=by)
    return reading
