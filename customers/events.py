"""What the journal says about customers and their cars."""

from django.utils.translation import gettext_lazy as _

from customers.choices import ConsentChannel, EntitlementKind, EntitlementPayer, OdometerSource, OwnershipKind, Purpose
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


@event("customers.entitlement_granted")
class EntitlementGranted:
    sentence = _("Entitlement noted: {kind}, {quantity} times, paid by: {payer}")
    labels = {"kind": EntitlementKind, "payer": EntitlementPayer}

    entitlement_id: int
    kind: str
    payer: str
    quantity: int


@event("customers.entitlement_used")
class EntitlementUsed:
    sentence = _("Entitlement redeemed, {left} left")

    entitlement_id: int
    left: int


@event("customers.entitlement_returned")
class EntitlementReturned:
    sentence = _("Redeemed entitlement given back, {left} left")

    entitlement_id: int
    left: int


@event("customers.entitlement_voided")
class EntitlementVoided:
    sentence = _("Entitlement taken back, {left} had been left")

    entitlement_id: int
    left: int
