from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class Resource(TextChoices):
    """What a booking or a car in the house takes of the store."""

    ADVISOR = "advisor", _("Reception slot of an advisor")
    PARKING = "parking", _("Arrival parking space")
    TECHNICIAN = "technician", _("Technician time")
    BAY = "bay", _("Bay time")
    WASH = "wash", _("Wash place")
    LOAN_CAR = "loan_car", _("Loan car")
    PICKUP = "pickup", _("Pick-up run")


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
