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
