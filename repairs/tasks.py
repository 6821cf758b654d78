"""The end of the day and its turn: forgotten clocks stop, and what was not done is planned into the days to come."""

from __future__ import annotations

from celery import shared_task
from celery.schedules import crontab

from repairs import domain as repairs
from stores.access import in_store
from stores.models import Store

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "repairs-carry-over": {
        "task": "repairs.tasks.carry_over",
        # Shortly after the hours at which stores open, close and turn the day.
        "schedule": crontab(minute=7),
        "options": {"expires": 1800.0},
    },
}


@shared_task(name="repairs.tasks.carry_over", acks_late=False, ignore_result=True)
def carry_over():
    """Of every store. Any number may run at once; a lost run is made up by the next one."""
    for store in Store.objects.order_by("pk"):
        with in_store(store):
            repairs.end_of_day(store)
            repairs.replan_all(store)
