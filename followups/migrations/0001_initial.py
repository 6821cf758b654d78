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
            name="FollowUpCall",
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
                        related_name="follow_up",
                        to="visits.visit",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To call"),
                            ("done", "Done"),
                            ("answered", "Answered by link"),
                            ("unreachable", "Not reachable"),
                            ("refused", "Does not want to be called"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="stores.staff",
                    ),
                ),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "satisfaction",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="overall satisfaction (1-10)"),
                ),
                ("nps", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="would recommend (0-10)")),
                ("words", models.TextField(blank=True, verbose_name="customer's words")),
                ("problem", models.BooleanField(null=True, verbose_name="problem")),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="complaints.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up call",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["store", "next_try_at"],
                        name="followups_open_by_time",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="followups_followupcall_in_store"),
                    core.constraints.SameStore(
                        "visit", name="followups_followupcall_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "assigned_to",
                        name="followups_followupcall_assigned_to_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "case", name="followups_followupcall_case_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("completed_at", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("completed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="followups_done_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True), ("problem__isnull", False), _connector="OR"
                        ),
                        name="followups_done_says_problem",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("problem", True), _negated=True), ("case__isnull", False), _connector="OR"
                        ),
                        name="followups_problem_is_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("satisfaction", None),
                                models.Q(("satisfaction__gte", 1), ("satisfaction__lte", 10)),
                                _connector="OR",
                            ),
                            models.Q(("nps", None), ("nps__lte", 10), _connector="OR"),
                        ),
                        name="followups_score_range",
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
                    "call",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="followups.followupcall",
                    ),
                ),
                ("sequence", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("done", "Reached, call completed"),
                            ("later", "Reached, call again later"),
                            ("no_answer", "No answer"),
                            ("off", "Phone off or out of service"),
                            ("wrong", "Wrong number"),
                            ("refused", "Does not want to be called"),
                            ("not_self", "Somebody else answered"),
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
                "ordering": ["call", "sequence"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="followups_callattempt_in_store"),
                    core.constraints.SameStore(
                        "call", name="followups_callattempt_call_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "by", name="followups_callattempt_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "call", "sequence"), name="followups_attempt_once"),
                ],
                "indexes": [],
            },
        ),
    ]
