from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DamageKind(TextChoices):
    SCRATCH = "scratch", _("Scratch")
    DENT = "dent", _("Dent")
    CRACK = "crack", _("Crack")
    PAINT = "paint", _("Paint chipped")
    MISSING = "missing", _("Missing part")


class Zone(TextChoices):
    """部位: where on the car outline a mark is."""

    FRONT = "front", _("Front")
    REAR = "rear", _("Rear")
    LEFT_FRONT = "left_front", _("Left front")
    LEFT_REAR = "left_rear", _("Left rear")
    RIGHT_FRONT = "right_front", _("Right front")
    RIGHT_REAR = "right_rear", _("Right rear")
    ROOF = "roof", _("Roof")
    HOOD = "hood", _("Hood")
    BOOT = "boot", _("Boot lid")
    WINDSCREEN = "windscreen", _("Windscreen")
    WHEELS = "wheels", _("Wheels")
    INTERIOR = "interior", _("Interior")


class WashWish(TextChoices):
    FULL = "full", _("Wash")
    OUTSIDE = "outside", _("Outside only")
    NO = "no", _("No wash")


class CallKind(TextChoices):
    """What a waiting customer asks for with one tap."""

    DRINK = "drink", _("A drink")
    SEAT = "seat", _("A seat")
    RIDE = "ride", _("A ride")
    ADVISOR = "advisor", _("A word with my advisor")


class ConcernTopic(TextChoices):
    """What a fault in the customer's words is about, as far as it decides what to ask."""

    NOISE = "noise", _("Noise")
    LAMP = "lamp", _("Warning lamp")
    LEAK = "leak", _("Leak")
    BRAKES = "brakes", _("Brakes")
    SHAKE = "shake", _("Shaking or pulling")
    POWER = "power", _("Starting and power")
    CLIMATE = "climate", _("Air conditioning")
    CHARGING = "charging", _("Charging and range")
