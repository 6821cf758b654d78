"""What is said to a wish: a day's offers with their reasons, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from appointments.choices import Resource
from appointments.offers.planning import Plan
from appointments.offers.wishes import Wish
from stores.choices import BayKind, Skill
from stores.models import ParkingSpace, Staff

# In the order in which a slot is judged: the later the reason, the nearer the slot came to being free.
CODES = (
    "closed",
    "past",
    "too_far",
    "reception",
    "parking",
    "technician",
    "bay",
    "waits",
    "wash",
    "loan_car",
    "pickup",
)


class Time(NamedTuple):
    """A reception time of a day: who is free then, best first, and the parking space kept for it."""

    start: datetime
    end: datetime
    advisors: list[Staff]
    parking: ParkingSpace | None
    parking_free: bool


class Offer(NamedTuple):
    """A reception slot that can be booked now, with what makes it fit."""

    advisor: Staff
    start: datetime
    end: datetime
    own: bool
    parking: ParkingSpace | None
    plan: Plan
    wish: Wish

    @property
    def key(self) -> str:
        """What a form posts for this slot: "12@20261121T010000Z" (advisor, start in UTC)."""
        return f"{self.advisor.pk}@{self.start.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    @property
    def ready_at(self) -> datetime:
        return self.plan.ready_at

    @property
    def reasons(self) -> list[str]:
        """Why it fits, as sentences in the reader's language."""
        return _reasons(self)


@dataclass
class DayAnswer:
    """A day's offers by time; `refusal` (a sentence) and `code` say why there are none."""

    day: date
    offers: list[Offer] = field(default_factory=list)
    code: str = ""

    @property
    def refusal(self) -> str:
        return refusal_of(self.code) if self.code else ""


def refusal_of(code: str) -> str:
    """The sentence for one of CODES."""
    return {
        "closed": _("The store is closed on that day."),
        "past": _("This day's reception times are past."),
        "too_far": _("Bookings are taken half a year ahead at most."),
        "reception": _("No advisor is free on this day."),
        "parking": _("No arrival parking space is free on this day."),
        "technician": _("No technician for this work has enough time left."),
        "bay": _("No bay for this work has enough time left."),
        "waits": _("The work would not be finished on the same day; the car could stay here."),
        "wash": _("No wash place is left; without a wash there may be a time."),
        "loan_car": _("No loan car is free for as long as the work takes."),
        "pickup": _("No pick-up run is left on this day."),
    }[code]


def _reasons(offer: Offer) -> list[str]:
    zone, plan, wish = offer.start.tzinfo, offer.plan, offer.wish
    found = []
    if offer.own:
        found.append(_("The customer's own advisor is free."))
    elif wish.own_advisor_id:
        found.append(_("%(advisor)s stands in for the customer's own advisor.") % {"advisor": offer.advisor.name})
    if offer.parking:
        found.append(_("Parking space %(code)s is free.") % {"code": offer.parking.code})
    for resource, name in ((Resource.TECHNICIAN, Skill), (Resource.BAY, BayKind)):
        sums: dict[str, int] = {}
        for piece in plan.pieces:
            if piece.resource == resource:
                sums[piece.key] = sums.get(piece.key, 0) + piece.amount
        found += [
            _("%(what)s: %(minutes)d minutes are free.") % {"what": name(key).label, "minutes": minutes}
            for key, minutes in sums.items()
        ]
    if any(piece.resource == Resource.WASH for piece in plan.pieces):
        found.append(_("A wash place is free."))
    if wish.loan_car:
        found.append(_("A loan car is free."))
    if wish.pickup:
        found.append(_("A pick-up run is left."))
    ready = plan.ready_at.astimezone(zone)
    same_day = ready.date() == offer.start.date()
    found.append(_("Expected ready %(at)s.") % {"at": f"{ready:%H:%M}" if same_day else f"{ready:%m-%d %H:%M}"})
    return found
