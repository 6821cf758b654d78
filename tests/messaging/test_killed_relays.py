"""Four relays at work, one of them killed in the middle: every message reaches the gateway once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest

from core import clock
from journal.models import Event
from messaging import domain as messaging
from messaging.models import Message
from tests import factories
from tests.messaging.hub import SECRET

RELAYS = 4
MESSAGES = 120  # a batch for every relay, and some more


def write_messages(store, count):
    customers = [factories.customer(store) for _ in range(5)]
    drafts = [
        messaging.Draft("follow_up_thanks", f"kill:{clock.now().timestamp()}:{n}", customer=customers[n % 5])
        for n in range(count)
    ]
    return messaging.send_many(drafts, store=store)


@contextmanager
def relays(hub):
    """Four relays, each in a process of its own, all ready to work."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "dealership.settings",
        "MESSAGE_GATEWAY": "messaging.gateways.http.gateway",
        "MESSAGE_HTTP_URL": hub.url,
        "MESSAGE_HTTP_SECRET": SECRET,
    }
    command = [sys.executable, "-m", "tests.messaging.relay_process"]
    running = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(RELAYS)]
    try:
        for process in running:
            assert process.stdout.readline() == "ready\n"
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()
            process.stdout.close()


def wait_until(condition, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the relays did not finish in time"
        time.sleep(0.01)


def unfinished() -> set[int]:
    return set(Message.objects.exclude(status="sent").values_list("pk", flat=True))


def run_with_a_kill(store, hub) -> int:
    """One round; returns how many messages the dead relay had in its hands."""
    hub.handed.clear(), hub.asked.clear()
    with relays(hub) as running:
        keys = {row.pk: f"{row.store_id}:{row.dedupe_key}" for row in write_messages(store, MESSAGES)}
        victim = running[0]
        claimed = {int(pk) for pk in victim.stdout.readline().split()}
        # In the middle of its batch: some are handed over, others not.
        wait_until(lambda: sum(hub.handed[keys[pk]] for pk in claimed) >= 3)
        victim.send_signal(signal.SIGKILL)
        claimed |= {int(pk) for pk in victim.communicate()[0].split()}
        held = claimed & unfinished()
        # The others finish what is theirs; what the dead one held stays leased, and nobody touches it.
        wait_until(lambda: unfinished() == held)
        # Its lease ends, and any other relay takes over.
        Message.objects.filter(pk__in=held).update(lease_until=clock.now() - timedelta(seconds=1))
        wait_until(lambda: not unfinished())
    return len(held)


def check(hub):
    keys = {f"{message.store_id}:{message.dedupe_key}" for message in Message.objects.all()}
    assert set(hub.handed) == keys
    assert set(hub.handed.values()) == {1}
    told = Event.objects.filter(name="messaging.sent")
    assert (told.count(), told.values("subject_id").distinct().count()) == (len(keys), len(keys))


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_every_message_is_handed_over_once(store, hub):
    hub.delay = 0.02  # accepted, not yet answered: the moment in which a death hurts

    held = run_with_a_kill(store, hub)

    check(hub)
    print(f"the dead relay held {held} messages, {hub.asked.total()} were asked for at the hub")
    assert held >= 1


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_killed_ten_times(store, hub):
    hub.delay = 0.02
    held = asked = 0
    for _round in range(10):
        Message.objects.all().delete()
        held += run_with_a_kill(store, hub)
        asked += hub.asked.total()
        assert set(hub.handed.values()) == {1}
    print(f"ten deaths: {held} messages held, {asked} asked for")
    assert held >= 10
