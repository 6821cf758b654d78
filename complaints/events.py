"""What the journal says about voices and cases: figures and codes, never the customer's words."""

from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseSource, Severity, VoiceKind
from journal.events import event


@event("complaints.case_opened")
class CaseOpened:
    sentence = _("Case {number} opened: {severity}, {source}")
    labels = {"severity": Severity, "source": CaseSource}

    number: str
    severity: str
    source: str
    owner_id: int | None = None


@event("complaints.signal_joined")
class SignalJoined:
    sentence = _("Another signal joined case {number}: {source}")
    labels = {"severity": Severity, "source": CaseSource}

    number: str
    severity: str
    source: str


@event("complaints.owner_changed")
class OwnerChanged:
    sentence = _("Case {number} has another owner")

    number: str
    owner_id: int
    former_id: int | None = None


@event("complaints.customer_answered")
class CustomerAnswered:
    """The first answer to the customer, with how long it took and whether the clock was kept."""

    sentence = _("Customer answered in case {number}")

    number: str
    seconds: int
    in_time: bool


@event("complaints.case_closed")
class CaseClosed:
    sentence = _("Case {number} closed")

    number: str
    seconds: int


@event("complaints.voice_taken")
class VoiceTaken:
    sentence = _("Customer said something: {kind}")
    labels = {"kind": VoiceKind}

    kind: str
    about_id: int | None = None
    case_id: int | None = None
