"""What follows from what becomes of a booking: waiting customers, reminders, confirmations and the desk's list follow it."""

from __future__ import annotations

from appointments import domain as appointments
from appointments.choices import OfferState, TaskKind, TaskOutcome, WaitlistState
from appointments.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentDisplaced,
    AppointmentKept,
    AppointmentMissed,
    AppointmentMoved,
    OfferEnded,
)
from appointments.models import Appointment, WaitlistEntry
from core import clock
from journal.reactions import reacts_to
from stores.models import Store


@reacts_to(AppointmentCancelled, AppointmentMoved, AppointmentMissed, OfferEnded, name="appointments.offer_freed")
def offer_freed(event) -> None:
    """What is free again is offered to who waits for that day. The minute's round is the guarantee, this is the speed."""
    if getattr(event.payload, "state", "") == OfferState.ACCEPTED:
        return
    store = Store.objects.get(pk=event.store_id)
    day = clock.local_day(store.tz, getattr(event.payload, "was_at", None) or event.payload.starts_at)
    appointments.fill_freed(store, first=day, last=day)


@reacts_to(AppointmentBooked, AppointmentMoved, name="appointments.off_the_waitlist")
def off_the_waitlist(event) -> None:
    """Who has a place on one of the days he waits for waits no longer, whichever way he got it."""
    booked = _booking(event)
    if booked is None or not booked.is_open:
        return
    day = clock.local_day(booked.store.tz, booked.start)
    waiting = WaitlistEntry.objects.filter(
        vehicle=booked.visit.vehicle_id, state=WaitlistState.WAITING, first_day__lte=day, last_day__gte=day
    )
    for entry in waiting:
        appointments.found_a_place(entry, booked)


@reacts_to(
    AppointmentMoved,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentKept,
    AppointmentDisplaced,
    name="appointments.stop_reminders",
)
def stop_reminders(event) -> None:
    """A reminder of a time that is gone is stopped if it has not left yet."""
    if booked := _booking(event):
        appointments.forget_reminders(booked)


@reacts_to(AppointmentMoved, name="appointments.prepare_again")
def prepare_again(event) -> None:
    """What was confirmed for another time is asked again."""
    if booked := _booking(event):
        appointments.ask_again(booked)
        appointments.settle_tasks(booked, TaskKind.LATE, outcome=TaskOutcome.MOVED)


@reacts_to(AppointmentMissed, name="appointments.call_who_missed")
def call_who_missed(event) -> None:
    """Who did not come is written to, and called: a booking that can be moved is not lost."""
    if booked := _booking(event):
        appointments.settle_tasks(booked, TaskKind.LATE, TaskKind.UNREADY)
        appointments.follow_missed(booked)


@reacts_to(AppointmentKept, AppointmentCancelled, name="appointments.settle_tasks")
def settle_tasks(event) -> None:
    """He is here, or does not come: nobody has to call him any more."""
    if booked := _booking(event):
        appointments.settle_tasks(booked)


@reacts_to(AppointmentBooked, name="appointments.came_back")
def came_back(event) -> None:
    """Who missed a booking and has booked again needs no call."""
    if booked := _booking(event):
        appointments.settle_missed(booked)


def _booking(event) -> Appointment | None:
    rows = Appointment.objects.select_related("store", "visit__customer", "visit__vehicle", "advisor")
    return rows.filter(pk=event.subject_id).first()
