"""The nightly file of the vehicle e-health record."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stores.models import StoreModel


class HealthFile(StoreModel):
    """One day's orders as they were written out by night. Written again when a list of that day was corrected."""

    day = models.DateField(_("day"))
    content = models.TextField()  # JSON
    sha256 = models.CharField(max_length=64)
    orders = models.PositiveIntegerField()
    incomplete = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        verbose_name = _("e-health file")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "day"], name="guarantees_health_day"),
            models.CheckConstraint(condition=Q(incomplete__lte=F("orders")), name="guarantees_health_counts"),
        ]

    def __str__(self):
        return f"{self.day}"
