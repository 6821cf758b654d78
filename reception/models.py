"""Check-in: what the advisor saw on the car and heard from the customer before the work was agreed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from reception.choices import CallKind, DamageKind, WashWish, Zone
from standards.models import ChecklistRun
from stores.models import Staff, StoreModel
from visits.models import Photo, Visit


class Greeting(StoreModel):
    """Somebody turned to the customer who had arrived: one tap, once per visit."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="greeting", db_constraint=False)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField(_("greeted"))

    class Meta(StoreModel.Meta):
        verbose_name = _("greeting")
        constraints = [*StoreModel.Meta.constraints, *same_store("visit", "by")]

    def __str__(self):
        return f"greeting of {self.visit_id}"


class CheckIn(StoreModel):
    """The walk-around sheet (接车问诊表) of one visit."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="check_in", db_constraint=False)
    advisor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    greeted_at = models.DateTimeField(_("greeted"))
    fuel_percent = models.PositiveSmallIntegerField(_("fuel or charge (%)"))
    charge_percent = models.PositiveSmallIntegerField(_("charge (%)"), null=True, blank=True)  # beside fuel: plug-ins
    high_voltage_warning = models.BooleanField(_("high-voltage warning shown"), default=False)
    brought_by = models.CharField(_("brought by"), max_length=60, blank=True)
    brought_by_phone = models.CharField(_("phone"), max_length=20, blank=True)
    valuables_reminded = models.BooleanField(_("reminded of valuables"))
    valuables = models.TextField(_("left in our keeping"), blank=True)  # one piece a line
    concern = models.JSONField(default=dict, blank=True)  # {code of a question about the fault: code of its answer}
    wash = models.CharField(_("wash"), max_length=8, choices=WashWish, default=WashWish.FULL)
    road_test_with_customer = models.BooleanField(_("road test with the customer"), default=False)
    covers_laid = models.BooleanField(_("seat, wheel and floor covers laid"), default=False)
    run = models.ForeignKey(
        ChecklistRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("check-in")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "advisor", "run"),
            models.CheckConstraint(condition=Q(fuel_percent__lte=100), name="reception_fuel_range"),
            models.CheckConstraint(
                condition=Q(charge_percent=None) | Q(charge_percent__lte=100), name="reception_charge_range"
            ),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=F("greeted_at")),
                name="reception_order",
            ),
        ]

    def __str__(self):
        return f"check-in of {self.visit_id}"

    @property
    def kept(self) -> list[str]:
        """What was left in our keeping, piece by piece."""
        return [piece.strip() for piece in self.valuables.splitlines() if piece.strip()]


class DamageMark(StoreModel):
    """A damage seen before the work began, so that nobody argues about it at handover."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="marks", db_constraint=False)
    zone = models.CharField(max_length=12, choices=Zone)
    kind = models.CharField(max_length=8, choices=DamageKind)
    x = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)  # percent of the drawing's width
    y = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=120, blank=True)
    photo_token = models.UUIDField(null=True, blank=True)  # of a picture that may still be on its way from the tablet
    photo = models.ForeignKey(
        Photo,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("check_in", "photo"),
            models.CheckConstraint(
                condition=(Q(x=None) | Q(x__gte=0, x__lte=100)) & (Q(y=None) | Q(y__gte=0, y__lte=100)),
                name="reception_mark_on_drawing",
            ),
        ]

    def __str__(self):
        return f"{self.zone} {self.kind}"


class Delivery(StoreModel):
    """What a tablet sent, under the token it was given there: sent again, it finds what came of it the first time.

    `kept_seconds`: how long it lay on the tablet without connection, by the tablet's own clock (a difference, so that a
    clock that is wrong does no harm).
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False)
    token = models.UUIDField()
    digest = models.CharField(max_length=64, blank=True)  # of a sheet's content
    photo = models.ForeignKey(
        Photo,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    kept_seconds = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        verbose_name = _("delivery of a tablet")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "photo", "by"),
            models.UniqueConstraint(fields=["store", "token"], name="reception_delivered_once"),
        ]

    def __str__(self):
        return f"{self.token}"


class CustomerCall(StoreModel):
    """A waiting customer asked for something with one tap; somebody answers it before `due_at`."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="calls", db_constraint=False)
    kind = models.CharField(max_length=8, choices=CallKind)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )

    class Meta(StoreModel.Meta):
        verbose_name = _("customer's call")
        ordering = ["due_at", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "answered_by"),
            models.UniqueConstraint(
                fields=["store", "visit", "kind"], condition=Q(answered_at=None), name="reception_one_open_call"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | (Q(answered_at__gte=F("asked_at")) & Q(answered_by__isnull=False)),
                name="reception_call_answered_by",
            ),
        ]
        indexes = [models.Index(fields=["store", "due_at"], condition=Q(answered_at=None), name="reception_open_calls")]

    def __str__(self):
        return f"{self.kind} {self.visit_id}"
