"""Money for the settlement list, and the gate pass that lets the car out."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from checkout.choices import Leaving, PaymentMethod
from core.constraints import same_store
from core.fields import MoneyField
from orders.models import Settlement
from stores.models import Staff, StoreModel
from visits.models import Visit


class AccountApproval(StoreModel):
    """A cashier asks whether an amount may go on account; a second person decides, from his own page."""

    settlement = models.ForeignKey(
        Settlement,
        on_delete=models.PROTECT,
        related_name="account_approvals",
        db_constraint=False,
    )
    amount = MoneyField(_("amount"))
    debtor = models.CharField(_("who will pay, and when"), max_length=120)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    approved = models.BooleanField(null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("approval on account")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("settlement", "asked_by", "decided_by"),
            models.UniqueConstraint(
                fields=["store", "settlement"],
                condition=Q(decided_at=None),
                name="checkout_one_open_question",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="checkout_account_positive"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, approved=None)
                | Q(
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    approved__isnull=False,
                ),
                name="checkout_account_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="checkout_account_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(approved=False) | ~Q(reason=""),
                name="checkout_account_refused_why",
            ),
        ]

    def __str__(self):
        return f"{self.amount} on account"


class Payment(StoreModel):
    """One payment line. A refund is a negative line that names what it gives back. `token` stops a double submit."""

    settlement = models.ForeignKey(
        Settlement,
        on_delete=models.PROTECT,
        related_name="payments",
        db_constraint=False,
    )
    method = models.CharField(_("method"), max_length=8, choices=PaymentMethod)
    amount = MoneyField(_("amount"))
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    invoice_number = models.CharField(_("invoice number"), max_length=40, blank=True)
    approved_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    approval = models.ForeignKey(
        AccountApproval,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        db_constraint=False,
    )
    refund_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds",
        db_constraint=False,
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    token = models.UUIDField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        verbose_name = _("payment")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("settlement", "approved_by", "approval", "refund_of", "by"),
            models.UniqueConstraint(fields=["store", "token"], name="checkout_payment_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="checkout_payment_not_zero"),
            models.CheckConstraint(
                condition=Q(method=PaymentMethod.CASH) | ~Q(reference=""),
                name="checkout_payment_reference",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, refund_of=None) | (Q(amount__lt=0, refund_of__isnull=False) & ~Q(reason="")),
                name="checkout_refund_names_why",
            ),
            # an approval is used once
            models.UniqueConstraint(
                fields=["store", "approval"],
                condition=Q(approval__isnull=False, amount__gt=0),
                name="checkout_approval_once",
            ),
            # on account needs a second person (domain.md 1.3 F10)
            models.CheckConstraint(
                condition=~Q(method=PaymentMethod.ACCOUNT)
                | Q(amount__lt=0)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("by"))),
                name="checkout_account_approved",
            ),
        ]

    def __str__(self):
        return f"{self.amount} {self.method}"


class GatePass(StoreModel):
    """出门证: issued when nothing is owed, valid the same day, used once at the gate.

    A pass that was not used in time is issued anew in the same row with a new number; the journal keeps the old one.
    """

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="gate_pass", db_constraint=False)
    number = models.CharField(max_length=30)
    issued_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )

    class Meta(StoreModel.Meta):
        verbose_name = _("gate pass")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "issued_by", "used_by"),
            models.UniqueConstraint(fields=["store", "number"], name="checkout_gate_pass_number"),
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None)
                | Q(
                    used_at__isnull=False,
                    used_by__isnull=False,
                    used_at__lte=F("valid_until"),
                ),
                name="checkout_gate_pass_used",
            ),
        ]

    def __str__(self):
        return self.number


class LeavingAnswer(StoreModel):
    """Asked once before the gate pass: is everything as you wished? A no calls a manager to the car, on a clock."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="leaving", db_constraint=False)
    answer = models.CharField(max_length=12, choices=Leaving)
    words = models.CharField(_("customer's words"), max_length=300, blank=True)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    manager_due_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    met_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("question before leaving")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "asked_by", "met_by"),
            # a no has his words and a clock; where nobody could be asked, why
            models.CheckConstraint(
                condition=Q(answer=Leaving.CONTENT, manager_due_at=None)
                | (Q(answer=Leaving.NOT_CONTENT, manager_due_at__isnull=False) & ~Q(words=""))
                | (Q(answer=Leaving.NOBODY, manager_due_at=None) & ~Q(words="")),
                name="checkout_leaving_shape",
            ),
            models.CheckConstraint(
                condition=Q(met_by=None, met_at=None)
                | Q(met_by__isnull=False, met_at__isnull=False, answer=Leaving.NOT_CONTENT),
                name="checkout_leaving_met",
            ),
        ]
        indexes = [
            # whom a manager still has to see
            models.Index(
                fields=["store", "manager_due_at"],
                condition=Q(manager_due_at__isnull=False, met_at=None),
                name="checkout_leaving_waiting",
            )
        ]

    def __str__(self):
        return f"{self.answer} {self.visit_id}"
