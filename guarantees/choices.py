"""Words of the three guarantees (三包) and of cars that come back."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AlertKind(TextChoices):
    """Which counter of the rule comes near its limit."""

    SINGLE = "single", _("Days of one repair")
    TOTAL = "total", _("Repair days in all")
    SAME = "same", _("Repairs of the same problem")


class ExclusionKind(TextChoices):
    """What article 24 leaves out of the cumulative repair time; the single repair of article 21 leaves out nothing."""

    SPECIAL_PART = "special_part", _("Transport of a part made to this car's VIN")
    TRACTION_BATTERY = "traction_battery", _("Transport of a traction battery")
    RESCUE_JOURNEY = "rescue_journey", _("Way of a rescue outside the store")


class CourtesyKind(TextChoices):
    """What the customer gets from the sixth day of a repair on (article 21)."""

    LOAN_CAR = "loan_car", _("Loan car")
    COMPENSATION = "compensation", _("Travel costs paid")
    DECLINED = "declined", _("Customer wants neither")


class Match(TextChoices):
    """Why a car seems to have come back with what was repaired before; the surest first."""

    OPERATION = "operation", _("Same operation")
    CONCERN = "concern", _("Same complaint in the customer's words")
    SYSTEM = "system", _("Same system")
    HAND = "hand", _("Marked by hand")


class ComebackState(TextChoices):
    SUGGESTED = "suggested", _("To be looked at")
    CONFIRMED = "confirmed", _("Rework")
    DISMISSED = "dismissed", _("Not a comeback")
