import django.db.models.deletion
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("standards", "0001_initial"),
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
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
                        related_name="handover",
                        to="visits.visit",
                    ),
                ),
                (
                    "advisor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "bill_explained_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settlement list explained"),
                ),
                ("old_parts_shown", models.BooleanField(default=False, verbose_name="old parts shown or none")),
                (
                    "declined_named",
                    models.BooleanField(default=False, verbose_name="declined safety work named once more"),
                ),
                (
                    "settings_reset",
                    models.BooleanField(default=False, verbose_name="seat, mirrors, sound and climate set back"),
                ),
                ("mileage_out", models.PositiveIntegerField(blank=True, null=True, verbose_name="mileage at handover")),
                (
                    "next_service",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("booked", "Next visit booked"),
                            ("remind", "Wants a reminder"),
                            ("declined", "Does not want one"),
                        ],
                        max_length=8,
                        verbose_name="next service",
                    ),
                ),
                ("next_service_on", models.DateField(blank=True, null=True, verbose_name="next service on")),
                (
                    "next_service_km",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="next service at (km)"),
                ),
                ("call_preference", models.CharField(blank=True, max_length=40, verbose_name="when to call")),
                ("advice", models.CharField(blank=True, max_length=300, verbose_name="advice for driving")),
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
                ("completed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "handover",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="handover_handover_in_store"),
                    core.constraints.SameStore(
                        "visit", name="handover_handover_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "advisor", name="handover_handover_advisor_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "run", name="handover_handover_run_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "signature", name="handover_handover_signature_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("completed_at", None),
                            models.Q(
                                ("bill_explained_at__isnull", False),
                                ("old_parts_shown", True),
                                ("settings_reset", True),
                                models.Q(("next_service", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="handover_complete_is_explained",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
