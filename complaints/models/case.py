"""A case: a problem with an owner and clocks, from the customer's words to its proven end."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import (
    CaseSource,
    CaseState,
    CategoryCode,
    CauseCode,
    Clock,
    CloseKind,
    EntryKind,
    Responsible,
    Severity,
)
from core.constraints import same_store
from customers.models import Customer, Vehicle
from stores.models import Staff, StoreModel
from visits.choices import Origin
from visits.models import Visit


class Case(StoreModel):
    """A problem with an owner, from the customer's words to its end. One open case per visit; signals join it."""

    number = models.CharField(max_length=30)
    source = models.CharField(max_length=10, choices=CaseSource)
    severity = models.CharField(max_length=2, choices=Severity, default=Severity.L1)
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    visit = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        db_constraint=False,
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        db_constraint=False,
    )
    vehicle = models.ForeignKey(
        Vehicle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        db_constraint=False,
    )
    words = models.TextField(_("customer's words"))
    owner = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        db_constraint=False,
    )
    about = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    category = models.CharField(_("about what"), max_length=20, choices=CategoryCode, blank=True)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.LIVE)
    opened_at = models.DateTimeField()
    # Of the round: a case that comes back after its re-check runs on new clocks.
    round = models.PositiveSmallIntegerField(default=1)
    clock_started_at = models.DateTimeField(null=True, blank=True)
    first_response_due_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(null=True, blank=True)
    plan_due_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    resolution_due_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    next_notice_at = models.DateTimeField(null=True, blank=True)  # when somebody has to be warned next
    escalation = models.PositiveSmallIntegerField(default=0)
    # What came out of it.
    cause_code = models.CharField(_("cause"), max_length=12, choices=CauseCode, blank=True)
    responsible = models.CharField(_("responsible"), max_length=12, choices=Responsible, blank=True)
    prevention = models.TextField(_("so that it does not happen again"), blank=True)
    close_kind = models.CharField(max_length=12, choices=CloseKind, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_note = models.TextField(blank=True)
    # History of another system: which row of it, which car and which codes it names.
    import_source = models.CharField(max_length=40, blank=True)
    import_key = models.CharField(max_length=60, blank=True)
    imported_car = models.CharField(max_length=160, blank=True)
    imported_codes = models.CharField(max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("case")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "customer", "vehicle", "owner", "about"),
            models.UniqueConstraint(fields=["store", "number"], name="complaints_case_number"),
            models.UniqueConstraint(
                fields=["store", "visit"],
                condition=~Q(state=CaseState.CLOSED) & Q(visit__isnull=False),
                name="complaints_one_open_per_visit",
            ),
            models.UniqueConstraint(
                fields=["store", "import_source", "import_key"],
                condition=Q(origin=Origin.IMPORT),
                name="complaints_imported_once",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="complaints_case_has_words"),
            models.CheckConstraint(
                condition=(~Q(state=CaseState.CLOSED) & Q(closed_at=None, close_kind=""))
                | (Q(state=CaseState.CLOSED, closed_at__isnull=False) & ~Q(closing_note="") & ~Q(close_kind="")),
                name="complaints_closed_has_note",
            ),
            # Whoever was made content, or could not be reached, was helped first and cost the house a lesson.
            models.CheckConstraint(
                condition=~Q(close_kind__in=[CloseKind.SATISFIED, CloseKind.UNREACHABLE])
                | (~Q(cause_code="") & ~Q(responsible="") & ~Q(prevention="") & Q(resolved_at__isnull=False)),
                name="complaints_closed_has_cause",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.EXECUTED) | Q(resolved_at__isnull=False),
                name="complaints_executed_is_resolved",
            ),
            # History starts no clock.
            models.CheckConstraint(
                condition=~Q(origin=Origin.IMPORT)
                | Q(first_response_due_at=None, plan_due_at=None, resolution_due_at=None, next_notice_at=None),
                name="complaints_import_has_no_clock",
            ),
            models.CheckConstraint(condition=Q(escalation__lte=3), name="complaints_escalation_levels"),
        ]
        indexes = [
            models.Index(
                fields=["store", "first_response_due_at"],
                condition=~Q(state=CaseState.CLOSED),
                name="complaints_open_by_clock",
            ),
            models.Index(
                fields=["next_notice_at"],
                condition=Q(next_notice_at__isnull=False),
                name="complaints_next_notice",
            ),
            models.Index(fields=["store", "-closed_at", "-id"], name="complaints_closed_newest"),
        ]

    def __str__(self):
        return self.number


class CaseEntry(StoreModel):
    """One line of a case's log: what was said to the customer, found out, or decided."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries", db_constraint=False)
    kind = models.CharField(max_length=8, choices=EntryKind)
    text = models.TextField()
    by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        ordering = ["case", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("case", "by"),
            models.CheckConstraint(condition=~Q(text=""), name="complaints_entry_has_text"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.CUSTOMER) | Q(by__isnull=False), name="complaints_entry_has_author"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.case_id}"


class ClockNotice(StoreModel):
    """Somebody was warned that a clock runs out: once per clock, round and level (50, 80, 100 % of its time)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices", db_constraint=False)
    clock = models.CharField(max_length=10, choices=Clock)
    round = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    told = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("case", "told"),
            models.UniqueConstraint(fields=["case", "clock", "round", "level"], name="complaints_warned_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="complaints_notice_levels"),
        ]

    def __str__(self):
        return f"{self.clock} {self.level} of {self.case_id}"


class CaseLink(StoreModel):
    """The customer's reading link to his case. Only the token's hash is kept; it can be revoked."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links", db_constraint=False)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [*StoreModel.Meta.constraints, *same_store("case")]

    def __str__(self):
        return f"link of {self.case_id}"


class CaseToken(StoreModel):
    """A one-use, short-lived right to write one thing from the customer's page, bound to what was shown."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    token_hash = models.CharField(max_length=64, unique=True)
    action = models.CharField(max_length=40)
    subject_version = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [*StoreModel.Meta.constraints, *same_store("case")]

    def __str__(self):
        return f"{self.action} {self.case_id}"
