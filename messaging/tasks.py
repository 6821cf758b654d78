"""The sweep that sends what is due; beat's rhythm is the guarantee, however the message got there."""

from celery import shared_task

from messaging import domain as messaging

SWEEP_SECONDS = 3.0

BEAT_SCHEDULE = {
    "messages-relay": {"task": "messaging.tasks.relay", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
}


@shared_task(name="messaging.tasks.relay", acks_late=False, ignore_result=True)
def relay():
    """Send until nothing is due."""
    while messaging.relay(limit=50):
        pass
