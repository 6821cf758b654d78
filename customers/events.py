"""What the journal says about customers and their cars."""

from django.utils.translation import gettext_lazy as _

from customers.choices import ConsentChannel, OdometerSource, OwnershipKind, Purpose
from journal.events import event


@event("customers.registered")
class CustomerRegistered:
    sentence = _("Customer entered")

    customer_id: int


@event("customers.vehicle_registered")
class VehicleRegistered:
    sentence = _("Car entered")

    vehicle_id: int
    owner_id: int | None = None


@event("customers.plate_changed")
class PlateChanged:
    sentence = _("Number plate changed")

    vehicle_id: int


@event("customers.ownership_changed")
class OwnershipChanged:
    sentence = _("Car now belongs to another customer or is brought by one: {kind}")
    labels = {"kind": OwnershipKind}

    vehicle_id: int
    customer_id: int
    kind: str


@event("customers.odometer_read")
class OdometerRead:
    sentence = _("Mileage read: {km} km, {source}")
    labels = {"source": OdometerSource}

    vehicle_id: int
    km: int
    source: str
    backwards: bool = False


@event("customers.consent_given")
class ConsentGiven:
    sentence = _("Customer agreed to: {purpose}, {channel}")
    labels = {"purpose": Purpose, "channel": ConsentChannel}

    customer_id: int
    purpose: str
    channel: str


@event("customers.consent_withdrawn")
class ConsentWithdrawn:
    sentence = _("Customer no longer wants: {purpose}, {channel}")
    labels = {"purpose": Purpose, "channel": ConsentChannel}

    customer_id: int
    purpose: str
    channel: str
