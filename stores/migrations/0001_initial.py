import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Store",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name (Chinese)")),
                ("name_en", models.CharField(blank=True, default="", max_length=120, verbose_name="name (English)")),
                ("code", models.SlugField(max_length=20, unique=True, verbose_name="code")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                ("zone", models.CharField(default="Asia/Shanghai", max_length=40, verbose_name="time zone")),
                ("bank_account", models.CharField(blank=True, max_length=100, verbose_name="bank account")),
                ("slot_minutes", models.PositiveSmallIntegerField(default=30, verbose_name="reception slot (minutes)")),
                (
                    "update_every_minutes",
                    models.PositiveSmallIntegerField(
                        default=120, verbose_name="customer hears from us every (minutes)"
                    ),
                ),
                (
                    "follow_up_hours",
                    models.PositiveSmallIntegerField(default=72, verbose_name="follow-up within (hours)"),
                ),
                (
                    "survey_hours",
                    models.PositiveSmallIntegerField(default=24, verbose_name="questionnaire after release (hours)"),
                ),
                (
                    "hour_rate",
                    models.DecimalField(
                        decimal_places=2, default=180, max_digits=10, verbose_name="labour rate per hour"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "store",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slot_minutes__gte", 5), ("slot_minutes__lte", 240)),
                        name="stores_slot_minutes",
                    ),
                    models.CheckConstraint(condition=models.Q(("hour_rate__gte", 0)), name="stores_hour_rate"),
                    models.CheckConstraint(
                        condition=models.Q(("survey_hours__gte", 1), ("survey_hours__lte", 240)),
                        name="stores_survey_hours",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "indexes": [],
                "constraints": [],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Role",
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
                    "code",
                    models.CharField(
                        choices=[
                            ("advisor", "Service advisor"),
                            ("booking_desk", "Booking desk"),
                            ("controller", "Workshop controller"),
                            ("technician", "Technician"),
                            ("inspector", "Inspector"),
                            ("washer", "Washer"),
                            ("cashier", "Cashier"),
                            ("gate", "Gate keeper"),
                            ("customer_relations", "Customer relations"),
                            ("parts_clerk", "Parts clerk"),
                            ("sales_liaison", "Sales liaison"),
                            ("service_manager", "Service manager"),
                            ("aftersales_director", "After-sales director"),
                            ("general_manager", "General manager"),
                            ("group_manager", "Group manager"),
                        ],
                        max_length=30,
                        verbose_name="code",
                    ),
                ),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None, verbose_name="permissions"
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="stores_role_in_store"),
                    models.UniqueConstraint(fields=("store", "code"), name="stores_role_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Staff",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="stores.role",
                        verbose_name="role",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("name_pinyin", models.CharField(blank=True, editable=False, max_length=80)),
                ("employee_no", models.CharField(max_length=20, verbose_name="employee number")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "staff member",
                "verbose_name_plural": "staff",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="stores_staff_in_store"),
                    core.constraints.SameStore(
                        "role", name="stores_staff_role_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "user"), name="stores_staff_once_per_store"),
                    models.UniqueConstraint(fields=("store", "employee_no"), name="stores_staff_employee_no"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Qualification",
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
                    "staff",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="qualifications",
                        to="stores.staff",
                        verbose_name="staff",
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
                        max_length=20,
                        verbose_name="skill",
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(default=1, verbose_name="level")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
            ],
            options={
                "verbose_name": "qualification",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="stores_qualification_in_store"),
                    core.constraints.SameStore(
                        "staff", name="stores_qualification_staff_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "staff", "skill"), name="stores_qualification_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Bay",
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
                ("code", models.CharField(max_length=20, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lift", "Lift bay"),
                            ("fast", "Quick-service bay"),
                            ("body", "Body bay"),
                            ("paint", "Paint booth"),
                            ("ev", "High-voltage bay"),
                            ("wash", "Wash place"),
                        ],
                        default="lift",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "bay",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="stores_bay_in_store"),
                    models.UniqueConstraint(fields=("store", "code"), name="stores_bay_code"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="OpeningPeriod",
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
                ("weekday", models.PositiveSmallIntegerField(verbose_name="weekday")),
                ("opens", models.TimeField(verbose_name="opens")),
                ("closes", models.TimeField(verbose_name="closes")),
            ],
            options={
                "verbose_name": "opening period",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="stores_openingperiod_in_store"),
                    models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="stores_period_weekday"),
                    models.CheckConstraint(
                        condition=models.Q(("opens__lt", models.F("closes"))), name="stores_period_order"
                    ),
                    models.UniqueConstraint(fields=("store", "weekday", "opens"), name="stores_period_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
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
                ("day", models.DateField(verbose_name="day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "Holiday"), ("working", "Working weekend"), ("special", "Special hours")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "follows_weekday",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="works as weekday"),
                ),
                ("opens", models.TimeField(blank=True, null=True, verbose_name="opens")),
                ("closes", models.TimeField(blank=True, null=True, verbose_name="closes")),
                ("note", models.CharField(blank=True, max_length=80, verbose_name="note")),
            ],
            options={
                "verbose_name": "calendar day",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="stores_calendarday_in_store"),
                    models.UniqueConstraint(fields=("store", "day"), name="stores_calendar_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes", None), ("follows_weekday", None), ("kind", "holiday"), ("opens", None)),
                            models.Q(
                                ("closes", None), ("follows_weekday__lte", 6), ("kind", "working"), ("opens", None)
                            ),
                            models.Q(("follows_weekday", None), ("kind", "special"), ("opens__lt", models.F("closes"))),
                            _connector="OR",
                        ),
                        name="stores_calendar_day_shape",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Counter",
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
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=10)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="stores_counter_in_store"),
                    models.UniqueConstraint(fields=("store", "day", "kind"), name="stores_counter_once"),
                ],
                "indexes": [],
            },
        ),
    ]
