from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NextService(TextChoices):
    BOOKED = "booked", _("Next visit booked")
    REMIND = "remind", _("Wants a reminder")
    DECLINED = "declined", _("Does not want one")
