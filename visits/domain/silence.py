"""The silence clock: who is woken when a customer should have heard from us and did not."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from core import clock
from core.actors import Actor
from journal.domain import record
from stores.access import in_store
from stores.calendar import Calendar
from visits.choices import Origin, SilenceStep
from visits.domain.journey import lock
from visits.events import SilenceOverdue
from visits.models import SilenceAlarm, Visit

# Product default: minutes of opening time after which the advisor's silence becomes his manager's matter.
MANAGER_AFTER = timedelta(minutes=15)
BY = Actor.system("visits.silence")


def wake_silent(*, now: datetime | None = None) -> int:
    """Write down every missed update of all stores that are open now, each step once; returns how many are new. Any number of these may run
    at once: the alarm's row is unique."""
    now, woken = now or clock.now(), 0
    stores = defaultdict(list)
    overdue = Visit._base_manager.filter(ended_at=None, origin=Origin.LIVE, next_update_due_at__lt=now)
    for visit in overdue.select_related("store").order_by("next_update_due_at", "pk"):
        stores[visit.store].append(visit)
    for store, visits in stores.items():
        calendar = Calendar(store)
        with in_store(store):
            if calendar.is_open(now):
                known = _known(visits)
                for visit in visits:
                    for step in _steps(visit, calendar, now):
                        if (visit.pk, visit.next_update_due_at, step) not in known:
                            woken += _wake(visit, step, now)
    return woken


def _known(visits: list[Visit]) -> set[tuple]:
    rows = SilenceAlarm.objects.filter(visit__in=visits).values_list("visit_id", "due_at", "step")
    return set(rows)


def _steps(visit: Visit, calendar: Calendar, now: datetime) -> list[SilenceStep]:
    """Whose matter it is by now; hours in which the store is closed do not count."""
    overdue = calendar.between(visit.next_update_due_at, now)
    return [SilenceStep.ADVISOR] + ([SilenceStep.MANAGER] if overdue >= MANAGER_AFTER else [])


@transaction.atomic
def _wake(visit: Visit, step: SilenceStep, now: datetime) -> bool:
    """One alarm; False when the customer was told meanwhile or somebody else woke them first."""
    due = visit.next_update_due_at
    visit = lock(visit)
    if visit.next_update_due_at != due or not visit.is_open:
        return False
    row, made = SilenceAlarm.objects.get_or_create(
        store_id=visit.store_id, visit=visit, due_at=due, step=step, defaults={"at": now}
    )
    if made:
        record(
            SilenceOverdue(int(step), int((now - due).total_seconds() // 60), visit.advisor_id),
            store_id=visit.store_id,
            subject=row,
            visit_id=visit.pk,
            by=BY,
            at=now,
        )
    return made
