"""Customers, their cars, who had which car when, and what they agreed to."""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from core.phones import mask_phone
from customers.choices import (
    ConsentChannel,
    CustomerKind,
    EntitlementKind,
    EntitlementPayer,
    Gender,
    OdometerSource,
    OwnershipKind,
    PlateKind,
    Powertrain,
    Purpose,
)
from stores.models import Staff, StoreModel


def _prefix_index(field: str, name: str) -> models.Index:
    # text_pattern_ops lets LIKE 'x%' use the index whatever the database's collation is
    return models.Index(F("store"), OpClass(field, name="text_pattern_ops"), name=name)


def _tail_index(field: str, name: str) -> models.Index:
    # tails are searched as prefixes of the reversed text: reverse(plate) LIKE '543%'
    return models.Index(F("store"), OpClass(Reverse(field), name="text_pattern_ops"), name=name)


class Customer(StoreModel):
    """A person or company the store serves. Group-wide identity is not kept here (one row per store)."""

    kind = models.CharField(_("kind"), max_length=10, choices=CustomerKind, default=CustomerKind.PERSON)
    name = models.CharField(_("name"), max_length=60)
    name_pinyin = models.CharField(max_length=200, blank=True, editable=False)
    name_initials = models.CharField(max_length=60, blank=True, editable=False)
    gender = models.CharField(_("form of address"), max_length=10, choices=Gender, default=Gender.UNKNOWN)
    phone = models.CharField(_("phone"), max_length=20, blank=True)  # normalised digits, see core.phones
    email = models.EmailField(_("e-mail"), blank=True)
    wechat_openid = models.CharField(max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    preferred_advisor = models.ForeignKey(
        Staff,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    preferred_channel = models.CharField(
        _("preferred channel"),
        max_length=10,
        choices=ConsentChannel,
        default=ConsentChannel.SMS,
    )
    preferred_hours = models.CharField(_("preferred hours"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("customer")
        constraints = [*StoreModel.Meta.constraints, *same_store("preferred_advisor")]
        indexes = [
            _tail_index("phone", "customers_phone_tail"),
            _prefix_index("name", "customers_name_prefix"),
            _prefix_index("name_pinyin", "customers_pinyin_prefix"),
            _prefix_index("name_initials", "customers_initials_prefix"),
        ]

    def __str__(self):
        return self.name

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


class Vehicle(StoreModel):
    """A car. The VIN is its identity where known; the plate is a mutable look-up key."""

    vin = models.CharField(_("VIN"), max_length=17, blank=True)
    vin_check_ok = models.BooleanField(_("VIN check digit correct"), null=True)  # a warning only, imports often fail it
    plate = models.CharField(_("plate"), max_length=12, blank=True)
    plate_kind = models.CharField(_("plate kind"), max_length=12, choices=PlateKind, default=PlateKind.ORDINARY)
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(_("model year"), null=True, blank=True)
    colour = models.CharField(_("colour"), max_length=20, blank=True)
    engine_no = models.CharField(_("engine number"), max_length=30, blank=True)
    powertrain = models.CharField(_("powertrain"), max_length=10, choices=Powertrain, default=Powertrain.UNKNOWN)
    invoice_date = models.DateField(_("invoice date"), null=True, blank=True)
    owner = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="vehicles",
        db_constraint=False,
    )  # the current owner; history stands in Ownership
    mileage = models.PositiveIntegerField(_("last mileage (km)"), null=True, blank=True)
    mileage_on = models.DateField(_("mileage read on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("vehicle")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("owner"),
            models.UniqueConstraint(
                fields=["store", "vin"],
                condition=~Q(vin=""),
                name="customers_vehicle_vin_once",
            ),
            models.UniqueConstraint(
                fields=["store", "plate"],
                condition=~Q(plate=""),
                name="customers_vehicle_plate_once",
            ),
            models.CheckConstraint(
                condition=Q(mileage=None) | Q(mileage__lte=999_999),
                name="customers_mileage_range",
            ),
            models.CheckConstraint(condition=~Q(vin="", plate=""), name="customers_vehicle_has_identity"),
        ]
        indexes = [
            _tail_index("plate", "customers_plate_tail"),
            _tail_index("vin", "customers_vin_tail"),
        ]

    def __str__(self):
        return self.plate or self.vin

    @property
    def title(self) -> str:
        """Brand and model as people say it."""
        return " ".join(filter(None, [self.brand, self.model]))


class PlateChange(StoreModel):
    """A plate a car used to carry; looked up when an old plate is searched."""

    vehicle = models.ForeignKey(
        Vehicle,
        on_delete=models.CASCADE,
        related_name="plate_changes",
        db_constraint=False,
    )
    plate = models.CharField(max_length=12)
    until = models.DateTimeField()

    class Meta(StoreModel.Meta):
        constraints = [*StoreModel.Meta.constraints, *same_store("vehicle")]
        indexes = [_tail_index("plate", "customers_former_plate_tail")]

    def __str__(self):
        return self.plate


class Ownership(StoreModel):
    """Who owned or brought a car, from when to when."""

    vehicle = models.ForeignKey(
        Vehicle,
        on_delete=models.CASCADE,
        related_name="ownerships",
        db_constraint=False,
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="ownerships",
        db_constraint=False,
    )
    kind = models.CharField(max_length=10, choices=OwnershipKind, default=OwnershipKind.OWNER)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("vehicle", "customer"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="customers_ownership_order",
            ),
            models.UniqueConstraint(
                fields=["store", "vehicle"],
                condition=Q(kind=OwnershipKind.OWNER, until=None),
                name="customers_one_owner_now",
            ),
        ]

    def __str__(self):
        return f"{self.vehicle_id} {self.customer_id} {self.kind}"


class Consent(StoreModel):
    """What a customer allowed or refused, per purpose and channel. The newest row counts; none means refused,
    except for `service`, which the repair contract itself allows."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents", db_constraint=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    channel = models.CharField(max_length=10, choices=ConsentChannel)
    allowed = models.BooleanField()
    evidence = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        constraints = [*StoreModel.Meta.constraints, *same_store("customer")]
        indexes = [
            models.Index(
                fields=["store", "customer", "purpose", "channel", "-at"],
                name="customers_consent_new",
            )
        ]

    def __str__(self):
        return f"{self.customer_id} {self.purpose}/{self.channel} {self.allowed}"


class OdometerReading(StoreModel):
    """Every mileage read, kept as it was entered; maintenance forecasts read these."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="readings", db_constraint=False)
    km = models.PositiveIntegerField()
    on = models.DateField()
    source = models.CharField(max_length=10, choices=OdometerSource, default=OdometerSource.RECEPTION)
    reason = models.CharField(max_length=120, blank=True)  # why a reading below the last one was accepted

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("vehicle"),
            models.CheckConstraint(condition=Q(km__lte=999_999), name="customers_reading_range"),
        ]
        indexes = [models.Index(fields=["store", "vehicle", "-on"], name="customers_reading_new")]

    def __str__(self):
        return f"{self.vehicle_id} {self.km} km"


class FileOpened(StoreModel):
    """Who opened which customer's file (personal data access log, PIPL 51)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    page = models.CharField(max_length=40)

    class Meta(StoreModel.Meta):
        constraints = [*StoreModel.Meta.constraints, *same_store("customer", "staff")]

    def __str__(self):
        return f"{self.staff_id} {self.customer_id}"


class Entitlement(StoreModel):
    """Work a car has coming that its customer does not pay again: the maker's first service, free inspections, a prepaid package.

    `used` counts what was redeemed, under the row's lock; the database refuses more than `quantity`. `operation_code` names what it is
    good for (empty: whatever the advisor puts it on).
    """

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="entitlements", db_constraint=False)
    kind = models.CharField(_("kind"), max_length=16, choices=EntitlementKind)
    name = models.CharField(_("what it is good for"), max_length=60)
    operation_code = models.CharField(_("operation code"), max_length=30, blank=True)
    payer = models.CharField(_("paid by"), max_length=8, choices=EntitlementPayer)
    quantity = models.PositiveSmallIntegerField(_("times"), default=1)
    used = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    reference = models.CharField(_("contract or voucher number"), max_length=60, blank=True)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=120, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("entitlement")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("vehicle", "granted_by"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, used__lte=F("quantity")), name="customers_entitlement_not_overused"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="customers_entitlement_order"
            ),
            # a prepaid package is a contract in writing (消费者权益保护法实施条例 §22)
            models.CheckConstraint(
                condition=~Q(payer=EntitlementPayer.PREPAID) | ~Q(reference=""), name="customers_prepaid_has_contract"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="customers_voided_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["store", "vehicle"], name="customers_entitlement_of_car")]

    def __str__(self):
        return self.name

    @property
    def left(self) -> int:
        """Times that are left."""
        return self.quantity - self.used


class PhoneCode(StoreModel):
    """A one-time code sent to a number, to show that whoever asks holds that phone. Its hash is kept, not the code.

    `phone` is empty where what was typed belongs to nobody: the row stands all the same, so that the page's answer, its
    waiting and its limits tell nothing about who is on file.
    """

    token = models.UUIDField()
    phone = models.CharField(max_length=20, blank=True)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "token"], name="customers_code_token"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="customers_code_expires"),
        ]
        indexes = [models.Index(fields=["store", "expires_at"], name="customers_code_expiry")]

    def __str__(self):
        return f"code {self.pk}"
