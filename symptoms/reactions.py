"""When a car has left, its symptom check is held against what the workshop found."""

from core.actors import Actor
from journal.models import Event
from journal.reactions import reacts_to
from symptoms import domain
from visits.events import CarReleased
from visits.models import Visit

BY = Actor.system("symptoms")


@reacts_to(CarReleased, since="now", name="symptoms.compare")
def compare(event: Event) -> None:
    domain.compare(Visit.objects.get(pk=event.visit_id), by=BY)
