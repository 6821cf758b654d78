import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stores", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="system")),
                ("prefix", models.CharField(max_length=16, unique=True, verbose_name="prefix")),
                ("secret_sha256", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("customers.read", "Read customers and cars"),
                                ("customers.write", "Enter and correct customers and cars"),
                                ("customers.contact", "See phone numbers and e-mail addresses in full"),
                                ("appointments.read", "Read free slots and appointments"),
                                ("appointments.write", "Book, move and cancel appointments"),
                                ("visits.read", "Read visits and their lines"),
                                ("visits.write", "Open visits of customers who came without booking"),
                                ("complaints.read", "Read complaints"),
                                ("complaints.write", "Open complaints"),
                                ("surveys.read", "Read survey results"),
                                ("commitments.read", "Read commitments and how they were kept"),
                            ],
                            max_length=30,
                        ),
                        size=None,
                        verbose_name="rights",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
            ],
            options={
                "verbose_name": "API key",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("scopes__len__gt", 0)), name="api_key_may_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at", None), ("revoked_by", None)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="api_revoked_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at", None), ("expires_at__gt", models.F("created_at")), _connector="OR"
                        ),
                        name="api_expires_after_creation",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="KeyGrant",
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
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="api.apikey"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="api_keygrant_in_store"),
                    models.UniqueConstraint(fields=("key", "store"), name="api_grant_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="api.apikey"),
                ),
                ("token", models.CharField(max_length=255)),
                ("request_sha256", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("location", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="api_answers_by_age")],
                "constraints": [models.UniqueConstraint(fields=("key", "token"), name="api_answered_once")],
            },
        ),
    ]
