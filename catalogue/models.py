"""What the store can do and sell: operations with hours and work steps, parts, maintenance rules, numbers of law."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.choices import PartClass, RepairCategory, StepKind
from core.constraints import same_store
from core.fields import MoneyField
from core.models import BilingualName
from stores.choices import BayKind, Skill
from stores.models import StoreModel


class Operation(StoreModel, BilingualName):
    """A standard operation (工时项目): what it takes and costs. Its steps are what the technician sees and fills."""

    code = models.CharField(_("operation code"), max_length=30)
    category = models.CharField(
        _("category"),
        max_length=15,
        choices=RepairCategory,
        default=RepairCategory.MINOR,
    )
    skill = models.CharField(_("skill"), max_length=20, choices=Skill, default=Skill.MECHANICAL)
    hours = models.DecimalField(_("standard hours"), max_digits=6, decimal_places=2)
    bay_kind = models.CharField(_("bay"), max_length=20, choices=BayKind, default=BayKind.LIFT)
    bookable = models.BooleanField(_("on the booking menu"), default=False)
    key_operation = models.BooleanField(_("safety-critical"), default=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("operation")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "code"], name="catalogue_operation_code"),
            models.CheckConstraint(
                condition=Q(hours__gte=0, hours__lte=500),
                name="catalogue_operation_hours",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class WorkStep(StoreModel, BilingualName):
    """One step of an operation, filled by the technician before the line can finish."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="steps", db_constraint=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind, default=StepKind.TICK)
    unit = models.CharField(max_length=20, blank=True)
    low = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    required = models.BooleanField(default=True)
    # Brakes, steering, airbags, high voltage: another qualified person signs what was filled, before the job can finish.
    key_step = models.BooleanField(_("second signature"), default=False)

    class Meta(StoreModel.Meta):
        ordering = ["operation", "position"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("operation"),
            models.UniqueConstraint(fields=["store", "operation", "position"], name="catalogue_step_once"),
            models.CheckConstraint(
                condition=Q(low=None) | Q(high=None) | Q(low__lte=F("high")),
                name="catalogue_step_range",
            ),
        ]

    def __str__(self):
        return self.name


class Part(StoreModel, BilingualName):
    number = models.CharField(_("part number"), max_length=40)
    part_class = models.CharField(_("part class"), max_length=15, choices=PartClass, default=PartClass.ORIGINAL)
    unit = models.CharField(_("unit"), max_length=10, default="个")
    price = MoneyField(_("price"))
    stock = models.DecimalField(_("in stock"), max_digits=10, decimal_places=2, default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("part")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "number"], name="catalogue_part_number"),
            models.CheckConstraint(condition=Q(price__gte=0), name="catalogue_part_price"),
            models.CheckConstraint(condition=Q(stock__gte=0), name="catalogue_part_stock"),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"


class OperationPart(StoreModel):
    """Parts an operation usually needs; they come onto the estimate with it."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="parts", db_constraint=False)
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, default=1)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("operation", "part"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="catalogue_usual_quantity"),
        ]

    def __str__(self):
        return f"{self.operation_id} {self.part_id}"


class MaintenanceRule(StoreModel):
    """When a car is due: by distance or by time, whichever comes first. Empty brand/model = every car."""

    brand = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=80, blank=True)
    powertrain = models.CharField(max_length=10, blank=True)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="rules", db_constraint=False)
    km = models.PositiveIntegerField(null=True, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    first_km = models.PositiveIntegerField(null=True, blank=True)
    first_months = models.PositiveSmallIntegerField(null=True, blank=True)
    severe_factor = models.DecimalField(max_digits=4, decimal_places=2, default=1)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("operation"),
            models.CheckConstraint(
                condition=Q(km__gt=0) | Q(months__gt=0),
                name="catalogue_rule_has_interval",
            ),
        ]

    def __str__(self):
        return f"{self.operation_id} {self.km} km / {self.months} months"


class StatutoryNumber(models.Model):
    """A number the law or a standard sets, with its source and date, so that a new edition is a data change."""

    code = models.SlugField(max_length=60)
    category = models.CharField(max_length=15, blank=True)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "category", "valid_from"],
                name="catalogue_statutory_once",
            )
        ]

    def __str__(self):
        return f"{self.code} {self.value} {self.unit}"


class Duration(StoreModel):
    """How long one finished visit really took, from the customer's word to the car being ready: what computed promises learn from.

    One row per visit, by the work that weighed most on it. Visits lie in a layer above, so its key is a bare number.
    """

    visit_key = models.BigIntegerField()
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, null=True, blank=True, related_name="durations", db_constraint=False
    )  # the longest of the visit
    skill = models.CharField(max_length=20, blank=True)
    standard_minutes = models.PositiveIntegerField()  # standard hours of everything that was agreed
    minutes = models.PositiveIntegerField()  # business time it really took
    cars = models.PositiveIntegerField()  # in the workshop when it was agreed
    guessed_minutes = models.PositiveIntegerField(null=True, blank=True)  # business time of the first promise
    agreed_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        verbose_name = _("duration")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("operation"),
            models.UniqueConstraint(fields=["store", "visit_key"], name="catalogue_duration_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="catalogue_duration_positive"),
            models.CheckConstraint(condition=Q(ended_at__gt=F("agreed_at")), name="catalogue_duration_order"),
        ]
        indexes = [
            models.Index(fields=["store", "-ended_at"], name="catalogue_duration_newest"),
            models.Index(fields=["store", "operation", "-ended_at"], name="catalogue_duration_of_job"),
        ]

    def __str__(self):
        return f"{self.operation_id} {self.minutes} min"
