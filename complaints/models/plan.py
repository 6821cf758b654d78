"""Making it good: the plan with its measures, who agreed to it, how it was proven, and what sales made of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import AnswerChannel, MeasureKind, PlanAnswer, PlanState, RecheckOutcome
from complaints.models.case import Case
from core.constraints import same_store
from core.fields import MoneyField
from customers.models import Vehicle
from stores.choices import RoleCode
from stores.models import Staff, StoreModel


class RecoveryPlan(StoreModel):
    """What the house offers. Above the proposer's own limit a second person agrees before the customer hears of it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="plans", db_constraint=False)
    # Of the case when it was proposed: offers to one car are summed over thirty days.
    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    text = models.TextField(_("what we offer"))
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.WAITING)
    money = MoneyField(_("refund and compensation"), default=0)
    kind = MoneyField(_("vouchers, labour and other value"), default=0)
    needs_second = models.BooleanField()
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True)
    customer_answer = models.CharField(max_length=10, choices=PlanAnswer, blank=True)
    customer_words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=6, choices=AnswerChannel, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["case", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("case", "vehicle", "proposed_by", "approved_by", "refused_by"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=PlanState.live()), name="complaints_one_live_plan"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="complaints_plan_has_text"),
            models.CheckConstraint(condition=Q(money__gte=0, kind__gte=0), name="complaints_plan_not_negative"),
            # Four eyes: nobody agrees to his own plan.
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="complaints_maker_is_not_checker"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PlanState.APPROVED, PlanState.EXECUTED])
                | (Q(approved_at__isnull=False) & (Q(needs_second=False) | Q(approved_by__isnull=False))),
                name="complaints_plan_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.EXECUTED, executed_at__isnull=False)
                | (~Q(state=PlanState.EXECUTED) & Q(executed_at=None)),
                name="complaints_plan_executed_at",
            ),
            models.CheckConstraint(
                condition=Q(customer_answer="", answered_at=None)
                | (~Q(customer_answer="") & Q(answered_at__isnull=False)),
                name="complaints_plan_answered_at",
            ),
        ]
        indexes = [
            # What one car was offered lately.
            models.Index(fields=["store", "vehicle", "proposed_at"], name="complaints_plans_of_car"),
        ]

    def __str__(self):
        return f"plan {self.pk} of {self.case_id}"

    @property
    def total(self):
        return self.money + self.kind


class Measure(StoreModel):
    """One thing the house does to make it good, with what it is worth and the proof that it was done."""

    plan = models.ForeignKey(RecoveryPlan, on_delete=models.CASCADE, related_name="measures", db_constraint=False)
    kind = models.CharField(max_length=12, choices=MeasureKind)
    amount = MoneyField(_("worth"), default=0)
    note = models.CharField(max_length=300, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    executed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    proof = models.CharField(
        max_length=300, blank=True
    )  # how one sees that it was done: voucher, receipt, order number

    class Meta(StoreModel.Meta):
        ordering = ["plan", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("plan", "executed_by"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="complaints_measure_not_negative"),
            models.CheckConstraint(
                condition=Q(executed_at=None, executed_by=None)
                | (Q(executed_at__isnull=False, executed_by__isnull=False) & ~Q(proof="")),
                name="complaints_measure_proven",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.amount}"


class RecoveryLimit(StoreModel):
    """How much a role may promise one car within thirty days without a second person; empty = without limit."""

    role = models.CharField(max_length=24, choices=RoleCode)
    cash_limit = MoneyField(null=True, blank=True)
    equivalent_limit = MoneyField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "role"], name="complaints_limit_per_role"),
            models.CheckConstraint(
                condition=(Q(cash_limit=None) | Q(cash_limit__gte=0))
                & (Q(equivalent_limit=None) | Q(equivalent_limit__gte=0)),
                name="complaints_limit_not_negative",
            ),
        ]

    def __str__(self):
        return f"{self.role}: {self.cash_limit} / {self.equivalent_limit}"


class Recheck(StoreModel):
    """Somebody who neither owned the case nor did the work asks the customer whether it is good now."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rechecks", db_constraint=False)
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    on = models.DateField()  # the store's own day: three tries count on three days
    outcome = models.CharField(max_length=14, choices=RecheckOutcome)
    words = models.TextField(blank=True)
    # Was the result fair, was the way there fair, were we fair: 1 to 10, if he says.
    fair_result = models.PositiveSmallIntegerField(null=True, blank=True)
    fair_process = models.PositiveSmallIntegerField(null=True, blank=True)
    fair_manner = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["case", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("case", "by"),
            models.CheckConstraint(
                condition=Q(outcome=RecheckOutcome.UNREACHABLE) | ~Q(words=""), name="complaints_recheck_has_words"
            ),
            models.CheckConstraint(
                condition=(Q(fair_result=None) | Q(fair_result__range=(1, 10)))
                & (Q(fair_process=None) | Q(fair_process__range=(1, 10)))
                & (Q(fair_manner=None) | Q(fair_manner__range=(1, 10))),
                name="complaints_recheck_scores",
            ),
        ]

    def __str__(self):
        return f"{self.outcome} {self.case_id}"


class SalesFeedback(StoreModel):
    """What sales is told about a case, and what it makes of it: read, answered within three working days."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="feedback", db_constraint=False)
    text = models.TextField()
    pushed_at = models.DateTimeField()
    pushed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    answer = models.TextField(blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("case", "pushed_by", "read_by", "answered_by"),
            models.CheckConstraint(condition=~Q(text=""), name="complaints_feedback_has_text"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False, read_at__isnull=False) & ~Q(answer="")),
                name="complaints_feedback_answered",
            ),
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None) | Q(read_at__isnull=False, read_by__isnull=False),
                name="complaints_feedback_read",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "due_at"], condition=Q(answered_at=None), name="complaints_sales_waiting"),
        ]

    def __str__(self):
        return f"feedback of {self.case_id}"
