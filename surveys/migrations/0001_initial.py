import django.db.models.constraints
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
            name="Questionnaire",
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
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired at")),
            ],
            options={
                "verbose_name": "questionnaire",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="surveys_questionnaire_in_store"),
                    models.UniqueConstraint(fields=("store", "version"), name="surveys_questionnaire_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", False), ("retired_at", None)),
                        fields=("store",),
                        name="surveys_one_in_force",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)), fields=("store",), name="surveys_one_draft"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retired_at", None), ("published_at__lte", models.F("retired_at")), _connector="OR"
                        ),
                        name="surveys_questionnaire_order",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Factor",
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
                    "questionnaire",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factors",
                        to="surveys.questionnaire",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("initiation", "Service initiation"),
                            ("advisor", "Service advisor"),
                            ("facility", "Service facility"),
                            ("pickup", "Vehicle pick-up"),
                            ("quality", "Service quality"),
                        ],
                        max_length=12,
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(verbose_name="weight (%)")),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="surveys_factor_in_store"),
                    core.constraints.SameStore(
                        "questionnaire",
                        name="surveys_factor_questionnaire_same_store",
                        violation_error_code="other_store",
                    ),
                    models.UniqueConstraint(fields=("store", "questionnaire", "code"), name="surveys_factor_once"),
                    models.CheckConstraint(condition=models.Q(("weight__lte", 100)), name="surveys_weight_range"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Item",
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
                    "questionnaire",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="surveys.questionnaire",
                    ),
                ),
                (
                    "factor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="surveys.factor",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("scale", "Score from 1 to 10"),
                            ("nps", "Recommendation from 0 to 10"),
                            ("yes_no", "Yes or no"),
                            ("text", "Own words"),
                        ],
                        default="scale",
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text_zh", models.CharField(max_length=200, verbose_name="question (Chinese)")),
                (
                    "text_en",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="question (English)"),
                ),
                ("required", models.BooleanField(default=False, verbose_name="must be answered")),
                ("asks_problem", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["questionnaire", "position"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="surveys_item_in_store"),
                    core.constraints.SameStore(
                        "questionnaire",
                        name="surveys_item_questionnaire_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "factor", name="surveys_item_factor_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("store", "questionnaire", "position"),
                        name="surveys_item_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "nps")), fields=("store", "questionnaire"), name="surveys_one_nps"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("factor", None), ("kind", "scale")),
                        fields=("store", "questionnaire"),
                        name="surveys_one_overall",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("asks_problem", True)),
                        fields=("store", "questionnaire"),
                        name="surveys_one_problem",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("factor", None), ("kind", "scale"), _connector="OR"),
                        name="surveys_factor_has_scales",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asks_problem", False), ("kind", "yes_no"), _connector="OR"),
                        name="surveys_problem_is_yes_no",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_zh", ""), _negated=True), name="surveys_item_has_text"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
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
                        related_name="invitation",
                        to="visits.visit",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="surveys.questionnaire",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for its hour"),
                            ("sent", "Invited"),
                            ("answered", "Answered by link"),
                            ("expired", "Not answered in time"),
                            ("suppressed", "Not invited"),
                            ("closed", "Asked by phone"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("token_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_consent", "no consent to questionnaires"),
                            ("no_address", "no address to write to"),
                            ("in_rework", "the car is back in the store"),
                            ("phone", "answered on the phone"),
                            ("refused", "does not want to be asked"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="surveys_due"),
                    models.Index(condition=models.Q(("state", "sent")), fields=["expires_at"], name="surveys_expiring"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="surveys_invitation_in_store"),
                    core.constraints.SameStore(
                        "visit", name="surveys_invitation_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "questionnaire",
                        name="surveys_invitation_questionnaire_same_store",
                        violation_error_code="other_store",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("due_at"))), name="surveys_invitation_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            models.Q(("sent_at__isnull", False), ("token_hash__isnull", False)),
                            _connector="OR",
                        ),
                        name="surveys_sent_has_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", False), ("state", "answered")),
                            models.Q(models.Q(("state", "answered"), _negated=True), ("answered_at", None)),
                            _connector="OR",
                        ),
                        name="surveys_answered_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["suppressed", "closed"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="surveys_not_asked_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
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
                        related_name="response",
                        to="visits.visit",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="surveys.questionnaire",
                    ),
                ),
                (
                    "channel",
                    models.CharField(choices=[("link", "Through the link"), ("phone", "By phone")], max_length=8),
                ),
                ("at", models.DateTimeField()),
                (
                    "csi",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=6, null=True, verbose_name="CSI (100-1000)"
                    ),
                ),
                (
                    "overall",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="overall satisfaction (1-10)"),
                ),
                ("nps", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="would recommend (0-10)")),
                ("problem", models.BooleanField(null=True, verbose_name="problem")),
                ("low", models.BooleanField(default=False, verbose_name="low")),
                ("comment", models.TextField(blank=True, default="", verbose_name="customer's words")),
                (
                    "advisor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("released_at", models.DateTimeField()),
                ("seconds", models.PositiveIntegerField(blank=True, null=True, verbose_name="time taken (seconds)")),
                (
                    "origin",
                    models.CharField(
                        choices=[("live", "Live"), ("import", "Imported"), ("demo", "Demo")],
                        default="live",
                        max_length=6,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="complaints.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["store", "-at"], name="surveys_newest"),
                    models.Index(fields=["store", "released_at"], name="surveys_by_release"),
                    models.Index(fields=["store", "advisor", "-at"], name="surveys_of_advisor"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="surveys_response_in_store"),
                    core.constraints.SameStore(
                        "visit", name="surveys_response_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "questionnaire",
                        name="surveys_response_questionnaire_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "advisor", name="surveys_response_advisor_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "technician", name="surveys_response_technician_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "taken_by", name="surveys_response_taken_by_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "case", name="surveys_response_case_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("csi", None), models.Q(("csi__gte", 100), ("csi__lte", 1000)), _connector="OR"
                        ),
                        name="surveys_csi_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("overall", None), models.Q(("overall__gte", 1), ("overall__lte", 10)), _connector="OR"
                            ),
                            models.Q(("nps", None), ("nps__lte", 10), _connector="OR"),
                        ),
                        name="surveys_score_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low", True),
                            models.Q(
                                models.Q(("nps", None), ("nps__gt", 6), _connector="OR"),
                                models.Q(("overall", None), ("overall__gt", 6), _connector="OR"),
                                models.Q(("problem", True), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="surveys_low_is_low",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low", False),
                            ("case__isnull", False),
                            models.Q(("origin", "live"), _negated=True),
                            _connector="OR",
                        ),
                        name="surveys_low_has_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactorScore",
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
                    "response",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factor_scores",
                        to="surveys.response",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("initiation", "Service initiation"),
                            ("advisor", "Service advisor"),
                            ("facility", "Service facility"),
                            ("pickup", "Vehicle pick-up"),
                            ("quality", "Service quality"),
                        ],
                        max_length=12,
                    ),
                ),
                ("score", models.DecimalField(decimal_places=2, max_digits=6)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="surveys_factorscore_in_store"),
                    core.constraints.SameStore(
                        "response", name="surveys_factorscore_response_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "response", "code"), name="surveys_score_once"),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 1), ("score__lte", 10)), name="surveys_factor_score_range"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Answer",
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
                    "response",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="surveys.response",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="surveys.item",
                    ),
                ),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("yes", models.BooleanField(null=True)),
                ("text", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="surveys_answer_in_store"),
                    core.constraints.SameStore(
                        "response", name="surveys_answer_response_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "item", name="surveys_answer_item_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "response", "item"), name="surveys_answer_once"),
                    models.CheckConstraint(
                        condition=models.Q(("score", None), ("score__lte", 10), _connector="OR"),
                        name="surveys_answer_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("score__isnull", False), ("text", ""), ("yes", None)),
                            models.Q(("score", None), ("text", ""), ("yes__isnull", False)),
                            models.Q(("score", None), ("yes", None), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="surveys_answer_is_one",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
