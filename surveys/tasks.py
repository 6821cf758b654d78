"""Asking when the hour has come. Any number may run at once; a lost run is made up by the next one."""

from celery import shared_task

from surveys import domain as surveys

EVERY_SECONDS = 60.0

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "surveys-invite": {
        "task": "surveys.tasks.invite",
        "schedule": EVERY_SECONDS,
        "options": {"expires": EVERY_SECONDS},
    },
}


@shared_task(name="surveys.tasks.invite", acks_late=False, ignore_result=True)
def invite():
    """Invite whoever is due, and end the invitations whose time is over."""
    surveys.invite_due()
    surveys.expire_due()
