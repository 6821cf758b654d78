import django.db.models.deletion
from django.db import migrations, models

import core.constraints
import core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orders", "0001_initial"),
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account_approvals",
                        to="orders.settlement",
                    ),
                ),
                ("amount", core.fields.MoneyField(verbose_name="amount")),
                ("debtor", models.CharField(max_length=120, verbose_name="who will pay, and when")),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("approved", models.BooleanField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "verbose_name": "approval on account",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="checkout_accountapproval_in_store"),
                    core.constraints.SameStore(
                        "settlement",
                        name="checkout_accountapproval_settlement_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "asked_by",
                        name="checkout_accountapproval_asked_by_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "decided_by",
                        name="checkout_accountapproval_decided_by_same_store",
                        violation_error_code="other_store",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)),
                        fields=("store", "settlement"),
                        name="checkout_one_open_question",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="checkout_account_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved", None), ("decided_at", None), ("decided_by", None)),
                            models.Q(
                                ("approved__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="checkout_account_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="checkout_account_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved", False), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="checkout_account_refused_why",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="orders.settlement",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("cash", "Cash"),
                            ("card", "Card"),
                            ("wechat", "WeChat Pay"),
                            ("alipay", "Alipay"),
                            ("transfer", "Bank transfer"),
                            ("account", "On account"),
                        ],
                        max_length=8,
                        verbose_name="method",
                    ),
                ),
                ("amount", core.fields.MoneyField(verbose_name="amount")),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="reference")),
                ("invoice_number", models.CharField(blank=True, max_length=40, verbose_name="invoice number")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                (
                    "approval",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="checkout.accountapproval",
                    ),
                ),
                (
                    "refund_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="checkout.payment",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("token", models.UUIDField()),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "payment",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="checkout_payment_in_store"),
                    core.constraints.SameStore(
                        "settlement", name="checkout_payment_settlement_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "approved_by",
                        name="checkout_payment_approved_by_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "approval", name="checkout_payment_approval_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "refund_of", name="checkout_payment_refund_of_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "by", name="checkout_payment_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "token"), name="checkout_payment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="checkout_payment_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("method", "cash"), models.Q(("reference", ""), _negated=True), _connector="OR"
                        ),
                        name="checkout_payment_reference",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("refund_of", None)),
                            models.Q(
                                ("amount__lt", 0), ("refund_of__isnull", False), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="checkout_refund_names_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("amount__gt", 0), ("approval__isnull", False)),
                        fields=("store", "approval"),
                        name="checkout_approval_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "account"), _negated=True),
                            ("amount__lt", 0),
                            models.Q(
                                ("approved_by__isnull", False), models.Q(("approved_by", models.F("by")), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="checkout_account_approved",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="GatePass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "visit",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="gate_pass",
                        to="visits.visit",
                    ),
                ),
                ("number", models.CharField(max_length=30)),
                (
                    "issued_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "used_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
            ],
            options={
                "verbose_name": "gate pass",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="checkout_gatepass_in_store"),
                    core.constraints.SameStore(
                        "visit", name="checkout_gatepass_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "issued_by", name="checkout_gatepass_issued_by_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "used_by", name="checkout_gatepass_used_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "number"), name="checkout_gate_pass_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("used_at", None), ("used_by", None)),
                            models.Q(
                                ("used_at__isnull", False),
                                ("used_at__lte", models.F("valid_until")),
                                ("used_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="checkout_gate_pass_used",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
