"""Cars that come back with what was repaired before."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from customers.models import Vehicle
from guarantees.choices import ComebackState, Match
from orders.models import Line
from stores.models import Staff, StoreModel
from visits.models import Need, Visit


class Comeback(StoreModel):
    """A visit that seems to repeat a finished line of an earlier one. Confirmed, it makes the visit a rework visit.

    `root` is the first line of a chain of reworks, `failures` how often it has failed with this one. `covered`: the quality
    guarantee still held by days and kilometres.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="comebacks", db_constraint=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="comebacks", db_constraint=False)
    original = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="comebacks", db_constraint=False)
    root = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    line = models.ForeignKey(
        Line, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )  # what repeats it in this visit
    need = models.ForeignKey(
        Need, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )  # the words in which it was said
    match = models.CharField(max_length=10, choices=Match)
    covered = models.BooleanField()
    days = models.PositiveSmallIntegerField()  # since the car left
    km = models.PositiveIntegerField(null=True, blank=True)  # driven since
    state = models.CharField(max_length=10, choices=ComebackState, default=ComebackState.SUGGESTED)
    failures = models.PositiveSmallIntegerField(default=0)
    suggested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["-suggested_at", "-id"]
        verbose_name = _("comeback")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "vehicle", "original", "root", "line", "need", "decided_by"),
            models.UniqueConstraint(fields=["store", "visit", "original"], name="guarantees_comeback_once"),
            models.UniqueConstraint(
                fields=["store", "visit", "root"],
                condition=Q(state=ComebackState.CONFIRMED),
                name="guarantees_one_failure_a_visit",
            ),
            models.CheckConstraint(condition=Q(state__in=ComebackState.values), name="guarantees_comeback_state"),
            models.CheckConstraint(
                condition=Q(state=ComebackState.SUGGESTED, decided_at=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="guarantees_comeback_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=ComebackState.DISMISSED) | ~Q(reason=""), name="guarantees_dismissed_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=ComebackState.CONFIRMED) | Q(failures__gte=1), name="guarantees_failures_counted"
            ),
            models.CheckConstraint(condition=Q(line=None) | ~Q(line=F("original")), name="guarantees_not_itself"),
        ]
        indexes = [
            models.Index(fields=["store"], condition=Q(state=ComebackState.SUGGESTED), name="guarantees_to_look_at"),
            models.Index(fields=["store", "root"], name="guarantees_of_root"),
        ]

    def __str__(self):
        return f"{self.visit_id} repeats {self.original_id}"
