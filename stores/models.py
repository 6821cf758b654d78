"""The store, its people, its places and its hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from core.actors import Actor
from core.constraints import one_of, same_store
from core.models import BilingualName
from stores.choices import BayKind, DayKind, LeaveKind, RoleCode, Skill


class Store(BilingualName):
    """One dealership; every business row belongs to exactly one."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    bank_account = models.CharField(_("bank account"), max_length=100, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(_("reception slot (minutes)"), default=30)
    update_every_minutes = models.PositiveSmallIntegerField(_("customer hears from us every (minutes)"), default=120)
    follow_up_hours = models.PositiveSmallIntegerField(_("follow-up within (hours)"), default=72)
    survey_hours = models.PositiveSmallIntegerField(_("questionnaire after release (hours)"), default=24)
    hour_rate = models.DecimalField(_("labour rate per hour"), max_digits=10, decimal_places=2, default=180)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("store")
        constraints = [
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5, slot_minutes__lte=240),
                name="stores_slot_minutes",
            ),
            models.CheckConstraint(condition=Q(hour_rate__gte=0), name="stores_hour_rate"),
            models.CheckConstraint(
                condition=Q(survey_hours__gte=1, survey_hours__lte=240),
                name="stores_survey_hours",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class StoreModel(models.Model):
    """Base of every business row: its store, a scoped manager, and the key that composite foreign keys point at."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", verbose_name=_("store"))

    objects = ScopedManager(store="store")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["store", "id"], name="%(app_label)s_%(class)s_in_store")]


class User(AbstractUser):
    """A login. What the person may do in which store stands in `Staff`."""

    class Meta:
        verbose_name = _("user")


class Role(StoreModel, BilingualName):
    """A role of the store as data: a code the homes know, and the permissions it grants."""

    code = models.CharField(_("code"), max_length=30, choices=RoleCode)
    permissions = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("permissions"))

    class Meta(StoreModel.Meta):
        verbose_name = _("role")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "code"], name="stores_role_once"),
        ]

    def __str__(self):
        return self.name


class Staff(StoreModel):
    """A person at work in one store. A group manager has one row per store."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff", verbose_name=_("user"))
    role = models.ForeignKey(
        Role,
        on_delete=models.PROTECT,
        related_name="staff",
        db_constraint=False,
        verbose_name=_("role"),
    )
    name = models.CharField(_("name"), max_length=40)
    name_pinyin = models.CharField(max_length=80, blank=True, editable=False)
    employee_no = models.CharField(_("employee number"), max_length=20)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("role"),
            models.UniqueConstraint(fields=["store", "user"], name="stores_staff_once_per_store"),
            models.UniqueConstraint(fields=["store", "employee_no"], name="stores_staff_employee_no"),
        ]

    def __str__(self):
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor(kind="staff", id=self.pk, label=self.name)

    @property
    def role_code(self) -> str:
        return self.role.code

    def may(self, *permissions: str) -> bool:
        """True if this person's role grants one of `permissions`."""
        return self.active and any(name in self.role.permissions for name in permissions)


class Qualification(StoreModel):
    """What a person is certified for, until when. Written by training, read by dispatch."""

    staff = models.ForeignKey(
        Staff,
        on_delete=models.CASCADE,
        related_name="qualifications",
        db_constraint=False,
        verbose_name=_("staff"),
    )
    skill = models.CharField(_("skill"), max_length=20, choices=Skill)
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("qualification")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("staff"),
            models.UniqueConstraint(fields=["store", "staff", "skill"], name="stores_qualification_once"),
        ]

    def __str__(self):
        return f"{self.staff_id} {self.skill}"


class Bay(StoreModel):
    code = models.CharField(_("code"), max_length=20)
    kind = models.CharField(_("kind"), max_length=20, choices=BayKind, default=BayKind.LIFT)
    active = models.BooleanField(_("active"), default=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("bay")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "code"], name="stores_bay_code"),
        ]

    def __str__(self):
        return self.code


class ParkingSpace(StoreModel):
    """A numbered space a customer drives to; he is told its number."""

    code = models.CharField(_("code"), max_length=20)
    active = models.BooleanField(_("active"), default=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("parking space")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "code"], name="stores_parking_code"),
        ]

    def __str__(self):
        return self.code


class LoanCar(StoreModel):
    """A car lent to customers while theirs is here."""

    plate = models.CharField(_("plate"), max_length=12)
    title = models.CharField(_("model"), max_length=80)
    active = models.BooleanField(_("active"), default=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("loan car")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "plate"], name="stores_loan_car_plate"),
        ]

    def __str__(self):
        return self.plate


class Leave(StoreModel):
    """A time at which somebody does not work, half-open [from, until)."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="leaves", db_constraint=False)
    during = DateTimeRangeField(_("from, until"))
    kind = models.CharField(_("kind"), max_length=10, choices=LeaveKind, default=LeaveKind.LEAVE)
    note = models.CharField(_("note"), max_length=80, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("leave")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("staff"),
            ExclusionConstraint(
                name="stores_leave_once",
                expressions=[(one_of("staff_id"), "&&"), (F("during"), RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="stores_leave_bounded",
            ),
        ]

    def __str__(self):
        return f"{self.staff_id} {self.during}"

    @property
    def last_moment(self) -> datetime:
        """Of a leave until midnight a moment of its last day."""
        return self.during.upper - timedelta(microseconds=1)


class OpeningPeriod(StoreModel):
    """One period of a weekday's opening hours; a day may have several (lunch break)."""

    weekday = models.PositiveSmallIntegerField(_("weekday"))  # Monday = 0
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta(StoreModel.Meta):
        verbose_name = _("opening period")
        constraints = [
            *StoreModel.Meta.constraints,
            models.CheckConstraint(condition=Q(weekday__lte=6), name="stores_period_weekday"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="stores_period_order"),
            models.UniqueConstraint(fields=["store", "weekday", "opens"], name="stores_period_once"),
        ]

    def __str__(self):
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class CalendarDay(StoreModel):
    """A date that does not follow its weekday: holiday, working weekend, or special hours.

    A working day without own periods follows `follows_weekday` (a Saturday worked as a Friday).
    """

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind)
    follows_weekday = models.PositiveSmallIntegerField(_("works as weekday"), null=True, blank=True)
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=80, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("calendar day")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "day"], name="stores_calendar_day_once"),
            models.CheckConstraint(
                condition=Q(kind=DayKind.HOLIDAY, follows_weekday=None, opens=None, closes=None)
                | Q(
                    kind=DayKind.WORKING,
                    follows_weekday__lte=6,
                    opens=None,
                    closes=None,
                )
                | Q(kind=DayKind.SPECIAL, follows_weekday=None, opens__lt=F("closes")),
                name="stores_calendar_day_shape",
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.kind}"


class Counter(StoreModel):
    """Numbers people read: one row per store, day and kind, so that no two stores or days share a sequence."""

    day = models.DateField()
    kind = models.CharField(max_length=10)
    last = models.PositiveIntegerField(default=0)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "day", "kind"], name="stores_counter_once"),
        ]

    def __str__(self):
        return f"{self.kind}{self.day} {self.last}"
