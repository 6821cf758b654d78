"""The clock of the promises."""

from celery import shared_task

from commitments import domain

TICK_SECONDS = 15.0

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "commitments-clock": {
        "task": "commitments.tasks.run_out",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS},
    },
}


@shared_task(name="commitments.tasks.run_out", acks_late=False, ignore_result=True)
def run_out():
    """Judge what has run out of time. Lost, the next tick does it."""
    domain.run_out()
