from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VoiceKind(TextChoices):
    """What a customer said in passing, taken by anyone in under 20 seconds."""

    PROBLEM = "problem", _("Problem")
    PRAISE = "praise", _("Praise")
    IDEA = "idea", _("Idea")


class CaseSource(TextChoices):
    DESK = "desk", _("Said in the store")
    WEB = "web", _("Web form")
    FOLLOW_UP = "follow_up", _("Follow-up call")
    SURVEY = "survey", _("Low survey answer")
    PHONE = "phone", _("Phone call")
    MAKER = "maker", _("Maker's hotline")
    REGULATOR = "regulator", _("12315 or another authority")
    IMPORT = "import", _("Imported")


class Severity(TextChoices):
    """domain.md 5.1: the ladder that sets clocks and owners."""

    L1 = "L1", _("L1 grumble")
    L2 = "L2", _("L2 complaint")
    L3 = "L3", _("L3 escalated")
    L4 = "L4", _("L4 grave")


class EntryKind(TextChoices):
    """What a line in a case's log is."""

    RESPONSE = "response", _("Answer to the customer")
    NOTE = "note", _("Note")
    CLOSING = "closing", _("Closed")


class CaseState(TextChoices):
    OPEN = "open", _("Being worked on")
    CLOSED = "closed", _("Closed")
