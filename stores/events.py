"""What the journal says about the store itself."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from journal.events import event
from stores.choices import DayKind, LeaveKind


@event("stores.day_changed")
class DayChanged:
    sentence = _("Opening hours of {day} changed: {kind}")
    labels = {"kind": DayKind}

    day: date
    kind: str  # empty: the date follows its weekday again


@event("stores.week_changed")
class WeekChanged:
    sentence = _("Weekly opening hours changed")

    weekday: int


@event("stores.place_changed")
class PlaceChanged:
    sentence = _("A bay, parking space or loan car was put in or out of service")

    kind: str  # bay, parkingspace, loancar
    active: bool


@event("stores.qualified")
class Qualified:
    sentence = _("Skills of a person changed")

    staff_id: int
    levels: dict[str, int]  # skill -> level, those held now


@event("stores.leave_taken")
class LeaveTaken:
    sentence = _("Away from {starts_at} to {ends_at}: {kind}")
    labels = {"kind": LeaveKind}

    staff_id: int
    starts_at: datetime
    ends_at: datetime
    kind: str


@event("stores.leave_ended")
class LeaveEnded:
    sentence = _("Leave from {starts_at} to {ends_at} called off")

    staff_id: int
    starts_at: datetime
    ends_at: datetime
