"""Figures kept as sums, so that a page adds up a few hundred rows instead of a million answers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from reports.choices import Dimension, Grain, Rule, Trigger, Violation, WaitKind
from stores.models import Staff, StoreModel
from visits.models import Visit


class RollUp(StoreModel):
    """Count, sum and sum of squares of one figure, of one day or month, for one part of the store.

    Additive: an event that comes late adds to the day it belongs to, and any period is the sum of its rows. Kept by reactions alone; emptied
    together with their cursors it fills again from the journal (`reports.domain.rebuild`).
    `day` is the day the car was released on the store's clock, whenever the answer came; of a month, its first day.
    """

    grain = models.CharField(_("grain"), max_length=5, choices=Grain)
    day = models.DateField(_("day"))
    metric = models.CharField(_("figure"), max_length=40)
    dimension = models.CharField(_("split by"), max_length=20, choices=Dimension)
    key = models.CharField(_("part of the store"), max_length=40, blank=True, default="")
    n = models.BigIntegerField(_("count"), default=0)
    total = models.DecimalField(_("sum"), max_digits=24, decimal_places=4, default=0)
    squares = models.DecimalField(_("sum of squares"), max_digits=28, decimal_places=4, default=0)

    class Meta(StoreModel.Meta):
        verbose_name = _("roll-up")
        constraints = [
            *StoreModel.Meta.constraints,
            # Also the index of every page: a store's period, then what the page wants of it.
            models.UniqueConstraint(
                fields=["store", "grain", "day", "dimension", "key", "metric"],
                name="reports_rollup_once",
            ),
            models.CheckConstraint(condition=Q(grain__in=Grain.values), name="reports_rollup_grain"),
            models.CheckConstraint(condition=Q(n__gte=0, squares__gte=0), name="reports_rollup_counts"),
            models.CheckConstraint(
                condition=~Q(grain=Grain.MONTH) | Q(day__day=1),
                name="reports_rollup_month",
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.metric} {self.dimension}={self.key}"


class Wait(StoreModel):
    """One stretch a visit spent in a stage or waiting for something, read from its journal (`reports.waits`); without an end it still lasts.

    Kept by a reaction alone and rebuildable at any time. `counted` are the seconds that count against the standard: all of them where the
    customer stands and waits, else those of the store's opening hours. `day`, `weekday` (Monday is 0) and `hour` are the beginning on the
    store's clock.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="waits", db_constraint=False)
    kind = models.CharField(_("wait"), max_length=16, choices=WaitKind)
    started_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    counted = models.PositiveIntegerField(null=True, blank=True)
    day = models.DateField()
    weekday = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()

    class Meta(StoreModel.Meta):
        verbose_name = _("wait")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit"),
            models.UniqueConstraint(fields=["store", "visit", "kind", "started_at"], name="reports_wait_once"),
            models.CheckConstraint(condition=Q(kind__in=WaitKind.values), name="reports_wait_kind"),
            models.CheckConstraint(
                condition=Q(ended_at=None, seconds=None, counted=None)
                | Q(ended_at__gt=F("started_at"), seconds__isnull=False, counted__lte=F("seconds")),
                name="reports_wait_shape",
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6, hour__lte=23), name="reports_wait_place"),
        ]
        indexes = [
            # A page reads one period of a store; what it adds up stands in the index itself.
            models.Index(
                fields=["store", "day"],
                include=["kind", "weekday", "hour", "counted"],
                name="reports_wait_period",
            ),
            models.Index(fields=["store", "kind"], condition=Q(ended_at=None), name="reports_wait_lasting"),
        ]

    def __str__(self):
        return f"{self.kind} of {self.visit_id}"


class WaitStandard(StoreModel):
    """How many minutes a wait may take in this store before it counts as lost; without a row the house's default holds."""

    kind = models.CharField(_("wait"), max_length=16, choices=WaitKind)
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta(StoreModel.Meta):
        verbose_name = _("standard of a wait")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "kind"], name="reports_standard_once"),
            models.CheckConstraint(condition=Q(kind__in=WaitKind.values), name="reports_standard_kind"),
        ]

    def __str__(self):
        return f"{self.kind} {self.minutes}"


class NeverMissRun(StoreModel):
    """One proof of the five rules from raw data, by night or by hand; its counts are the trend."""

    at = models.DateTimeField()
    trigger = models.CharField(max_length=8, choices=Trigger)
    by = models.ForeignKey(
        Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )
    night = models.DateField(null=True, blank=True)  # the day before which a nightly run was made: one run per night
    milliseconds = models.PositiveIntegerField(default=0)
    # Cases of the last 90 days, and those about which none of the five was missed.
    issues = models.PositiveIntegerField(default=0)
    all_five = models.PositiveIntegerField(default=0)

    class Meta(StoreModel.Meta):
        verbose_name = _("never-miss check")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("by"),
            models.UniqueConstraint(fields=["store", "night"], name="reports_one_run_a_night"),
            models.CheckConstraint(
                condition=Q(trigger=Trigger.NIGHTLY, night__isnull=False)
                | Q(trigger=Trigger.BY_HAND, night=None, by__isnull=False),
                name="reports_run_shape",
            ),
            models.CheckConstraint(condition=Q(all_five__lte=F("issues")), name="reports_run_share"),
        ]
        indexes = [models.Index(fields=["store", "-at"], name="reports_run_newest")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}"


class NeverMissCount(StoreModel):
    """What a run found about one rule: how many were looked at, how many violate it now."""

    run = models.ForeignKey(NeverMissRun, on_delete=models.CASCADE, related_name="counts", db_constraint=False)
    rule = models.CharField(max_length=10, choices=Rule)
    checked = models.PositiveIntegerField()
    violations = models.PositiveIntegerField()

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("run"),
            models.UniqueConstraint(fields=["store", "run", "rule"], name="reports_count_once"),
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="reports_count_rule"),
        ]

    def __str__(self):
        return f"{self.rule} {self.violations}/{self.checked}"


class NeverMissFinding(StoreModel):
    """One violation, from the run that found it first to the one that found it no more; with whoever has to act.

    `subject` names the row that proves it ("complaints.case", id); `due_at` is when it should have been done.
    """

    violation = models.CharField(max_length=16, choices=Violation)
    subject_kind = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    visit = models.ForeignKey(
        Visit, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_constraint=False
    )
    owner = models.ForeignKey(
        Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )
    due_at = models.DateTimeField(null=True, blank=True)
    first_run = models.ForeignKey(NeverMissRun, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    found_at = models.DateTimeField()
    cleared_run = models.ForeignKey(
        NeverMissRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("violation")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "owner", "first_run", "cleared_run"),
            models.UniqueConstraint(
                fields=["store", "violation", "subject_kind", "subject_id"],
                condition=Q(cleared_at=None),
                name="reports_finding_once",
            ),
            models.CheckConstraint(condition=Q(violation__in=Violation.values), name="reports_finding_kind"),
            models.CheckConstraint(
                condition=Q(cleared_at=None, cleared_run=None) | Q(cleared_at__isnull=False, cleared_run__isnull=False),
                name="reports_finding_cleared",
            ),
        ]

    def __str__(self):
        return f"{self.violation} {self.subject_id}"
