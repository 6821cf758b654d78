import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import core.constraints
import core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("customers", "0001_initial"),
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentPack",
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
                        related_name="packs",
                        to="visits.visit",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["visit", "version"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="orders_consentpack_in_store"),
                    core.constraints.SameStore(
                        "visit", name="orders_consentpack_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "created_by",
                        name="orders_consentpack_created_by_same_store",
                        violation_error_code="other_store",
                    ),
                    models.UniqueConstraint(fields=("store", "visit", "version"), name="orders_pack_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None), ("superseded_at", None)),
                        fields=("store", "visit"),
                        name="orders_one_open_pack",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                        related_name="consents",
                        to="visits.visit",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="orders.consentpack",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("signature", "Signed in person"),
                            ("link", "By link"),
                            ("phone", "By phone, recorded"),
                        ],
                        max_length=10,
                    ),
                ),
                ("decided_by", models.CharField(max_length=60, verbose_name="decided by")),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField()),
                (
                    "signature",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.signature",
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=200, verbose_name="evidence")),
                ("evidence_sha256", models.CharField(max_length=64)),
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
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="orders_consent_in_store"),
                    core.constraints.SameStore(
                        "visit", name="orders_consent_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "pack", name="orders_consent_pack_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "signature", name="orders_consent_signature_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "taken_by", name="orders_consent_taken_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "signature"), ("signature__isnull", False)),
                            ("method", "link"),
                            models.Q(
                                ("method", "phone"),
                                ("taken_by__isnull", False),
                                models.Q(("evidence", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_consent_has_evidence",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
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
                ("source", models.CharField(max_length=40, verbose_name="source")),
                ("filename", models.CharField(max_length=120, verbose_name="file")),
                ("file", models.FileField(blank=True, upload_to="imports")),
                ("mapping", models.JSONField(default=dict)),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preview", "To be checked"),
                            ("running", "Being imported"),
                            ("done", "Imported"),
                            ("failed", "Broken off"),
                        ],
                        default="preview",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("errors", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "history import",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="orders_importrun_in_store"),
                    core.constraints.SameStore(
                        "by", name="orders_importrun_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("state", "done")),
                            models.Q(("finished_at__isnull", False), ("state", "failed")),
                            models.Q(("finished_at", None), ("state__in", ["preview", "running"])),
                            _connector="OR",
                        ),
                        name="orders_import_finished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("total"))), name="orders_import_progress"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Line",
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
                        related_name="lines",
                        to="visits.visit",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("job", "Job"),
                            ("diagnosis", "Diagnosis fee"),
                            ("testing", "Testing fee"),
                            ("processing", "Processing fee"),
                            ("sublet", "Sublet work"),
                            ("other", "Other fee"),
                        ],
                        default="job",
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("estimate", "Agreed at reception"),
                            ("added", "Added during the repair"),
                            ("import", "Imported"),
                        ],
                        default="estimate",
                        max_length=8,
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="catalogue.operation",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="item")),
                ("concern", models.TextField(blank=True, verbose_name="concern")),
                ("cause", models.TextField(blank=True, verbose_name="cause")),
                ("correction", models.TextField(blank=True, verbose_name="correction")),
                (
                    "pay_type",
                    models.CharField(
                        choices=[
                            ("customer", "Customer"),
                            ("warranty", "Maker's warranty"),
                            ("insurance", "Insurance"),
                            ("internal", "Store pays"),
                        ],
                        default="customer",
                        max_length=10,
                    ),
                ),
                ("hours", models.DecimalField(decimal_places=2, default=0, max_digits=6, verbose_name="hours")),
                ("hour_rate", models.DecimalField(decimal_places=2, default=0, max_digits=10, verbose_name="rate")),
                ("discount", core.fields.MoneyField(default=0, verbose_name="discount")),
                ("labour", core.fields.MoneyField(default=0, null=True, verbose_name="labour")),
                ("material", core.fields.MoneyField(default=0, null=True, verbose_name="material")),
                (
                    "risk",
                    models.CharField(
                        blank=True,
                        choices=[("safety", "Safety"), ("advised", "Advised"), ("later", "Can wait")],
                        max_length=8,
                    ),
                ),
                (
                    "consent_state",
                    models.CharField(
                        choices=[
                            ("draft", "Not shown to the customer yet"),
                            ("asked", "Waiting for the customer"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.consent",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.consentpack",
                    ),
                ),
                ("declined_reason", models.CharField(blank=True, max_length=200)),
                (
                    "work",
                    models.CharField(
                        choices=[
                            ("open", "Not dispatched"),
                            ("dispatched", "Dispatched"),
                            ("started", "In work"),
                            ("paused", "Paused"),
                            ("done", "Finished"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("work_done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "found_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["visit", "position"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="orders_line_in_store"),
                    core.constraints.SameStore(
                        "visit", name="orders_line_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "operation", name="orders_line_operation_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "consent", name="orders_line_consent_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "pack", name="orders_line_pack_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "found_by", name="orders_line_found_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "visit", "position"), name="orders_line_position"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origin", "import"),
                            models.Q(("consent_state", "approved"), _negated=True),
                            ("consent__isnull", False),
                            _connector="OR",
                        ),
                        name="orders_approved_has_consent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("work", "open"), ("consent_state", "approved"), _connector="OR"),
                        name="orders_work_needs_consent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("work", "done"), _negated=True), ("work_done_at__isnull", False), _connector="OR"
                        ),
                        name="orders_done_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent_state", "declined"), _negated=True), ("work", "open"), _connector="OR"
                        ),
                        name="orders_declined_not_worked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("labour", None), ("labour__gte", 0), _connector="OR"),
                        name="orders_labour_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("material", None), ("material__gte", 0), _connector="OR"),
                        name="orders_material_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount__gte", 0), ("hours__gte", 0)), name="orders_line_not_negative"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="LinePart",
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
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="orders.line",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.part",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=120)),
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
                    ),
                ),
                ("brought_by_customer", models.BooleanField(default=False)),
                ("unit", models.CharField(default="个", max_length=10)),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=8)),
                ("unit_price", core.fields.MoneyField()),
                ("amount", core.fields.MoneyField()),
            ],
            options={
                "ordering": ["line", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="orders_linepart_in_store"),
                    core.constraints.SameStore(
                        "line", name="orders_linepart_line_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "part", name="orders_linepart_part_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("unit_price__gte", 0)), name="orders_part_positive"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="LinePhoto",
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
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="orders.line",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="visits.photo",
                    ),
                ),
            ],
            options={
                "ordering": ["line", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="orders_linephoto_in_store"),
                    core.constraints.SameStore(
                        "line", name="orders_linephoto_line_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "photo", name="orders_linephoto_photo_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "line", "photo"), name="orders_line_photo_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
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
                    "vehicle",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recommendations",
                        to="customers.vehicle",
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recommendation",
                        to="orders.line",
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        choices=[("safety", "Safety"), ("advised", "Advised"), ("later", "Can wait")], max_length=8
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                (
                    "revived_line",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orders.line",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["store", "vehicle"],
                        name="orders_recommendation_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="orders_recommendation_in_store"),
                    core.constraints.SameStore(
                        "vehicle", name="orders_recommendation_vehicle_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "line", name="orders_recommendation_line_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "revived_line",
                        name="orders_recommendation_revived_line_same_store",
                        violation_error_code="other_store",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RepairOrder",
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
                        related_name="order",
                        to="visits.visit",
                    ),
                ),
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
                        verbose_name="repair category",
                    ),
                ),
                (
                    "tolerance_percent",
                    models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name="tolerance (%)"),
                ),
                ("guarantee_days", models.PositiveIntegerField(default=10, verbose_name="quality guarantee (days)")),
                ("guarantee_km", models.PositiveIntegerField(default=2000, verbose_name="quality guarantee (km)")),
                (
                    "old_parts",
                    models.CharField(
                        choices=[
                            ("take", "Customer takes them"),
                            ("leave", "Customer gives them up"),
                            ("none", "No old parts"),
                        ],
                        default="take",
                        max_length=6,
                        verbose_name="old parts",
                    ),
                ),
                ("settlement_way", models.CharField(blank=True, max_length=40, verbose_name="way of payment")),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="signed")),
            ],
            options={
                "verbose_name": "repair order",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="orders_repairorder_in_store"),
                    core.constraints.SameStore(
                        "visit", name="orders_repairorder_visit_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tolerance_percent__gte", 0), ("tolerance_percent__lte", 50)),
                        name="orders_tolerance_range",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
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
                        related_name="settlements",
                        to="visits.visit",
                    ),
                ),
                ("number", models.CharField(max_length=30)),
                ("version", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("labour", core.fields.MoneyField()),
                ("material", core.fields.MoneyField()),
                ("other", core.fields.MoneyField()),
                ("discount", core.fields.MoneyField(default=0)),
                ("total", core.fields.MoneyField()),
                ("payable", core.fields.MoneyField()),
                ("issued_at", models.DateTimeField()),
                (
                    "issued_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("explained_at", models.DateTimeField(blank=True, null=True)),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["visit", "version"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="orders_settlement_in_store"),
                    core.constraints.SameStore(
                        "visit", name="orders_settlement_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "issued_by", name="orders_settlement_issued_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "number"), name="orders_settlement_number"),
                    models.UniqueConstraint(fields=("store", "visit", "version"), name="orders_settlement_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("store", "visit"),
                        name="orders_one_settlement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("labour"), "+", models.F("material")
                                    ),
                                    "+",
                                    models.F("other"),
                                ),
                            )
                        ),
                        name="orders_settlement_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("payable__gte", 0), ("payable__lte", models.F("total"))),
                        name="orders_payable_range",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
