"""The commercial terms of a visit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.choices import RepairCategory
from core.constraints import same_store
from orders.choices import OldParts
from stores.models import StoreModel
from visits.models import Visit


class RepairOrder(StoreModel):
    """The commercial terms of a visit (任务委托书); one per visit, made with its first line or at check-in."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="order", db_constraint=False)
    category = models.CharField(
        _("repair category"),
        max_length=15,
        choices=RepairCategory,
        default=RepairCategory.MINOR,
    )
    tolerance_percent = models.DecimalField(_("tolerance (%)"), max_digits=5, decimal_places=2, default=0)
    guarantee_days = models.PositiveIntegerField(_("quality guarantee (days)"), default=10)
    guarantee_km = models.PositiveIntegerField(_("quality guarantee (km)"), default=2000)
    old_parts = models.CharField(_("old parts"), max_length=6, choices=OldParts, default=OldParts.TAKE)
    settlement_way = models.CharField(_("way of payment"), max_length=40, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("repair order")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit"),
            models.CheckConstraint(
                condition=Q(tolerance_percent__gte=0, tolerance_percent__lte=50),
                name="orders_tolerance_range",
            ),
        ]

    def __str__(self):
        return f"order of {self.visit_id}"
