"""The repair order inside a visit: lines from request to bill, what the customer agreed to, and the settlement list."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.choices import PartClass, RepairCategory
from catalogue.models import Operation, Part
from core.constraints import same_store
from core.fields import MoneyField
from core.money import money
from customers.models import Vehicle
from orders.choices import (
    ConsentMethod,
    ConsentState,
    ImportState,
    LineKind,
    LineOrigin,
    LineWork,
    OldParts,
    PayType,
    Risk,
)
from stores.models import Staff, StoreModel
from visits.models import Photo, Signature, Visit


class RepairOrder(StoreModel):
    """The commercial terms of a visit (任务委托书); one per visit, made with its first line or at check-in."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="order", db_constraint=False)
    category = models.CharField(
        _("repair category"),
        max_length=15,
        choices=RepairCategory,
        default=RepairCategory.MINOR,
    )
    tolerance_percent = models.DecimalField(_("tolerance (%)"), max_digits=5, decimal_places=2, default=0)
    guarantee_days = models.PositiveIntegerField(_("quality guarantee (days)"), default=10)
    guarantee_km = models.PositiveIntegerField(_("quality guarantee (km)"), default=2000)
    old_parts = models.CharField(_("old parts"), max_length=6, choices=OldParts, default=OldParts.TAKE)
    settlement_way = models.CharField(_("way of payment"), max_length=40, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("repair order")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit"),
            models.CheckConstraint(
                condition=Q(tolerance_percent__gte=0, tolerance_percent__lte=50),
                name="orders_tolerance_range",
            ),
        ]

    def __str__(self):
        return f"order of {self.visit_id}"


class ConsentPack(StoreModel):
    """What the customer was shown, frozen: lines, prices, promised time; its hash is what he agreed to."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="packs", db_constraint=False)
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    superseded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(
        default=0
    )  # wrong digits entered at the customer's link; too many lock the link's answer

    class Meta(StoreModel.Meta):
        ordering = ["visit", "version"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "created_by"),
            models.UniqueConstraint(fields=["store", "visit", "version"], name="orders_pack_version"),
            # a visit asks about one pack at a time
            models.UniqueConstraint(
                fields=["store", "visit"],
                condition=Q(superseded_at=None, decided_at=None),
                name="orders_one_open_pack",
            ),
        ]

    def __str__(self):
        return f"pack {self.version} of {self.visit_id}"


class Consent(StoreModel):
    """Proof of a customer's decision on a pack: how, who, when, and the evidence."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="consents", db_constraint=False)
    pack = models.ForeignKey(
        ConsentPack,
        on_delete=models.PROTECT,
        related_name="consents",
        db_constraint=False,
    )
    method = models.CharField(max_length=10, choices=ConsentMethod)
    decided_by = models.CharField(_("decided by"), max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    signature = models.ForeignKey(
        Signature,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)  # recording number, message id
    evidence_sha256 = models.CharField(max_length=64)
    taken_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "pack", "signature", "taken_by"),
            models.CheckConstraint(
                condition=Q(method=ConsentMethod.SIGNATURE, signature__isnull=False)
                | Q(method=ConsentMethod.LINK)
                | (Q(method=ConsentMethod.PHONE, taken_by__isnull=False) & ~Q(evidence="")),
                name="orders_consent_has_evidence",
            ),
        ]

    def __str__(self):
        return f"{self.method} {self.visit_id}"


class Line(StoreModel):
    """One job or fee: what consent, work and billing attach to. Amounts are of the line itself; its parts are
    `LinePart` rows. `work` is written by repairs' domain."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="lines", db_constraint=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=LineKind, default=LineKind.JOB)
    origin = models.CharField(max_length=8, choices=LineOrigin, default=LineOrigin.ESTIMATE)
    operation = models.ForeignKey(
        Operation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        db_constraint=False,
    )
    title = models.CharField(_("item"), max_length=120)
    concern = models.TextField(_("concern"), blank=True)  # the customer's words
    cause = models.TextField(_("cause"), blank=True)
    correction = models.TextField(_("correction"), blank=True)
    pay_type = models.CharField(max_length=10, choices=PayType, default=PayType.CUSTOMER)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2, default=0)
    hour_rate = models.DecimalField(_("rate"), max_digits=10, decimal_places=2, default=0)
    discount = MoneyField(_("discount"), default=0)
    labour = MoneyField(
        _("labour"), null=True, default=0
    )  # hours × rate − discount, or the fee; null = unknown (import)
    material = MoneyField(_("material"), null=True, default=0)  # sum of the line's parts; null = unknown (import)
    risk = models.CharField(max_length=8, choices=Risk, blank=True)  # of an added item that is left undone
    consent_state = models.CharField(max_length=8, choices=ConsentState, default=ConsentState.DRAFT)
    consent = models.ForeignKey(
        Consent,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        db_constraint=False,
    )
    pack = models.ForeignKey(
        ConsentPack,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        db_constraint=False,
    )
    declined_reason = models.CharField(max_length=200, blank=True)
    work = models.CharField(max_length=10, choices=LineWork, default=LineWork.OPEN)
    work_done_at = models.DateTimeField(null=True, blank=True)
    found_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    created_at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        ordering = ["visit", "position"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "operation", "consent", "pack", "found_by"),
            models.UniqueConstraint(fields=["store", "visit", "position"], name="orders_line_position"),
            # no work and no bill without proven consent; imported history is a record of others' work
            models.CheckConstraint(
                condition=Q(origin=LineOrigin.IMPORT)
                | ~Q(consent_state=ConsentState.APPROVED)
                | Q(consent__isnull=False),
                name="orders_approved_has_consent",
            ),
            models.CheckConstraint(
                condition=Q(work=LineWork.OPEN) | Q(consent_state=ConsentState.APPROVED),
                name="orders_work_needs_consent",
            ),
            models.CheckConstraint(
                condition=~Q(work=LineWork.DONE) | Q(work_done_at__isnull=False),
                name="orders_done_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(consent_state=ConsentState.DECLINED) | Q(work=LineWork.OPEN),
                name="orders_declined_not_worked",
            ),
            models.CheckConstraint(
                condition=Q(labour=None) | Q(labour__gte=0),
                name="orders_labour_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(material=None) | Q(material__gte=0),
                name="orders_material_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0, discount__gte=0),
                name="orders_line_not_negative",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def amount(self) -> Decimal | None:
        """Labour and material of the line together; None while either is unknown."""
        if self.labour is None or self.material is None:
            return None
        return money(self.labour + self.material)


class LinePart(StoreModel):
    """One material row under a line."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="parts", db_constraint=False)
    part = models.ForeignKey(
        Part,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    number = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120)
    part_class = models.CharField(max_length=15, choices=PartClass, default=PartClass.ORIGINAL)
    brought_by_customer = models.BooleanField(default=False)
    unit = models.CharField(max_length=10, default="个")
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    unit_price = MoneyField()
    amount = MoneyField()

    class Meta(StoreModel.Meta):
        ordering = ["line", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("line", "part"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gte=0),
                name="orders_part_positive",
            ),
        ]

    def __str__(self):
        return self.name


class LinePhoto(StoreModel):
    """A picture that shows the customer why a line is needed."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="photos", db_constraint=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    class Meta(StoreModel.Meta):
        ordering = ["line", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("line", "photo"),
            models.UniqueConstraint(fields=["store", "line", "photo"], name="orders_line_photo_once"),
        ]

    def __str__(self):
        return f"{self.line_id} {self.photo_id}"


class Recommendation(StoreModel):
    """Work advised and not done: it follows the car and is offered again with its reason."""

    vehicle = models.ForeignKey(
        Vehicle,
        on_delete=models.CASCADE,
        related_name="recommendations",
        db_constraint=False,
    )
    line = models.OneToOneField(
        Line,
        on_delete=models.CASCADE,
        related_name="recommendation",
        db_constraint=False,
    )
    risk = models.CharField(max_length=8, choices=Risk)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    revived_line = models.ForeignKey(
        Line,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("vehicle", "line", "revived_line"),
        ]
        indexes = [
            models.Index(
                fields=["store", "vehicle"],
                condition=Q(closed_at=None),
                name="orders_recommendation_open",
            )
        ]

    def __str__(self):
        return f"{self.vehicle_id} {self.risk}"


class Settlement(StoreModel):
    """The settlement list (结算清单), issued before payment; a correction is a new version."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="settlements", db_constraint=False)
    number = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()  # the list as printed: lines, parts, totals
    labour = MoneyField()
    material = MoneyField()
    other = MoneyField()
    discount = MoneyField(default=0)
    total = MoneyField()
    payable = MoneyField()  # what the customer himself owes: lines he pays, rounded as the store does
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    explained_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["visit", "version"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "issued_by"),
            models.UniqueConstraint(fields=["store", "number"], name="orders_settlement_number"),
            models.UniqueConstraint(fields=["store", "visit", "version"], name="orders_settlement_version"),
            models.UniqueConstraint(
                fields=["store", "visit"],
                condition=Q(superseded_at=None),
                name="orders_one_settlement",
            ),
            models.CheckConstraint(
                condition=Q(total=F("labour") + F("material") + F("other")),
                name="orders_settlement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(payable__gte=0) & Q(payable__lte=F("total")),
                name="orders_payable_range",
            ),
        ]

    def __str__(self):
        return self.number


class ImportRun(StoreModel):
    """One file of repair history on its way in: what it is, how its columns are read, how far it came, what was wrong.

    The newest finished run of a source is the saved column mapping for the next file from there.
    """

    source = models.CharField(_("source"), max_length=40)
    filename = models.CharField(_("file"), max_length=120)
    file = models.FileField(upload_to="imports", blank=True)
    mapping = models.JSONField(default=dict)  # our field -> column of the file
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.PREVIEW)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)  # [row number, sentence]
    by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("history import")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("by"),
            models.CheckConstraint(
                condition=Q(state=ImportState.DONE, finished_at__isnull=False)
                | Q(state=ImportState.FAILED, finished_at__isnull=False)
                | (Q(state__in=[ImportState.PREVIEW, ImportState.RUNNING], finished_at=None)),
                name="orders_import_finished",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="orders_import_progress"),
        ]

    def __str__(self):
        return f"{self.filename} {self.state}"
