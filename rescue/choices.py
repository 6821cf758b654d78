from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Trouble(TextChoices):
    """What keeps the car where it is."""

    BATTERY = "battery", _("Battery flat, does not start")
    TYRE = "tyre", _("Flat tyre")
    ENERGY = "energy", _("Out of fuel or charge")
    WARNING = "warning", _("Warning light, stopped to be safe")
    ACCIDENT = "accident", _("Accident")
    LOCKED = "locked", _("Locked out or key lost")
    OTHER = "other", _("Something else")


class RescueState(TextChoices):
    REQUESTED = "requested", _("Asked for help")
    ACCEPTED = "accepted", _("Accepted")
    DEPARTED = "departed", _("On the way")
    ARRIVED = "arrived", _("At the car")
    FIXED = "fixed", _("Fixed on the spot")
    TOWED = "towed", _("Towed to the store")
    CANCELLED = "cancelled", _("Called off")

    @classmethod
    def open(cls) -> list[str]:
        """Somebody still waits for help."""
        return [cls.REQUESTED, cls.ACCEPTED, cls.DEPARTED, cls.ARRIVED]

    @classmethod
    def on_the_road(cls) -> list[str]:
        """Van and driver are away."""
        return [cls.DEPARTED, cls.ARRIVED]


class RescueChannel(TextChoices):
    PHONE = "phone", _("By phone")
    WEB = "web", _("Web page")
