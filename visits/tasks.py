"""The silence clock ticks."""

from celery import shared_task

from visits import domain

TICK_SECONDS = 60.0

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "visits-silence": {
        "task": "visits.tasks.wake_silent",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS},
    },
}


@shared_task(name="visits.tasks.wake_silent", acks_late=False, ignore_result=True)
def wake_silent():
    """Wake advisors and managers of customers who heard nothing. Lost, the next tick does it."""
    domain.wake_silent()
