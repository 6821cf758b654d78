"""What the journal says about follow-up calls."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from followups.choices import CallOutcome, CallState
from journal.events import event


@event("followups.call_opened")
class CallOpened:
    sentence = _("Follow-up call due by {due_at}")

    due_at: datetime
    assigned_to_id: int | None = None


@event("followups.attempted")
class CallAttempted:
    sentence = _("Follow-up call, attempt {sequence}: {outcome}")
    labels = {"outcome": CallOutcome}

    sequence: int
    outcome: str


@event("followups.call_ended")
class CallEnded:
    sentence = _("Follow-up over: {state}")
    labels = {"state": CallState}

    state: str
    in_time: bool
    satisfaction: int | None = None
    nps: int | None = None
    problem: bool | None = None
    case_id: int | None = None
