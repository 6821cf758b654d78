import django.db.models.deletion
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stores", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name (Chinese)")),
                ("name_en", models.CharField(blank=True, default="", max_length=120, verbose_name="name (English)")),
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
                    "use",
                    models.CharField(
                        choices=[
                            ("walk_around", "Walk-around"),
                            ("self_check", "Self-check"),
                            ("cross_check", "Cross-check"),
                            ("final_check", "Final inspection"),
                            ("wash", "Wash"),
                            ("handover", "Handover"),
                        ],
                        max_length=15,
                        verbose_name="used at",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired at")),
            ],
            options={
                "verbose_name": "checklist",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="standards_checklist_in_store"),
                    models.UniqueConstraint(fields=("store", "use", "version"), name="standards_checklist_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", False), ("retired_at", None)),
                        fields=("store", "use"),
                        name="standards_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retired_at", None), ("published_at__lte", models.F("retired_at")), _connector="OR"
                        ),
                        name="standards_checklist_order",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name (Chinese)")),
                ("name_en", models.CharField(blank=True, default="", max_length=120, verbose_name="name (English)")),
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
                    "checklist",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="standards.checklist",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("group_zh", models.CharField(blank=True, max_length=40)),
                ("group_en", models.CharField(blank=True, max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("check", "In order / not in order / not applicable"),
                            ("value", "Measured value"),
                            ("text", "Text"),
                        ],
                        default="check",
                        max_length=10,
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("low", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("high", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("required", models.BooleanField(default=True)),
                ("new_energy_only", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["checklist", "position"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="standards_checklistitem_in_store"),
                    core.constraints.SameStore(
                        "checklist",
                        name="standards_checklistitem_checklist_same_store",
                        violation_error_code="other_store",
                    ),
                    models.UniqueConstraint(fields=("store", "checklist", "position"), name="standards_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low", None), ("high", None), ("low__lte", models.F("high")), _connector="OR"
                        ),
                        name="standards_item_range",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ChecklistRun",
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
                    "checklist",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="standards.checklist",
                    ),
                ),
                ("visit_ref", models.BigIntegerField()),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["store", "visit_ref"], name="standards_run_of_visit")],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="standards_checklistrun_in_store"),
                    core.constraints.SameStore(
                        "checklist",
                        name="standards_checklistrun_checklist_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "by", name="standards_checklistrun_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("completed_at", None), ("completed_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="standards_run_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemResult",
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
                        related_name="results",
                        to="standards.checklistrun",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.checklistitem",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("ok", "In order"), ("fail", "Not in order"), ("na", "Not applicable")], max_length=4
                    ),
                ),
                ("value", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="standards_itemresult_in_store"),
                    core.constraints.SameStore(
                        "run", name="standards_itemresult_run_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "item", name="standards_itemresult_item_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "run", "item"), name="standards_result_once"),
                ],
                "indexes": [],
            },
        ),
    ]
