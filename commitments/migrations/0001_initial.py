import django.db.models.deletion
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("complaints", "0001_initial"),
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Commitment",
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
                    "code",
                    models.CharField(
                        choices=[
                            ("confirm_10min", "Appointment confirmed"),
                            ("greeted_3min", "Greeted on arrival"),
                            ("no_unconsented_billing", "Nothing billed without consent"),
                            ("ready_by_first_promise", "Ready by the first promised time"),
                            ("follow_up_72h", "Followed up after the visit"),
                            ("complaint_1h", "Complaint answered"),
                        ],
                        max_length=30,
                        verbose_name="promise",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("text_zh", models.CharField(max_length=200, verbose_name="text (Chinese)")),
                ("text_en", models.CharField(blank=True, max_length=300, verbose_name="text (English)")),
                ("target_seconds", models.PositiveIntegerField(blank=True, null=True, verbose_name="within (seconds)")),
                (
                    "remedy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("free_wash", "Free car wash"),
                            ("labour_discount", "Discount on labour (%)"),
                            ("voucher", "Voucher (amount)"),
                            ("item_free", "The item is free of charge"),
                        ],
                        max_length=20,
                        verbose_name="remedy",
                    ),
                ),
                (
                    "remedy_value",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="how much"),
                ),
                ("public", models.BooleanField(default=True, verbose_name="shown in public")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired at")),
            ],
            options={
                "verbose_name": "promise",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="commitments_commitment_in_store"),
                    models.UniqueConstraint(fields=("store", "code", "version"), name="commitments_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", False), ("retired_at", None)),
                        fields=("store", "code"),
                        name="commitments_one_in_force",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("store", "code"),
                        name="commitments_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retired_at", None),
                            models.Q(("published_at__isnull", False), ("published_at__lte", models.F("retired_at"))),
                            _connector="OR",
                        ),
                        name="commitments_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("code__in", ("confirm_10min", "greeted_3min", "follow_up_72h", "complaint_1h")),
                                ("target_seconds__gt", 0),
                                ("target_seconds__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    ("code__in", ("confirm_10min", "greeted_3min", "follow_up_72h", "complaint_1h")),
                                    _negated=True,
                                ),
                                ("target_seconds", None),
                            ),
                            _connector="OR",
                        ),
                        name="commitments_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("remedy__in", ("labour_discount",)),
                                ("remedy_value__gt", 0),
                                ("remedy_value__isnull", False),
                                ("remedy_value__lte", 100),
                            ),
                            models.Q(
                                ("remedy__in", ("voucher",)), ("remedy_value__gt", 0), ("remedy_value__isnull", False)
                            ),
                            models.Q(
                                models.Q(("remedy__in", ["labour_discount", "voucher"]), _negated=True),
                                ("remedy_value", None),
                            ),
                            _connector="OR",
                        ),
                        name="commitments_remedy_value",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Measurement",
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
                    "commitment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("confirm_10min", "Appointment confirmed"),
                            ("greeted_3min", "Greeted on arrival"),
                            ("no_unconsented_billing", "Nothing billed without consent"),
                            ("ready_by_first_promise", "Ready by the first promised time"),
                            ("follow_up_72h", "Followed up after the visit"),
                            ("complaint_1h", "Complaint answered"),
                        ],
                        max_length=30,
                        verbose_name="promise",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="visits.visit",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="complaints.case",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="began")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("met_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("kept", "Kept"),
                            ("broken", "Broken"),
                            ("excluded", "Not counted"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("live", "Live"), ("import", "Imported"), ("demo", "Demo")],
                        default="live",
                        max_length=6,
                    ),
                ),
            ],
            options={
                "verbose_name": "measured promise",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "running")), fields=["due_at"], name="commitments_running"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["kept", "broken"])),
                        fields=["store", "code", "started_at"],
                        include=("state",),
                        name="commitments_figures",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="commitments_measurement_in_store"),
                    core.constraints.SameStore(
                        "commitment",
                        name="commitments_measurement_commitment_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "visit", name="commitments_measurement_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "case", name="commitments_measurement_case_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("case", None)),
                        fields=("store", "code", "visit"),
                        name="commitments_once_per_visit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("case__isnull", False)),
                        fields=("store", "code", "case"),
                        name="commitments_once_per_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", False), ("code", "complaint_1h")),
                            models.Q(
                                models.Q(("code", "complaint_1h"), _negated=True),
                                ("case", None),
                                ("visit__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="commitments_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "running")),
                            models.Q(("decided_at__isnull", False), ("met_at__isnull", False), ("state", "kept")),
                            models.Q(("decided_at__isnull", False), ("state__in", ["broken", "excluded"])),
                            _connector="OR",
                        ),
                        name="commitments_decided_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "kept"), _negated=True),
                            ("due_at", None),
                            ("met_at__lte", models.F("due_at")),
                            _connector="OR",
                        ),
                        name="commitments_kept_in_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remedy",
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
                    "measurement",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remedy",
                        to="commitments.measurement",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("free_wash", "Free car wash"),
                            ("labour_discount", "Discount on labour (%)"),
                            ("voucher", "Voucher (amount)"),
                            ("item_free", "The item is free of charge"),
                        ],
                        max_length=20,
                        verbose_name="remedy",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="how much"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("owed", "To be given"),
                            ("given", "Given"),
                            ("declined", "Declined by the customer"),
                            ("waived", "Not given"),
                            ("lapsed", "No longer owed"),
                        ],
                        default="owed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("owed_at", models.DateTimeField(verbose_name="owed since")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
            ],
            options={
                "verbose_name": "remedy",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "owed")), fields=["store", "owed_at"], name="commitments_owed"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="commitments_remedy_in_store"),
                    core.constraints.SameStore(
                        "measurement",
                        name="commitments_remedy_measurement_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "settled_by",
                        name="commitments_remedy_settled_by_same_store",
                        violation_error_code="other_store",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("settled_by", None), ("state", "owed")),
                            models.Q(("settled_at__isnull", False), ("settled_by", None), ("state", "lapsed")),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                ("state__in", ["given", "declined", "waived"]),
                            ),
                            _connector="OR",
                        ),
                        name="commitments_settled_has_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["declined", "waived"]), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="commitments_not_given_has_reason",
                    ),
                ],
            },
        ),
    ]
