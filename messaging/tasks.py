"""The relay's background work. Any number of these may run at once; losing one costs seconds."""

from celery import shared_task

from messaging import domain as messaging

SWEEP_SECONDS = 10.0
# One run leaves room for other work on the same worker.
RUN_SECONDS = 20.0

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "messaging-sweep": {
        "task": "messaging.tasks.relay",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
}


@shared_task(name="messaging.tasks.relay", acks_late=False, ignore_result=True)
def relay():
    """Hand over what is due. Lost before it is done, the next sweep goes on: what was claimed comes back with its lease."""
    messaging.relay_due(seconds=RUN_SECONDS)
