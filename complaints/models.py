"""What customers said, and the cases that problems become. Clocks, plans and re-checks deepen `Case` later."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseSource, CaseState, EntryKind, Severity, VoiceKind
from core.constraints import same_store
from customers.models import Customer, Vehicle
from stores.models import Staff, StoreModel
from visits.models import Visit


class Case(StoreModel):
    """A problem with an owner, from the customer's words to its end. One open case per visit; signals join it."""

    number = models.CharField(max_length=30)
    source = models.CharField(max_length=10, choices=CaseSource)
    severity = models.CharField(max_length=2, choices=Severity, default=Severity.L1)
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    visit = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        db_constraint=False,
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        db_constraint=False,
    )
    vehicle = models.ForeignKey(
        Vehicle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        db_constraint=False,
    )
    words = models.TextField(_("customer's words"))
    owner = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        db_constraint=False,
    )
    opened_at = models.DateTimeField()
    first_response_due_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_note = models.TextField(blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("case")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "customer", "vehicle", "owner"),
            models.UniqueConstraint(fields=["store", "number"], name="complaints_case_number"),
            models.UniqueConstraint(
                fields=["store", "visit"],
                condition=Q(state=CaseState.OPEN, visit__isnull=False),
                name="complaints_one_open_per_visit",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="complaints_case_has_words"),
            models.CheckConstraint(
                condition=Q(state=CaseState.OPEN, closed_at=None)
                | (Q(state=CaseState.CLOSED, closed_at__isnull=False) & ~Q(closing_note="")),
                name="complaints_closed_has_note",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "first_response_due_at"],
                condition=Q(state=CaseState.OPEN),
                name="complaints_open_by_clock",
            )
        ]

    def __str__(self):
        return self.number


class CaseEntry(StoreModel):
    """One line of a case's log: what was said to the customer, found out, or decided."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries", db_constraint=False)
    kind = models.CharField(max_length=8, choices=EntryKind)
    text = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        ordering = ["case", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("case", "by"),
            models.CheckConstraint(condition=~Q(text=""), name="complaints_entry_has_text"),
        ]

    def __str__(self):
        return f"{self.kind} {self.case_id}"


class Voice(StoreModel):
    """“Customer said …”: words taken by anyone. A problem opens or joins a case; praise reaches the person named."""

    kind = models.CharField(max_length=8, choices=VoiceKind)
    words = models.TextField()
    plate = models.CharField(max_length=12, blank=True)
    visit = models.ForeignKey(
        Visit,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="voices",
        db_constraint=False,
    )
    case = models.ForeignKey(
        Case,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="voices",
        db_constraint=False,
    )
    about = models.ForeignKey(
        Staff,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="praises",
        db_constraint=False,
    )
    taken_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    source = models.CharField(max_length=10, choices=CaseSource, default=CaseSource.DESK)
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "case", "about", "taken_by"),
            models.CheckConstraint(condition=~Q(words=""), name="complaints_voice_has_words"),
            models.CheckConstraint(
                condition=~Q(kind=VoiceKind.PROBLEM) | Q(case__isnull=False),
                name="complaints_problem_has_case",
            ),
        ]

    def __str__(self):
        return self.words[:40]
