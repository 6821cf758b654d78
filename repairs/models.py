"""The workshop: who works on which line, where and when, what each work step measured, and which parts it took."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import WorkStep
from core.constraints import one_of, same_store
from orders.models import Line, LinePart
from repairs.choices import JobState, PartRequestStatus, PauseReason
from stores.models import Bay, Staff, StoreModel
from visits.models import Photo

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


class StepResult(StoreModel):
    """A filled work step of a job. Left out or out of range, it carries the reason."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps", db_constraint=False)
    step = models.ForeignKey(WorkStep, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    value = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    text = models.CharField(max_length=200, blank=True)
    out_of_range_reason = models.CharField(max_length=200, blank=True)
    photo = models.ForeignKey(
        Photo,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("job", "step", "photo", "by"),
            models.UniqueConstraint(fields=["store", "job", "step"], name="repairs_step_once"),
        ]

    def __str__(self):
        return f"{self.job_id} {self.step_id}"


class PartRequest(StoreModel):
    """A technician asks the parts counter for a line's material (领料单).

    Issuing less than asked splits the row; material that comes back is a row of its own (退料) that `returns` an issued one.
    """

    line_part = models.ForeignKey(LinePart, on_delete=models.CASCADE, related_name="requests", db_constraint=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="part_requests", db_constraint=False)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    status = models.CharField(max_length=10, choices=PartRequestStatus, default=PartRequestStatus.REQUESTED)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    requested_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    returns = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returned",
        db_constraint=False,
    )
    reason = models.CharField(max_length=200, blank=True, default="")  # of a return or a cancellation

    class Meta(StoreModel.Meta):
        verbose_name = _("parts request")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("line_part", "job", "requested_by", "issued_by", "returns"),
            models.UniqueConstraint(
                fields=["store", "line_part"],
                condition=Q(status__in=[PartRequestStatus.REQUESTED, PartRequestStatus.ORDERED]),
                name="repairs_one_open_request",
            ),
            models.CheckConstraint(
                condition=~Q(status=PartRequestStatus.ISSUED) | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="repairs_issued_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=PartRequestStatus.ORDERED) | Q(expected_on__isnull=False),
                name="repairs_ordered_has_eta",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="repairs_request_positive"),
            models.CheckConstraint(
                condition=Q(status=PartRequestStatus.RETURNED, returns__isnull=False)
                | (~Q(status=PartRequestStatus.RETURNED) & Q(returns=None)),
                name="repairs_return_of_issue",
            ),
        ]
        indexes = [
            # the counter's queue: what is asked for and not yet handed out, whatever the history's size
            models.Index(
                fields=["store", "requested_at"],
                condition=Q(status__in=[PartRequestStatus.REQUESTED, PartRequestStatus.ORDERED]),
                name="repairs_requests_open",
            )
        ]

    def __str__(self):
        return f"{self.line_part_id} {self.status}"


class Finding(StoreModel):
    """Something found under the car, and the added item (增项) that was proposed for it; its photos hang on the line."""

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="finding", db_constraint=False)
    job = models.ForeignKey(
        Job,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="findings",
        db_constraint=False,
    )  # while working on which job
    found_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    request_token = models.UUIDField(null=True, blank=True)  # the form's one-time token: a double submit finds its item

    class Meta(StoreModel.Meta):
        verbose_name = _("finding")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("line", "job", "found_by"),
            models.UniqueConstraint(
                fields=["store", "request_token"],
                condition=Q(request_token__isnull=False),
                name="repairs_finding_token",
            ),
        ]

    def __str__(self):
        return f"finding {self.line_id}"
