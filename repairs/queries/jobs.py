"""Reads of jobs: what stands in whose way, what a technician has before him, what is still to fill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from catalogue.models import WorkStep
from core import clock
from core.stages import Stage
from repairs.choices import JobState
from repairs.models import LIVE, ClockEntry, Job, JobShare, StepResult
from stores.models import Bay, Staff


def jobs() -> QuerySet[Job]:
    """Jobs with what every list of them shows."""
    return Job.objects.select_related(
        "line__operation",
        "line__visit__vehicle",
        "line__visit__customer",
        "line__visit__check_in",
        "technician",
        "bay",
    ).prefetch_related("shares__technician")


def live_job(line) -> Job | None:
    """The job that a line is dispatched as right now, if any."""
    return jobs().filter(line=line, state__in=LIVE).first()


def in_the_way(
    start: datetime,
    end: datetime,
    *,
    technician: Staff | None = None,
    bay: Bay | None = None,
    but: Job | None = None,
) -> Job | None:
    """The first live job that takes the technician's or the bay's time between `start` and `end`; `but` does not count."""
    whose = of_technician(technician) if technician else Q(bay=bay)
    taken = jobs().filter(whose, state__in=LIVE, planned__overlap=(start, end))
    if but is not None and but.pk:
        taken = taken.exclude(pk=but.pk)
    return taken.order_by("planned").first()


def of_technician(technician: Staff) -> Q:
    """Jobs that are a technician's own or that he has a share of."""
    return Q(technician=technician) | Q(pk__in=JobShare.objects.filter(technician=technician).values("job"))


def running(technician: Staff) -> ClockEntry | None:
    """The clock that runs for a technician."""
    return (
        ClockEntry.objects.filter(technician=technician, stopped_at=None)
        .select_related("job__line__visit__vehicle")
        .first()
    )


def clocked(job: Job, *, now: datetime | None = None) -> timedelta:
    """Time worked on a job, a running stretch included; reads `job.clock.all()`."""
    now = now or clock.now()
    return sum(
        ((entry.stopped_at or now) - entry.started_at for entry in job.clock.all()),
        timedelta(),
    )


def jobs_of(technician: Staff) -> QuerySet[Job]:
    """A technician's open jobs, his own and those he helps on, in the order he does them: the one in work, then by planned
    time."""
    return (
        jobs()
        .filter(of_technician(technician), state__in=LIVE, line__visit__stage=Stage.REPAIR)
        .prefetch_related("clock")
        .order_by(
            Case(
                When(state=JobState.STARTED, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
            "planned",
            "id",
        )
    )


def finished_since(technician: Staff, since: datetime) -> QuerySet[Job]:
    return (
        jobs()
        .filter(of_technician(technician), state=JobState.DONE, finished_at__gte=since)
        .prefetch_related("clock")
        .order_by("-finished_at")
    )


@dataclass(frozen=True)
class StepState:
    """A work step of the job's operation and what was filled in, if anything."""

    step: WorkStep
    result: StepResult | None

    @property
    def excused(self) -> bool:
        return bool(self.result and self.result.out_of_range_reason)

    @property
    def missing(self) -> bool:
        return self.step.required and self.result is None

    @property
    def range(self) -> str:
        return range_text(self.step)


def steps(job: Job) -> list[StepState]:
    """The work steps of a job in their order; empty for a line without a standard operation. Two queries."""
    if job.line.operation_id is None:
        return []
    filled = {result.step_id: result for result in job.steps.select_related("photo", "by", "signed_by")}
    return [
        StepState(step, filled.get(step.pk)) for step in WorkStep.objects.filter(operation_id=job.line.operation_id)
    ]


def missing_steps(job: Job) -> list[WorkStep]:
    """Required steps that are not filled."""
    return [state.step for state in steps(job) if state.missing]


def range_text(step: WorkStep) -> str:
    """7.5 to 9 mm, at least 3 mm, at most 120 N·m; empty without a range."""
    low, high = (None if bound is None else f"{Decimal(bound).normalize():f}" for bound in (step.low, step.high))
    unit = f" {step.unit}" if step.unit else ""
    if low is not None and high is not None:
        return _("%(low)s to %(high)s") % {"low": low, "high": high} + unit
    if low is not None:
        return _("at least %(low)s") % {"low": low} + unit
    return _("at most %(high)s") % {"high": high} + unit if high is not None else ""
