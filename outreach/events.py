"""What the journal says about reminders."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from journal.events import event
from outreach.choices import CallOutcome, StopReason, TaskKind


@event("outreach.opened")
class TaskOpened:
    """A reminder was planned; `messaged`: its message stands in the outbox."""

    sentence = _("Reminder planned: {kind}, for {due_on}")
    labels = {"kind": TaskKind}

    kind: str
    vehicle_id: int
    customer_id: int
    due_on: date
    messaged: bool


@event("outreach.called")
class CustomerCalled:
    sentence = _("Reminder call, attempt {sequence}: {outcome}")
    labels = {"outcome": CallOutcome, "kind": TaskKind}

    kind: str
    sequence: int
    outcome: str


@event("outreach.booked")
class ReminderBooked:
    """Success counts from here: which booking followed which reminder, so many days after the customer was reached."""

    sentence = _("Booking followed the reminder: {kind}")
    labels = {"kind": TaskKind}

    kind: str
    appointment_id: int
    days: int | None = None


@event("outreach.reopened")
class TaskReopened:
    sentence = _("Booking was called off; the reminder goes on: {kind}")
    labels = {"kind": TaskKind}

    kind: str
    appointment_id: int


@event("outreach.came")
class CustomerCame:
    sentence = _("Customer came after the reminder: {kind}")
    labels = {"kind": TaskKind}

    kind: str
    visit_id: int
    days: int | None = None


@event("outreach.stopped")
class TaskStopped:
    sentence = _("Reminder stopped: {kind}, {reason}")
    labels = {"kind": TaskKind, "reason": StopReason}

    kind: str
    reason: str


@event("outreach.policy_changed")
class PolicyChanged:
    sentence = _("Rules of reminders changed")
