"""The end of business: clocks that nobody stopped."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from core import clock
from core.actors import Actor
from core.clock import local_day
from repairs.choices import JobState
from repairs.domain.shifts import end_shift
from repairs.domain.work import stop_forgotten
from repairs.models import Job, ShiftEntry
from stores.calendar import Calendar
from stores.models import Store

# Who still works so long after closing time has forgotten his clock.
OVERTIME = timedelta(hours=3)
EVENING = Actor.system("repairs.end_of_day")


def end_of_day(store: Store, *, at: datetime | None = None) -> int:
    """Once `OVERTIME` has passed since the store closed, jobs still in work pause and shifts end as of closing time; how
    many there were. What began after closing time stays: somebody is at work."""
    now = at or clock.now()
    closed = last_closing(store, now)
    if closed is None or now - closed < OVERTIME:
        return 0
    jobs = list(
        Job.objects.filter(state=JobState.STARTED).exclude(clock__started_at__gte=closed).select_related("line")
    )
    for job in jobs:
        stop_forgotten(job, at=closed, by=EVENING)
    shifts = ShiftEntry.objects.filter(stopped_at=None, started_at__lt=closed).exclude(
        staff__in=Job.objects.filter(state=JobState.STARTED).values("technician")
    )
    with transaction.atomic():
        ended = [end_shift(shift, at=closed, by=EVENING) for shift in shifts.select_for_update(of=("self",))]
    return len(jobs) + len(ended)


def last_closing(store: Store, now: datetime) -> datetime | None:
    """When the store last closed for the day; None while it is open, or if it was not open today or yesterday."""
    calendar, today = Calendar(store), local_day(store.zone, now)
    for day in (today, today - timedelta(days=1)):
        periods = calendar.periods(day)
        if periods and periods[0][0] <= now:
            return periods[-1][1] if periods[-1][1] <= now else None
    return None
