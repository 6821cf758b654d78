"""What ends a reminder: a booking, a visit, a refusal, a new owner. Each is written once, however often it is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from appointments.choices import OCCUPYING
from appointments.models import Appointment
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from customers.models import Customer
from journal.domain import record
from messaging import domain as messaging
from messaging.choices import MessageStatus
from messaging.models import Message
from outreach.choices import LIVE, StopReason, TaskKind, TaskState
from outreach.events import CustomerCame, ReminderBooked, TaskReopened, TaskStopped
from outreach.models import Task
from visits.models import Visit

STOPPING = Actor.system("outreach")


def _locked(which: Q) -> QuerySet[Task]:
    return Task.objects.select_for_update(of=("self",), no_key=True).filter(which).order_by("pk")


def _concerned(visit: Visit) -> Q:
    """Reminders that a booking or visit answers: those of the car, and the customer's win-back, whichever car he brings."""
    return Q(vehicle=visit.vehicle_id) | Q(customer=visit.customer_id, kind=TaskKind.WIN_BACK)


@transaction.atomic
def link_booking(appointment: Appointment) -> Task | None:
    """Tie a booking to the reminder it followed, and stop the customer's others; returns the reminder. The one of the car goes
    first, then the one he was reached by last. A booking belongs to one reminder; None if there was none."""
    if appointment.status not in OCCUPYING:
        return None
    if known := Task.objects.filter(appointment=appointment).first():
        return known
    visit = appointment.visit
    tasks = list(_locked(_concerned(visit) & Q(state__in=LIVE)))
    if not tasks:
        return None
    chosen = max(tasks, key=lambda t: (t.vehicle_id == visit.vehicle_id, t.contacted_at or t.created_at, t.pk))
    for task in tasks:
        if task is not chosen:
            stop(task, reason=StopReason.BOOKED, by=STOPPING)
    chosen.state, chosen.appointment, chosen.booked_at = TaskState.BOOKED, appointment, appointment.booked_at
    chosen.save(update_fields=["state", "appointment", "booked_at"])
    _unsend(chosen)
    evt = ReminderBooked(chosen.kind, appointment.pk, _days(chosen, appointment.booked_at))
    record(evt, store_id=chosen.store_id, subject=chosen, visit_id=visit.pk, by=STOPPING)
    return chosen


@transaction.atomic
def unlink_booking(appointment: Appointment) -> Task | None:
    """The booking was called off or missed: the reminder goes on, and somebody calls today."""
    task = _locked(Q(appointment=appointment, state=TaskState.BOOKED)).first()
    if task is None:
        return None
    called = task.attempts.exists()
    task.state = TaskState.CALLED if called else TaskState.MESSAGED if task.message_id else TaskState.OPEN
    task.appointment, task.booked_at, task.next_try_at = None, None, None
    task.call_on = clock.local_day(task.store.tz)
    task.save(update_fields=["state", "appointment", "booked_at", "next_try_at", "call_on"])
    record(TaskReopened(task.kind, appointment.pk), store_id=task.store_id, subject=task, by=STOPPING)
    return task


@transaction.atomic
def came(visit: Visit, *, at: datetime) -> list[Task]:
    """The customer is here: every reminder that this answers is done."""
    tasks = list(_locked(_concerned(visit) & Q(state__in=[*LIVE, TaskState.BOOKED])))
    for task in tasks:
        task.state, task.came_at, task.visit, task.ended_at = TaskState.DONE, at, visit, clock.now()
        task.save(update_fields=["state", "came_at", "visit", "ended_at"])
        _unsend(task)
        evt = CustomerCame(task.kind, visit.pk, _days(task, at))
        record(evt, store_id=task.store_id, subject=task, visit_id=visit.pk, by=STOPPING)
    return tasks


def stop(task: Task, *, reason: StopReason, by: Actor | HasActor) -> Task:
    """End a live reminder that its caller has locked; its message, if it still waits, is not sent."""
    task.state, task.stop_reason, task.ended_at = TaskState.STOPPED, reason, clock.now()
    task.save(update_fields=["state", "stop_reason", "ended_at"])
    _unsend(task)
    record(TaskStopped(task.kind, reason.value), store_id=task.store_id, subject=task, by=by)
    return task


@transaction.atomic
def stop_all(customer: Customer, *, reason: StopReason, by: Actor | HasActor) -> int:
    """End every live reminder of a customer; returns how many."""
    tasks = list(_locked(Q(customer=customer, state__in=LIVE)))
    for task in tasks:
        stop(task, reason=reason, by=by)
    return len(tasks)


@transaction.atomic
def stop_for_new_owner(vehicle_id: int, owner_id: int) -> int:
    """The car has another owner: reminders to the former one are over."""
    tasks = list(_locked(Q(vehicle=vehicle_id, state__in=LIVE) & ~Q(customer=owner_id)))
    for task in tasks:
        stop(task, reason=StopReason.SOLD, by=STOPPING)
    return len(tasks)


@transaction.atomic
def note_sent(message_ids: list[int]) -> int:
    """The customers were truly written to: success counts from the moment the message left."""
    tasks = list(_locked(Q(message__in=message_ids, contacted_at=None)))
    sent = dict(Message.objects.filter(pk__in=[t.message_id for t in tasks]).values_list("pk", "sent_at"))
    for task in tasks:
        task.contacted_at = sent[task.message_id]
    Task.objects.bulk_update(tasks, ["contacted_at"])
    return len(tasks)


def _unsend(task: Task) -> None:
    """Take back a message that still waits. One that the relay holds this moment is asked about once more when it is sent."""
    if task.message_id is None:
        return
    message = Message.objects.get(pk=task.message_id)
    if message.status == MessageStatus.PENDING:
        try:
            messaging.cancel(message, by=STOPPING)
        except Conflict:
            return


def _days(task: Task, at: datetime) -> int | None:
    return (at - task.contacted_at).days if task.contacted_at else None
