"""Small amends made on the spot."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import ComfortKind
from core.constraints import same_store
from core.fields import MoneyField
from customers.models import Vehicle
from stores.models import Staff, StoreModel
from visits.models import Visit


class Comfort(StoreModel):
    """Something small that a person of the store gave a customer at once, within his own limit and with its reason."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="comforts", db_constraint=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=8, choices=ComfortKind)
    amount = MoneyField(_("worth"))
    words = models.CharField(_("why"), max_length=200)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    token = models.UUIDField()  # of the form: sent twice, it is given once

    class Meta(StoreModel.Meta):
        verbose_name = _("amends on the spot")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "vehicle", "by"),
            models.UniqueConstraint(fields=["store", "token"], name="complaints_comfort_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="complaints_comfort_positive"),
            models.CheckConstraint(condition=~Q(words=""), name="complaints_comfort_has_reason"),
        ]
        indexes = [models.Index(fields=["store", "vehicle", "at"], name="complaints_comfort_of_car")]

    def __str__(self):
        return f"{self.kind} {self.amount}"
