"""Giving the car back: bill explained, needs answered, old parts shown, settings reset, next service told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from handover.choices import NextService
from standards.models import ChecklistRun
from stores.models import Staff, StoreModel
from visits.models import Signature, Visit


class Handover(StoreModel):
    """What was shown, explained and agreed when the car was given back (交车检查表); one per visit."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="handover", db_constraint=False)
    advisor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    started_at = models.DateTimeField()
    bill_explained_at = models.DateTimeField(_("settlement list explained"), null=True, blank=True)
    old_parts_shown = models.BooleanField(_("old parts shown or none"), default=False)
    declined_named = models.BooleanField(_("declined safety work named once more"), default=False)
    settings_reset = models.BooleanField(_("seat, mirrors, sound and climate set back"), default=False)
    belongings_returned = models.BooleanField(_("what was left in our keeping given back"), default=False)
    mileage_out = models.PositiveIntegerField(_("mileage at handover"), null=True, blank=True)
    next_service = models.CharField(_("next service"), max_length=8, choices=NextService, blank=True)
    next_service_on = models.DateField(_("next service on"), null=True, blank=True)
    next_service_km = models.PositiveIntegerField(_("next service at (km)"), null=True, blank=True)
    call_preference = models.CharField(_("when to call"), max_length=40, blank=True)
    advice = models.CharField(_("advice for driving"), max_length=300, blank=True)
    run = models.ForeignKey(
        ChecklistRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    signature = models.ForeignKey(
        Signature,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("handover")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "advisor", "run", "signature"),
            models.CheckConstraint(
                condition=Q(completed_at=None)
                | (
                    Q(
                        bill_explained_at__isnull=False,
                        old_parts_shown=True,
                        settings_reset=True,
                    )
                    & ~Q(next_service="")
                ),
                name="handover_complete_is_explained",
            ),
        ]

    def __str__(self):
        return f"handover of {self.visit_id}"
