"""What the journal says about symptom checks: codes, never the customer's words."""

from django.utils.translation import gettext_lazy as _

from journal.events import event
from symptoms.choices import Agreement, Urgency


@event("symptoms.tree_published")
class TreePublished:
    sentence = _("Symptom tree version {version} published")

    version: int


@event("symptoms.check_given")
class CheckGiven:
    """A customer's answers came to a visit with his booking."""

    sentence = _("Symptom check by the customer: {urgency}")
    labels = {"urgency": Urgency}

    check_id: int
    result: str
    urgency: str
    questions: int


@event("symptoms.check_compared")
class CheckCompared:
    sentence = _("Symptom check compared with the finding: {agreement}")
    labels = {"agreement": Agreement}

    check_id: int
    result: str
    agreement: str
    line_id: int | None = None
