import django.db.models.deletion
from django.db import migrations, models

import core.constraints
import core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("stores", "0001_initial"),
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
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
                ("number", models.CharField(max_length=30)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("desk", "Said in the store"),
                            ("web", "Web form"),
                            ("follow_up", "Follow-up call"),
                            ("survey", "Low survey answer"),
                            ("phone", "Phone call"),
                            ("maker", "Maker's hotline"),
                            ("regulator", "12315 or another authority"),
                            ("import", "Imported"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("L1", "L1 grumble"),
                            ("L2", "L2 complaint"),
                            ("L3", "L3 escalated"),
                            ("L4", "L4 grave"),
                        ],
                        default="L1",
                        max_length=2,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Being worked on"), ("executed", "Waits for re-check"), ("closed", "Closed")],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="visits.visit",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.customer",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.vehicle",
                    ),
                ),
                ("words", models.TextField(verbose_name="customer's words")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="stores.staff",
                    ),
                ),
                (
                    "about",
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
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("repair_quality", "Quality of repair"),
                            ("repair_price", "Price of repair"),
                            ("repair_time", "Time of repair"),
                            ("reception_wait", "Waiting before reception"),
                            ("advisor", "Service advisor"),
                            ("technician", "Technician"),
                            ("attitude", "Attitude and handling"),
                            ("parts", "Parts: arrival or quality"),
                            ("transparency", "Not transparent"),
                            ("facility", "Rooms and surroundings"),
                            ("wash", "Wash"),
                            ("rules", "Rules of the house"),
                            ("product", "Quality of the car (maker)"),
                            ("warranty_refused", "Statutory warranty refused"),
                            ("promise_broken", "After-sales promise not kept"),
                            ("repeat_repair", "Same fault repaired again and again"),
                            ("warranty_charged", "Charged within the warranty"),
                            ("unapproved", "Work added without consent"),
                            ("privacy", "Privacy or unwanted messages"),
                            ("calls", "Molested by follow-up calls"),
                            ("mobility", "Replacement car or rescue"),
                            ("sales", "Sale, contract or description"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                        verbose_name="about what",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("live", "Live"), ("import", "Imported"), ("demo", "Demo")],
                        default="live",
                        max_length=6,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("clock_started_at", models.DateTimeField(blank=True, null=True)),
                ("first_response_due_at", models.DateTimeField(blank=True, null=True)),
                ("first_response_at", models.DateTimeField(blank=True, null=True)),
                ("plan_due_at", models.DateTimeField(blank=True, null=True)),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                ("resolution_due_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("next_notice_at", models.DateTimeField(blank=True, null=True)),
                ("escalation", models.PositiveSmallIntegerField(default=0)),
                (
                    "cause_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("people", "People: skill or attitude"),
                            ("equipment", "Equipment or tools"),
                            ("material", "Parts or material"),
                            ("method", "Process or method"),
                            ("environment", "Surroundings"),
                            ("information", "Information or communication"),
                        ],
                        max_length=12,
                        verbose_name="cause",
                    ),
                ),
                (
                    "responsible",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("front_desk", "Reception and advisors"),
                            ("workshop", "Workshop"),
                            ("parts", "Parts store"),
                            ("relations", "Customer relations"),
                            ("sales", "Sales department"),
                            ("management", "Management"),
                            ("maker", "Maker"),
                            ("supplier", "Supplier"),
                            ("customer", "Customer"),
                        ],
                        max_length=12,
                        verbose_name="responsible",
                    ),
                ),
                ("prevention", models.TextField(blank=True, verbose_name="so that it does not happen again")),
                (
                    "close_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "Customer satisfied"),
                            ("unreachable", "Customer not reached"),
                            ("procedural", "Closed by procedure"),
                            ("import", "Imported as history"),
                        ],
                        max_length=12,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closing_note", models.TextField(blank=True)),
                ("import_source", models.CharField(blank=True, max_length=40)),
                ("import_key", models.CharField(blank=True, max_length=60)),
                ("imported_car", models.CharField(blank=True, max_length=160)),
                ("imported_codes", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "verbose_name": "case",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["store", "first_response_due_at"],
                        name="complaints_open_by_clock",
                    ),
                    models.Index(
                        condition=models.Q(("next_notice_at__isnull", False)),
                        fields=["next_notice_at"],
                        name="complaints_next_notice",
                    ),
                    models.Index(fields=["store", "-closed_at", "-id"], name="complaints_closed_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_case_in_store"),
                    core.constraints.SameStore(
                        "visit", name="complaints_case_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "customer", name="complaints_case_customer_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "vehicle", name="complaints_case_vehicle_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "owner", name="complaints_case_owner_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "about", name="complaints_case_about_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("store", "number"), name="complaints_case_number"),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("state", "closed"), _negated=True), ("visit__isnull", False)),
                        fields=("store", "visit"),
                        name="complaints_one_open_per_visit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("origin", "import")),
                        fields=("store", "import_source", "import_key"),
                        name="complaints_imported_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="complaints_case_has_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("close_kind", ""), ("closed_at", None)
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("closing_note", ""), _negated=True),
                                models.Q(("close_kind", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_closed_has_note",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("close_kind__in", ["satisfied", "unreachable"]), _negated=True),
                            models.Q(
                                models.Q(("cause_code", ""), _negated=True),
                                models.Q(("responsible", ""), _negated=True),
                                models.Q(("prevention", ""), _negated=True),
                                ("resolved_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_closed_has_cause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "executed"), _negated=True),
                            ("resolved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="complaints_executed_is_resolved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", "import"), _negated=True),
                            models.Q(
                                ("first_response_due_at", None),
                                ("next_notice_at", None),
                                ("plan_due_at", None),
                                ("resolution_due_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_import_has_no_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("escalation__lte", 3)), name="complaints_escalation_levels"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseEntry",
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
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="complaints.case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("response", "Answer to the customer"),
                            ("note", "Note"),
                            ("closing", "Closed"),
                            ("customer", "Said by the customer"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["case", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_caseentry_in_store"),
                    core.constraints.SameStore(
                        "case", name="complaints_caseentry_case_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "by", name="complaints_caseentry_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="complaints_entry_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "customer"), ("by__isnull", False), _connector="OR"),
                        name="complaints_entry_has_author",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ClockNotice",
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
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="complaints.case",
                    ),
                ),
                (
                    "clock",
                    models.CharField(
                        choices=[("response", "First answer"), ("plan", "Recovery plan"), ("resolution", "Resolution")],
                        max_length=10,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("level", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "told",
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
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_clocknotice_in_store"),
                    core.constraints.SameStore(
                        "case", name="complaints_clocknotice_case_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "told", name="complaints_clocknotice_told_same_store", violation_error_code="other_store"
                    ),
                    models.UniqueConstraint(fields=("case", "clock", "round", "level"), name="complaints_warned_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 3)), name="complaints_notice_levels"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
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
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="complaints.case",
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_caselink_in_store"),
                    core.constraints.SameStore(
                        "case", name="complaints_caselink_case_same_store", violation_error_code="other_store"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CaseToken",
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
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaints.case",
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("action", models.CharField(max_length=40)),
                ("subject_version", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_casetoken_in_store"),
                    core.constraints.SameStore(
                        "case", name="complaints_casetoken_case_same_store", violation_error_code="other_store"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CaseImport",
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
                ("source", models.CharField(max_length=40, verbose_name="source")),
                ("filename", models.CharField(max_length=120, verbose_name="file")),
                ("file", models.FileField(blank=True, upload_to="imports")),
                ("mapping", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preview", "Waits for approval"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="preview",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("errors", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "import of complaints",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_caseimport_in_store"),
                    core.constraints.SameStore(
                        "by", name="complaints_caseimport_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("state__in", ["done", "failed"])),
                            models.Q(("finished_at", None), ("state__in", ["preview", "running"])),
                            _connector="OR",
                        ),
                        name="complaints_import_finished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("total"))), name="complaints_import_progress"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RecoveryPlan",
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
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plans",
                        to="complaints.case",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.vehicle",
                    ),
                ),
                ("text", models.TextField(verbose_name="what we offer")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for approval"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("executed", "Carried out"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("money", core.fields.MoneyField(default=0, verbose_name="refund and compensation")),
                ("kind", core.fields.MoneyField(default=0, verbose_name="vouchers, labour and other value")),
                ("needs_second", models.BooleanField()),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "refused_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                ("refusal", models.TextField(blank=True)),
                (
                    "customer_answer",
                    models.CharField(
                        blank=True, choices=[("accepted", "Accepted"), ("declined", "Declined")], max_length=10
                    ),
                ),
                ("customer_words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.CharField(
                        blank=True,
                        choices=[("link", "Through the link"), ("phone", "By phone"), ("store", "In the store")],
                        max_length=6,
                    ),
                ),
                ("executed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["case", "id"],
                "abstract": False,
                "indexes": [models.Index(fields=["store", "vehicle", "proposed_at"], name="complaints_plans_of_car")],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_recoveryplan_in_store"),
                    core.constraints.SameStore(
                        "case", name="complaints_recoveryplan_case_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "vehicle", name="complaints_recoveryplan_vehicle_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "proposed_by",
                        name="complaints_recoveryplan_proposed_by_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "approved_by",
                        name="complaints_recoveryplan_approved_by_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "refused_by",
                        name="complaints_recoveryplan_refused_by_same_store",
                        violation_error_code="other_store",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "approved"])),
                        fields=("case",),
                        name="complaints_one_live_plan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="complaints_plan_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__gte", 0), ("money__gte", 0)), name="complaints_plan_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="complaints_maker_is_not_checker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "executed"]), _negated=True),
                            models.Q(
                                ("approved_at__isnull", False),
                                models.Q(("needs_second", False), ("approved_by__isnull", False), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_plan_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("executed_at__isnull", False), ("state", "executed")),
                            models.Q(models.Q(("state", "executed"), _negated=True), ("executed_at", None)),
                            _connector="OR",
                        ),
                        name="complaints_plan_executed_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("customer_answer", "")),
                            models.Q(models.Q(("customer_answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="complaints_plan_answered_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="complaints.recoveryplan",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("apology", "Apology"),
                            ("explanation", "Explanation"),
                            ("free_rework", "Rework free of charge"),
                            ("free_labour", "Labour free of charge"),
                            ("refund", "Refund"),
                            ("cash", "Compensation in money"),
                            ("courtesy_car", "Replacement car or fare"),
                            ("voucher", "Voucher"),
                            ("points", "Points"),
                            ("upgrade", "Extended warranty or extra service"),
                            ("pickup", "Collecting and bringing the car"),
                            ("gift", "Gift"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", core.fields.MoneyField(default=0, verbose_name="worth")),
                ("note", models.CharField(blank=True, max_length=300)),
                ("executed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "executed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("proof", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["plan", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_measure_in_store"),
                    core.constraints.SameStore(
                        "plan", name="complaints_measure_plan_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "executed_by",
                        name="complaints_measure_executed_by_same_store",
                        violation_error_code="other_store",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="complaints_measure_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("executed_at", None), ("executed_by", None)),
                            models.Q(
                                ("executed_at__isnull", False),
                                ("executed_by__isnull", False),
                                models.Q(("proof", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_measure_proven",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RecoveryLimit",
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
                    "role",
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
                        max_length=24,
                    ),
                ),
                ("cash_limit", core.fields.MoneyField(blank=True, null=True)),
                ("equivalent_limit", core.fields.MoneyField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_recoverylimit_in_store"),
                    models.UniqueConstraint(fields=("store", "role"), name="complaints_limit_per_role"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cash_limit", None), ("cash_limit__gte", 0), _connector="OR"),
                            models.Q(("equivalent_limit", None), ("equivalent_limit__gte", 0), _connector="OR"),
                        ),
                        name="complaints_limit_not_negative",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Recheck",
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
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rechecks",
                        to="complaints.case",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
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
                ("on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("satisfied", "Satisfied"),
                            ("not_satisfied", "Not satisfied"),
                            ("unreachable", "Not reached"),
                        ],
                        max_length=14,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("fair_result", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("fair_process", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("fair_manner", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                "ordering": ["case", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_recheck_in_store"),
                    core.constraints.SameStore(
                        "case", name="complaints_recheck_case_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "by", name="complaints_recheck_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "unreachable"), models.Q(("words", ""), _negated=True), _connector="OR"
                        ),
                        name="complaints_recheck_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fair_result", None), ("fair_result__range", (1, 10)), _connector="OR"),
                            models.Q(("fair_process", None), ("fair_process__range", (1, 10)), _connector="OR"),
                            models.Q(("fair_manner", None), ("fair_manner__range", (1, 10)), _connector="OR"),
                        ),
                        name="complaints_recheck_scores",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SalesFeedback",
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
                    "case",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="complaints.case",
                    ),
                ),
                ("text", models.TextField()),
                ("pushed_at", models.DateTimeField()),
                (
                    "pushed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "read_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.staff",
                    ),
                ),
                ("answer", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at", None)),
                        fields=["store", "due_at"],
                        name="complaints_sales_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_salesfeedback_in_store"),
                    core.constraints.SameStore(
                        "case", name="complaints_salesfeedback_case_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "pushed_by",
                        name="complaints_salesfeedback_pushed_by_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "read_by",
                        name="complaints_salesfeedback_read_by_same_store",
                        violation_error_code="other_store",
                    ),
                    core.constraints.SameStore(
                        "answered_by",
                        name="complaints_salesfeedback_answered_by_same_store",
                        violation_error_code="other_store",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="complaints_feedback_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("read_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="complaints_feedback_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at", None), ("read_by", None)),
                            models.Q(("read_at__isnull", False), ("read_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="complaints_feedback_read",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Voice",
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
                        choices=[("problem", "Problem"), ("praise", "Praise"), ("idea", "Idea")], max_length=8
                    ),
                ),
                ("words", models.TextField()),
                ("plate", models.CharField(blank=True, max_length=12)),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="voices",
                        to="visits.visit",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="voices",
                        to="complaints.case",
                    ),
                ),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="praises",
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
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("desk", "Said in the store"),
                            ("web", "Web form"),
                            ("follow_up", "Follow-up call"),
                            ("survey", "Low survey answer"),
                            ("phone", "Phone call"),
                            ("maker", "Maker's hotline"),
                            ("regulator", "12315 or another authority"),
                            ("import", "Imported"),
                        ],
                        default="desk",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("token", models.UUIDField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="complaints_voice_in_store"),
                    models.UniqueConstraint(fields=("store", "token"), name="complaints_voice_once"),
                    core.constraints.SameStore(
                        "visit", name="complaints_voice_visit_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "case", name="complaints_voice_case_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "about", name="complaints_voice_about_same_store", violation_error_code="other_store"
                    ),
                    core.constraints.SameStore(
                        "taken_by", name="complaints_voice_taken_by_same_store", violation_error_code="other_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="complaints_voice_has_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "problem"), _negated=True), ("case__isnull", False), _connector="OR"
                        ),
                        name="complaints_problem_has_case",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
