"""What a job found: filled work steps, and findings that became added items."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import WorkStep
from core.constraints import same_store
from orders.models import Line
from repairs.models.job import Job
from stores.models import Staff, StoreModel
from visits.models import Photo


class StepResult(StoreModel):
    """A filled work step of a job. Left out or out of range, it carries the reason; a key step also who signed it in the
    process (过程检验), which is never who filled it."""

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
    signed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("job", "step", "photo", "by", "signed_by"),
            models.UniqueConstraint(fields=["store", "job", "step"], name="repairs_step_once"),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None)
                | (Q(signed_by__isnull=False, signed_at__isnull=False) & ~Q(signed_by=F("by"))),
                name="repairs_step_signed_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.job_id} {self.step_id}"


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
