"""A released car's customer is to be asked; a message the relay held back was no invitation."""

from core.actors import Actor
from journal.models import Event
from journal.reactions import reacts_to
from messaging.events import MessageSuppressed
from surveys import domain
from surveys.choices import EndReason
from surveys.domain.invitations import TEMPLATE
from visits.events import CarReleased
from visits.models import Visit

BY = Actor.system("surveys")


@reacts_to(CarReleased, since="now", name="surveys.plan_invitation")
def plan_invitation(event: Event) -> None:
    domain.plan_invitation(Visit.objects.get(pk=event.visit_id), by=BY)


@reacts_to(MessageSuppressed, since="now", name="surveys.held_back")
def held_back(event: Event) -> None:
    """He withdrew his consent between the invitation and the sending."""
    if event.data["template"] == TEMPLATE and event.visit_id:
        domain.not_delivered(Visit.objects.get(pk=event.visit_id), reason=EndReason.NO_CONSENT, by=BY)
