from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CallOutcome(TextChoices):
    """结果码 of one attempt (domain.md F13)."""

    DONE = "done", _("Reached, call completed")
    LATER = "later", _("Reached, call again later")
    NO_ANSWER = "no_answer", _("No answer")
    OFF = "off", _("Phone off or out of service")
    WRONG = "wrong", _("Wrong number")
    REFUSED = "refused", _("Does not want to be called")
    NOT_SELF = "not_self", _("Somebody else answered")


class CallState(TextChoices):
    OPEN = "open", _("To call")
    DONE = "done", _("Done")
    ANSWERED = "answered", _("Answered by link")
    UNREACHABLE = "unreachable", _("Not reachable")
    REFUSED = "refused", _("Does not want to be called")
