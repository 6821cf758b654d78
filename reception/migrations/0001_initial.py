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
            name="Greeting",
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
                        related_name="greeting",
                        to="visits.visit",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="greeted")),
            ],
            options={
                "verbose_name": "greeting",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="reception_greeting_in_store"),
                    core.constraints.SameStore(
                        "visit", name="reception_greeting_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "by", name="reception_greeting_by_same_store", violation_error_code="other_store"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
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
                        related_name="check_in",
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
                ("greeted_at", models.DateTimeField(verbose_name="greeted")),
                ("fuel_percent", models.PositiveSmallIntegerField(verbose_name="fuel or charge (%)")),
                ("brought_by", models.CharField(blank=True, max_length=60, verbose_name="brought by")),
                ("brought_by_phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("valuables_reminded", models.BooleanField(verbose_name="reminded of valuables")),
                ("valuables", models.CharField(blank=True, max_length=200, verbose_name="left in our keeping")),
                (
                    "wash",
                    models.CharField(
                        choices=[("full", "Wash"), ("outside", "Outside only"), ("no", "No wash")],
                        default="full",
                        max_length=8,
                        verbose_name="wash",
                    ),
                ),
                (
                    "road_test_with_customer",
                    models.BooleanField(default=False, verbose_name="road test with the customer"),
                ),
                ("covers_laid", models.BooleanField(default=False, verbose_name="seat, wheel and floor covers laid")),
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
                ("completed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "check-in",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="reception_checkin_in_store"),
                    core.constraints.SameStore(
                        "visit", name="reception_checkin_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "advisor", name="reception_checkin_advisor_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "run", name="reception_checkin_run_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(condition=models.Q(("fuel_percent__lte", 100)), name="reception_fuel_range"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("completed_at", None), ("completed_at__gte", models.F("greeted_at")), _connector="OR"
                        ),
                        name="reception_order",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DamageMark",
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
                    "check_in",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="reception.checkin",
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        choices=[
                            ("front", "Front"),
                            ("rear", "Rear"),
                            ("left_front", "Left front"),
                            ("left_rear", "Left rear"),
                            ("right_front", "Right front"),
                            ("right_rear", "Right rear"),
                            ("roof", "Roof"),
                            ("hood", "Hood"),
                            ("boot", "Boot lid"),
                            ("windscreen", "Windscreen"),
                            ("wheels", "Wheels"),
                            ("interior", "Interior"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("scratch", "Scratch"),
                            ("dent", "Dent"),
                            ("crack", "Crack"),
                            ("paint", "Paint chipped"),
                            ("missing", "Missing part"),
                        ],
                        max_length=8,
                    ),
                ),
                ("x", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("y", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("note", models.CharField(blank=True, max_length=120)),
                (
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="visits.photo",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="reception_damagemark_in_store"),
                    core.constraints.SameStore(
                        "check_in", name="reception_damagemark_check_in_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "photo", name="reception_damagemark_photo_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("x", None), models.Q(("x__gte", 0), ("x__lte", 100)), _connector="OR"),
                            models.Q(("y", None), models.Q(("y__gte", 0), ("y__lte", 100)), _connector="OR"),
                        ),
                        name="reception_mark_on_drawing",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
