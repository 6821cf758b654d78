"""What the customer was shown, and what he said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from orders.choices import ConsentMethod
from stores.models import Staff, StoreModel
from visits.models import Signature, Visit


class ConsentPack(StoreModel):
    """What the customer was shown, frozen: lines, prices, promised time; its hash is what he agreed to."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="packs", db_constraint=False)
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    superseded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(
        default=0
    )  # wrong digits entered at the customer's link; too many lock the link's answer

    class Meta(StoreModel.Meta):
        ordering = ["visit", "version"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "created_by"),
            models.UniqueConstraint(fields=["store", "visit", "version"], name="orders_pack_version"),
            # a visit asks about one pack at a time
            models.UniqueConstraint(
                fields=["store", "visit"],
                condition=Q(superseded_at=None, decided_at=None),
                name="orders_one_open_pack",
            ),
        ]

    def __str__(self):
        return f"pack {self.version} of {self.visit_id}"


class Consent(StoreModel):
    """Proof of a customer's decision on a pack: how, who, when, and the evidence."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="consents", db_constraint=False)
    pack = models.ForeignKey(
        ConsentPack,
        on_delete=models.PROTECT,
        related_name="consents",
        db_constraint=False,
    )
    method = models.CharField(max_length=10, choices=ConsentMethod)
    decided_by = models.CharField(_("decided by"), max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    signature = models.ForeignKey(
        Signature,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)  # recording number, message id
    evidence_sha256 = models.CharField(max_length=64)
    # {line id: agreed}, as he said it: with the pack it says what he owes, whatever became of the lines since
    decisions = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    # ids of lines whose price or work changed after he had agreed: his word no longer covers them
    lapsed = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    taken_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "pack", "signature", "taken_by"),
            models.CheckConstraint(
                condition=Q(method=ConsentMethod.SIGNATURE, signature__isnull=False)
                | Q(method=ConsentMethod.LINK)
                | (Q(method=ConsentMethod.PHONE, taken_by__isnull=False) & ~Q(evidence="")),
                name="orders_consent_has_evidence",
            ),
        ]

    def __str__(self):
        return f"{self.method} {self.visit_id}"
