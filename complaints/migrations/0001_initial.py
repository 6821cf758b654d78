import django.db.models.deletion
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
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
                ("number", models.CharField(max_length=30)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("desk", "Said in the store"),
                            ("web", "Web form"),
                            ("follow_up", "Follow-up call"),
                            ("survey", "Low survey answer"),
                            ("phone", "Phone call"),
                            ("maker", "Maker's hotline"),
                            ("regulator", "12315 or another authority"),
                            ("import", "Imported"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("L1", "L1 grumble"),
                            ("L2", "L2 complaint"),
                            ("L3", "L3 escalated"),
                            ("L4", "L4 grave"),
                        ],
                        default="L1",
                        max_length=2,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Being worked on"), ("closed", "Closed")], default="open", max_length=8
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="visits.visit",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.customer",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.vehicle",
                    ),
                ),
                ("words", models.TextField(verbose_name="customer's words")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="stores.staff",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("first_response_due_at", models.DateTimeField(blank=True, null=True)),
                ("first_response_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closing_note", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "case",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["store", "first_response_due_at"],
                        name="complaints_open_by_clock",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_case_in_store"),
                    core.constraints.SameStore(
                        "visit", name="complaints_case_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "customer", name="complaints_case_customer_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "vehicle", name="complaints_case_vehicle_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "owner", name="complaints_case_owner_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "number"), name="complaints_case_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open"), ("visit__isnull", False)),
                        fields=("store", "visit"),
                        name="complaints_one_open_per_visit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="complaints_case_has_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("closing_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_closed_has_note",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseEntry",
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
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="complaints.case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("response", "Answer to the customer"), ("note", "Note"), ("closing", "Closed")],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField()),
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
                "ordering": ["case", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_caseentry_in_store"),
                    core.constraints.SameStore(
                        "case", name="complaints_caseentry_case_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "by", name="complaints_caseentry_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="complaints_entry_has_text"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Voice",
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
                        choices=[("problem", "Problem"), ("praise", "Praise"), ("idea", "Idea")], max_length=8
                    ),
                ),
                ("words", models.TextField()),
                ("plate", models.CharField(blank=True, max_length=12)),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="voices",
                        to="visits.visit",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="voices",
                        to="complaints.case",
                    ),
                ),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="praises",
                        to="stores.staff",
                    ),
                ),
                (
                    "taken_by",
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
                    "source",
                    models.CharField(
                        choices=[
                            ("desk", "Said in the store"),
                            ("web", "Web form"),
                            ("follow_up", "Follow-up call"),
                            ("survey", "Low survey answer"),
                            ("phone", "Phone call"),
                            ("maker", "Maker's hotline"),
                            ("regulator", "12315 or another authority"),
                            ("import", "Imported"),
                        ],
                        default="desk",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_voice_in_store"),
                    core.constraints.SameStore(
                        "visit", name="complaints_voice_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "case", name="complaints_voice_case_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "about", name="complaints_voice_about_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "taken_by", name="complaints_voice_taken_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="complaints_voice_has_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "problem"), _negated=True), ("case__isnull", False), _connector="OR"
                        ),
                        name="complaints_problem_has_case",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
