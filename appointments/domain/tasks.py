"""What the booking desk has to do: call who is late or did not come, tell whom something is missing for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.choices import AppointmentStatus, TaskKind, TaskOutcome
from appointments.domain import notices
from appointments.events import BookingTaskDone, BookingTaskOpened
from appointments.models import Appointment, BookingPolicy, BookingTask, WaitlistEntry
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from journal.domain import record
from stores.models import Staff, Store

DESK = Actor.system("booking_desk")
# [default] A booking that was forgotten for longer than this is no late customer any more; the day's list still shows it.
LATE_FOR = timedelta(days=2)


@transaction.atomic
def open_task(about: Appointment | WaitlistEntry, kind: TaskKind, *, reason: str = "") -> BookingTask | None:
    """Put something on the booking desk's list; None if it stands there already."""
    field = "appointment" if isinstance(about, Appointment) else "entry"
    row = BookingTask(
        store_id=about.store_id, kind=kind, opened_at=clock.now(), reason=reason.strip()[:200], **{field: about}
    )
    made = BookingTask.objects.bulk_create([row], ignore_conflicts=True)
    task = BookingTask.objects.filter(kind=kind, done_at=None, **{field: about}).get()
    if task.opened_at != made[0].opened_at:
        return None
    _say(task, BookingTaskOpened(str(kind)), DESK)
    return task


@transaction.atomic
def finish_task(task: BookingTask, *, outcome: TaskOutcome | str, by: Staff, note: str = "") -> BookingTask:
    """The desk has done it, with what came of it. Conflict if it is done already; "settled" is never said by a person."""
    if outcome not in TaskOutcome.values or outcome == TaskOutcome.SETTLED:
        raise DomainError(_("Say what came of it."), code="outcome")
    task = BookingTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.done_at:
        raise Conflict(
            _("Somebody else has done this already: %(outcome)s.") % {"outcome": task.get_outcome_display()},
            code="task_done",
        )
    return _finish(task, outcome, by=by, note=note)


@transaction.atomic
def settle_tasks(about: Appointment | WaitlistEntry, *kinds: TaskKind, outcome=TaskOutcome.SETTLED) -> int:
    """What settled itself needs nobody any more; returns how many tasks that were."""
    field = "appointment" if isinstance(about, Appointment) else "entry"
    rows = BookingTask.objects.select_for_update(of=("self",)).filter(done_at=None, **{field: about})
    rows = list(rows.filter(kind__in=kinds) if kinds else rows)
    for task in rows:
        _finish(task, outcome, by=None)
    return len(rows)


def _finish(task: BookingTask, outcome: TaskOutcome | str, *, by: Staff | None, note: str = "") -> BookingTask:
    task.done_at, task.done_by, task.outcome, task.note = clock.now(), by, outcome, note.strip()[:200]
    task.save(update_fields=["done_at", "done_by", "outcome", "note"])
    minutes = int((task.done_at - task.opened_at).total_seconds() // 60)
    _say(task, BookingTaskDone(task.kind, str(outcome), minutes), by or DESK)
    return task


def watch_late(store: Store, now: datetime | None = None) -> int:
    """Ask the desk to call everybody who should have been here `policy.late_minutes` ago; returns how many are new."""
    now = now or clock.now()
    policy = BookingPolicy.of(store)
    late = Appointment.objects.filter(
        store=store,
        status=AppointmentStatus.BOOKED,
        displaced_at=None,
        during__startswith__lte=now - timedelta(minutes=policy.late_minutes),
        during__startswith__gt=now - LATE_FOR,
    ).exclude(tasks__kind=TaskKind.LATE)
    return sum(open_task(booked, TaskKind.LATE) is not None for booked in late.order_by("during"))


@transaction.atomic
def follow_missed(booked: Appointment) -> BookingTask | None:
    """The customer did not come: he is offered another time in writing, and the desk asks him why."""
    notices.missed(booked, by=DESK)
    return open_task(booked, TaskKind.MISSED, reason=booked.missed_reason)


@transaction.atomic
def settle_missed(booked: Appointment) -> int:
    """The car that missed a booking has a new one; returns how many calls are not needed any more."""
    missed = Appointment.objects.filter(
        visit__vehicle=booked.visit.vehicle_id,
        status=AppointmentStatus.NO_SHOW,
        ended_at__lte=booked.booked_at,
        tasks__kind=TaskKind.MISSED,
        tasks__done_at=None,
    )
    return sum(settle_tasks(row, TaskKind.MISSED, outcome=TaskOutcome.BOOKED) for row in missed.distinct())


def _say(task: BookingTask, evt, by: Actor | HasActor) -> None:
    visit_id = task.appointment.visit_id if task.appointment_id else None
    record(evt, store_id=task.store_id, subject=task, visit_id=visit_id, by=by)
