"""What reminders do when something is journalled: learn of news about cars, and stop in time."""

from __future__ import annotations

from customers.events import OdometerRead, VehicleRegistered
from journal.models import Event
from journal.reactions import reacts_to
from outreach.domain import due
from visits.events import CarReleased


# History too: an imported visit is news about a car as a live one is. It sends nothing, it only has a date computed anew.
@reacts_to(
    OdometerRead,
    VehicleRegistered,
    CarReleased,
    since="now",
    history=True,
    batch=True,
    name="outreach.mark_changed",
    limit=2000,
)
def mark_changed(events: list[Event]) -> None:
    due.mark_changed(events[0].store_id, [event.data["vehicle_id"] for event in events])
