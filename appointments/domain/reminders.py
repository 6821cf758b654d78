"""A day and an hour ahead the customer is reminded, of the time as it is then. Asked for every minute: what is due is
written once for each booking, kind and reception time, whoever asks and however often."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from appointments.choices import AppointmentStatus, ReminderKind
from appointments.events import CustomerReminded
from appointments.models import Appointment, Reminder
from core import clock
from core.actors import Actor
from core.errors import Conflict
from journal.domain import record
from messaging import domain as messaging
from messaging.choices import MessageStatus
from stores.models import Store
from visits import domain as visits

REMINDERS = Actor.system("reminders")
AHEAD = {ReminderKind.DAY: timedelta(days=1), ReminderKind.HOUR: timedelta(hours=1)}
# [default] A reminder that comes late is still worth sending until so long before the time; afterwards it would only confuse.
STILL_USEFUL = {ReminderKind.DAY: timedelta(hours=3), ReminderKind.HOUR: timedelta(minutes=10)}
TEMPLATE = {ReminderKind.DAY: "appointment_reminder", ReminderKind.HOUR: "appointment_soon"}
BATCH = 200


def remind(store: Store, now: datetime | None = None) -> int:
    """Write every reminder of the store that is due; returns how many.

    A booking whose time was told within the day (or the hour) before it gets none of that kind.
    """
    now = now or clock.now()
    due = [(kind, *row) for kind in ReminderKind for row in _due(kind, now, store=store)[:BATCH]]
    return sum(_once(pk, visit_id, kind, now) for kind, pk, visit_id in due)


def _due(kind: ReminderKind, now: datetime, **which) -> QuerySet:
    """Ids of standing bookings that have to be reminded now, the nearest first."""
    ahead, start = AHEAD[kind], F("during__startswith")
    return (
        Appointment.objects.filter(
            ~Exists(
                Reminder.objects.filter(appointment=OuterRef("pk"), kind=kind, starts_at=OuterRef("during__startswith"))
            ),
            during__startswith__gt=now + STILL_USEFUL[kind],
            during__startswith__lte=now + ahead,
            booked_at__lte=start - ahead,
            status=AppointmentStatus.BOOKED,
            displaced_at=None,
            **which,
        )
        .filter(Q(confirmed_at=None) | Q(confirmed_at__lte=start - ahead))
        .order_by("during", "pk")
        .values_list("pk", "visit_id")
    )


@transaction.atomic
def _once(pk: int, visit_id: int, kind: ReminderKind, now: datetime) -> int:
    # Whoever moves or cancels the booking holds its visit: nobody is reminded of a time that is gone. Asked again under
    # the lock, because somebody may have been quicker.
    visits.lock(visit_id)
    rows = Appointment.objects.select_related("visit__customer", "visit__vehicle", "visit__store", "advisor", "parking")
    booked = rows.filter(pk=pk).first()
    if booked is None or not _due(kind, now, pk=pk).exists():
        return 0
    Reminder.objects.create(
        store_id=booked.store_id,
        appointment=booked,
        kind=kind,
        starts_at=booked.start,
        message=_write(booked, kind),
        made_at=now,
    )
    record(
        CustomerReminded(kind=str(kind), starts_at=booked.start),
        store_id=booked.store_id,
        subject=booked,
        visit_id=booked.visit_id,
        by=REMINDERS,
    )
    return 1


def _write(booked: Appointment, kind: ReminderKind):
    visit = booked.visit
    params = {
        "plate": visit.vehicle.plate or visit.vehicle.title,
        "advisor": booked.advisor.name,
        "link": visits.link_address(visit),
    }
    if kind == ReminderKind.HOUR:
        params |= {"clock": booked.start, "parking": booked.parking.code if booked.parking_id else ""}
    else:
        params |= {"at": booked.start}
    return messaging.send(
        store=visit.store,
        template=TEMPLATE[kind],
        customer=visit.customer,
        params=params,
        # A reminder that was stopped before it left may be written again, for the same time.
        dedupe_key=f"appointment:{booked.pk}:{kind}:{booked.start:%Y%m%dT%H%M}:{visit.version}",
        visit_id=visit.pk,
        by=REMINDERS,
    )


@transaction.atomic
def forget_reminders(booked: Appointment) -> int:
    """Stop the reminders of a booking that speak of a time it does not have any more and have not left yet; returns how
    many. One that has left stays on file: the customer has read it, and hears of the change by itself."""
    stands = booked.status == AppointmentStatus.BOOKED and booked.displaced_at is None
    rows = booked.reminders.select_related("message").filter(message__status=MessageStatus.PENDING)
    stale = rows.filter(~Q(starts_at=booked.start)) if stands else rows
    return sum(map(_stop, stale))


def _stop(reminder: Reminder) -> int:
    try:
        messaging.cancel(reminder.message, by=REMINDERS)
    except Conflict:
        return 0  # it is on its way
    reminder.delete()
    return 1
