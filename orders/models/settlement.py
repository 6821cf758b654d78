"""The settlement list, issued before payment."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.constraints import same_store
from core.fields import MoneyField
from stores.models import Staff, StoreModel
from visits.models import Visit


class Settlement(StoreModel):
    """The settlement list (结算清单), issued before payment; a correction is a new version."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="settlements", db_constraint=False)
    number = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()  # the list as printed: lines, parts, totals
    labour = MoneyField()
    material = MoneyField()
    other = MoneyField()
    discount = MoneyField(default=0)
    total = MoneyField()
    payable = MoneyField()  # what the customer himself owes: lines he pays, rounded as the store does
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    explained_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["visit", "version"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "issued_by"),
            models.UniqueConstraint(fields=["store", "number"], name="orders_settlement_number"),
            models.UniqueConstraint(fields=["store", "visit", "version"], name="orders_settlement_version"),
            models.UniqueConstraint(
                fields=["store", "visit"],
                condition=Q(superseded_at=None),
                name="orders_one_settlement",
            ),
            models.CheckConstraint(
                condition=Q(total=F("labour") + F("material") + F("other")),
                name="orders_settlement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(payable__gte=0) & Q(payable__lte=F("total")),
                name="orders_payable_range",
            ),
        ]

    def __str__(self):
        return self.number
