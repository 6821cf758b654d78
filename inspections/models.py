"""Three-level final inspection and the wash: the last two looks at the car before the customer sees it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from inspections.choices import Level, Verdict, WaiveReason, WashState
from orders.models import Line
from standards.models import ChecklistRun, ItemResult
from stores.models import Staff, StoreModel
from visits.models import Photo, Visit


class Inspection(StoreModel):
    """One level's verdict in one round. The database keeps the levels apart by person and by order of recording."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="inspections", db_constraint=False)
    round = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(choices=Level)
    inspector = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="inspections", db_constraint=False)
    run = models.ForeignKey(
        ChecklistRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    verdict = models.CharField(max_length=4, choices=Verdict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    line = models.ForeignKey(
        Line,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rework",
        db_constraint=False,
    )  # the line sent back
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        ordering = ["visit", "round", "level"]
        verbose_name = _("inspection")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "inspector", "run", "line"),
            models.UniqueConstraint(
                fields=["store", "visit", "round", "level"],
                name="inspections_level_once",
            ),
            # separation of duties: nobody inspects the same car twice in a round
            models.UniqueConstraint(
                fields=["store", "visit", "round", "inspector"],
                name="inspections_different_people",
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="inspections_level_known"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.PASS) | ~Q(reason=""),
                name="inspections_fail_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.visit_id} r{self.round} l{self.level}"


class Light(StoreModel):
    """What hangs on an item of a traffic-light inspection: its picture, and the added item that was proposed for it."""

    result = models.OneToOneField(ItemResult, on_delete=models.CASCADE, related_name="light", db_constraint=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="lights", db_constraint=False)
    photo = models.ForeignKey(
        Photo, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )
    line = models.ForeignKey(
        Line, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("result", "visit", "photo", "line"),
            models.UniqueConstraint(
                fields=["store", "line"], condition=Q(line__isnull=False), name="inspections_light_line_once"
            ),
        ]

    def __str__(self):
        return f"light {self.result_id}"


class Certificate(StoreModel):
    """Exit certificate (出厂合格证), required for second-level maintenance, assembly and whole-vehicle repair."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="certificate", db_constraint=False)
    number = models.CharField(max_length=30)
    inspector = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    mileage = models.PositiveIntegerField()
    issued_at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "inspector"),
            models.UniqueConstraint(fields=["store", "number"], name="inspections_certificate_number"),
        ]

    def __str__(self):
        return self.number


class Wash(StoreModel):
    """The wash of a visit; done and checked by somebody else, or waived with its reason."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="wash", db_constraint=False)
    state = models.CharField(max_length=8, choices=WashState, default=WashState.QUEUED)
    queued_at = models.DateTimeField()
    washer = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    started_at = models.DateTimeField(null=True, blank=True)
    washed_at = models.DateTimeField(null=True, blank=True)  # the washer is done, the check is owed
    checked_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    done_at = models.DateTimeField(null=True, blank=True)
    run = models.ForeignKey(
        ChecklistRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    waive_reason = models.CharField(max_length=12, choices=WaiveReason, blank=True)
    rewashes = models.PositiveSmallIntegerField(default=0)

    class Meta(StoreModel.Meta):
        verbose_name = _("wash")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "washer", "checked_by", "run"),
            models.CheckConstraint(
                condition=Q(state=WashState.QUEUED, done_at=None)
                | Q(
                    state=WashState.WASHING,
                    started_at__isnull=False,
                    washer__isnull=False,
                    done_at=None,
                )
                | Q(
                    state=WashState.DONE,
                    started_at__isnull=False,
                    done_at__gte=F("started_at"),
                )
                | (Q(state=WashState.WAIVED, done_at__isnull=False) & ~Q(waive_reason="")),
                name="inspections_wash_shape",
            ),
            # nobody checks his own wash
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(washer=None) | ~Q(checked_by=F("washer")),
                name="inspections_wash_checked_by_another",
            ),
        ]

    def __str__(self):
        return f"wash of {self.visit_id}"
