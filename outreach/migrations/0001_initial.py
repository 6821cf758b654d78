import django.db.models.deletion
from django.db import migrations, models

import core.constraints
import core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("appointments", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("customers", "0001_initial"),
        ("messaging", "0001_initial"),
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Policy",
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
                    "remind_days",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="message so many days before a service is due"
                    ),
                ),
                (
                    "call_days",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="call so many days before a service is due"
                    ),
                ),
                (
                    "win_back_days",
                    models.PositiveSmallIntegerField(default=183, verbose_name="win back after days without a visit"),
                ),
                (
                    "give_up_days",
                    models.PositiveSmallIntegerField(default=730, verbose_name="no longer win back after days"),
                ),
                (
                    "max_messages",
                    models.PositiveSmallIntegerField(default=2, verbose_name="messages to one customer at most"),
                ),
                ("cap_days", models.PositiveSmallIntegerField(default=30, verbose_name="within days")),
                (
                    "win_backs_a_night",
                    models.PositiveIntegerField(default=300, verbose_name="win-backs begun in one night at most"),
                ),
                (
                    "active",
                    models.BooleanField(default=True, verbose_name="reminders are sent and calls planned every night"),
                ),
            ],
            options={
                "verbose_name": "rules of reminders",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="outreach_policy_in_store"),
                    models.UniqueConstraint(fields=("store",), name="outreach_policy_once"),
                    models.CheckConstraint(
                        condition=models.Q(("call_days__lte", models.F("remind_days")), ("remind_days__lte", 60)),
                        name="outreach_message_before_call",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("give_up_days__gt", models.F("win_back_days")), ("win_back_days__gte", 30)),
                        name="outreach_win_back_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cap_days__gte", 1),
                            ("cap_days__lte", 366),
                            ("max_messages__gte", 1),
                            ("max_messages__lte", 31),
                        ),
                        name="outreach_cap_range",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Pace",
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
                ("km_rate", models.DecimalField(decimal_places=2, max_digits=6)),
                ("cars", models.PositiveIntegerField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="outreach_pace_in_store"),
                    models.UniqueConstraint(fields=("store", "brand", "model"), name="outreach_pace_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DueCar",
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
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.vehicle",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "by",
                    models.CharField(blank=True, choices=[("km", "By distance"), ("time", "By time")], max_length=4),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalogue.operation",
                    ),
                ),
                ("base_on", models.DateField(blank=True, null=True)),
                ("base_km", models.PositiveIntegerField(blank=True, null=True)),
                ("last_on", models.DateField(blank=True, null=True)),
                ("last_km", models.PositiveIntegerField(blank=True, null=True)),
                ("km_rate", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                (
                    "rate_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("readings", "The car's own readings"),
                            ("invoice", "Kilometres since it was bought"),
                            ("model", "Cars of the same model"),
                            ("store", "All cars of the store"),
                            ("default", "Usual figure of the trade"),
                        ],
                        max_length=8,
                    ),
                ),
                ("released_on", models.DateField(blank=True, null=True)),
                ("computed_at", models.DateTimeField(blank=True, null=True)),
                ("dirty", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "car and when it is due",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["store", "due_on"], name="outreach_by_due"),
                    models.Index(fields=["store", "released_on"], name="outreach_by_release"),
                    models.Index(
                        condition=models.Q(("dirty", True)), fields=["store", "vehicle"], name="outreach_dirty"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="outreach_duecar_in_store"),
                    core.constraints.SameStore(
                        "vehicle", name="outreach_duecar_vehicle_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "operation", name="outreach_duecar_operation_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), ("due_on", None)),
                            models.Q(
                                ("base_on__isnull", False),
                                ("due_on__isnull", False),
                                models.Q(("by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="outreach_due_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("km_rate", None), ("rate_from", "")),
                            models.Q(
                                ("km_rate__gte", 5), ("km_rate__lte", 200), models.Q(("rate_from", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="outreach_rate_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NightRun",
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
                ("night", models.DateField()),
                ("full", models.BooleanField(default=False)),
                ("rules_digest", models.CharField(blank=True, max_length=64)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("full", "Every car"),
                            ("pace", "Kilometres a day by model"),
                            ("changed", "Cars with news"),
                            ("maintenance", "Service reminders"),
                            ("win_back", "Win back"),
                            ("expire", "Reminders out of time"),
                            ("done", "Run finished"),
                        ],
                        default="changed",
                        max_length=12,
                    ),
                ),
                ("cursor", models.BigIntegerField(default=0)),
                ("win_back_from", models.DateField(blank=True, null=True)),
                ("cars", models.PositiveIntegerField(default=0, verbose_name="cars computed")),
                ("tasks", models.PositiveIntegerField(default=0, verbose_name="reminders planned")),
                ("messages", models.PositiveIntegerField(default=0, verbose_name="messages written")),
                ("not_allowed", models.PositiveIntegerField(default=0, verbose_name="due but not to be contacted")),
                ("batches", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "nightly run",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="outreach_nightrun_in_store"),
                    models.UniqueConstraint(fields=("store", "night"), name="outreach_night_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("phase", "done")),
                            models.Q(models.Q(("phase", "done"), _negated=True), ("finished_at", None)),
                            _connector="OR",
                        ),
                        name="outreach_finished_has_time",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Task",
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
                    models.CharField(choices=[("maintenance", "Service due"), ("win_back", "Win back")], max_length=12),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="customers.vehicle",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="customers.customer",
                    ),
                ),
                ("period", models.CharField(max_length=20)),
                ("due_on", models.DateField()),
                ("call_on", models.DateField()),
                ("next_try_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To call, not written to"),
                            ("messaged", "Written to"),
                            ("called", "Called, to be tried again"),
                            ("booked", "Booked"),
                            ("done", "Came to the store"),
                            ("stopped", "Stopped"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalogue.operation",
                    ),
                ),
                ("why", models.JSONField(default=dict)),
                ("value", core.fields.MoneyField(default=0, verbose_name="spent in two years")),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="messaging.message",
                    ),
                ),
                ("contacted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "appointment",
                    models.OneToOneField(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reminder",
                        to="appointments.appointment",
                    ),
                ),
                ("booked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reminders",
                        to="visits.visit",
                    ),
                ),
                ("came_at", models.DateTimeField(blank=True, null=True)),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("booked", "Booked with another reminder"),
                            ("opted_out", "Wants no reminders"),
                            ("declined", "Not this time"),
                            ("elsewhere", "Was serviced elsewhere"),
                            ("sold", "Car sold"),
                            ("unreachable", "Not reachable"),
                            ("expired", "Time ran out"),
                        ],
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "reminder",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["store", "call_on"], name="outreach_to_call"
                    ),
                    models.Index(fields=["store", "contacted_at"], name="outreach_by_contact"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="outreach_task_in_store"),
                    core.constraints.SameStore(
                        "vehicle", name="outreach_task_vehicle_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "customer", name="outreach_task_customer_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "operation", name="outreach_task_operation_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "message", name="outreach_task_message_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "appointment", name="outreach_task_appointment_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "visit", name="outreach_task_visit_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "kind", "vehicle", "period"), name="outreach_period_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state", "stopped"),
                                models.Q(("stop_reason", ""), _negated=True),
                            ),
                            models.Q(
                                ("came_at__isnull", False),
                                ("ended_at__isnull", False),
                                ("state", "done"),
                                ("stop_reason", ""),
                            ),
                            models.Q(
                                ("ended_at", None),
                                ("state__in", ["open", "messaged", "called", "booked"]),
                                ("stop_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="outreach_ended_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "booked"), _negated=True), ("booked_at__isnull", False), _connector="OR"
                        ),
                        name="outreach_booked_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallAttempt",
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
                    "task",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="outreach.task",
                    ),
                ),
                ("sequence", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("book", "Reached, books now"),
                            ("later", "Reached, call again later"),
                            ("no_answer", "No answer"),
                            ("off", "Phone off or out of service"),
                            ("wrong", "Wrong number"),
                            ("declined", "Reached, not this time"),
                            ("elsewhere", "Reached, was serviced elsewhere"),
                            ("sold", "Reached, car is sold"),
                        ],
                        max_length=10,
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
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["task", "sequence"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="outreach_callattempt_in_store"),
                    core.constraints.SameStore(
                        "task", name="outreach_callattempt_task_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "by", name="outreach_callattempt_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "task", "sequence"), name="outreach_attempt_once"),
                ],
                "indexes": [],
            },
        ),
    ]
