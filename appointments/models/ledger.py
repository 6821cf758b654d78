"""The capacity ledger: what the house can do in each part of a day, and who has claimed how much of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.choices import BookingChannel, ClaimSource, Resource, Side
from appointments.models.appointment import Appointment
from core.constraints import same_store
from stores.models import Staff, StoreModel
from visits.models import Visit


class BookingPolicy(StoreModel):
    """How a store takes bookings; a store without a row follows the defaults."""

    reserve_percent = models.PositiveSmallIntegerField(_("kept for walk-ins and comebacks (%)"), default=20)
    hold_minutes = models.PositiveSmallIntegerField(_("a chosen slot is held for (minutes)"), default=10)
    change_hours = models.PositiveSmallIntegerField(_("customers may change until (hours before)"), default=2)
    notice_minutes = models.PositiveSmallIntegerField(_("customers book at least (minutes ahead)"), default=60)
    offer_minutes = models.PositiveSmallIntegerField(_("an offer from the waitlist stands for (minutes)"), default=30)
    late_minutes = models.PositiveSmallIntegerField(_("late after (minutes)"), default=15)
    wash_minutes = models.PositiveSmallIntegerField(_("one wash takes (minutes)"), default=20)
    pickup_runs = models.PositiveSmallIntegerField(_("pick-up runs in each part of a day"), default=2)

    class Meta(StoreModel.Meta):
        verbose_name = _("booking policy")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store"], name="appointments_one_policy"),
            models.CheckConstraint(condition=Q(reserve_percent__lte=80), name="appointments_reserve_range"),
            models.CheckConstraint(
                condition=Q(hold_minutes__gte=1, offer_minutes__gte=1, wash_minutes__gte=1),
                name="appointments_policy_minutes",
            ),
        ]

    def __str__(self):
        return f"booking policy of {self.store_id}"

    @classmethod
    def of(cls, store) -> BookingPolicy:
        """The store's own policy, or the defaults (unsaved)."""
        return cls.objects.filter(store=store).first() or cls(store=store)


class LedgerDay(StoreModel):
    """A store-local day whose buckets are laid out. Its row is the lock of the day: whoever writes claims of a day holds it,
    of several days in their order."""

    day = models.DateField()
    laid_out_at = models.DateTimeField()
    # Digest of people, places, leave, hours and policy the buckets were made from; empty: not laid out yet.
    inputs = models.CharField(max_length=32, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "day"], name="appointments_ledger_day_once"),
        ]

    def __str__(self):
        return f"ledger of {self.day}"


class Bucket(StoreModel):
    """What there is of one resource in one stretch of a day, and how much of it is claimed.

    `key` tells the resource apart: a skill, a bay kind, the id of an advisor or a parking space, empty where there is one
    kind only. Units: minutes for technicians and bays, pieces for everything else. `booked` and `floor` are sums of the
    claims, kept by the trigger `appointments_claim_counts`; bookings leave the reserve to the floor.
    """

    ledger_day = models.ForeignKey(LedgerDay, on_delete=models.CASCADE, related_name="buckets", db_constraint=False)
    resource = models.CharField(max_length=12, choices=Resource)
    key = models.CharField(max_length=20, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveIntegerField()
    reserve = models.PositiveIntegerField(default=0)
    booked = models.PositiveIntegerField(default=0)
    floor = models.PositiveIntegerField(default=0)

    class Meta(StoreModel.Meta):
        verbose_name = _("capacity")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("ledger_day"),
            models.UniqueConstraint(fields=["store", "resource", "key", "starts_at"], name="appointments_bucket_once"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="appointments_bucket_order"),
            models.CheckConstraint(condition=Q(reserve__lte=F("capacity")), name="appointments_bucket_reserve"),
            models.CheckConstraint(
                condition=Q(booked__lte=F("capacity") - F("reserve")), name="appointments_bucket_not_overbooked"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=F("booked") + F("floor")), name="appointments_bucket_not_over"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "starts_at", "resource"], name="appointments_bucket_by_time"),
        ]

    def __str__(self):
        return f"{self.resource} {self.key} {self.starts_at:%m-%d %H:%M}"


class Hold(StoreModel):
    """A slot kept for somebody who is still filling the form or has an offer; it ends by itself."""

    token = models.UUIDField()
    channel = models.CharField(max_length=10, choices=BookingChannel)
    advisor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    start = models.DateTimeField()
    end = models.DateTimeField()
    wish = models.JSONField(default=dict)  # what the slot was held for; another wish needs another hold
    expires_at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("advisor"),
            models.UniqueConstraint(fields=["store", "token"], name="appointments_hold_token"),
        ]
        indexes = [models.Index(fields=["store", "expires_at"], name="appointments_hold_expiry")]

    def __str__(self):
        return f"hold of {self.start:%m-%d %H:%M}"


class Claim(StoreModel):
    """Somebody's share of a bucket: a booking's, a hold's, or the floor's for a car in the house."""

    bucket = models.ForeignKey(Bucket, on_delete=models.CASCADE, related_name="claims", db_constraint=False)
    side = models.CharField(max_length=6, choices=Side)
    source = models.CharField(max_length=14, choices=ClaimSource)
    amount = models.PositiveIntegerField()
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, null=True, blank=True, related_name="claims", db_constraint=False
    )
    hold = models.ForeignKey(
        Hold, on_delete=models.CASCADE, null=True, blank=True, related_name="claims", db_constraint=False
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.CASCADE, null=True, blank=True, related_name="claims", db_constraint=False
    )

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("bucket", "appointment", "hold", "visit"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="appointments_claim_positive"),
            models.CheckConstraint(
                condition=Q(
                    side=Side.BOOKED, source=ClaimSource.BOOKING, appointment__isnull=False, hold=None, visit=None
                )
                | Q(side=Side.BOOKED, source=ClaimSource.HOLD, appointment=None, hold__isnull=False, visit=None)
                | (
                    Q(side=Side.FLOOR, appointment=None, hold=None, visit__isnull=False)
                    & ~Q(source__in=[ClaimSource.BOOKING, ClaimSource.HOLD])
                ),
                name="appointments_claim_has_one_owner",
            ),
        ]

    def __str__(self):
        return f"{self.amount} of {self.bucket_id} ({self.source})"
