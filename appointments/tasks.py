"""What the clock does to bookings: reminders, lists for workshop and parts, who is late, offers that end.

Any number of these may run at once: each thing is written once, whoever is first.
"""

from celery import shared_task
from django_scopes import scopes_disabled

from appointments import domain as appointments
from stores.access import in_store
from stores.models import Store

MINUTE = 60.0

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "appointments-clock": {
        "task": "appointments.tasks.run_clocks",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
}


@shared_task(name="appointments.tasks.run_clocks", ignore_result=True)
def run_clocks():
    """One round of every store's clocks: offers that end and what goes to the next, whom to remind, what to confirm, who
    is late."""
    with scopes_disabled():
        stores = list(Store.objects.order_by("pk"))
    for store in stores:
        with in_store(store):
            appointments.expire_offers(store)
            appointments.fill_freed(store)
            appointments.watch_last_days(store)
            appointments.remind(store)
            appointments.ask_preparation(store)
            appointments.watch_late(store)
