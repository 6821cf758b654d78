"""What reminders do when something is journalled: learn of news about cars, and stop in time."""

from __future__ import annotations

from appointments.events import AppointmentBooked, AppointmentCancelled, AppointmentKept, AppointmentMissed
from appointments.models import Appointment
from core.stages import Stage
from customers.choices import OwnershipKind, Purpose
from customers.events import ConsentWithdrawn, OdometerRead, OwnershipChanged, VehicleRegistered
from customers.models import Customer
from journal.models import Event
from journal.reactions import reacts_to
from messaging.events import MessageSent
from outreach import domain, queries
from outreach.choices import StopReason
from outreach.domain.reminders import STOPPING
from visits.events import CarReleased, VisitOpened
from visits.models import Visit


# History too: an imported visit is news about a car as a live one is. It sends nothing, it only has a date computed anew.
@reacts_to(
    OdometerRead,
    VehicleRegistered,
    CarReleased,
    since="now",
    history=True,
    batch=True,
    name="outreach.mark_changed",
    limit=2000,
)
def mark_changed(events: list[Event]) -> None:
    domain.mark_changed(events[0].store_id, [event.data["vehicle_id"] for event in events])


@reacts_to(AppointmentBooked, since="now", name="outreach.link_booking")
def link_booking(event: Event) -> None:
    if booked := _appointment(event):
        domain.link_booking(booked)


@reacts_to(AppointmentCancelled, AppointmentMissed, since="now", name="outreach.unlink_booking")
def unlink_booking(event: Event) -> None:
    if booked := _appointment(event):
        domain.unlink_booking(booked)


@reacts_to(AppointmentKept, VisitOpened, CarReleased, since="now", name="outreach.came")
def came(event: Event) -> None:
    if event.name == VisitOpened.event_name and event.data["stage"] != Stage.RECEPTION:
        return
    if visit := Visit.objects.filter(pk=event.visit_id).first():
        domain.came(visit, at=visit.arrived_at or event.at)


@reacts_to(ConsentWithdrawn, since="now", name="outreach.opted_out")
def opted_out(event: Event) -> None:
    """With no channel left to reach him by, nothing is to be done; one that is left may still be used."""
    customer = Customer.objects.filter(pk=event.data["customer_id"]).first()
    if customer and event.data["purpose"] == Purpose.MARKETING and not queries.allowed_channels([customer.pk]):
        domain.stop_all(customer, reason=StopReason.OPTED_OUT, by=STOPPING)


@reacts_to(OwnershipChanged, since="now", name="outreach.new_owner")
def new_owner(event: Event) -> None:
    if event.data["kind"] == OwnershipKind.OWNER:
        domain.stop_for_new_owner(event.data["vehicle_id"], event.data["customer_id"])


@reacts_to(MessageSent, since="now", batch=True, name="outreach.note_sent")
def note_sent(events: list[Event]) -> None:
    domain.note_sent([event.subject_id for event in events])


def _appointment(event: Event) -> Appointment | None:
    return Appointment.objects.filter(pk=event.subject_id).select_related("visit").first()
