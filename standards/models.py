"""The store's own service standard, versioned; and each time a part of it was carried out."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Operation
from core.constraints import same_store
from core.models import BilingualName
from standards.choices import ChecklistUse, ItemKind, ItemState
from stores.models import Staff, StoreModel


class Checklist(StoreModel, BilingualName):
    """One version of a checklist. A published version never changes; a new one replaces it."""

    use = models.CharField(_("used at"), max_length=15, choices=ChecklistUse)
    version = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("checklist")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "use", "version"], name="standards_checklist_version"),
            models.UniqueConstraint(
                fields=["store", "use"],
                condition=Q(published_at__isnull=False, retired_at=None),
                name="standards_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(published_at__lte=F("retired_at")),
                name="standards_checklist_order",
            ),
        ]

    def __str__(self):
        return f"{self.name} v{self.version}"


class ChecklistItem(StoreModel, BilingualName):
    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items", db_constraint=False)
    position = models.PositiveSmallIntegerField()
    group_zh = models.CharField(max_length=40, blank=True)
    group_en = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=ItemKind, default=ItemKind.CHECK)
    unit = models.CharField(max_length=20, blank=True)
    low = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    required = models.BooleanField(default=True)
    new_energy_only = models.BooleanField(default=False)
    # Traffic light: beyond low or high it is red; beyond these, nearer to the middle, yellow; the operation mends it.
    watch_low = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    watch_high = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )

    class Meta(StoreModel.Meta):
        ordering = ["checklist", "position"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("checklist", "operation"),
            models.UniqueConstraint(fields=["store", "checklist", "position"], name="standards_item_once"),
            models.CheckConstraint(
                condition=(Q(watch_low=None) | Q(low=None) | Q(watch_low__gte=F("low")))
                & (Q(watch_high=None) | Q(high=None) | Q(watch_high__lte=F("high"))),
                name="standards_item_watch",
            ),
            models.CheckConstraint(
                condition=Q(low=None) | Q(high=None) | Q(low__lte=F("high")),
                name="standards_item_range",
            ),
        ]

    def __str__(self):
        return self.name


class ChecklistRun(StoreModel):
    """One carrying-out of a checklist for a visit (bare visit id: visits stands above standards).

    `round` counts rework: a car sent back is inspected afresh.
    """

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="runs", db_constraint=False)
    visit_ref = models.BigIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("checklist", "by"),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=F("started_at")),
                name="standards_run_order",
            ),
        ]
        indexes = [models.Index(fields=["store", "visit_ref"], name="standards_run_of_visit")]

    def __str__(self):
        return f"{self.checklist_id} for {self.visit_ref}"


class ItemResult(StoreModel):
    run = models.ForeignKey(
        ChecklistRun,
        on_delete=models.CASCADE,
        related_name="results",
        db_constraint=False,
    )
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    state = models.CharField(max_length=4, choices=ItemState)
    value = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("run", "item"),
            models.UniqueConstraint(fields=["store", "run", "item"], name="standards_result_once"),
        ]

    def __str__(self):
        return f"{self.item_id} {self.state}"
