"""What reception learns from what happened."""

from __future__ import annotations

from journal.models import Event
from journal.reactions import reacts_to
from reception import domain as reception
from stores.models import Store
from visits.events import CarReady

# One look at the yard serves all cars of a batch.
EVENTS_AT_ONCE = 5000


@reacts_to(
    CarReady, since="beginning", history=True, batch=True, name="reception.learn_durations", limit=EVENTS_AT_ONCE
)
def learn_durations(events: list[Event]) -> None:
    """Every car that is ready says how long such work takes."""
    store = Store.objects.get(pk=events[0].store_id)
    reception.learn({event.visit_id for event in events if event.visit_id}, store=store)
