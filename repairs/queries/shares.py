"""Who works on a job with which share of its sold hours, and what everybody sold, clocked and was here for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from repairs.choices import JobState
from repairs.models import ClockEntry, Job, ShiftEntry
from stores.models import Staff

HUNDREDTH = Decimal("0.01")


def percents(job: Job) -> dict[int, int]:
    """Share by technician id, the job's own technician first; reads `job.shares.all()`."""
    helpers = {share.technician_id: share.percent for share in job.shares.all()}
    return {job.technician_id: 100 - sum(helpers.values()), **helpers}


def sold_hours(job: Job) -> dict[int, Decimal]:
    """The line's sold hours divided by share, to a hundredth; what rounding leaves over is the job's own technician's."""
    shares = percents(job)
    parts = {
        key: (job.line.hours * percent / 100).quantize(HUNDREDTH, ROUND_HALF_UP) for key, percent in shares.items()
    }
    parts[job.technician_id] += job.line.hours - sum(parts.values())
    return parts


@dataclass(frozen=True)
class Day:
    """A technician's stretch of time: here, clocked on jobs, and the sold hours of jobs he finished."""

    technician: Staff
    present: timedelta
    clocked: timedelta
    sold: Decimal

    @property
    def productive(self) -> float | None:
        """Clocked time as a share of the time he was here."""
        return self.clocked / self.present if self.present else None


def days(people: list[Staff], start: datetime, end: datetime) -> list[Day]:
    """What `people` were here for, clocked and sold between two times; four queries whatever their number."""
    keys = [person.pk for person in people]
    present, clocked, sold = defaultdict(timedelta), defaultdict(timedelta), defaultdict(Decimal)
    for rows, sums, who in (
        (ShiftEntry.objects.filter(staff__in=keys), present, "staff_id"),
        (ClockEntry.objects.filter(technician__in=keys), clocked, "technician_id"),
    ):
        for row in rows.filter(started_at__lt=end).exclude(stopped_at__lte=start):
            sums[getattr(row, who)] += min(row.stopped_at or end, end) - max(row.started_at, start)
    done = (
        Job.objects.filter(state=JobState.DONE, finished_at__gte=start, finished_at__lt=end)
        .select_related("line")
        .prefetch_related("shares")
    )
    for job in done:
        for key, hours in sold_hours(job).items():
            sold[key] += hours
    return [Day(person, present[person.pk], clocked[person.pk], sold[person.pk]) for person in people]
