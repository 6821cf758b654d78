from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FactorCode(TextChoices):
    """The five factors of service satisfaction (domain.md 3.1), in the order of the customer's day."""

    INITIATION = "initiation", _("Service initiation")
    ADVISOR = "advisor", _("Service advisor")
    FACILITY = "facility", _("Service facility")
    PICKUP = "pickup", _("Vehicle pick-up")
    QUALITY = "quality", _("Service quality")


class ItemKind(TextChoices):
    SCALE = "scale", _("Score from 1 to 10")
    NPS = "nps", _("Recommendation from 0 to 10")
    YES_NO = "yes_no", _("Yes or no")
    TEXT = "text", _("Own words")


class InvitationState(TextChoices):
    WAITING = "waiting", _("Waiting for its hour")
    SENT = "sent", _("Invited")
    ANSWERED = "answered", _("Answered by link")
    EXPIRED = "expired", _("Not answered in time")
    SUPPRESSED = "suppressed", _("Not invited")
    CLOSED = "closed", _("Asked by phone")


# The customer may still answer by his link.
OPEN_STATES = (InvitationState.WAITING, InvitationState.SENT)


class EndReason(TextChoices):
    """Why an invitation was not sent, or was closed without an answer by link."""

    NO_CONSENT = "no_consent", _("no consent to questionnaires")
    NO_ADDRESS = "no_address", _("no address to write to")
    IN_REWORK = "in_rework", _("the car is back in the store")
    PHONE = "phone", _("answered on the phone")
    REFUSED = "refused", _("does not want to be asked")


class Channel(TextChoices):
    LINK = "link", _("Through the link")
    PHONE = "phone", _("By phone")
