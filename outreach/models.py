"""Whom to call in again: when each car is due, the reminders made from it, the calls, and the nights that made them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from catalogue.models import Operation
from core.constraints import same_store
from core.fields import MoneyField
from customers.models import Customer, Vehicle
from messaging.models import Message
from outreach.choices import LIVE, CallOutcome, DueBy, Phase, RateFrom, StopReason, TaskKind, TaskState
from stores.models import Staff, StoreModel
from visits.models import Visit


class Policy(StoreModel):
    """How a store reminds; one row per store, made with the defaults when first needed (`outreach.queries.policy`)."""

    remind_days = models.PositiveSmallIntegerField(_("message so many days before a service is due"), default=10)
    call_days = models.PositiveSmallIntegerField(_("call so many days before a service is due"), default=5)
    win_back_days = models.PositiveSmallIntegerField(_("win back after days without a visit"), default=183)
    give_up_days = models.PositiveSmallIntegerField(_("no longer win back after days"), default=730)
    max_messages = models.PositiveSmallIntegerField(_("messages to one customer at most"), default=2)
    cap_days = models.PositiveSmallIntegerField(_("within days"), default=30)
    win_backs_a_night = models.PositiveIntegerField(_("win-backs begun in one night at most"), default=300)
    active = models.BooleanField(_("reminders are sent and calls planned every night"), default=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("rules of reminders")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store"], name="outreach_policy_once"),
            models.CheckConstraint(
                condition=Q(call_days__lte=F("remind_days"), remind_days__lte=60),
                name="outreach_message_before_call",
            ),
            models.CheckConstraint(
                condition=Q(win_back_days__gte=30, give_up_days__gt=F("win_back_days")),
                name="outreach_win_back_window",
            ),
            models.CheckConstraint(
                condition=Q(max_messages__gte=1, max_messages__lte=31, cap_days__gte=1, cap_days__lte=366),
                name="outreach_cap_range",
            ),
        ]

    def __str__(self):
        return f"reminders of {self.store_id}"


class Pace(StoreModel):
    """Median kilometres a day of a model's cars, for cars that were read too seldom; empty brand and model = all cars."""

    brand = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=80, blank=True)
    km_rate = models.DecimalField(max_digits=6, decimal_places=2)
    cars = models.PositiveIntegerField()

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "brand", "model"], name="outreach_pace_once"),
        ]

    def __str__(self):
        return f"{self.brand} {self.model} {self.km_rate} km/day"


class DueCar(StoreModel):
    """When one car is due, and why. Computed by `outreach.domain.due` from readings and visits alone; `dirty` marks a car
    with news since. `base_on` is the day the interval runs from and names the period: one reminder per period."""

    vehicle = models.OneToOneField(Vehicle, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    due_on = models.DateField(null=True, blank=True)
    by = models.CharField(max_length=4, choices=DueBy, blank=True)
    operation = models.ForeignKey(
        Operation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    base_on = models.DateField(null=True, blank=True)
    base_km = models.PositiveIntegerField(null=True, blank=True)
    last_on = models.DateField(null=True, blank=True)
    last_km = models.PositiveIntegerField(null=True, blank=True)
    km_rate = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    rate_from = models.CharField(max_length=8, choices=RateFrom, blank=True)
    released_on = models.DateField(null=True, blank=True)  # last released visit: win-back counts from it
    computed_at = models.DateTimeField(null=True, blank=True)
    dirty = models.BooleanField(default=False)

    class Meta(StoreModel.Meta):
        verbose_name = _("car and when it is due")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("vehicle", "operation"),
            models.CheckConstraint(
                condition=Q(due_on=None, by="") | (Q(due_on__isnull=False, base_on__isnull=False) & ~Q(by="")),
                name="outreach_due_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(km_rate=None, rate_from="") | (Q(km_rate__gte=5, km_rate__lte=200) & ~Q(rate_from="")),
                name="outreach_rate_range",
            ),
        ]
        indexes = [
            # the night reads the few cars that fall due now, and the few with news
            models.Index(fields=["store", "due_on"], name="outreach_by_due"),
            models.Index(fields=["store", "released_on"], name="outreach_by_release"),
            models.Index(fields=["store", "vehicle"], condition=Q(dirty=True), name="outreach_dirty"),
        ]

    def __str__(self):
        return f"{self.vehicle_id} {self.due_on}"


class NightRun(StoreModel):
    """One night of one store, worked off in batches. Each batch moves `phase` and `cursor` in its own transaction, so a run
    that was killed goes on where its last committed batch ended."""

    night = models.DateField()
    full = models.BooleanField(default=False)  # every car computed anew, not only those with news
    rules_digest = models.CharField(max_length=64, blank=True)
    phase = models.CharField(max_length=12, choices=Phase, default=Phase.CHANGED)
    cursor = models.BigIntegerField(default=0)
    win_back_from = models.DateField(null=True, blank=True)  # older lapses wait for another night
    cars = models.PositiveIntegerField(_("cars computed"), default=0)
    tasks = models.PositiveIntegerField(_("reminders planned"), default=0)
    messages = models.PositiveIntegerField(_("messages written"), default=0)
    not_allowed = models.PositiveIntegerField(_("due but not to be contacted"), default=0)
    batches = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("nightly run")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "night"], name="outreach_night_once"),
            models.CheckConstraint(
                condition=Q(phase=Phase.DONE, finished_at__isnull=False) | (~Q(phase=Phase.DONE) & Q(finished_at=None)),
                name="outreach_finished_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.store_id} {self.night} {self.phase}"


class Task(StoreModel):
    """One reminder of one car for one period: a message, then a call, until the customer books, comes or wants no more.

    `contacted_at` is the first moment he was truly reached (message sent, or spoken to); success counts from it. A booking
    belongs to one task at most.
    """

    kind = models.CharField(max_length=12, choices=TaskKind)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="reminders", db_constraint=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="reminders", db_constraint=False)
    period = models.CharField(max_length=20)  # the day the interval runs from
    due_on = models.DateField()
    call_on = models.DateField()
    next_try_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.OPEN)
    operation = models.ForeignKey(
        Operation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )
    why = models.JSONField(default=dict)  # the figures it was planned from, as they were: see outreach.domain.night
    value = MoneyField(_("spent in two years"), default=0)
    message = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )
    contacted_at = models.DateTimeField(null=True, blank=True)
    appointment = models.OneToOneField(
        Appointment, on_delete=models.SET_NULL, null=True, blank=True, related_name="reminder", db_constraint=False
    )
    booked_at = models.DateTimeField(null=True, blank=True)
    visit = models.ForeignKey(
        Visit, on_delete=models.SET_NULL, null=True, blank=True, related_name="reminders", db_constraint=False
    )
    came_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=12, choices=StopReason, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("reminder")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("vehicle", "customer", "operation", "message", "appointment", "visit"),
            # whatever is killed or run twice: a period is reminded once
            models.UniqueConstraint(fields=["store", "kind", "vehicle", "period"], name="outreach_period_once"),
            models.CheckConstraint(
                condition=Q(state=TaskState.STOPPED, ended_at__isnull=False) & ~Q(stop_reason="")
                | Q(state=TaskState.DONE, ended_at__isnull=False, came_at__isnull=False, stop_reason="")
                | Q(state__in=[*LIVE, TaskState.BOOKED], ended_at=None, stop_reason=""),
                name="outreach_ended_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.BOOKED) | Q(booked_at__isnull=False),
                name="outreach_booked_has_time",
            ),
        ]
        indexes = [
            # the call list and the reactions read live reminders only
            models.Index(fields=["store", "call_on"], condition=Q(ended_at=None), name="outreach_to_call"),
            models.Index(fields=["store", "contacted_at"], name="outreach_by_contact"),
        ]

    def __str__(self):
        return f"{self.kind} {self.vehicle_id} {self.period}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class CallAttempt(StoreModel):
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="attempts", db_constraint=False)
    sequence = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=CallOutcome)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["task", "sequence"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("task", "by"),
            models.UniqueConstraint(fields=["store", "task", "sequence"], name="outreach_attempt_once"),
        ]

    def __str__(self):
        return f"{self.task_id} #{self.sequence}"
