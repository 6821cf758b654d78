"""A released car owes its customer a call, unless he answers by link first."""

from core.actors import Actor
from followups import domain
from journal.models import Event
from journal.reactions import reacts_to
from surveys.choices import Channel
from surveys.events import Answered
from visits.events import CarReleased
from visits.models import Visit


@reacts_to(CarReleased, since="now", name="followups.open_call")
def open_call(event: Event) -> None:
    visit = Visit.objects.get(pk=event.visit_id)
    domain.open_call(visit, by=Actor.system("followups"))


@reacts_to(Answered, since="now", name="followups.answered_by_link")
def answered_by_link(event: Event) -> None:
    """Link and call are one task: whoever has answered is not called any more."""
    if event.data["channel"] == Channel.LINK:
        domain.answered_by_link(Visit.objects.get(pk=event.visit_id), by=Actor.system("followups"))
