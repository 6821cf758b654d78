"""Who may give away how much, and what was redeemed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from core.fields import MoneyField
from customers.models import Entitlement
from orders.models.line import Line
from stores.choices import RoleCode
from stores.models import Staff, StoreModel
from visits.models import Visit


class DiscountLimit(StoreModel):
    """The share of an item's labour or fee that a role may give away by itself. A role without a row follows `orders.rules`."""

    role = models.CharField(_("role"), max_length=30, choices=RoleCode)
    percent = models.DecimalField(_("at most (%)"), max_digits=5, decimal_places=2)

    class Meta(StoreModel.Meta):
        verbose_name = _("discount limit")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "role"], name="orders_limit_once"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="orders_limit_range"),
        ]

    def __str__(self):
        return f"{self.role} {self.percent}"


class DiscountRequest(StoreModel):
    """A discount above somebody's limit, which another person grants or refuses; one open request per line."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="discount_requests", db_constraint=False)
    discount = MoneyField(_("discount"))
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("discount request")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("line", "asked_by", "decided_by"),
            models.UniqueConstraint(
                fields=["store", "line"], condition=Q(decided_at=None), name="orders_one_open_discount_request"
            ),
            models.CheckConstraint(
                condition=Q(discount__gt=0) & ~Q(reason=""), name="orders_discount_request_says_why"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, granted=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, granted__isnull=False),
                name="orders_discount_request_decided",
            ),
            # two people: whoever asks does not grant
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")), name="orders_discount_two_people"
            ),
        ]

    def __str__(self):
        return f"{self.line_id} {self.discount}"


class Redemption(StoreModel):
    """A line that an entitlement of the car pays; undone when the work is not done on its account after all."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="redemptions", db_constraint=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="redemptions", db_constraint=False)
    entitlement = models.ForeignKey(
        Entitlement, on_delete=models.PROTECT, related_name="redemptions", db_constraint=False
    )
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("redemption")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("line", "visit", "entitlement", "by"),
            models.UniqueConstraint(
                fields=["store", "line"], condition=Q(undone_at=None), name="orders_line_redeemed_once"
            ),
        ]

    def __str__(self):
        return f"{self.line_id} {self.entitlement_id}"
