"""What becomes of a booking: moved, cancelled, missed, kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from appointments.choices import AppointmentStatus, ClaimSource
from appointments.domain import notices
from appointments.domain.booking import refuse_second_booking
from appointments.domain.ledger import Frame, claim, claims_of, days_of, release_claims, wish_of
from appointments.domain.winning import Lost, Won, frame_for, instead, win
from appointments.events import (
    AppointmentCancelled,
    AppointmentKept,
    AppointmentMissed,
    AppointmentMoved,
)
from appointments.models import Appointment
from appointments.offers import Wish
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from core.stages import Stage
from customers.models import Vehicle
from journal.domain import record
from stores.models import Staff
from visits import domain as visits
from visits.models import Visit


def reschedule(
    appointment: Appointment,
    *,
    start: datetime,
    by: Actor | HasActor,
    advisor: Staff | None = None,
    version: int | None = None,
) -> Appointment:
    """Move a booking to another slot, of its own advisor unless another is given, and tell the customer.

    `version` is the visit's. The old slot is kept until the new one is won: SlotTaken and SlotRefused leave it as it was.
    """
    store, target = appointment.store, advisor or appointment.advisor
    wish = replace(wish_of(appointment), advisor_id=target.pk)
    try:
        with transaction.atomic():
            return _reschedule(appointment, wish, target, start=start, by=by, version=version)
    except Lost as lost:
        raise instead(store, wish, lost, start=start, advisor=target, besides=appointment) from None


def _reschedule(appointment: Appointment, wish: Wish, target: Staff, *, start: datetime, by, version) -> Appointment:
    visit, appointment = _lock(appointment, version=version)
    same = (start, target.pk) == (appointment.start, appointment.advisor_id)
    if same and appointment.displaced_at is None:
        raise DomainError(_("That is the slot it has already; choose another one."), code="same_slot")
    frame = frame_for(visit.store, wish, start, advisor=target, besides=appointment)
    Vehicle.objects.select_for_update(no_key=True).get(pk=visit.vehicle_id)
    refuse_second_booking(visit.vehicle, visit.store, start, by=by, besides=appointment.pk)
    was_at, former = appointment.start, appointment.advisor_id
    _swap(frame, appointment, wish, target, start)
    appointment.visit = _expect(visit, target, start, by=by)
    record(
        AppointmentMoved(start, was_at, target.pk, former),
        store_id=visit.store_id,
        subject=appointment,
        visit_id=visit.pk,
        by=by,
    )
    notices.changed(appointment, by=by)
    return appointment


def _swap(frame: Frame, appointment: Appointment, wish: Wish, target: Staff, start: datetime) -> None:
    """Give back what the booking claims and win the new slot with it; Lost ends the transaction and leaves it all."""
    held = days_of(appointment)
    day = clock.local_day(frame.store.tz, start)
    frame.lock_upto(day, held)
    claims_of(appointment).delete()
    won = win(frame, wish, start=start, also=held)
    zone = frame.store.tz
    appointment.during = DateTimeTZRange(start.astimezone(zone), won.slot.end.astimezone(zone))
    appointment.advisor = target
    appointment.parking_id, appointment.expected_ready_at = won.parking_id, won.plan.ready_at
    appointment.stand_in_for = _stand_in(appointment, target, won)
    appointment.displaced_at, appointment.displaced_reason = None, ""
    if notices.reachable(appointment.visit.customer):
        appointment.confirmed_at = clock.now()  # he is told the new time: no reminder need follow at once
    try:
        with transaction.atomic():
            appointment.save(update_fields=_PLACE)
    except IntegrityError as error:
        if "appointments_advisor_free" in str(error):
            raise Lost("reception") from error
        raise
    claim(appointment, won.pieces(target), ClaimSource.BOOKING)


_PLACE = [
    *("during", "advisor", "parking", "expected_ready_at", "stand_in_for", "displaced_at", "displaced_reason"),
    "confirmed_at",
]


def _stand_in(appointment: Appointment, target: Staff, won: Won) -> Staff | None:
    """Whom the receiving advisor stands in for: the customer's own, while he is not free and works here."""
    own = appointment.visit.customer.preferred_advisor
    if own is None or own.pk == target.pk or own.pk in won.slot.advisors or not own.active:
        return None
    return own


def _expect(visit: Visit, advisor: Staff, start: datetime, *, by) -> Visit:
    """The visit follows its booking; its version grows, so that a page made before is stale."""
    visit.due_in_at, visit.version = start, visit.version + 1
    visit.save(update_fields=["due_in_at", "version"])
    return visits.give_to_advisor(visit, advisor=advisor, by=by)


@transaction.atomic
def cancel(
    appointment: Appointment,
    *,
    reason: str,
    by: Actor | HasActor,
    version: int | None = None,
) -> Appointment:
    """Call a booking off with its reason; the slot is free at once and the customer is told."""
    visit, appointment = _lock(appointment, version=version)
    _end(appointment, AppointmentStatus.CANCELLED, reason)
    release_claims(appointment)
    visits.advance(visit, to=Stage.CANCELLED, by=by, reason=reason)
    ahead = int((appointment.start - appointment.ended_at).total_seconds() // 60)
    record(
        AppointmentCancelled(appointment.start, appointment.advisor_id, ahead),
        store_id=visit.store_id,
        subject=appointment,
        visit_id=visit.pk,
        by=by,
    )
    notices.cancelled(appointment, by=by)
    return appointment


@transaction.atomic
def mark_no_show(
    appointment: Appointment,
    *,
    reason: str,
    by: Actor | HasActor,
    version: int | None = None,
) -> Appointment:
    """The customer did not come, with what is known of why. GateClosed before the booked time."""
    visit, appointment = _lock(appointment, version=version)
    _end(appointment, AppointmentStatus.NO_SHOW, reason)
    release_claims(appointment)
    visits.advance(visit, to=Stage.NO_SHOW, by=by, reason=reason)
    record(
        AppointmentMissed(appointment.start, appointment.advisor_id),
        store_id=visit.store_id,
        subject=appointment,
        visit_id=visit.pk,
        by=by,
    )
    return appointment


@transaction.atomic
def arrive(booked: Appointment | Visit, *, by: Actor | HasActor, version: int | None = None) -> Appointment | None:
    """The customer came: the booking is kept, early or late. Moves no stage: `reception.domain.arrive` does.

    None for a visit that has no appointment.
    """
    if isinstance(booked, Visit):
        booked = Appointment.objects.filter(visit=booked).first()
        if booked is None:
            return None
    visit, appointment = _lock(booked, version=version)
    appointment.status = AppointmentStatus.ARRIVED
    appointment.save(update_fields=["status"])
    late = int((clock.now() - appointment.start).total_seconds() // 60)
    record(
        AppointmentKept(appointment.start, appointment.advisor_id, late),
        store_id=visit.store_id,
        subject=appointment,
        visit_id=visit.pk,
        by=by,
    )
    return appointment


def _lock(appointment: Appointment, *, version: int | None) -> tuple[Visit, Appointment]:
    """Visit and booking, fresh and locked; Conflict when the booking does not stand any more."""
    visit = visits.lock(appointment.visit_id, version=version)
    locked = (
        Appointment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("advisor")
        .get(pk=appointment.pk)
    )
    locked.visit = visit
    if locked.status != AppointmentStatus.BOOKED or visit.stage != Stage.BOOKING:
        raise Conflict(
            _("This booking is over (%(status)s); nothing was changed.")
            % {"status": AppointmentStatus(locked.status).label},
            code="booking_over",
        )
    return visit, locked


def _end(appointment: Appointment, status: AppointmentStatus, reason: str) -> None:
    appointment.status, appointment.ended_at = status, clock.now()
    appointment.missed_reason = reason.strip()[:120]
    appointment.save(update_fields=["status", "ended_at", "missed_reason"])
