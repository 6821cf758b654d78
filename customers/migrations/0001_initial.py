import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stores", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
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
                        choices=[("person", "Person"), ("company", "Company")],
                        default="person",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_pinyin", models.CharField(blank=True, editable=False, max_length=200)),
                ("name_initials", models.CharField(blank=True, editable=False, max_length=60)),
                (
                    "gender",
                    models.CharField(
                        choices=[("male", "Mr"), ("female", "Ms"), ("unknown", "Not stated")],
                        default="unknown",
                        max_length=10,
                        verbose_name="form of address",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("wechat_openid", models.CharField(blank=True, max_length=64)),
                ("language", models.CharField(default="zh-hans", max_length=10, verbose_name="language")),
                (
                    "preferred_advisor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                (
                    "preferred_channel",
                    models.CharField(
                        choices=[("sms", "SMS"), ("wechat", "WeChat"), ("phone", "Phone call"), ("email", "E-mail")],
                        default="sms",
                        max_length=10,
                        verbose_name="preferred channel",
                    ),
                ),
                ("preferred_hours", models.CharField(blank=True, max_length=40, verbose_name="preferred hours")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "customer",
                "abstract": False,
                "indexes": [
                    models.Index(
                        models.F("store"),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Reverse("phone"), name="text_pattern_ops"
                        ),
                        name="customers_phone_tail",
                    ),
                    models.Index(
                        models.F("store"),
                        django.contrib.postgres.indexes.OpClass("name", name="text_pattern_ops"),
                        name="customers_name_prefix",
                    ),
                    models.Index(
                        models.F("store"),
                        django.contrib.postgres.indexes.OpClass("name_pinyin", name="text_pattern_ops"),
                        name="customers_pinyin_prefix",
                    ),
                    models.Index(
                        models.F("store"),
                        django.contrib.postgres.indexes.OpClass("name_initials", name="text_pattern_ops"),
                        name="customers_initials_prefix",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="customers_customer_in_store"),
                    core.constraints.SameStore(
                        "preferred_advisor",
                        name="customers_customer_preferred_advisor_same_store",
                        violation_error_code="other_store",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vehicle",
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
                ("vin", models.CharField(blank=True, max_length=17, verbose_name="VIN")),
                ("vin_check_ok", models.BooleanField(null=True, verbose_name="VIN check digit correct")),
                ("plate", models.CharField(blank=True, max_length=12, verbose_name="plate")),
                (
                    "plate_kind",
                    models.CharField(
                        choices=[
                            ("ordinary", "Ordinary plate"),
                            ("new_energy", "New-energy plate"),
                            ("special", "Temporary, military or other plate"),
                            ("none", "Not registered yet"),
                        ],
                        default="ordinary",
                        max_length=12,
                        verbose_name="plate kind",
                    ),
                ),
                ("brand", models.CharField(blank=True, max_length=40, verbose_name="brand")),
                ("model", models.CharField(blank=True, max_length=80, verbose_name="model")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="model year")),
                ("colour", models.CharField(blank=True, max_length=20, verbose_name="colour")),
                ("engine_no", models.CharField(blank=True, max_length=30, verbose_name="engine number")),
                (
                    "powertrain",
                    models.CharField(
                        choices=[
                            ("petrol", "Petrol"),
                            ("diesel", "Diesel"),
                            ("hybrid", "Hybrid"),
                            ("plug_in", "Plug-in hybrid"),
                            ("electric", "Battery electric"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="powertrain",
                    ),
                ),
                ("invoice_date", models.DateField(blank=True, null=True, verbose_name="invoice date")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vehicles",
                        to="customers.customer",
                    ),
                ),
                ("mileage", models.PositiveIntegerField(blank=True, null=True, verbose_name="last mileage (km)")),
                ("mileage_on", models.DateField(blank=True, null=True, verbose_name="mileage read on")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "vehicle",
                "abstract": False,
                "indexes": [
                    models.Index(
                        models.F("store"),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Reverse("plate"), name="text_pattern_ops"
                        ),
                        name="customers_plate_tail",
                    ),
                    models.Index(
                        models.F("store"),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Reverse("vin"), name="text_pattern_ops"
                        ),
                        name="customers_vin_tail",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="customers_vehicle_in_store"),
                    core.constraints.SameStore(
                        "owner", name="customers_vehicle_owner_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("vin", ""), _negated=True),
                        fields=("store", "vin"),
                        name="customers_vehicle_vin_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("plate", ""), _negated=True),
                        fields=("store", "plate"),
                        name="customers_vehicle_plate_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mileage", None), ("mileage__lte", 999999), _connector="OR"),
                        name="customers_mileage_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("plate", ""), ("vin", ""), _negated=True),
                        name="customers_vehicle_has_identity",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlateChange",
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
                        related_name="plate_changes",
                        to="customers.vehicle",
                    ),
                ),
                ("plate", models.CharField(max_length=12)),
                ("until", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        models.F("store"),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Reverse("plate"), name="text_pattern_ops"
                        ),
                        name="customers_former_plate_tail",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="customers_platechange_in_store"),
                    core.constraints.SameStore(
                        "vehicle", name="customers_platechange_vehicle_same_store", violation_error_code="other_store"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ownership",
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
                        related_name="ownerships",
                        to="customers.vehicle",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ownerships",
                        to="customers.customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("owner", "Owner"), ("driver", "Brings the car")], default="owner", max_length=10
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="customers_ownership_in_store"),
                    core.constraints.SameStore(
                        "vehicle", name="customers_ownership_vehicle_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "customer", name="customers_ownership_customer_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="customers_ownership_order",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "owner"), ("until", None)),
                        fields=("store", "vehicle"),
                        name="customers_one_owner_now",
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
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="customers.customer",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Carrying out the repair"),
                            ("survey", "Satisfaction survey"),
                            ("marketing", "Reminders and offers"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "SMS"), ("wechat", "WeChat"), ("phone", "Phone call"), ("email", "E-mail")],
                        max_length=10,
                    ),
                ),
                ("allowed", models.BooleanField()),
                ("evidence", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["store", "customer", "purpose", "channel", "-at"], name="customers_consent_new"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="customers_consent_in_store"),
                    core.constraints.SameStore(
                        "customer", name="customers_consent_customer_same_store", violation_error_code="other_store"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OdometerReading",
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
                        related_name="readings",
                        to="customers.vehicle",
                    ),
                ),
                ("km", models.PositiveIntegerField()),
                ("on", models.DateField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("reception", "Read at reception"),
                            ("import", "Imported history"),
                            ("customer", "Told by the customer"),
                            ("replaced", "Meter replaced"),
                        ],
                        default="reception",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["store", "vehicle", "-on"], name="customers_reading_new")],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="customers_odometerreading_in_store"),
                    core.constraints.SameStore(
                        "vehicle",
                        name="customers_odometerreading_vehicle_same_store",
                        violation_error_code="other_store",
                    ),
                    models.CheckConstraint(condition=models.Q(("km__lte", 999999)), name="customers_reading_range"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FileOpened",
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
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("page", models.CharField(max_length=40)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="customers_fileopened_in_store"),
                    core.constraints.SameStore(
                        "customer", name="customers_fileopened_customer_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "staff", name="customers_fileopened_staff_same_store", violation_error_code="other_store"
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
