"""The API's background work."""

from celery import shared_task

from api import domain as api

HOURLY = 3600.0

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "api-forget-answers": {
        "task": "api.tasks.forget_answers",
        "schedule": HOURLY,
        "options": {"expires": HOURLY},
    },
}


@shared_task(name="api.tasks.forget_answers", ignore_result=True)
def forget_answers():
    """Answers kept for repeated writes are forgotten after a day."""
    api.forget_answers()
