"""What customers said, taken by anyone or sent by themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from complaints.choices import CaseSource, VoiceKind
from complaints.models.case import Case
from core.constraints import same_store
from stores.models import Staff, StoreModel
from visits.models import Visit


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
    token = models.UUIDField(null=True, blank=True)  # of the form it came from: sent twice, it is kept once

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "token"], name="complaints_voice_once"),
            *same_store("visit", "case", "about", "taken_by"),
            models.CheckConstraint(condition=~Q(words=""), name="complaints_voice_has_words"),
            models.CheckConstraint(
                condition=~Q(kind=VoiceKind.PROBLEM) | Q(case__isnull=False),
                name="complaints_problem_has_case",
            ),
        ]

    def __str__(self):
        return self.words[:40]
