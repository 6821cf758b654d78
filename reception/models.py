"""Check-in: what the advisor saw on the car and heard from the customer before the work was agreed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from reception.choices import DamageKind, WashWish, Zone
from standards.models import ChecklistRun
from stores.models import Staff, StoreModel
from visits.models import Photo, Visit


class Greeting(StoreModel):
    """Somebody turned to the customer who had arrived: one tap, once per visit."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="greeting", db_constraint=False)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField(_("greeted"))

    class Meta(StoreModel.Meta):
        verbose_name = _("greeting")
        constraints = [*StoreModel.Meta.constraints, *same_store("visit", "by")]

    def __str__(self):
        return f"greeting of {self.visit_id}"


class CheckIn(StoreModel):
    """The walk-around sheet (接车问诊表) of one visit."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="check_in", db_constraint=False)
    advisor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    greeted_at = models.DateTimeField(_("greeted"))
    fuel_percent = models.PositiveSmallIntegerField(_("fuel or charge (%)"))
    brought_by = models.CharField(_("brought by"), max_length=60, blank=True)
    brought_by_phone = models.CharField(_("phone"), max_length=20, blank=True)
    valuables_reminded = models.BooleanField(_("reminded of valuables"))
    valuables = models.CharField(_("left in our keeping"), max_length=200, blank=True)
    wash = models.CharField(_("wash"), max_length=8, choices=WashWish, default=WashWish.FULL)
    road_test_with_customer = models.BooleanField(_("road test with the customer"), default=False)
    covers_laid = models.BooleanField(_("seat, wheel and floor covers laid"), default=False)
    run = models.ForeignKey(
        ChecklistRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("check-in")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "advisor", "run"),
            models.CheckConstraint(condition=Q(fuel_percent__lte=100), name="reception_fuel_range"),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=F("greeted_at")),
                name="reception_order",
            ),
        ]

    def __str__(self):
        return f"check-in of {self.visit_id}"


class DamageMark(StoreModel):
    """A damage seen before the work began, so that nobody argues about it at handover."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="marks", db_constraint=False)
    zone = models.CharField(max_length=12, choices=Zone)
    kind = models.CharField(max_length=8, choices=DamageKind)
    x = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)  # percent of the drawing's width
    y = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=120, blank=True)
    photo = models.ForeignKey(
        Photo,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("check_in", "photo"),
            models.CheckConstraint(
                condition=(Q(x=None) | Q(x__gte=0, x__lte=100)) & (Q(y=None) | Q(y__gte=0, y__lte=100)),
                name="reception_mark_on_drawing",
            ),
        ]

    def __str__(self):
        return f"{self.zone} {self.kind}"
