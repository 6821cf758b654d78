from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from stores.choices import BayKind, Skill


class BookingChannel(TextChoices):
    DESK = "desk", _("At the desk")
    PHONE = "phone", _("By phone")
    WEB = "web", _("Web page")
    WALK_IN = "walk_in", _("Walked in")
    MAKER = "maker", _("The maker")
    WECHAT = "wechat", _("WeChat")
    API = "api", _("Another system")


class AppointmentStatus(TextChoices):
    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("Arrived")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("Did not come")


# Statuses that occupy the advisor's time.
OCCUPYING = [AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED]


class ServiceKind(TextChoices):
    """服务类别 asked at booking."""

    FIRST_SERVICE = "first_service", _("First service")
    MAINTENANCE = "maintenance", _("Regular maintenance")
    REPAIR = "repair", _("General repair")
    ACCIDENT = "accident", _("Accident repair")
    RECALL = "recall", _("Recall")
    REWORK = "rework", _("Comeback")
    BODY_PAINT = "body_paint", _("Body and paint")
    ACCESSORIES = "accessories", _("Accessories")
    RETROFIT = "retrofit", _("Retrofit")
    INSURANCE = "insurance", _("Insurance")
    ANNUAL = "annual", _("Annual inspection")


# What a service takes of the workshop when no standard operation is named: skill, bay, minutes of one technician.
DEFAULT_WORK: dict[str, tuple[str, str, int]] = {
    ServiceKind.FIRST_SERVICE: (Skill.MECHANICAL, BayKind.LIFT, 60),
    ServiceKind.MAINTENANCE: (Skill.MECHANICAL, BayKind.LIFT, 60),
    ServiceKind.REPAIR: (Skill.MECHANICAL, BayKind.LIFT, 90),
    ServiceKind.ACCIDENT: (Skill.BODY, BayKind.BODY, 480),
    ServiceKind.RECALL: (Skill.MECHANICAL, BayKind.LIFT, 60),
    ServiceKind.REWORK: (Skill.MECHANICAL, BayKind.LIFT, 90),
    ServiceKind.BODY_PAINT: (Skill.PAINT, BayKind.PAINT, 300),
    ServiceKind.ACCESSORIES: (Skill.ELECTRICAL, BayKind.LIFT, 60),
    ServiceKind.RETROFIT: (Skill.ELECTRICAL, BayKind.LIFT, 120),
    ServiceKind.INSURANCE: ("", "", 0),  # papers at the desk
    ServiceKind.ANNUAL: (Skill.MECHANICAL, BayKind.FAST, 45),
}


class Resource(TextChoices):
    """What a booking or a car in the house takes of the store."""

    ADVISOR = "advisor", _("Reception slot of an advisor")
    PARKING = "parking", _("Arrival parking space")
    TECHNICIAN = "technician", _("Technician time")
    BAY = "bay", _("Bay time")
    WASH = "wash", _("Wash place")
    LOAN_CAR = "loan_car", _("Loan car")
    PICKUP = "pickup", _("Pick-up run")


class DisplacedBy(TextChoices):
    """What a booking has lost when the house changed."""

    HOURS = "hours", _("The store is closed then")
    RECEPTION = "reception", _("No advisor is free")
    PARKING = "parking", _("No parking space is free")
    TECHNICIAN = "technician", _("No technician has time")
    BAY = "bay", _("No bay is free")
    WAITS = "waits", _("Not finished on the same day")
    WASH = "wash", _("No wash place is free")
    LOAN_CAR = "loan_car", _("No loan car is free")
    PICKUP = "pickup", _("No pick-up run is left")


class Side(TextChoices):
    """Bookings may not touch the reserve; the floor may."""

    BOOKED = "booked", _("Booked ahead")
    FLOOR = "floor", _("In the house")


class ClaimSource(TextChoices):
    BOOKING = "booking", _("Booking")
    HOLD = "hold", _("Slot being booked")
    WORK = "work", _("Work in the house")
    WALK_IN = "walk_in", _("Walk-in")
    CARRY_OVER = "carry_over", _("Carried over")
    PARTS_WAIT = "parts_wait", _("Waits for parts")
    APPROVAL_WAIT = "approval_wait", _("Waits for the customer")


class WaitlistState(TextChoices):
    WAITING = "waiting", _("Waits for a place")
    BOOKED = "booked", _("Got a place")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("No place found")


class OfferState(TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Taken back")


class TicketState(TextChoices):
    WAITING = "waiting", _("Waiting")
    CALLED = "called", _("Called")
    SERVED = "served", _("At the counter")
    LEFT = "left", _("Did not come when called")


class ReminderKind(TextChoices):
    DAY = "day", _("A day ahead")
    HOUR = "hour", _("An hour ahead")


class PreparationSide(TextChoices):
    WORKSHOP = "workshop", _("Workshop")
    PARTS = "parts", _("Parts")


class PreparationState(TextChoices):
    ASKED = "asked", _("Not confirmed yet")
    READY = "ready", _("Confirmed")
    ORDERED = "ordered", _("Ordered, here in time")
    MISSING = "missing", _("Cannot be done")


class TaskKind(TextChoices):
    """What the booking desk has to do."""

    LATE = "late", _("Late: call the customer")
    MISSED = "missed", _("Did not come: ask why, offer a new time")
    UNREADY = "unready", _("Something is missing: move or tell the customer")
    NO_PLACE = "no_place", _("No place found: call the customer")


class TaskOutcome(TextChoices):
    COMING = "coming", _("Is on the way")
    MOVED = "moved", _("Moved to another time")
    BOOKED = "booked", _("Booked again")
    INFORMED = "informed", _("Told; the booking stands")
    DECLINED = "declined", _("Does not want to come")
    NOT_REACHED = "not_reached", _("Not reached")
    SETTLED = "settled", _("Settled itself")
