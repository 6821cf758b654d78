"""预约内部确认 (F1b): two days ahead workshop and parts each say whether they are ready for a booking.

At 16:00 of the second open day before it the list goes out; what is booked later is asked for at once. Where one of them
says no, the booking desk has to move the booking or tell the customer.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from appointments.choices import (
    AppointmentStatus,
    PreparationSide,
    PreparationState,
    TaskKind,
)
from appointments.domain.tasks import open_task, settle_tasks
from appointments.events import BookingPrepared
from appointments.models import Appointment, Preparation
from core import clock
from core.errors import Conflict, DomainError
from journal.domain import record
from stores.calendar import Calendar
from stores.choices import RoleCode
from stores.models import Bay, Staff, Store

# domain.md F1b; [default] the hour
ASKED_AT = time(16, 0)
DAYS_AHEAD = 2
# Who answers for which side; the service manager for both.
SIDE_OF = {
    RoleCode.PARTS_CLERK: (PreparationSide.PARTS,),
    RoleCode.CONTROLLER: (PreparationSide.WORKSHOP,),
}
_LOOK_AHEAD = 14


def asked_until(store: Store, now: datetime | None = None) -> date:
    """The last day whose bookings have to be confirmed by now: the second open day from today once it is 16:00, the next
    open day before that."""
    now = now or clock.now()
    local = now.astimezone(store.tz)
    calendar, wanted = Calendar(store), DAYS_AHEAD - (local.time() < ASKED_AT)
    day = local.date()
    for _offset in range(_LOOK_AHEAD):
        day += timedelta(days=1)
        wanted -= bool(calendar.periods(day))
        if wanted <= 0:
            break
    return day


@transaction.atomic
def ask_preparation(store: Store, now: datetime | None = None) -> int:
    """Put every booking that comes within the time on the lists of workshop and parts, once; returns how many rows are new."""
    now = now or clock.now()
    last = datetime.combine(asked_until(store, now) + timedelta(days=1), time.min, store.tz)
    coming = (
        Appointment.objects.filter(
            store=store,
            status=AppointmentStatus.BOOKED,
            displaced_at=None,
            during__startswith__gt=now,
            during__startswith__lt=last,
        )
        .annotate(asked=Count("preparations"))
        .filter(asked__lt=len(PreparationSide))
    )
    rows = [
        Preparation(store=store, appointment=booked, side=side, starts_at=booked.start, asked_at=now)
        for booked in coming
        for side in PreparationSide
    ]
    before = Preparation.objects.filter(store=store).count()
    Preparation.objects.bulk_create(rows, ignore_conflicts=True)
    return Preparation.objects.filter(store=store).count() - before


def sides_of(staff: Staff) -> tuple[PreparationSide, ...]:
    """What this person confirms; without a side of his own both."""
    return SIDE_OF.get(staff.role_code, tuple(PreparationSide))


@transaction.atomic
def answer_preparation(
    row: Preparation,
    *,
    state: PreparationState | str,
    by: Staff,
    bay: Bay | None = None,
    technician: Staff | None = None,
    there_on: date | None = None,
    note: str = "",
) -> Preparation:
    """What workshop or parts say, which may be changed until the customer is here.

    The workshop names bay and technician where it knows them; parts that are ordered name the day they arrive, which must
    not be after the booking. "missing" needs to say what; the booking desk then moves the booking or tells the customer.
    """
    booked = Appointment.objects.select_for_update(of=("self",), no_key=True).get(pk=row.appointment_id)
    row = Preparation.objects.select_for_update(of=("self",)).select_related("store").get(pk=row.pk)
    if booked.status != AppointmentStatus.BOOKED:
        raise Conflict(_("This booking is over; nothing was changed."), code="booking_over")
    if row.starts_at != booked.start:
        raise Conflict(_("The booking has another time now; look at it again."), code="moved")
    _check(row, PreparationState(state), booked, there_on, note)
    row.state, row.answered_at, row.answered_by = state, clock.now(), by
    row.bay, row.technician, row.there_on, row.note = bay, technician, there_on, note.strip()[:200]
    row.save()
    if state == PreparationState.MISSING:
        said = f"{row.get_side_display()}: {row.note}"
        open_task(booked, TaskKind.UNREADY, reason=said)
    elif not booked.preparations.filter(state=PreparationState.MISSING).exists():
        settle_tasks(booked, TaskKind.UNREADY)
    evt = BookingPrepared(row.side, str(state), row.starts_at)
    record(evt, store_id=row.store_id, subject=row, visit_id=booked.visit_id, by=by)
    return row


def _check(row: Preparation, state: PreparationState, booked: Appointment, there_on: date | None, note: str) -> None:
    if state == PreparationState.ASKED:
        raise DomainError(_("Say whether it is ready."), code="answer")
    if state == PreparationState.MISSING and not note.strip():
        raise DomainError(_("Say what is missing."), code="missing_what")
    if state == PreparationState.ORDERED:
        if row.side != PreparationSide.PARTS or there_on is None:
            raise DomainError(_("Parts that are ordered name the day they arrive."), code="there_on")
        if there_on > clock.local_day(row.store.tz, booked.start):
            raise DomainError(_("They arrive after the booking: say that it cannot be done, and why."), code="too_late")


@transaction.atomic
def ask_again(booked: Appointment) -> int:
    """The booking has another time: what was confirmed for the old one is not confirmed for the new one. Rows go; the next
    round asks again. Returns how many there were."""
    settle_tasks(booked, TaskKind.UNREADY)
    return booked.preparations.exclude(starts_at=booked.start).delete()[0]
