"""Repairs for quality problems of a car, what does not count of their time, and who was warned of what."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Operation
from core.constraints import same_store
from core.fields import MoneyField
from customers.models import Vehicle
from guarantees.choices import AlertKind, CourtesyKind, ExclusionKind
from orders.models import Line
from stores.models import Staff, StoreModel
from visits.models import Visit


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )


class Problem(StoreModel):
    """A quality problem of one car, as the rule counts it: the same operation, or what a manager put together by hand."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="problems", db_constraint=False)
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    title = models.CharField(_("problem"), max_length=120)
    created_at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        verbose_name = _("quality problem")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("vehicle", "operation"),
            models.CheckConstraint(condition=~Q(title=""), name="guarantees_problem_named"),
        ]

    def __str__(self):
        return self.title


class GuaranteeRepair(StoreModel):
    """One repair (单次修理) for a quality problem: from the agreement on it to its completion; one per visit.

    Kept by a reaction from the order and the final inspection. `withdrawn_at`: no line of the visit is the maker's any more;
    the row stays, so that nobody makes a counter fall by another way of paying unseen.
    """

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="guarantee_repair", db_constraint=False)
    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.PROTECT, related_name="guarantee_repairs", db_constraint=False
    )
    mileage = models.PositiveIntegerField(null=True, blank=True)
    agreed_at = models.DateTimeField(_("repair agreed"))
    completed_at = models.DateTimeField(_("repair completed"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    towing_fee = MoneyField(
        _("towing costs"), null=True, blank=True
    )  # art. 17 wants it on record, also if it is nothing

    class Meta(StoreModel.Meta):
        ordering = ["vehicle", "agreed_at"]
        verbose_name = _("repair under guarantee")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "vehicle"),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=F("agreed_at")), name="guarantees_repair_order"
            ),
            models.CheckConstraint(
                condition=Q(towing_fee=None) | Q(towing_fee__gte=0), name="guarantees_towing_positive"
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "vehicle"],
                condition=Q(completed_at=None, withdrawn_at=None),
                name="guarantees_running",
            )
        ]

    def __str__(self):
        return f"{self.visit_id} {self.agreed_at:%Y-%m-%d}"


class RepairProblem(StoreModel):
    """Which problem a line repaired; put right by hand only with a reason, and the reason stays."""

    repair = models.ForeignKey(GuaranteeRepair, on_delete=models.CASCADE, related_name="problems", db_constraint=False)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="repairs", db_constraint=False)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    regrouped_by = _person()
    regrouped_at = models.DateTimeField(null=True, blank=True)
    regroup_reason = models.CharField(max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("repair", "problem", "line", "regrouped_by"),
            models.UniqueConstraint(fields=["store", "line"], name="guarantees_line_once"),
            models.CheckConstraint(
                condition=Q(regrouped_at=None) | (~Q(regroup_reason="") & Q(regrouped_by__isnull=False)),
                name="guarantees_regroup_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.line_id} {self.problem_id}"


class Exclusion(StoreModel):
    """Hours of a repair that do not count towards the cumulative time (art. 24); taken back rather than erased."""

    repair = models.ForeignKey(
        GuaranteeRepair, on_delete=models.CASCADE, related_name="exclusions", db_constraint=False
    )
    kind = models.CharField(_("what does not count"), max_length=20, choices=ExclusionKind)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = _person()

    class Meta(StoreModel.Meta):
        ordering = ["repair", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("repair", "by", "withdrawn_by"),
            models.CheckConstraint(condition=Q(kind__in=ExclusionKind.values), name="guarantees_exclusion_kind"),
            models.CheckConstraint(condition=Q(hours__gt=0) & ~Q(reason=""), name="guarantees_exclusion_reasoned"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="guarantees_exclusion_withdrawn",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.hours} h"


class Alert(StoreModel):
    """A counter came near its limit, or reached it; each is raised once."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="guarantee_alerts", db_constraint=False)
    kind = models.CharField(max_length=6, choices=AlertKind)
    threshold = models.PositiveSmallIntegerField()
    repair = models.ForeignKey(
        GuaranteeRepair, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts", db_constraint=False
    )
    problem = models.ForeignKey(
        Problem, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts", db_constraint=False
    )
    right = models.BooleanField(default=False)  # the customer has the right itself
    raised_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = _person()
    note = models.CharField(_("what was done"), max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["-right", "-raised_at", "-id"]
        verbose_name = _("warning of the three guarantees")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("vehicle", "repair", "problem", "handled_by"),
            models.UniqueConstraint(
                fields=["store", "vehicle", "kind", "threshold", "repair", "problem"],
                nulls_distinct=False,
                name="guarantees_alert_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=AlertKind.values), name="guarantees_alert_kind"),
            models.CheckConstraint(
                condition=Q(kind=AlertKind.SINGLE, repair__isnull=False, problem=None)
                | Q(kind=AlertKind.TOTAL, repair=None, problem=None)
                | Q(kind=AlertKind.SAME, repair=None, problem__isnull=False),
                name="guarantees_alert_about",
            ),
            models.CheckConstraint(
                condition=Q(handled_at=None, note="") | (Q(handled_by__isnull=False) & ~Q(note="")),
                name="guarantees_alert_handled",
            ),
        ]
        indexes = [models.Index(fields=["store"], condition=Q(handled_at=None), name="guarantees_alerts_open")]

    def __str__(self):
        return f"{self.vehicle_id} {self.kind} {self.threshold}"


class Courtesy(StoreModel):
    """From the sixth day of a repair on the customer gets a loan car or his travel costs (art. 21)."""

    repair = models.OneToOneField(
        GuaranteeRepair, on_delete=models.CASCADE, related_name="courtesy", db_constraint=False
    )
    owed_from = models.DateTimeField()
    kind = models.CharField(_("what the customer gets"), max_length=12, choices=CourtesyKind, blank=True)
    amount = MoneyField(_("amount"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = _person()

    class Meta(StoreModel.Meta):
        ordering = ["owed_from"]
        verbose_name = _("loan car or travel costs owed")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("repair", "settled_by"),
            models.CheckConstraint(
                condition=Q(kind="", settled_at=None)
                | (Q(kind__in=CourtesyKind.values, settled_at__isnull=False, settled_by__isnull=False)),
                name="guarantees_courtesy_settled",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CourtesyKind.COMPENSATION) | Q(amount__gt=0), name="guarantees_courtesy_amount"
            ),
            models.CheckConstraint(
                condition=~Q(kind=CourtesyKind.DECLINED) | ~Q(note=""), name="guarantees_courtesy_declined"
            ),
        ]

    def __str__(self):
        return f"{self.repair_id} {self.kind or 'owed'}"
