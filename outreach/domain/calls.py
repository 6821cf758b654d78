"""The call list: one attempt at a time, each with what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from customers.choices import ConsentChannel, Purpose
from customers.queries import allows
from journal.domain import record
from outreach import queries
from outreach.choices import ENDING, REACHED, CallOutcome, StopReason, TaskState
from outreach.domain import reminders
from outreach.events import CustomerCalled
from outreach.models import CallAttempt, Task
from stores.models import Staff

# Not reached on so many different days, a customer is left in peace until the next period.
DAYS_TO_TRY = 3
AGAIN_AFTER = timedelta(days=1)


@transaction.atomic
def record_attempt(
    task: Task,
    *,
    outcome: CallOutcome | str,
    by: Staff,
    note: str = "",
    next_try_at: datetime | None = None,
) -> CallAttempt:
    """Write down one call. A refusal ends the reminder, so does not reaching the customer on three different days; else he is
    tried again tomorrow or at `next_try_at`, which a customer who wants to be called later has to name.

    Conflict once the reminder is over (he has booked, come, or a colleague was first), NotAllowed if he takes no such calls.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("customer", "store").get(pk=task.pk)
    if not task.is_live:
        raise Conflict(
            _("This reminder is over: %(state)s. Nothing was changed.") % {"state": task.get_state_display()}
        )
    if not allows(task.customer, Purpose.MARKETING, ConsentChannel.PHONE):
        raise NotAllowed(_("The customer has not agreed to such calls. Do not call; take it up at his next visit."))
    if outcome not in CallOutcome.values:
        raise DomainError(_("Say what came of the call."), code="outcome_missing")
    now, outcome = clock.now(), CallOutcome(outcome)
    if next_try_at and next_try_at <= now:
        raise DomainError(_("The next call lies in the future; choose a later time."), code="past")
    if outcome == CallOutcome.LATER and next_try_at is None:
        raise DomainError(_("Say when the customer wants to be called."), code="when_missing")
    attempt = _attempt(task, outcome, by=by, note=note, at=now)
    if outcome in REACHED and task.contacted_at is None:
        task.contacted_at = now
    task.state, task.next_try_at = TaskState.CALLED, next_try_at or now + AGAIN_AFTER
    task.save(update_fields=["state", "next_try_at", "contacted_at"])
    if outcome in ENDING:
        reminders.stop(task, reason=ENDING[outcome], by=by)
    elif outcome not in REACHED and queries.days_tried(task, task.store) >= DAYS_TO_TRY:
        reminders.stop(task, reason=StopReason.UNREACHABLE, by=by)
    return attempt


def _attempt(task: Task, outcome: CallOutcome, *, by: Staff, note: str, at: datetime) -> CallAttempt:
    attempt = CallAttempt.objects.create(
        store_id=task.store_id,
        task=task,
        sequence=task.attempts.count() + 1,
        outcome=outcome,
        by=by,
        at=at,
        note=note.strip()[:200],
    )
    evt = CustomerCalled(task.kind, attempt.sequence, outcome.value)
    record(evt, store_id=task.store_id, subject=task, by=by, at=at)
    return attempt
