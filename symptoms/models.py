"""Symptom trees that staff edit, and what each customer answered. A tree is versioned: a check keeps the version it was asked by."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Operation
from core.constraints import same_store
from core.models import BilingualName
from customers.models import Vehicle
from orders.models import Line
from stores.models import StoreModel
from symptoms.choices import Agreement, Urgency
from visits.models import Visit


class TreeVersion(StoreModel):
    """One edition of the store's symptom tree; the published one that is not retired is asked."""

    version = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("symptom tree")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "version"], name="symptoms_version_once"),
            models.UniqueConstraint(
                fields=["store"],
                condition=Q(published_at__isnull=False, retired_at=None),
                name="symptoms_one_published",
            ),
        ]

    def __str__(self):
        return f"symptoms v{self.version}"


class Question(StoreModel, BilingualName):
    """A question of the tree; the one without a choice leading to it is the first."""

    tree = models.ForeignKey(TreeVersion, on_delete=models.CASCADE, related_name="questions", db_constraint=False)
    code = models.SlugField(max_length=40)
    first = models.BooleanField(default=False)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("tree"),
            models.UniqueConstraint(fields=["store", "tree", "code"], name="symptoms_question_code"),
            models.UniqueConstraint(fields=["store", "tree"], condition=Q(first=True), name="symptoms_one_first"),
        ]

    def __str__(self):
        return self.code


class Result(StoreModel, BilingualName):
    """What a path through the tree means: how urgent, what is likely, how long and how dear."""

    tree = models.ForeignKey(TreeVersion, on_delete=models.CASCADE, related_name="results", db_constraint=False)
    code = models.SlugField(max_length=40)
    urgency = models.CharField(max_length=10, choices=Urgency)
    advice_zh = models.CharField(max_length=300, blank=True)
    advice_en = models.CharField(max_length=300, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("tree"),
            models.UniqueConstraint(fields=["store", "tree", "code"], name="symptoms_result_code"),
        ]

    def __str__(self):
        return self.code


class LikelyOperation(StoreModel):
    """An operation a result makes likely, the likeliest first."""

    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="likely", db_constraint=False)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    position = models.PositiveSmallIntegerField()

    class Meta(StoreModel.Meta):
        ordering = ["result", "position"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("result", "operation"),
            models.UniqueConstraint(fields=["store", "result", "operation"], name="symptoms_likely_once"),
        ]

    def __str__(self):
        return f"{self.result_id} {self.operation_id}"


class Choice(StoreModel, BilingualName):
    """An answer to a question; it leads to the next question or to a result, never to both."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices", db_constraint=False)
    position = models.PositiveSmallIntegerField()
    next_question = models.ForeignKey(
        Question, on_delete=models.CASCADE, null=True, blank=True, related_name="asked_after", db_constraint=False
    )
    result = models.ForeignKey(
        Result, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_constraint=False
    )

    class Meta(StoreModel.Meta):
        ordering = ["question", "position"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("question", "next_question", "result"),
            models.UniqueConstraint(fields=["store", "question", "position"], name="symptoms_choice_position"),
            models.CheckConstraint(
                condition=Q(next_question=None, result__isnull=False) | Q(next_question__isnull=False, result=None),
                name="symptoms_choice_leads_on",
            ),
            models.CheckConstraint(
                condition=Q(next_question=None) | ~Q(next_question=F("question")), name="symptoms_choice_no_loop"
            ),
        ]

    def __str__(self):
        return f"{self.question_id} {self.position}"


class SymptomCheck(StoreModel):
    """One customer's answers, in his words where he added some, and the result; later what the workshop found."""

    tree = models.ForeignKey(TreeVersion, on_delete=models.PROTECT, related_name="checks", db_constraint=False)
    token = models.UUIDField()
    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.SET_NULL, null=True, blank=True, related_name="symptom_checks", db_constraint=False
    )
    choices = ArrayField(models.BigIntegerField(), default=list)  # ids of the choices taken, in order
    words = models.TextField(blank=True)
    result = models.ForeignKey(
        Result, on_delete=models.PROTECT, null=True, blank=True, related_name="checks", db_constraint=False
    )
    at = models.DateTimeField()
    agreement = models.CharField(max_length=8, choices=Agreement, blank=True)
    found_line = models.ForeignKey(
        Line, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )
    compared_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("symptom check")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("tree", "vehicle", "visit", "result", "found_line"),
            models.UniqueConstraint(fields=["store", "token"], name="symptoms_check_token"),
            models.CheckConstraint(
                condition=Q(agreement="", compared_at=None) | (~Q(agreement="") & Q(compared_at__isnull=False)),
                name="symptoms_compared_has_time",
            ),
        ]

    def __str__(self):
        return f"check {self.pk}"
