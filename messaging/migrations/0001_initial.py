import django.db.models.deletion
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("stores", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
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
                ("dedupe_key", models.CharField(max_length=120)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="customers.customer",
                    ),
                ),
                ("visit_ref", models.BigIntegerField(blank=True, null=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Carrying out the repair"),
                            ("survey", "Satisfaction survey"),
                            ("marketing", "Reminders and offers"),
                        ],
                        default="service",
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "SMS"), ("wechat", "WeChat"), ("email", "E-mail")], max_length=10
                    ),
                ),
                ("to", models.CharField(max_length=120)),
                ("template", models.CharField(max_length=60)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("params", models.JSONField(default=dict)),
                ("subject", models.CharField(blank=True, max_length=120)),
                ("body", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                            ("unknown", "Outcome unknown"),
                            ("cancelled", "Cancelled"),
                            ("suppressed", "Not sent: no consent"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("provider_id", models.CharField(blank=True, max_length=80)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "message",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "sending", "unknown"])),
                        fields=["next_at"],
                        name="messaging_due",
                    ),
                    models.Index(fields=["store", "-created_at"], name="messaging_newest"),
                    models.Index(fields=["store", "visit_ref"], name="messaging_of_visit"),
                    models.Index(fields=["store", "customer", "-created_at"], name="messaging_of_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="messaging_message_in_store"),
                    core.constraints.SameStore(
                        "customer", name="messaging_message_customer_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "dedupe_key"), name="messaging_message_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["sent", "delivered"]), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="messaging_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "sending"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="messaging_sending_has_lease",
                    ),
                ],
            },
        ),
    ]
