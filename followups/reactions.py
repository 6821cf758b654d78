"""A released car owes its customer a call."""

from core.actors import Actor
from followups import domain
from journal.models import Event
from journal.reactions import reacts_to
from visits.events import CarReleased
from visits.models import Visit


@reacts_to(CarReleased, since="now", name="followups.open_call")
def open_call(event: Event) -> None:
    visit = Visit.objects.get(pk=event.visit_id)
    domain.open_call(visit, by=Actor.system("followups"))
