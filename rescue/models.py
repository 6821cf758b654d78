"""Help for a car that does not run: who asked, where it stands, which van and driver go, and how it ended."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import one_of, same_store
from core.models import BilingualName
from rescue.choices import RescueChannel, RescueState, Trouble
from stores.models import Staff, StoreModel
from visits.models import Visit


class Van(StoreModel):
    """A vehicle that goes out; `tows`: it can bring the car home."""

    plate = models.CharField(_("plate"), max_length=12)
    title = models.CharField(_("model"), max_length=80)
    tows = models.BooleanField(_("can tow"), default=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("rescue van")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "plate"], name="rescue_van_plate"),
        ]

    def __str__(self):
        return self.plate


class KitItem(StoreModel, BilingualName):
    """Something that must be in the van; `trouble` empty = for every job."""

    position = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=10, choices=Trouble, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta(StoreModel.Meta):
        ordering = ["position", "id"]
        verbose_name = _("kit")
        constraints = [*StoreModel.Meta.constraints]

    def __str__(self):
        return self.name


class Duty(StoreModel):
    """Who answers and goes out, half-open [from, until); at night one is enough, and he is reached at this number."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="duties", db_constraint=False)
    during = DateTimeRangeField(_("from, until"))
    phone = models.CharField(_("phone"), max_length=20)

    class Meta(StoreModel.Meta):
        verbose_name = _("duty")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("staff"),
            ExclusionConstraint(
                name="rescue_duty_once",
                expressions=[(one_of("staff_id"), "&&"), (F("during"), RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="rescue_duty_bounded",
            ),
        ]

    def __str__(self):
        return f"{self.staff_id} {self.during}"


class Rescue(StoreModel):
    """One call for help, from the customer's words to the fixed or towed car. It has a visit from the first minute.

    A position is personal: it is given by the customer with one tap, and forgotten when the job has ended.
    """

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="rescue", db_constraint=False)
    number = models.CharField(max_length=30)
    channel = models.CharField(max_length=6, choices=RescueChannel)
    trouble = models.CharField(_("trouble"), max_length=10, choices=Trouble)
    words = models.TextField(_("in the customer's words"), blank=True)
    place = models.CharField(_("where the car stands"), max_length=200)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    located_at = models.DateTimeField(null=True, blank=True)
    safe = models.BooleanField(_("everybody stands in safety"), default=False)
    phone = models.CharField(_("phone"), max_length=20)
    state = models.CharField(max_length=10, choices=RescueState, default=RescueState.REQUESTED)
    version = models.PositiveIntegerField(default=1)
    requested_at = models.DateTimeField()
    driver = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="rescues", db_constraint=False
    )
    van = models.ForeignKey(
        Van, on_delete=models.PROTECT, null=True, blank=True, related_name="rescues", db_constraint=False
    )
    kit = ArrayField(models.BigIntegerField(), default=list)  # ids of the kit items seen in the van before leaving
    eta_at = models.DateTimeField(_("there by"), null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    departed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    link_hash = models.CharField(max_length=64, unique=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("rescue")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "driver", "van"),
            models.UniqueConstraint(fields=["store", "number"], name="rescue_number"),
            # van and driver are in one place at a time
            models.UniqueConstraint(
                fields=["store", "driver"], condition=Q(state__in=RescueState.on_the_road()), name="rescue_driver_once"
            ),
            models.UniqueConstraint(
                fields=["store", "van"], condition=Q(state__in=RescueState.on_the_road()), name="rescue_van_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[RescueState.REQUESTED, RescueState.CANCELLED])
                | Q(accepted_at__isnull=False, driver__isnull=False, van__isnull=False, eta_at__isnull=False),
                name="rescue_accepted_has_driver",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RescueState.DEPARTED, RescueState.ARRIVED]) | Q(departed_at__isnull=False),
                name="rescue_departed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RescueState.ARRIVED, RescueState.FIXED, RescueState.TOWED])
                | Q(arrived_at__gte=F("departed_at")),
                name="rescue_arrived_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RescueState.open(), ended_at=None)
                | (~Q(state__in=RescueState.open()) & Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="rescue_ended_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None, located_at=None)
                | Q(
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                    located_at__isnull=False,
                    state__in=RescueState.open(),
                ),
                name="rescue_position_while_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "requested_at"],
                condition=Q(state__in=RescueState.open()),
                name="rescue_open_jobs",
            )
        ]

    def __str__(self):
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in RescueState.open()
