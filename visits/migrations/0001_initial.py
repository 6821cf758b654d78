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
            name="Visit",
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
                ("number", models.CharField(max_length=30, verbose_name="repair order")),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="customers.customer",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="customers.vehicle",
                    ),
                ),
                (
                    "advisor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="stores.staff",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("booking", "Booking"),
                            ("reception", "Reception"),
                            ("repair", "Repair"),
                            ("inspection", "Final inspection"),
                            ("wash", "Wash"),
                            ("handover", "Handover"),
                            ("checkout", "Checkout"),
                            ("follow_up", "Follow-up"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "No-show"),
                            ("left_without_service", "Left without service"),
                        ],
                        default="booking",
                        max_length=24,
                        verbose_name="stage",
                    ),
                ),
                ("stage_since", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "origin",
                    models.CharField(
                        choices=[("live", "Live"), ("import", "Imported"), ("demo", "Demo")],
                        default="live",
                        max_length=6,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=40)),
                ("source_number", models.CharField(blank=True, max_length=60)),
                ("request_token", models.UUIDField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("due_in_at", models.DateTimeField(blank=True, null=True, verbose_name="expected at")),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="arrived")),
                ("mileage_in", models.PositiveIntegerField(blank=True, null=True, verbose_name="mileage at arrival")),
                ("waiting", models.BooleanField(default=False, verbose_name="customer waits")),
                ("promised_at", models.DateTimeField(blank=True, null=True, verbose_name="promised time")),
                ("first_promised_at", models.DateTimeField(blank=True, null=True)),
                ("next_update_due_at", models.DateTimeField(blank=True, null=True, verbose_name="next update due")),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("ready_at", models.DateTimeField(blank=True, null=True, verbose_name="ready")),
                ("handed_over_at", models.DateTimeField(blank=True, null=True, verbose_name="handed over")),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="released")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("end_reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "verbose_name": "visit",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["store", "stage", "promised_at"],
                        name="visits_open",
                    ),
                    models.Index(fields=["store", "vehicle", "-opened_at"], name="visits_of_vehicle"),
                    models.Index(fields=["store", "customer", "-opened_at"], name="visits_of_customer"),
                    models.Index(fields=["store", "released_at"], name="visits_released"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="visits_visit_in_store"),
                    core.constraints.SameStore(
                        "customer", name="visits_visit_customer_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "vehicle", name="visits_visit_vehicle_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "advisor", name="visits_visit_advisor_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "number"), name="visits_visit_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("request_token__isnull", False)),
                        fields=("store", "request_token"),
                        name="visits_visit_token",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("store", "source", "vehicle", "opened_at", "source_number"),
                        name="visits_visit_imported_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("stage__in", ["reception", "repair", "inspection", "wash", "handover", "checkout"])
                        ),
                        fields=("store", "vehicle"),
                        name="visits_one_in_house",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "booking",
                                    "reception",
                                    "repair",
                                    "inspection",
                                    "wash",
                                    "handover",
                                    "checkout",
                                    "follow_up",
                                    "closed",
                                    "cancelled",
                                    "no_show",
                                    "left_without_service",
                                ],
                            )
                        ),
                        name="visits_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["booking", "cancelled", "no_show"]),
                            ("arrived_at__isnull", False),
                            models.Q(("origin", "live"), _negated=True),
                            _connector="OR",
                        ),
                        name="visits_in_house_has_arrived",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__in", ["handover", "checkout", "follow_up", "closed"]), _negated=True),
                            ("ready_at__isnull", False),
                            models.Q(("origin", "live"), _negated=True),
                            _connector="OR",
                        ),
                        name="visits_handover_is_ready",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__in", ["follow_up", "closed"]), _negated=True),
                            models.Q(("handed_over_at__isnull", False), ("released_at__isnull", False)),
                            models.Q(("origin", "live"), _negated=True),
                            _connector="OR",
                        ),
                        name="visits_after_release",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("stage__in", ["closed", "cancelled", "no_show", "left_without_service"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("stage__in", ["closed", "cancelled", "no_show", "left_without_service"]),
                                    _negated=True,
                                ),
                                ("ended_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="visits_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__in", ["cancelled", "no_show", "left_without_service"]), _negated=True),
                            models.Q(("end_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="visits_side_exit_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mileage_in", None), ("mileage_in__lte", 999999), _connector="OR"),
                        name="visits_mileage_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
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
                        related_name="promises",
                        to="visits.visit",
                    ),
                ),
                ("sequence", models.PositiveSmallIntegerField()),
                ("old_at", models.DateTimeField(blank=True, null=True)),
                ("new_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("by_kind", models.CharField(max_length=10)),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "In person"),
                            ("phone", "By phone"),
                            ("sms", "By SMS"),
                            ("wechat", "By WeChat"),
                            ("link", "On the visit's page"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["visit", "sequence"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="visits_promise_in_store"),
                    core.constraints.SameStore(
                        "visit", name="visits_promise_visit_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "visit", "sequence"), name="visits_promise_sequence"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("old_at", None), ("sequence", 1)),
                            models.Q(
                                ("old_at__isnull", False), ("sequence__gt", 1), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="visits_repromise_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at", None), ("told_how", "")),
                            models.Q(("told_at__isnull", False), models.Q(("told_how", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="visits_told_has_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_at__gt", models.F("made_at"))), name="visits_promise_in_future"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Need",
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
                        related_name="needs",
                        to="visits.visit",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("matters_most", "What matters most today"),
                            ("fault", "Fault"),
                            ("wish", "Wish"),
                            ("question", "Question"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField()),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("booking", "Booking"),
                            ("reception", "Reception"),
                            ("repair", "Repair"),
                            ("inspection", "Final inspection"),
                            ("wash", "Wash"),
                            ("handover", "Handover"),
                            ("checkout", "Checkout"),
                            ("follow_up", "Follow-up"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                            ("no_show", "No-show"),
                            ("left_without_service", "Left without service"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("answered", "Answered"),
                            ("declined", "Declined by the customer"),
                            ("deferred", "Deferred to the next visit"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "ordering": ["visit", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="visits_need_in_store"),
                    core.constraints.SameStore(
                        "visit", name="visits_need_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "owner", name="visits_need_owner_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "settled_by", name="visits_need_settled_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="visits_need_has_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None)),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="visits_need_settled_has_time",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CustomerUpdate",
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
                        related_name="updates",
                        to="visits.visit",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("in_person", "In person"),
                            ("phone", "By phone"),
                            ("sms", "By SMS"),
                            ("wechat", "By WeChat"),
                            ("link", "On the visit's page"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                ("by_kind", models.CharField(max_length=10)),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["visit", "at"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="visits_customerupdate_in_store"),
                    core.constraints.SameStore(
                        "visit", name="visits_customerupdate_visit_same_store", violation_error_code="other_store"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Photo",
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
                        related_name="photos",
                        to="visits.visit",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("walk_around", "Walk-around"),
                            ("damage", "Damage"),
                            ("finding", "Finding"),
                            ("work_step", "Work step"),
                            ("inspection", "Inspection"),
                            ("exit", "At handover"),
                        ],
                        max_length=12,
                    ),
                ),
                ("image", models.FileField(upload_to="photos")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("caption", models.CharField(blank=True, max_length=120)),
                ("by_kind", models.CharField(max_length=10)),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["visit", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="visits_photo_in_store"),
                    core.constraints.SameStore(
                        "visit", name="visits_photo_visit_same_store", violation_error_code="other_store"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Signature",
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
                        related_name="signatures",
                        to="visits.visit",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("estimate", "Repair order"),
                            ("handover", "Handover"),
                            ("settlement", "Settlement list"),
                        ],
                        max_length=12,
                    ),
                ),
                ("signer", models.CharField(max_length=60)),
                ("strokes", models.JSONField(default=list)),
                ("image", models.FileField(blank=True, upload_to="signatures")),
                ("document_sha256", models.CharField(max_length=64)),
                ("ip", models.GenericIPAddressField(blank=True, null=True)),
                ("device", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="visits_signature_in_store"),
                    core.constraints.SameStore(
                        "visit", name="visits_signature_visit_same_store", violation_error_code="other_store"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="VisitLink",
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
                        related_name="links",
                        to="visits.visit",
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_read_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="visits_visitlink_in_store"),
                    core.constraints.SameStore(
                        "visit", name="visits_visitlink_visit_same_store", violation_error_code="other_store"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="WriteToken",
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
                        related_name="+",
                        to="visits.visit",
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("action", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("subject_version", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="visits_writetoken_in_store"),
                    core.constraints.SameStore(
                        "visit", name="visits_writetoken_visit_same_store", violation_error_code="other_store"
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
