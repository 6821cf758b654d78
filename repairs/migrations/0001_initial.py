import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import core.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("orders", "0001_initial"),
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
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
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="jobs",
                        to="orders.line",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "technician",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to="stores.staff",
                    ),
                ),
                (
                    "bay",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to="stores.bay",
                    ),
                ),
                ("planned", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="planned")),
                (
                    "dispatched_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("dispatched_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("dispatched", "Dispatched"),
                            ("started", "In work"),
                            ("paused", "Paused"),
                            ("done", "Finished"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="dispatched",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "pause_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("parts", "Waiting for parts"),
                            ("customer", "Waiting for the customer"),
                            ("bay", "Waiting for a bay"),
                            ("support", "Waiting for technical support"),
                            ("break", "Break"),
                            ("end_of_shift", "End of shift"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("withdrawn_reason", models.CharField(blank=True, default="", max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "job",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["done", "withdrawn"]), _negated=True),
                        fields=["store", "technician"],
                        name="repairs_open_jobs",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="repairs_job_in_store"),
                    core.constraints.SameStore(
                        "line", name="repairs_job_line_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "technician", name="repairs_job_technician_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "bay", name="repairs_job_bay_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "dispatched_by", name="repairs_job_dispatched_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("store", "line", "round"),
                        name="repairs_job_once",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("bay__isnull", False), ("state__in", ["dispatched", "started", "paused"])),
                        expressions=[
                            (
                                models.Func(
                                    models.F("bay_id"), models.F("bay_id"), models.Value("[]"), function="int8range"
                                ),
                                "&&",
                            ),
                            (models.F("planned"), "&&"),
                        ],
                        name="repairs_bay_free",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state__in", ["dispatched", "started", "paused"])),
                        expressions=[
                            (
                                models.Func(
                                    models.F("technician_id"),
                                    models.F("technician_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (models.F("planned"), "&&"),
                        ],
                        name="repairs_technician_free",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned__isempty", False), ("planned__lower_inf", False), ("planned__upper_inf", False)
                        ),
                        name="repairs_planned_bounded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["started", "paused", "done"]), _negated=True),
                            ("started_at__isnull", False),
                            _connector="OR",
                        ),
                        name="repairs_started_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("finished_at", None)),
                            _connector="OR",
                        ),
                        name="repairs_done_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paused"), models.Q(("pause_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "paused"), _negated=True), ("pause_reason", "")),
                            _connector="OR",
                        ),
                        name="repairs_pause_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), models.Q(("withdrawn_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_reason", "")),
                            _connector="OR",
                        ),
                        name="repairs_withdrawn_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockEntry",
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
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clock",
                        to="repairs.job",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("parts", "Waiting for parts"),
                            ("customer", "Waiting for the customer"),
                            ("bay", "Waiting for a bay"),
                            ("support", "Waiting for technical support"),
                            ("break", "Break"),
                            ("end_of_shift", "End of shift"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="repairs_clockentry_in_store"),
                    core.constraints.SameStore(
                        "job", name="repairs_clockentry_job_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "technician",
                        name="repairs_clockentry_technician_same_store",
                        violation_error_code="other_store",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at", None)),
                        fields=("store", "technician"),
                        name="repairs_one_clock_running",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stopped_at", None), ("stopped_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="repairs_clock_order",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="StepResult",
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
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="repairs.job",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.workstep",
                    ),
                ),
                ("value", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("text", models.CharField(blank=True, max_length=200)),
                ("out_of_range_reason", models.CharField(blank=True, max_length=200)),
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
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="repairs_stepresult_in_store"),
                    core.constraints.SameStore(
                        "job", name="repairs_stepresult_job_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "step", name="repairs_stepresult_step_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "photo", name="repairs_stepresult_photo_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "by", name="repairs_stepresult_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "job", "step"), name="repairs_step_once"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PartRequest",
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
                    "line_part",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="orders.linepart",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="part_requests",
                        to="repairs.job",
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=8)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("ordered", "On order"),
                            ("issued", "Issued to the workshop"),
                            ("returned", "Returned to the counter"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("expected_on", models.DateField(blank=True, null=True, verbose_name="expected on")),
                (
                    "requested_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                (
                    "returns",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned",
                        to="repairs.partrequest",
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "verbose_name": "parts request",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["requested", "ordered"])),
                        fields=["store", "requested_at"],
                        name="repairs_requests_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="repairs_partrequest_in_store"),
                    core.constraints.SameStore(
                        "line_part", name="repairs_partrequest_line_part_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "job", name="repairs_partrequest_job_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "requested_by",
                        name="repairs_partrequest_requested_by_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "issued_by", name="repairs_partrequest_issued_by_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "returns", name="repairs_partrequest_returns_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["requested", "ordered"])),
                        fields=("store", "line_part"),
                        name="repairs_one_open_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "issued"), _negated=True),
                            models.Q(("issued_at__isnull", False), ("issued_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="repairs_issued_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "ordered"), _negated=True),
                            ("expected_on__isnull", False),
                            _connector="OR",
                        ),
                        name="repairs_ordered_has_eta",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="repairs_request_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("returns__isnull", False), ("status", "returned")),
                            models.Q(models.Q(("status", "returned"), _negated=True), ("returns", None)),
                            _connector="OR",
                        ),
                        name="repairs_return_of_issue",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
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
                    "line",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="finding",
                        to="orders.line",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="findings",
                        to="repairs.job",
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("request_token", models.UUIDField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "finding",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="repairs_finding_in_store"),
                    core.constraints.SameStore(
                        "line", name="repairs_finding_line_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "job", name="repairs_finding_job_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "found_by", name="repairs_finding_found_by_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("request_token__isnull", False)),
                        fields=("store", "request_token"),
                        name="repairs_finding_token",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
