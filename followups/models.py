"""The follow-up call: every delivered car's customer is asked within 72 hours, never by the advisor himself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from core.constraints import same_store
from followups.choices import CallOutcome, CallState
from stores.models import Staff, StoreModel
from visits.models import Visit


class FollowUpCall(StoreModel):
    """The call owed to one visit."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="follow_up", db_constraint=False)
    due_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=CallState, default=CallState.OPEN)
    assigned_to = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        db_constraint=False,
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("overall satisfaction (1-10)"), null=True, blank=True)
    nps = models.PositiveSmallIntegerField(_("would recommend (0-10)"), null=True, blank=True)
    words = models.TextField(_("customer's words"), blank=True)
    problem = models.BooleanField(_("problem"), null=True)
    case = models.ForeignKey(
        Case,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )

    class Meta(StoreModel.Meta):
        verbose_name = _("follow-up call")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "assigned_to", "case"),
            models.CheckConstraint(
                condition=Q(state=CallState.OPEN, completed_at=None)
                | (~Q(state=CallState.OPEN) & Q(completed_at__isnull=False)),
                name="followups_done_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=CallState.DONE) | Q(problem__isnull=False),
                name="followups_done_says_problem",
            ),
            models.CheckConstraint(
                condition=~Q(problem=True) | Q(case__isnull=False),
                name="followups_problem_is_recorded",
            ),
            models.CheckConstraint(
                condition=(Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=10))
                & (Q(nps=None) | Q(nps__lte=10)),
                name="followups_score_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "next_try_at"],
                condition=Q(state=CallState.OPEN),
                name="followups_open_by_time",
            )
        ]

    def __str__(self):
        return f"follow-up of {self.visit_id}"


class CallAttempt(StoreModel):
    call = models.ForeignKey(
        FollowUpCall,
        on_delete=models.CASCADE,
        related_name="attempts",
        db_constraint=False,
    )
    sequence = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=CallOutcome)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["call", "sequence"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("call", "by"),
            models.UniqueConstraint(fields=["store", "call", "sequence"], name="followups_attempt_once"),
        ]

    def __str__(self):
        return f"{self.call_id} #{self.sequence}"
