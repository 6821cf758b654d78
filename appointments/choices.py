from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BookingChannel(TextChoices):
    DESK = "desk", _("At the desk")
    PHONE = "phone", _("By phone")
    WEB = "web", _("Web page")
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
