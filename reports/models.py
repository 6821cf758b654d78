"""Figures kept as sums, so that a page adds up a few hundred rows instead of a million answers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.choices import Dimension, Grain
from stores.models import StoreModel


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
    key = models.CharField(_("part"), max_length=40, blank=True, default="")
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
