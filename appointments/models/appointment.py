"""A customer's booking: the reception slot of an advisor, what is to be done, and what goes with it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from appointments.choices import (
    OCCUPYING,
    AppointmentStatus,
    BookingChannel,
    ServiceKind,
)
from catalogue.models import Operation
from core.constraints import one_of, same_store
from core.fields import MoneyField
from stores.choices import BayKind, Skill
from stores.models import ParkingSpace, Staff, StoreModel
from symptoms.models import SymptomCheck
from visits.models import Visit


class Appointment(StoreModel):
    """A customer's reception slot with an advisor. `during` is half-open [start, end).

    `displaced_at`: something of the house had to give way (leave, hours, a bay); the booking keeps its time for the customer
    but claims nothing until the desk has moved it.
    """

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="appointment", db_constraint=False)
    advisor = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        related_name="appointments",
        db_constraint=False,
    )
    during = DateTimeRangeField(_("reception slot"))
    status = models.CharField(max_length=10, choices=AppointmentStatus, default=AppointmentStatus.BOOKED)
    channel = models.CharField(max_length=10, choices=BookingChannel, default=BookingChannel.DESK)
    services = ArrayField(models.CharField(max_length=15, choices=ServiceKind), default=list)
    waits = models.BooleanField(_("customer waits"), default=False)
    booked_at = models.DateTimeField()
    booked_by_kind = models.CharField(max_length=10)
    booked_by_id = models.BigIntegerField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    missed_reason = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    stand_in_for = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )  # the customer's own advisor, who was not free
    parking = models.ForeignKey(
        ParkingSpace, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    loan_car = models.BooleanField(_("loan car"), default=False)
    pickup_address = models.CharField(_("fetched from"), max_length=200, blank=True)
    wash = models.BooleanField(_("wash"), default=True)
    expected_ready_at = models.DateTimeField(
        _("expected ready"), null=True, blank=True
    )  # told as an estimate, no promise
    price_low = MoneyField(_("price from"), null=True, blank=True)
    price_high = MoneyField(_("price to"), null=True, blank=True)
    symptom_check = models.ForeignKey(
        SymptomCheck, on_delete=models.SET_NULL, null=True, blank=True, related_name="appointments", db_constraint=False
    )
    displaced_at = models.DateTimeField(null=True, blank=True)
    displaced_reason = models.CharField(max_length=120, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("appointment")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "advisor", "stand_in_for", "parking", "symptom_check"),
            ExclusionConstraint(
                name="appointments_advisor_free",
                expressions=[
                    (one_of("advisor_id"), "&&"),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=OCCUPYING, displaced_at=None),
            ),
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                ),
                name="appointments_slot_bounded",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OCCUPYING, ended_at=None)
                | Q(
                    status__in=[AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW],
                    ended_at__isnull=False,
                ),
                name="appointments_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(displaced_at=None, displaced_reason="")
                | (Q(displaced_at__isnull=False) & ~Q(displaced_reason="")),
                name="appointments_displaced_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(price_low=None, price_high=None) | Q(price_low__gte=0, price_high__gte=F("price_low")),
                name="appointments_price_range",
            ),
        ]
        indexes = [
            models.Index(
                F("store"),
                Func(F("during"), function="lower"),
                name="appointments_by_start",
            )
        ]

    def __str__(self):
        return f"{self.advisor_id} {self.during}"

    @property
    def start(self) -> datetime:
        return self.during.lower

    @property
    def end(self) -> datetime:
        return self.during.upper

    @property
    def is_open(self) -> bool:
        """The customer is still expected."""
        return self.status == AppointmentStatus.BOOKED

    @property
    def service_labels(self) -> list[str]:
        return [ServiceKind(code).label for code in self.services]


class AppointmentItem(StoreModel):
    """One service of a booking: a standard operation, or the customer's words; with what it takes of the workshop."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="items", db_constraint=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=15, choices=ServiceKind)
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    words = models.TextField(_("in the customer's words"), blank=True)
    skill = models.CharField(max_length=20, choices=Skill, blank=True)  # empty: no workshop time
    bay_kind = models.CharField(max_length=20, choices=BayKind, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    price_low = MoneyField(null=True, blank=True)
    price_high = MoneyField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["appointment", "position"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("appointment", "operation"),
            models.UniqueConstraint(fields=["store", "appointment", "position"], name="appointments_item_position"),
            models.CheckConstraint(condition=Q(minutes=0) | ~Q(skill=""), name="appointments_item_has_skill"),
        ]

    def __str__(self):
        return f"{self.kind} {self.minutes} min"
