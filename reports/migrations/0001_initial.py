import django.db.models.deletion
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RollUp",
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
                    "grain",
                    models.CharField(choices=[("day", "Day"), ("month", "Month")], max_length=5, verbose_name="grain"),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("metric", models.CharField(max_length=40, verbose_name="figure")),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("store", "Whole store"),
                            ("advisor", "Service advisor"),
                            ("channel", "Answered by"),
                            ("arrival", "Way of arrival"),
                            ("promise", "First promised time"),
                            ("rework", "Final inspection"),
                            ("powertrain", "Powertrain"),
                            ("item", "Single question"),
                        ],
                        max_length=20,
                        verbose_name="split by",
                    ),
                ),
                ("key", models.CharField(blank=True, default="", max_length=40, verbose_name="part of the store")),
                ("n", models.BigIntegerField(default=0, verbose_name="count")),
                ("total", models.DecimalField(decimal_places=4, default=0, max_digits=24, verbose_name="sum")),
                (
                    "squares",
                    models.DecimalField(decimal_places=4, default=0, max_digits=28, verbose_name="sum of squares"),
                ),
            ],
            options={
                "verbose_name": "roll-up",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="reports_rollup_in_store"),
                    models.UniqueConstraint(
                        fields=("store", "grain", "day", "dimension", "key", "metric"), name="reports_rollup_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grain__in", ["day", "month"])), name="reports_rollup_grain"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("n__gte", 0), ("squares__gte", 0)), name="reports_rollup_counts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grain", "month"), _negated=True), ("day__day", 1), _connector="OR"
                        ),
                        name="reports_rollup_month",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Wait",
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
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waits",
                        to="visits.visit",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("greeting", "Waiting to be greeted"),
                            ("dispatch", "Waiting for dispatch"),
                            ("bay", "Waiting for bay and technician"),
                            ("parts", "Waiting for parts"),
                            ("approval", "Waiting for the customer's approval"),
                            ("support", "Waiting for technical support"),
                            ("inspection", "Waiting for the final inspector"),
                            ("wash", "Waiting for the wash"),
                            ("cashier", "Waiting for the cashier"),
                            ("stage_reception", "Stage: reception"),
                            ("stage_repair", "Stage: repair"),
                            ("stage_inspection", "Stage: final inspection"),
                            ("stage_wash", "Stage: wash"),
                            ("stage_handover", "Stage: handover"),
                            ("stage_checkout", "Stage: checkout"),
                            ("stage_follow_up", "Stage: follow-up"),
                        ],
                        max_length=16,
                        verbose_name="wait",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="began")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("counted", models.PositiveIntegerField(blank=True, null=True)),
                ("day", models.DateField()),
                ("weekday", models.PositiveSmallIntegerField()),
                ("hour", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "wait",
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["store", "day"],
                        include=("kind", "weekday", "hour", "counted"),
                        name="reports_wait_period",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["store", "kind"], name="reports_wait_lasting"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="reports_wait_in_store"),
                    core.constraints.SameStore(
                        "visit", name="reports_wait_visit_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "visit", "kind", "started_at"), name="reports_wait_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "greeting",
                                    "dispatch",
                                    "bay",
                                    "parts",
                                    "approval",
                                    "support",
                                    "inspection",
                                    "wash",
                                    "cashier",
                                    "stage_reception",
                                    "stage_repair",
                                    "stage_inspection",
                                    "stage_wash",
                                    "stage_handover",
                                    "stage_checkout",
                                    "stage_follow_up",
                                ],
                            )
                        ),
                        name="reports_wait_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("counted", None), ("ended_at", None), ("seconds", None)),
                            models.Q(
                                ("counted__lte", models.F("seconds")),
                                ("ended_at__gt", models.F("started_at")),
                                ("seconds__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reports_wait_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hour__lte", 23), ("weekday__lte", 6)), name="reports_wait_place"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitStandard",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("greeting", "Waiting to be greeted"),
                            ("dispatch", "Waiting for dispatch"),
                            ("bay", "Waiting for bay and technician"),
                            ("parts", "Waiting for parts"),
                            ("approval", "Waiting for the customer's approval"),
                            ("support", "Waiting for technical support"),
                            ("inspection", "Waiting for the final inspector"),
                            ("wash", "Waiting for the wash"),
                            ("cashier", "Waiting for the cashier"),
                            ("stage_reception", "Stage: reception"),
                            ("stage_repair", "Stage: repair"),
                            ("stage_inspection", "Stage: final inspection"),
                            ("stage_wash", "Stage: wash"),
                            ("stage_handover", "Stage: handover"),
                            ("stage_checkout", "Stage: checkout"),
                            ("stage_follow_up", "Stage: follow-up"),
                        ],
                        max_length=16,
                        verbose_name="wait",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
            ],
            options={
                "verbose_name": "standard of a wait",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="reports_waitstandard_in_store"),
                    models.UniqueConstraint(fields=("store", "kind"), name="reports_standard_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "greeting",
                                    "dispatch",
                                    "bay",
                                    "parts",
                                    "approval",
                                    "support",
                                    "inspection",
                                    "wash",
                                    "cashier",
                                    "stage_reception",
                                    "stage_repair",
                                    "stage_inspection",
                                    "stage_wash",
                                    "stage_handover",
                                    "stage_checkout",
                                    "stage_follow_up",
                                ],
                            )
                        ),
                        name="reports_standard_kind",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="NeverMissRun",
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
                ("at", models.DateTimeField()),
                ("trigger", models.CharField(choices=[("nightly", "Nightly"), ("by_hand", "By hand")], max_length=8)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("night", models.DateField(blank=True, null=True)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                ("issues", models.PositiveIntegerField(default=0)),
                ("all_five", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "never-miss check",
                "abstract": False,
                "indexes": [models.Index(fields=["store", "-at"], name="reports_run_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="reports_nevermissrun_in_store"),
                    core.constraints.SameStore(
                        "by", name="reports_nevermissrun_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "night"), name="reports_one_run_a_night"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("night__isnull", False), ("trigger", "nightly")),
                            models.Q(("by__isnull", False), ("night", None), ("trigger", "by_hand")),
                            _connector="OR",
                        ),
                        name="reports_run_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("all_five__lte", models.F("issues"))), name="reports_run_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NeverMissCount",
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
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counts",
                        to="reports.nevermissrun",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("followed", "Every customer followed up"),
                            ("recorded", "Every problem recorded"),
                            ("solved", "Every problem solved"),
                            ("rechecked", "Every result re-checked"),
                            ("fed_back", "Every result fed back to sales"),
                        ],
                        max_length=10,
                    ),
                ),
                ("checked", models.PositiveIntegerField()),
                ("violations", models.PositiveIntegerField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="reports_nevermisscount_in_store"),
                    core.constraints.SameStore(
                        "run", name="reports_nevermisscount_run_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "run", "rule"), name="reports_count_once"),
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ["followed", "recorded", "solved", "rechecked", "fed_back"])),
                        name="reports_count_rule",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="NeverMissFinding",
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
                    "violation",
                    models.CharField(
                        choices=[
                            ("no_call", "Car released, nobody is to follow up"),
                            ("call_overdue", "Follow-up call overdue"),
                            ("no_next_contact", "Customer without a next contact date"),
                            ("low_answer", "Low answer without a case"),
                            ("problem_call", "Problem told on the phone without a case"),
                            ("problem_voice", "Problem told in the store without a case"),
                            ("answer_late", "Customer not answered in time"),
                            ("resolution_late", "Not solved in time"),
                            ("closed_unsolved", "Closed without a measure carried out"),
                            ("recheck_late", "Not re-checked within 72 hours"),
                            ("closed_unchecked", "Closed without a re-check by somebody else"),
                            ("sales_not_told", "Sales was not told"),
                            ("sales_late", "Sales has not answered within 3 working days"),
                        ],
                        max_length=16,
                    ),
                ),
                ("subject_kind", models.CharField(max_length=80)),
                ("subject_id", models.BigIntegerField()),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="visits.visit",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "first_run",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reports.nevermissrun",
                    ),
                ),
                ("found_at", models.DateTimeField()),
                (
                    "cleared_run",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reports.nevermissrun",
                    ),
                ),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "violation",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="reports_nevermissfinding_in_store"),
                    core.constraints.SameStore(
                        "visit", name="reports_nevermissfinding_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "owner", name="reports_nevermissfinding_owner_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "first_run",
                        name="reports_nevermissfinding_first_run_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "cleared_run",
                        name="reports_nevermissfinding_cleared_run_same_store",
                        violation_error_code="other_store",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at", None)),
                        fields=("store", "violation", "subject_kind", "subject_id"),
                        name="reports_finding_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "violation__in",
                                [
                                    "no_call",
                                    "call_overdue",
                                    "no_next_contact",
                                    "low_answer",
                                    "problem_call",
                                    "problem_voice",
                                    "answer_late",
                                    "resolution_late",
                                    "closed_unsolved",
                                    "recheck_late",
                                    "closed_unchecked",
                                    "sales_not_told",
                                    "sales_late",
                                ],
                            )
                        ),
                        name="reports_finding_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cleared_at", None), ("cleared_run", None)),
                            models.Q(("cleared_at__isnull", False), ("cleared_run__isnull", False)),
                            _connector="OR",
                        ),
                        name="reports_finding_cleared",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
