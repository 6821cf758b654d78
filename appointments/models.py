"""Booked reception slots of advisors."""

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
from core.constraints import one_of, same_store
from stores.models import Staff, StoreModel
from visits.models import Visit


class Appointment(StoreModel):
    """A customer's reception slot with an advisor. `during` is half-open [start, end)."""

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

    class Meta(StoreModel.Meta):
        verbose_name = _("appointment")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "advisor"),
            ExclusionConstraint(
                name="appointments_advisor_free",
                expressions=[
                    (one_of("advisor_id"), "&&"),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=OCCUPYING),
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
