import django.db.models.deletion
from django.db import migrations, models

import core.constraints
import core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stores", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Operation",
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
                ("code", models.CharField(max_length=30, verbose_name="operation code")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("maintenance", "Maintenance"),
                            ("minor", "General repair"),
                            ("second_level", "Second-level maintenance"),
                            ("assembly", "Assembly repair"),
                            ("whole", "Whole-vehicle repair"),
                            ("accident", "Accident repair"),
                            ("warranty", "Warranty repair"),
                            ("recall", "Recall"),
                            ("pdi", "Pre-delivery inspection"),
                            ("rework", "Rework"),
                        ],
                        default="minor",
                        max_length=15,
                        verbose_name="category",
                    ),
                ),
                (
                    "skill",
                    models.CharField(
                        choices=[
                            ("mechanical", "Mechanical"),
                            ("electrical", "Electrical"),
                            ("high_voltage", "High voltage"),
                            ("body", "Body"),
                            ("paint", "Paint"),
                            ("detailing", "Detailing"),
                            ("inspection", "Final inspection"),
                        ],
                        default="mechanical",
                        max_length=20,
                        verbose_name="skill",
                    ),
                ),
                ("hours", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="standard hours")),
                ("key_operation", models.BooleanField(default=False, verbose_name="safety-critical")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "operation",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="catalogue_operation_in_store"),
                    models.UniqueConstraint(fields=("store", "code"), name="catalogue_operation_code"),
                    models.CheckConstraint(
                        condition=models.Q(("hours__gte", 0), ("hours__lte", 500)), name="catalogue_operation_hours"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="WorkStep",
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
                    "operation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="catalogue.operation",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("tick", "Tick"), ("value", "Measured value"), ("photo", "Photo"), ("text", "Text")],
                        default="tick",
                        max_length=10,
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("low", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("high", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("required", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["operation", "position"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="catalogue_workstep_in_store"),
                    core.constraints.SameStore(
                        "operation", name="catalogue_workstep_operation_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "operation", "position"), name="catalogue_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low", None), ("high", None), ("low__lte", models.F("high")), _connector="OR"
                        ),
                        name="catalogue_step_range",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Part",
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
                ("number", models.CharField(max_length=40, verbose_name="part number")),
                (
                    "part_class",
                    models.CharField(
                        choices=[
                            ("original", "Original"),
                            ("equivalent", "Equivalent quality"),
                            ("remanufactured", "Remanufactured"),
                        ],
                        default="original",
                        max_length=15,
                        verbose_name="part class",
                    ),
                ),
                ("unit", models.CharField(default="个", max_length=10, verbose_name="unit")),
                ("price", core.fields.MoneyField(verbose_name="price")),
                ("stock", models.DecimalField(decimal_places=2, default=0, max_digits=10, verbose_name="in stock")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "part",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="catalogue_part_in_store"),
                    models.UniqueConstraint(fields=("store", "number"), name="catalogue_part_number"),
                    models.CheckConstraint(condition=models.Q(("price__gte", 0)), name="catalogue_part_price"),
                    models.CheckConstraint(condition=models.Q(("stock__gte", 0)), name="catalogue_part_stock"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="OperationPart",
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
                    "operation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="catalogue.operation",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.part",
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=2, default=1, max_digits=8)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="catalogue_operationpart_in_store"),
                    core.constraints.SameStore(
                        "operation",
                        name="catalogue_operationpart_operation_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "part", name="catalogue_operationpart_part_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="catalogue_usual_quantity"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MaintenanceRule",
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
                ("brand", models.CharField(blank=True, max_length=40)),
                ("model", models.CharField(blank=True, max_length=80)),
                ("powertrain", models.CharField(blank=True, max_length=10)),
                (
                    "operation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="catalogue.operation",
                    ),
                ),
                ("km", models.PositiveIntegerField(blank=True, null=True)),
                ("months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("first_km", models.PositiveIntegerField(blank=True, null=True)),
                ("first_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("severe_factor", models.DecimalField(decimal_places=2, default=1, max_digits=4)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="catalogue_maintenancerule_in_store"),
                    core.constraints.SameStore(
                        "operation",
                        name="catalogue_maintenancerule_operation_same_store",
                        violation_error_code="other_store",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("km__gt", 0), ("months__gt", 0), _connector="OR"),
                        name="catalogue_rule_has_interval",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="StatutoryNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60)),
                ("category", models.CharField(blank=True, max_length=15)),
                ("value", models.DecimalField(decimal_places=2, max_digits=12)),
                ("unit", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=200)),
                ("valid_from", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "category", "valid_from"), name="catalogue_statutory_once")
                ],
                "indexes": [],
            },
        ),
    ]
