"""What the clock does to bookings: reminders, lists for workshop and parts, who is late, offers that end.

Any number of these may run at once: each thing is written once, whoever is first.
"""

from celery import shared_task
from celery.schedules import crontab
from django_scopes import scopes_disabled

from appointments import domain as appointments
from appointments.choices import WaitlistState
from appointments.models import WaitlistEntry
from stores.access import in_store
from stores.models import Store

MINUTE = 60.0
# What the journal speaks of is offered at once; this round finds what became free without a word (holds that ended).
FREED_SECONDS = 300.0

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "appointments-clock": {
        "task": "appointments.tasks.run_clocks",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    "appointments-ledger": {
        "task": "appointments.tasks.keep_ledger",
        "schedule": crontab(hour=18, minute=20),  # UTC: twenty past two at night in the stores
        "options": {"expires": 6 * 3600},
    },
    "appointments-waitlist": {
        "task": "appointments.tasks.fill_waitlist",
        "schedule": FREED_SECONDS,
        "options": {"expires": FREED_SECONDS},
    },
}


@shared_task(name="appointments.tasks.run_clocks", ignore_result=True)
def run_clocks():
    """One round of every store's clocks: offers that end, whom to remind, what to confirm, who is late."""
    with scopes_disabled():
        stores = list(Store.objects.order_by("pk"))
    for store in stores:
        with in_store(store):
            appointments.expire_offers(store)
            appointments.watch_last_days(store)
            appointments.remind(store)
            appointments.ask_preparation(store)
            appointments.watch_late(store)


@shared_task(name="appointments.tasks.fill_waitlist", ignore_result=True)
def fill_waitlist():
    """Offer whatever is free to those who wait for it, in every store where somebody does."""
    with scopes_disabled():
        waiting = WaitlistEntry.objects.filter(state=WaitlistState.WAITING).values("store_id")
        stores = list(Store.objects.filter(pk__in=waiting).order_by("pk"))
    for store in stores:
        with in_store(store):
            appointments.fill_freed(store)


@shared_task(name="appointments.tasks.keep_ledger", ignore_result=True)
def keep_ledger():
    """The coming days of every store's ledger, laid out before anybody asks."""
    with scopes_disabled():
        stores = list(Store.objects.order_by("pk"))
    for store in stores:
        with in_store(store):
            appointments.keep_ledger(store)
