"""The relay is woken by the journal; the same message written by several at once is one."""

import pytest
import redis
from django.conf import settings

from dealership.celery import app
from journal.models import Event
from journal.testing import drain
from messaging import domain as messaging
from messaging import tasks
from messaging.models import Message
from tests import factories
from tests.together import together

WRITERS = 8


@pytest.mark.django_db(transaction=True)
def test_a_written_message_wakes_the_relay(store):
    messaging.send(store=store, template="follow_up_thanks", customer=factories.customer(store), dedupe_key="x")

    drain()

    queue = redis.Redis.from_url(settings.REDIS_URL)
    try:
        names = [key for key in queue.keys("*") if queue.type(key) == b"list"]
        assert sum(queue.llen(name) for name in names) == 1
        assert b"messaging.tasks.relay" in queue.lindex(names[0], 0)
    finally:
        queue.close()


def test_the_task_hands_over_what_is_due(store):
    message = messaging.send(
        store=store, template="follow_up_thanks", customer=factories.customer(store), dedupe_key="x"
    )

    tasks.relay()

    message.refresh_from_db()
    assert message.status == "delivered"


def test_the_sweep_stands_in_the_schedule():
    app.finalize()
    entry = app.conf.beat_schedule["messaging-sweep"]

    assert (entry["task"] in app.tasks, entry["schedule"]) == (True, tasks.SWEEP_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_the_same_message_written_by_many_at_once_is_one(store):
    customer = factories.customer(store)

    def write():
        return messaging.send(store=store, template="follow_up_thanks", customer=customer, dedupe_key="same")

    outcomes = together(store, [write] * WRITERS)

    assert {outcome.pk for outcome in outcomes} == {Message.objects.get().pk}
    assert Event.objects.filter(name="messaging.queued").count() == 1
