import django.db.models.deletion
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orders", "0001_initial"),
        ("standards", "0001_initial"),
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inspection",
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
                        related_name="inspections",
                        to="visits.visit",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Self-check"), (2, "Cross-check"), (3, "Final inspection")]
                    ),
                ),
                (
                    "inspector",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="stores.staff",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.checklistrun",
                    ),
                ),
                ("verdict", models.CharField(choices=[("pass", "Passed"), ("fail", "Sent back")], max_length=4)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rework",
                        to="orders.line",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "inspection",
                "ordering": ["visit", "round", "level"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="inspections_inspection_in_store"),
                    core.constraints.SameStore(
                        "visit", name="inspections_inspection_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "inspector",
                        name="inspections_inspection_inspector_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "run", name="inspections_inspection_run_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "line", name="inspections_inspection_line_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "visit", "round", "level"), name="inspections_level_once"),
                    models.UniqueConstraint(
                        fields=("store", "visit", "round", "inspector"), name="inspections_different_people"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", [1, 2, 3])), name="inspections_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "pass"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="inspections_fail_has_reason",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
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
                        related_name="certificate",
                        to="visits.visit",
                    ),
                ),
                ("number", models.CharField(max_length=30)),
                (
                    "inspector",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("mileage", models.PositiveIntegerField()),
                ("issued_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="inspections_certificate_in_store"),
                    core.constraints.SameStore(
                        "visit", name="inspections_certificate_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "inspector",
                        name="inspections_certificate_inspector_same_store",
                        violation_error_code="other_store",
                    ),
                    models.UniqueConstraint(fields=("store", "number"), name="inspections_certificate_number"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Wash",
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
                        related_name="wash",
                        to="visits.visit",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "In the queue"),
                            ("washing", "Being washed"),
                            ("done", "Washed"),
                            ("waived", "Not washed"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                (
                    "washer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("washed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.checklistrun",
                    ),
                ),
                (
                    "waive_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer", "Customer does not want it"),
                            ("weather", "Weather"),
                            ("charging", "Car is charging"),
                            ("fresh_paint", "Fresh paint"),
                            ("closed", "Wash out of order"),
                        ],
                        max_length=12,
                    ),
                ),
                ("rewashes", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "wash",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="inspections_wash_in_store"),
                    core.constraints.SameStore(
                        "visit", name="inspections_wash_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "washer", name="inspections_wash_washer_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "checked_by", name="inspections_wash_checked_by_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "run", name="inspections_wash_run_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("state", "queued")),
                            models.Q(
                                ("done_at", None),
                                ("started_at__isnull", False),
                                ("state", "washing"),
                                ("washer__isnull", False),
                            ),
                            models.Q(
                                ("done_at__gte", models.F("started_at")),
                                ("started_at__isnull", False),
                                ("state", "done"),
                            ),
                            models.Q(
                                ("done_at__isnull", False),
                                ("state", "waived"),
                                models.Q(("waive_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="inspections_wash_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by", None),
                            ("washer", None),
                            models.Q(("checked_by", models.F("washer")), _negated=True),
                            _connector="OR",
                        ),
                        name="inspections_wash_checked_by_another",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
