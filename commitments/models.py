"""What the store promises in public, how each promise went for each customer, and what is owed for the broken ones."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from commitments.choices import AMOUNT, PERCENT, TIMED, Code, RemedyKind, RemedyState, State
from complaints.models import Case
from core.constraints import same_store
from core.money import format_money
from stores.models import Staff, StoreModel
from visits.choices import Origin
from visits.models import Visit

# Stands in a promise's text for the time it names, so that words and clock never differ.
TIME = "{time}"
HOUR = 3600


class Commitment(StoreModel):
    """One version of a promise. A published version never changes; a new one replaces it, and what began before is
    measured by the version of its own day."""

    code = models.CharField(_("promise"), max_length=30, choices=Code)
    version = models.PositiveSmallIntegerField(_("version"))
    text_zh = models.CharField(_("text (Chinese)"), max_length=200)
    text_en = models.CharField(_("text (English)"), max_length=300, blank=True)
    target_seconds = models.PositiveIntegerField(_("within (seconds)"), null=True, blank=True)
    remedy = models.CharField(_("remedy"), max_length=20, choices=RemedyKind, blank=True)
    remedy_value = models.DecimalField(_("how much"), max_digits=8, decimal_places=2, null=True, blank=True)
    public = models.BooleanField(_("shown in public"), default=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("promise")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "code", "version"], name="commitments_version"),
            models.UniqueConstraint(
                fields=["store", "code"],
                condition=Q(published_at__isnull=False, retired_at=None),
                name="commitments_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["store", "code"], condition=Q(published_at=None), name="commitments_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(published_at__isnull=False, published_at__lte=F("retired_at")),
                name="commitments_order",
            ),
            models.CheckConstraint(
                condition=Q(code__in=TIMED, target_seconds__isnull=False, target_seconds__gt=0)
                | (~Q(code__in=TIMED) & Q(target_seconds=None)),
                name="commitments_target",
            ),
            models.CheckConstraint(
                condition=Q(remedy__in=PERCENT, remedy_value__isnull=False, remedy_value__gt=0, remedy_value__lte=100)
                | Q(remedy__in=AMOUNT, remedy_value__isnull=False, remedy_value__gt=0)
                | (~Q(remedy__in=[*PERCENT, *AMOUNT]) & Q(remedy_value=None)),
                name="commitments_remedy_value",
            ),
        ]

    def __str__(self):
        return f"{self.code} v{self.version}"

    @property
    def in_force(self) -> bool:
        return self.published_at is not None and self.retired_at is None

    @property
    def target(self) -> timedelta | None:
        return None if self.target_seconds is None else timedelta(seconds=self.target_seconds)

    @property
    def text(self) -> str:
        """What customers read, in the reader's language, with the time it names."""
        chinese = (get_language() or "zh").startswith("zh")
        words = (self.text_zh or self.text_en) if chinese else (self.text_en or self.text_zh)
        return words.replace(TIME, self.time_text)

    @property
    def time_text(self) -> str:
        """10 minutes, 72 hours: hours where they are whole, never days."""
        if self.target_seconds is None:
            return ""
        if self.target_seconds % HOUR:
            n = -(-self.target_seconds // 60)
            return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}
        n = self.target_seconds // HOUR
        return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}

    @property
    def remedy_text(self) -> str:
        return remedy_text(self.remedy, self.remedy_value)


def remedy_text(kind: str, value) -> str:
    """What is owed, in words: “Free car wash”, “10 % off labour”, “Voucher of ¥50.00”; empty for nothing."""
    if kind == RemedyKind.LABOUR_DISCOUNT:
        return str(_("%(percent)s%% off labour")) % {"percent": f"{value:f}".rstrip("0").rstrip(".")}
    if kind == RemedyKind.VOUCHER:
        return str(_("Voucher of ¥%(amount)s")) % {"amount": format_money(value)}
    return str(RemedyKind(kind).label) if kind else ""


class Measurement(StoreModel):
    """How one promise went for one visit or case. Written only by `commitments.domain.measure`, from the journal.

    A promise about a case has its `case` (and the case's visit, if it has one); every other one its visit alone.
    `decided_at` is when it was kept, when its time was up, or when it no longer mattered.
    """

    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="measurements", db_constraint=False
    )
    code = models.CharField(_("promise"), max_length=30, choices=Code)
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="measurements", db_constraint=False
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="measurements", db_constraint=False
    )
    started_at = models.DateTimeField(_("began"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    met_at = models.DateTimeField(_("done"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.LIVE)

    class Meta(StoreModel.Meta):
        verbose_name = _("measured promise")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("commitment", "visit", "case"),
            models.UniqueConstraint(
                fields=["store", "code", "visit"], condition=Q(case=None), name="commitments_once_per_visit"
            ),
            models.UniqueConstraint(
                fields=["store", "code", "case"], condition=Q(case__isnull=False), name="commitments_once_per_case"
            ),
            models.CheckConstraint(
                condition=Q(code=Code.COMPLAINT, case__isnull=False)
                | (~Q(code=Code.COMPLAINT) & Q(case=None, visit__isnull=False)),
                name="commitments_subject",
            ),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, decided_at=None)
                | Q(state=State.KEPT, met_at__isnull=False, decided_at__isnull=False)
                | Q(state__in=[State.BROKEN, State.EXCLUDED], decided_at__isnull=False),
                name="commitments_decided_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.KEPT) | Q(due_at=None) | Q(met_at__lte=F("due_at")),
                name="commitments_kept_in_time",
            ),
        ]
        indexes = [
            # the clock reads what is due, the staff's pages what is running: a few hundred rows whatever the history
            models.Index(fields=["due_at"], condition=Q(state=State.RUNNING), name="commitments_running"),
            # the public figures: counted from the index alone
            models.Index(
                fields=["store", "code", "started_at"],
                include=["state"],
                condition=Q(state__in=[State.KEPT, State.BROKEN]),
                name="commitments_figures",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.state}"


class Remedy(StoreModel):
    """What is owed to the customer for a broken promise, and what became of it."""

    measurement = models.OneToOneField(
        Measurement, on_delete=models.PROTECT, related_name="remedy", db_constraint=False
    )
    kind = models.CharField(_("remedy"), max_length=20, choices=RemedyKind)
    value = models.DecimalField(_("how much"), max_digits=8, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RemedyState, default=RemedyState.OWED)
    owed_at = models.DateTimeField(_("owed since"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("remedy")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("measurement", "settled_by"),
            models.CheckConstraint(
                condition=Q(state=RemedyState.OWED, settled_at=None, settled_by=None)
                | Q(state=RemedyState.LAPSED, settled_at__isnull=False, settled_by=None)
                | Q(
                    state__in=[RemedyState.GIVEN, RemedyState.DECLINED, RemedyState.WAIVED],
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
                name="commitments_settled_has_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RemedyState.DECLINED, RemedyState.WAIVED]) | ~Q(note=""),
                name="commitments_not_given_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "owed_at"], condition=Q(state=RemedyState.OWED), name="commitments_owed"),
        ]

    def __str__(self):
        return f"{self.kind} {self.state}"

    @property
    def text(self) -> str:
        return remedy_text(self.kind, self.value)
