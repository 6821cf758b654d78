"""The clock of the three guarantees: a repair that lasts comes nearer to its limits by itself."""

from celery import shared_task
from django_scopes import scopes_disabled

from guarantees import domain as guarantees
from guarantees.models import GuaranteeRepair
from stores.access import in_store
from stores.models import Store

CLOCK_SECONDS = 300.0
HEALTH_SECONDS = 3600.0

BEAT_SCHEDULE = {
    "guarantees-clock": {
        "task": "guarantees.tasks.run_clocks",
        "schedule": CLOCK_SECONDS,
        "options": {"expires": CLOCK_SECONDS},
    },
    "guarantees-e-health": {
        "task": "guarantees.tasks.write_health_files",
        "schedule": HEALTH_SECONDS,
        "options": {"expires": HEALTH_SECONDS},
    },
}


@shared_task(name="guarantees.tasks.run_clocks", ignore_result=True)
def run_clocks():
    """Warn of every running repair that reached another day. Any number may run at once: each warning is given once."""
    with scopes_disabled():
        running = GuaranteeRepair.objects.filter(completed_at=None, withdrawn_at=None).values("store_id")
        stores = list(Store.objects.filter(pk__in=running))
    for store in stores:
        with in_store(store):
            guarantees.sweep(store)


@shared_task(name="guarantees.tasks.write_health_files", ignore_result=True)
def write_health_files():
    """The e-health files of the days that are over on each store's clock; a file whose lists did not change stays as it is."""
    for store in Store.objects.all():
        with in_store(store):
            guarantees.write_days(store)
