"""Who waits for a place or a turn, what is told and asked before the day, and what the desk has to do about a booking."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.choices import (
    BookingChannel,
    OfferState,
    PreparationSide,
    PreparationState,
    ReminderKind,
    ServiceKind,
    TaskKind,
    TaskOutcome,
    TicketState,
    WaitlistState,
)
from appointments.models.appointment import Appointment
from core.constraints import same_store
from customers.models import Customer, Vehicle
from messaging.models import Message
from stores.models import Bay, Staff, StoreModel
from visits.models import Visit


class WaitlistEntry(StoreModel):
    """A customer who wants a day that is full. He waits until he is booked, withdraws, or his last day is over."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="waits_for", db_constraint=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="waits_for", db_constraint=False)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    not_before = models.TimeField(_("not before"), null=True, blank=True)  # of the store's clock
    not_after = models.TimeField(_("not after"), null=True, blank=True)
    advisor = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )  # wants this one and nobody else
    services = ArrayField(models.CharField(max_length=15, choices=ServiceKind), default=list)
    items = models.JSONField(default=list)  # [{kind, operation, words, minutes}], as the booking will have them
    waits = models.BooleanField(_("customer waits"), default=False)
    loan_car = models.BooleanField(_("loan car"), default=False)
    pickup_address = models.CharField(_("fetched from"), max_length=200, blank=True)
    wash = models.BooleanField(_("wash"), default=True)
    words = models.TextField(_("in the customer's words"), blank=True)
    channel = models.CharField(max_length=10, choices=BookingChannel, default=BookingChannel.DESK)
    state = models.CharField(max_length=10, choices=WaitlistState, default=WaitlistState.WAITING)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, null=True, blank=True, related_name="waited", db_constraint=False
    )
    request_token = models.UUIDField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("place on the waitlist")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("customer", "vehicle", "advisor", "appointment"),
            models.UniqueConstraint(
                fields=["store", "vehicle"],
                condition=Q(state=WaitlistState.WAITING),
                name="appointments_car_waits_once",
            ),
            models.UniqueConstraint(fields=["store", "request_token"], name="appointments_waits_once_asked"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="appointments_waits_days"),
            models.CheckConstraint(
                condition=Q(not_before=None) | Q(not_after=None) | Q(not_before__lt=F("not_after")),
                name="appointments_waits_hours",
            ),
            models.CheckConstraint(
                condition=Q(state=WaitlistState.WAITING, ended_at=None, appointment=None)
                | Q(state=WaitlistState.BOOKED, ended_at__isnull=False, appointment__isnull=False)
                | Q(
                    state__in=[WaitlistState.WITHDRAWN, WaitlistState.LAPSED], ended_at__isnull=False, appointment=None
                ),
                name="appointments_waits_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "last_day"],
                condition=Q(state=WaitlistState.WAITING),
                name="appointments_waiting_for",
            )
        ]

    def __str__(self):
        return f"{self.vehicle_id} waits for {self.first_day}"

    @property
    def service_labels(self) -> list[str]:
        return [ServiceKind(code).label for code in self.services]


class WaitlistOffer(StoreModel):
    """A slot offered to somebody who waits, kept for him by a hold until he answers or its time is over."""

    entry = models.ForeignKey(WaitlistEntry, on_delete=models.CASCADE, related_name="offers", db_constraint=False)
    start = models.DateTimeField()
    end = models.DateTimeField()
    advisor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    hold_token = models.UUIDField()  # holds come and go; the offer stays
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("offer from the waitlist")
        ordering = ["offered_at", "pk"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("entry", "advisor"),
            models.UniqueConstraint(
                fields=["store", "entry"], condition=Q(state=OfferState.OFFERED), name="appointments_one_open_offer"
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.OFFERED, answered_at=None)
                | (~Q(state=OfferState.OFFERED) & Q(answered_at__isnull=False)),
                name="appointments_offer_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state=OfferState.OFFERED), name="appointments_offer_expiry")
        ]

    def __str__(self):
        return f"{self.start:%m-%d %H:%M} to {self.entry_id}"


class Ticket(StoreModel):
    """A number in the reception's queue: one sequence for each store and day."""

    day = models.DateField()
    number = models.PositiveIntegerField()
    plate = models.CharField(_("number plate"), max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=TicketState, default=TicketState.WAITING)
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    calls = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    visit = models.ForeignKey(
        Visit, on_delete=models.CASCADE, null=True, blank=True, related_name="tickets", db_constraint=False
    )
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("queue number")
        ordering = ["day", "number"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("called_by", "visit"),
            models.UniqueConstraint(fields=["store", "day", "number"], name="appointments_ticket_once"),
            models.CheckConstraint(
                condition=Q(state=TicketState.WAITING, called_at=None, called_by=None, ended_at=None)
                | Q(
                    state=TicketState.CALLED,
                    called_at__isnull=False,
                    called_by__isnull=False,
                    ended_at=None,
                    calls__gt=0,
                )
                | Q(state=TicketState.SERVED, called_at__isnull=False, ended_at__isnull=False)
                | Q(state=TicketState.LEFT, ended_at__isnull=False),
                name="appointments_ticket_state",
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.number}"


class Reminder(StoreModel):
    """That a customer was reminded of one reception time: once a day ahead, once an hour ahead. A booking that is moved
    has another time, and is reminded of that one."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="reminders", db_constraint=False
    )
    kind = models.CharField(max_length=10, choices=ReminderKind)
    starts_at = models.DateTimeField()
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    made_at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        verbose_name = _("reminder")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("appointment", "message"),
            models.UniqueConstraint(
                fields=["store", "appointment", "kind", "starts_at"], name="appointments_reminded_once"
            ),
        ]

    def __str__(self):
        return f"{self.kind} of {self.appointment_id}"


class Preparation(StoreModel):
    """预约内部确认 (F1b): what workshop and parts each say about a booking two days ahead, with who said it and when."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="preparations", db_constraint=False
    )
    side = models.CharField(max_length=10, choices=PreparationSide)
    state = models.CharField(max_length=10, choices=PreparationState, default=PreparationState.ASKED)
    starts_at = models.DateTimeField()  # the reception time it was asked for
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    bay = models.ForeignKey(Bay, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    technician = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    there_on = models.DateField(_("parts arrive on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("confirmation before the day")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("appointment", "answered_by", "bay", "technician"),
            models.UniqueConstraint(fields=["store", "appointment", "side"], name="appointments_prepared_once"),
            models.CheckConstraint(
                condition=Q(state=PreparationState.ASKED, answered_at=None, answered_by=None)
                | (~Q(state=PreparationState.ASKED) & Q(answered_at__isnull=False) & Q(answered_by__isnull=False)),
                name="appointments_prepared_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state=PreparationState.MISSING) | ~Q(note=""), name="appointments_missing_says_what"
            ),
        ]

    def __str__(self):
        return f"{self.side} of {self.appointment_id}: {self.state}"


class BookingTask(StoreModel):
    """Something the booking desk has to do about a booking, or about a wish that was not met."""

    kind = models.CharField(max_length=10, choices=TaskKind)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks", db_constraint=False
    )
    entry = models.ForeignKey(
        WaitlistEntry, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks", db_constraint=False
    )
    opened_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )  # nobody: it settled itself
    outcome = models.CharField(max_length=12, choices=TaskOutcome, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("task of the booking desk")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("appointment", "entry", "done_by"),
            models.UniqueConstraint(
                fields=["store", "appointment", "kind"],
                condition=Q(done_at=None),
                name="appointments_task_open_once",
            ),
            models.UniqueConstraint(
                fields=["store", "entry", "kind"], condition=Q(done_at=None), name="appointments_wish_open_once"
            ),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False, entry=None) | Q(appointment=None, entry__isnull=False),
                name="appointments_task_about_one",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="appointments_task_done_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "opened_at"], condition=Q(done_at=None), name="appointments_tasks_open")
        ]

    def __str__(self):
        return f"{self.kind} {self.appointment_id or self.entry_id}"
