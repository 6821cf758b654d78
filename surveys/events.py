"""What the journal says about questionnaires: figures and codes, never the customer's words."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from journal.events import event
from surveys.choices import Channel, InvitationState


@event("surveys.questionnaire_published")
class QuestionnairePublished:
    sentence = _("Questionnaire version {version} published")

    version: int


@event("surveys.invited")
class Invited:
    """The invitation was written into the outbox; it counts as asked on this day."""

    sentence = _("Customer invited to the questionnaire")

    invitation_id: int
    released_on: date  # on the store's calendar
    advisor_id: int | None = None


@event("surveys.invitation_ended")
class InvitationEnded:
    """Over without an answer by link: expired, not sent (suppressed), or asked by phone (closed)."""

    sentence = _("Invitation over: {state}")
    labels = {"state": InvitationState}

    state: str
    reason: str = ""
    invitation_id: int | None = None


@event("surveys.answered")
class Answered:
    """The customer answered, by link or phone; the figures of the answer, so that roll-ups read nothing else.

    `csi` is 100 to 1000 with one decimal, `factors` the mean item score (1 to 10) of each factor that counts.
    """

    sentence = _("Questionnaire answered {channel}: CSI {csi}, recommends {nps}")
    labels = {"channel": Channel}

    response_id: int
    channel: str
    released_on: date  # on the store's calendar
    low: bool
    csi: Decimal | None = None
    nps: int | None = None
    overall: int | None = None
    problem: bool | None = None
    advisor_id: int | None = None
    technician_id: int | None = None
    case_id: int | None = None
    factors: dict[str, Decimal] | None = None
