"""Where visits wait, kept from the journal as it is written; imported and demo history too."""

from __future__ import annotations

from journal.models import Event
from journal.reactions import reacts_to
from reports.domain import waits as domain
from reports.waits import EVENTS
from stores.models import Store

NAME = "reports.waits"
# History is read by the visit: most events of a batch belong to visits that are read once for all of them.
EVENTS_AT_ONCE = 2000


@reacts_to(*EVENTS, since="beginning", history=True, batch=True, name=NAME, limit=EVENTS_AT_ONCE)
def keep_waits(events: list[Event]) -> None:
    store = Store.objects.get(pk=events[0].store_id)
    domain.refresh({event.visit_id for event in events if event.visit_id}, store=store)
