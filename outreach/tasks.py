"""The nightly run. Beat asks every ten minutes; a night that is done costs one query, one that was killed goes on."""

from __future__ import annotations

from celery import shared_task

from core import clock
from outreach import domain as outreach
from outreach.choices import Phase
from outreach.models import NightRun
from stores.access import in_store
from stores.models import Store

ASK_SECONDS = 600.0
# One run leaves room for other work on the same worker; the next one goes on.
RUN_SECONDS = 300.0
# The store's own hour from which on its night is worked off.
BEGINS = 2

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "outreach-nights": {
        "task": "outreach.tasks.nights",
        "schedule": ASK_SECONDS,
        "options": {"expires": ASK_SECONDS},
    },
}


@shared_task(name="outreach.tasks.nights", acks_late=False, ignore_result=True)
def nights():
    """Work off the night of every store whose clock has passed two and whose night is not done."""
    for store in Store.objects.order_by("pk"):
        local = clock.now().astimezone(store.tz)
        with in_store(store):
            done = NightRun.objects.filter(store=store, night=local.date(), phase=Phase.DONE).exists()
        if local.hour >= BEGINS and not done:
            outreach.run_night(store, local.date(), seconds=RUN_SECONDS)
