"""What is counted, and by what it can be told apart."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Grain(models.TextChoices):
    """Every figure is kept twice: by day for short periods, by month for long ones. A month's row is the sum of its days'."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")


class Metric(models.TextChoices):
    """What a sum is about. `n` is how many were counted, `total` the sum of the values, `squares` the sum of their squares."""

    # Cars that left the store, and how many of their customers were asked.
    RELEASED = "released", _("Cars released")
    INVITED = "invited", _("Invited")
    # 100 to 1000; n counts the answers whose factors were answered well enough for a score.
    CSI = "csi", _("CSI")
    # Each answer is 1 (promoter), 0 or -1 (detractor): total ÷ n is the NPS, squares count both ends.
    NPS = "nps", _("NPS")
    # 1 where it is so, else 0; n of `low` counts all answers.
    LOW = "low", _("Low answers")
    PROBLEM = "problem", _("Problem reported")
    # Mean of a factor's items, 1 to 10; the factor's code follows the dot.
    INITIATION = "factor.initiation", _("Initiation")
    ADVISOR = "factor.advisor", _("Service advisor")
    FACILITY = "factor.facility", _("Facility")
    PICKUP = "factor.pickup", _("Pick-up of the car")
    QUALITY = "factor.quality", _("Quality of the work")


class Dimension(models.TextChoices):
    """How the same sums are split; the key of a row says which part. Parts of one dimension add up to the store."""

    STORE = "store", _("Whole store")
    ADVISOR = "advisor", _("Service advisor")
    CHANNEL = "channel", _("Answered by")
    ARRIVAL = "arrival", _("Arrival")
    PROMISE = "promise", _("First promised time")
    POWERTRAIN = "powertrain", _("Powertrain")
    # A single question; the key is its id.
    ITEM = "item", _("Question")


class Arrival(models.TextChoices):
    BOOKED = "booked", _("With appointment")
    WALK_IN = "walk_in", _("Without appointment")


class Kept(models.TextChoices):
    KEPT = "kept", _("First promise kept")
    BROKEN = "broken", _("First promise broken")
    NONE = "none", _("No time was promised")
