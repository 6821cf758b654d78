"""Lines from request to bill, their material and pictures, and what was advised and left undone."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.choices import PartClass
from catalogue.models import Operation, Part
from core.constraints import same_store
from core.fields import MoneyField
from core.money import money
from customers.models import Vehicle
from orders.choices import ConsentState, LineKind, LineOrigin, LineWork, PayType, Risk
from orders.models.consent import Consent, ConsentPack
from stores.models import Staff, StoreModel
from visits.models import Photo, Visit


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
    # Honest advice: what was measured before a part is replaced, and why it is replaced although the reading is in range
    measured = models.DecimalField(_("measured"), max_digits=10, decimal_places=2, null=True, blank=True)
    measured_unit = models.CharField(_("unit"), max_length=20, blank=True, default="", db_default="")
    measured_low = models.DecimalField(_("from"), max_digits=10, decimal_places=2, null=True, blank=True)
    measured_high = models.DecimalField(_("up to"), max_digits=10, decimal_places=2, null=True, blank=True)
    replace_reason = models.CharField(
        _("why it is replaced all the same"), max_length=200, blank=True, default="", db_default=""
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
            models.CheckConstraint(
                condition=Q(measured_low=None) | Q(measured_high=None) | Q(measured_low__lte=F("measured_high")),
                name="orders_measured_range",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def unpriced(self) -> bool:
        """A job found in the workshop that nobody has put hours, a part or a price on yet; what an advisor gives free is priced."""
        found = self.kind == LineKind.JOB and self.consent_state == ConsentState.DRAFT and self.found_by_id is not None
        return found and not self.hours and not self.material and self.labour is not None and not self.labour

    @property
    def in_range(self) -> bool:
        """A reading was taken, and what was read is as it should be."""
        if self.measured is None or (self.measured_low is None and self.measured_high is None):
            return False
        above = self.measured_low is None or self.measured >= self.measured_low
        return above and (self.measured_high is None or self.measured <= self.measured_high)

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
