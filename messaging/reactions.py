"""Making the relay quick: messages written are announced by the journal. The sweep of `messaging.tasks` is the guarantee."""

from __future__ import annotations

from celery import current_app
from django.db import transaction

from journal.reactions import reacts_to
from messaging.events import MessageQueued

RELAY_TASK = "messaging.tasks.relay"


@reacts_to(MessageQueued, since="now", batch=True, name="messaging.relay_soon")
def relay_soon(events) -> None:
    """Ask for the relay once the reaction has committed. Failing to ask costs seconds, never a message."""
    transaction.on_commit(_ask, robust=True)


def _ask() -> None:
    current_app.send_task(RELAY_TASK, retry=False, expires=30, ignore_result=True)
