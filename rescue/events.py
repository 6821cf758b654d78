"""What the journal says about help on the road; never where somebody is."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from journal.events import event
from rescue.choices import RescueState, Trouble


@event("rescue.requested")
class RescueRequested:
    sentence = _("Help asked for: {trouble}")
    labels = {"trouble": Trouble}

    trouble: str
    channel: str


@event("rescue.located")
class RescueLocated:
    sentence = _("The customer sent his position")


@event("rescue.accepted")
class RescueAccepted:
    sentence = _("Help accepted, there by {eta_at}")

    driver_id: int
    van_id: int
    eta_at: datetime


@event("rescue.departed")
class RescueDeparted:
    sentence = _("The van left")

    driver_id: int
    kit_missing: int = 0


@event("rescue.arrived")
class RescueArrived:
    sentence = _("The van is at the car after {minutes} minutes")

    minutes: int
    eta_kept: bool


@event("rescue.ended")
class RescueEnded:
    sentence = _("Help ended: {outcome}")
    labels = {"outcome": RescueState}

    outcome: str
    minutes: int
    comes_in: bool = False
