"""What the journal says about the store itself."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from journal.events import event
from stores.choices import DayKind


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
