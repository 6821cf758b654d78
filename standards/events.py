"""What the journal says about checklists."""

from django.utils.translation import gettext_lazy as _

from journal.events import event
from standards.choices import ChecklistUse


@event("standards.run_completed")
class RunCompleted:
    sentence = _("Checklist completed: {use}, {failures} not in order")
    labels = {"use": ChecklistUse}

    use: str
    version: int
    round: int
    failures: int


@event("standards.published")
class ChecklistPublished:
    sentence = _("New version {version} of the checklist in force: {use}")
    labels = {"use": ChecklistUse}

    use: str
    version: int
