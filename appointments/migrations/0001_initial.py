import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
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
            name="Appointment",
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
                        related_name="appointment",
                        to="visits.visit",
                    ),
                ),
                (
                    "advisor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="stores.staff",
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="reception slot")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("arrived", "Arrived"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "Did not come"),
                        ],
                        default="booked",
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("desk", "At the desk"),
                            ("phone", "By phone"),
                            ("web", "Web page"),
                            ("wechat", "WeChat"),
                            ("api", "Another system"),
                        ],
                        default="desk",
                        max_length=10,
                    ),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("first_service", "First service"),
                                ("maintenance", "Regular maintenance"),
                                ("repair", "General repair"),
                                ("accident", "Accident repair"),
                                ("recall", "Recall"),
                                ("rework", "Comeback"),
                                ("body_paint", "Body and paint"),
                            ],
                            max_length=15,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("waits", models.BooleanField(default=False, verbose_name="customer waits")),
                ("booked_at", models.DateTimeField()),
                ("booked_by_kind", models.CharField(max_length=10)),
                ("booked_by_id", models.BigIntegerField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("missed_reason", models.CharField(blank=True, max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "verbose_name": "appointment",
                "abstract": False,
                "indexes": [
                    models.Index(
                        models.F("store"),
                        models.Func(models.F("during"), function="lower"),
                        name="appointments_by_start",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="appointments_appointment_in_store"),
                    core.constraints.SameStore(
                        "visit", name="appointments_appointment_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "advisor",
                        name="appointments_appointment_advisor_same_store",
                        violation_error_code="other_store",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("status__in", ["booked", "arrived"])),
                        expressions=[
                            (
                                models.Func(
                                    models.F("advisor_id"),
                                    models.F("advisor_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (models.F("during"), "&&"),
                        ],
                        name="appointments_advisor_free",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("during__isempty", False), ("during__lower_inf", False), ("during__upper_inf", False)
                        ),
                        name="appointments_slot_bounded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("status__in", ["booked", "arrived"])),
                            models.Q(("ended_at__isnull", False), ("status__in", ["cancelled", "no_show"])),
                            _connector="OR",
                        ),
                        name="appointments_ended_has_time",
                    ),
                ],
            },
        ),
    ]
