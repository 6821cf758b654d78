from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Urgency(TextChoices):
    """What a customer with this symptom should do."""

    STOP = "stop", _("Stop and call us")
    DAYS = "days", _("Come within days")
    NEXT_VISIT = "next_visit", _("At the next visit")


class Agreement(TextChoices):
    """How the workshop's finding compares with what the check said was likely."""

    HIT = "hit", _("As the check said")
    MISS = "miss", _("Something else")
    NOTHING = "nothing", _("Nothing found")
