"""Jobs: who works on which line, where and when; who helps, and the clocks of jobs and shifts."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import one_of, same_store
from orders.models import Line
from repairs.choices import JobState, PauseReason
from stores.models import Bay, Staff, StoreModel

# A job that still takes its technician's and its bay's planned time.
LIVE = [JobState.DISPATCHED, JobState.STARTED, JobState.PAUSED]


class Job(StoreModel):
    """A line given to a technician and a bay (派工单). One live job per line and round of rework.

    `version` grows with each change, so that two people at the board cannot move one job over each other.
    """

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="jobs", db_constraint=False)
    round = models.PositiveSmallIntegerField(default=1)
    technician = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="jobs", db_constraint=False)
    bay = models.ForeignKey(
        Bay,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        db_constraint=False,
    )
    planned = DateTimeRangeField(_("planned"))
    dispatched_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    dispatched_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=JobState, default=JobState.DISPATCHED)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=12, choices=PauseReason, blank=True)
    note = models.CharField(max_length=200, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta(StoreModel.Meta):
        verbose_name = _("job")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("line", "technician", "bay", "dispatched_by"),
            models.UniqueConstraint(
                fields=["store", "line", "round"],
                condition=~Q(state=JobState.WITHDRAWN),
                name="repairs_job_once",
            ),
            # a bay holds one car at a time: planned times of live jobs in a bay do not overlap
            ExclusionConstraint(
                name="repairs_bay_free",
                expressions=[
                    (one_of("bay_id"), "&&"),
                    (F("planned"), RangeOperators.OVERLAPS),
                ],
                condition=Q(bay__isnull=False, state__in=LIVE),
            ),
            # and a technician is planned for one job at a time
            ExclusionConstraint(
                name="repairs_technician_free",
                expressions=[
                    (one_of("technician_id"), "&&"),
                    (F("planned"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=LIVE),
            ),
            models.CheckConstraint(
                condition=Q(
                    planned__isempty=False,
                    planned__lower_inf=False,
                    planned__upper_inf=False,
                ),
                name="repairs_planned_bounded",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[JobState.STARTED, JobState.PAUSED, JobState.DONE])
                | Q(started_at__isnull=False),
                name="repairs_started_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.DONE, finished_at__isnull=False)
                | (~Q(state=JobState.DONE) & Q(finished_at=None)),
                name="repairs_done_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(state=JobState.PAUSED) & ~Q(pause_reason=""))
                | (~Q(state=JobState.PAUSED) & Q(pause_reason="")),
                name="repairs_pause_has_reason",
            ),
            models.CheckConstraint(
                condition=(Q(state=JobState.WITHDRAWN) & ~Q(withdrawn_reason=""))
                | (~Q(state=JobState.WITHDRAWN) & Q(withdrawn_reason="")),
                name="repairs_withdrawn_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "technician"],
                condition=~Q(state__in=[JobState.DONE, JobState.WITHDRAWN]),
                name="repairs_open_jobs",
            )
        ]

    def __str__(self):
        return f"{self.line_id} by {self.technician_id}"

    @property
    def people(self) -> set[int]:
        """Ids of everybody who works on it; reads `shares.all()`."""
        return {self.technician_id, *(share.technician_id for share in self.shares.all())}


class JobShare(StoreModel):
    """Somebody who works on a job beside its technician (辅修), and the percent of its sold hours that are his; what nobody
    has is the technician's.

    `planned` and `live` are the job's own, kept by the trigger `repairs_share_follows_job`, so that a helper's time is
    taken once.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="shares", db_constraint=False)
    technician = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="job_shares", db_constraint=False)
    percent = models.PositiveSmallIntegerField(_("share (%)"))
    planned = DateTimeRangeField()
    live = models.BooleanField(default=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("share of a job")
        ordering = ["job", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("job", "technician"),
            models.UniqueConstraint(fields=["store", "job", "technician"], name="repairs_share_once"),
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=99), name="repairs_share_percent"),
            ExclusionConstraint(
                name="repairs_helper_free",
                expressions=[
                    (one_of("technician_id"), "&&"),
                    (F("planned"), RangeOperators.OVERLAPS),
                ],
                condition=Q(live=True),
            ),
        ]

    def __str__(self):
        return f"{self.technician_id} {self.percent}% of {self.job_id}"


class ClockEntry(StoreModel):
    """Time a technician really worked on a job; the sum is the clocked time beside the sold hours."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="clock", db_constraint=False)
    technician = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=12, choices=PauseReason, blank=True)  # empty = finished

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("job", "technician"),
            models.UniqueConstraint(
                fields=["store", "technician"],
                condition=Q(stopped_at=None),
                name="repairs_one_clock_running",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")),
                name="repairs_clock_order",
            ),
        ]

    def __str__(self):
        return f"{self.job_id} {self.started_at:%H:%M}"


class ShiftEntry(StoreModel):
    """Time a person was at work (上班打卡); clocked time on jobs beside it says how much of the day went into cars."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="shifts", db_constraint=False)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("shift")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("staff"),
            models.UniqueConstraint(
                fields=["store", "staff"], condition=Q(stopped_at=None), name="repairs_one_shift_running"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")), name="repairs_shift_order"
            ),
        ]

    def __str__(self):
        return f"{self.staff_id} {self.started_at:%m-%d %H:%M}"
