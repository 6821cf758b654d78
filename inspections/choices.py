from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Level(IntegerChoices):
    """三级检验: by different people, in this order."""

    SELF = 1, _("Self-check")
    CROSS = 2, _("Cross-check")
    FINAL = 3, _("Final inspection")


class Verdict(TextChoices):
    PASS = "pass", _("Passed")
    FAIL = "fail", _("Sent back")


class WashState(TextChoices):
    QUEUED = "queued", _("In the queue")
    WASHING = "washing", _("Being washed")
    DONE = "done", _("Washed")
    WAIVED = "waived", _("Not washed")


class WaiveReason(TextChoices):
    CUSTOMER = "customer", _("Customer does not want it")
    WEATHER = "weather", _("Weather")
    CHARGING = "charging", _("Car is charging")
    FRESH_PAINT = "fresh_paint", _("Fresh paint")
    CLOSED = "closed", _("Wash out of order")
