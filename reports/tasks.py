"""The night's proof of the five rules. Beat asks twice an hour; a night that is proven costs one query, a missed one is made up for."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import DatabaseError

from core import clock
from reports.domain import never_miss
from reports.models import NeverMissRun
from stores.access import in_store
from stores.models import Store

logger = logging.getLogger(__name__)

ASK_SECONDS = 1800.0
# The store's own hour from which on its night is proven: after the reminders' night, which dates the next contacts.
BEGINS = 4

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "reports-never-miss": {
        "task": "reports.tasks.prove_nights",
        "schedule": ASK_SECONDS,
        "options": {"expires": ASK_SECONDS},
    },
}


@shared_task(name="reports.tasks.prove_nights", acks_late=False, ignore_result=True)
def prove_nights():
    """Prove the five rules of every store whose clock has passed four and whose night is not proven yet."""
    for store in Store.objects.order_by("pk"):
        local = clock.now().astimezone(store.tz)
        if local.hour < BEGINS:
            continue
        with in_store(store):
            if NeverMissRun.objects.filter(store=store, night=local.date()).exists():
                continue
            try:
                never_miss.check(store, night=local.date())
            except DatabaseError:
                # One store's trouble is not the next one's; the next round tries again.
                logger.exception("the five rules of store %s could not be proven", store.code)
