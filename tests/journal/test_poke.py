"""The poke makes reactions quick and can harm nothing. The broker here is the test's own Valkey, or a door nobody opens."""

import json
import logging
import os
import socket
import time

import pytest
from celery import current_app
from django.conf import settings
from django.db import transaction
from redis import Redis

from journal import poke
from journal.models import Event

QUEUE = "aftersale:default"


@pytest.fixture
def bell(monkeypatch):
    """A bell of the test's own; its thread ends with the test."""
    bell = poke._Bell()
    monkeypatch.setattr(poke, "_bell", bell)
    monkeypatch.setattr(poke, "PAUSE_SECONDS", 0.05)
    yield bell
    bell.stop()


@pytest.fixture
def broker():
    client = Redis.from_url(settings.REDIS_URL)
    yield client
    client.close()


@pytest.fixture
def broker_address(monkeypatch):
    """Lets a test point Celery somewhere else."""

    def point(url):
        monkeypatch.setattr(current_app.conf, "broker_write_url", url)

    return point


@pytest.fixture
def deaf_port():
    """A port that takes connections and never answers: the worst kind of broken broker."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield server.getsockname()[1]


def wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def tasks(broker):
    return [json.loads(message)["headers"]["task"] for message in broker.lrange(QUEUE, 0, -1)]


def timed_commits(workshop, count):
    """Seconds of the slowest of so many commits, each with an event."""
    slowest = 0
    for number in range(count):
        start = time.perf_counter()
        with transaction.atomic():
            workshop.record(number)
        slowest = max(slowest, time.perf_counter() - start)
    return slowest


def test_a_commit_sends_the_task(workshop, transactional_db, settings, bell, broker):
    settings.JOURNAL_POKE = True
    with transaction.atomic():
        workshop.record()
        time.sleep(2 * poke.TOGETHER_SECONDS)
        assert tasks(broker) == []
    wait_for(lambda: tasks(broker) == [poke.TASK])


def test_a_rollback_sends_nothing(workshop, transactional_db, settings, bell, broker):
    settings.JOURNAL_POKE = True
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        workshop.record()
        1 / 0  # noqa: B018
    time.sleep(5 * poke.TOGETHER_SECONDS)
    assert tasks(broker) == []


def test_many_commits_share_few_tasks_and_the_last_is_heard(bell, broker):
    for _ in range(500):
        poke.ring()
    wait_for(lambda: tasks(broker))
    sent = len(tasks(broker))
    assert sent < 10
    time.sleep(3 * poke.TOGETHER_SECONDS)
    poke.ring()
    wait_for(lambda: len(tasks(broker)) > sent)


def test_a_broker_that_is_down_costs_a_request_nothing(
    workshop, transactional_db, settings, bell, broker_address, caplog
):
    settings.JOURNAL_POKE = True
    broker_address("redis://127.0.0.1:1/0")
    with caplog.at_level(logging.WARNING, logger="journal.poke"):
        assert timed_commits(workshop, 50) < 0.5
        wait_for(lambda: "the sweep will do it" in caplog.text)
    assert Event._base_manager.count() == 50


def test_a_broker_that_never_answers_costs_a_request_nothing(
    workshop, transactional_db, settings, bell, broker_address, deaf_port
):
    settings.JOURNAL_POKE = True
    broker_address(f"redis://127.0.0.1:{deaf_port}/0")
    assert timed_commits(workshop, 50) < 0.5
    assert Event._base_manager.count() == 50


def test_a_broker_that_comes_back_is_used_again(bell, broker, broker_address):
    broker_address("redis://127.0.0.1:1/0")
    poke.ring()
    wait_for(lambda: bell.failures)
    broker_address(settings.CELERY_BROKER_URL)
    poke.ring()
    wait_for(lambda: tasks(broker))


def test_a_connection_that_broke_is_replaced(bell, broker):
    poke.ring()
    wait_for(lambda: len(tasks(broker)) == 1)
    broker.client_kill_filter(_type="normal", skipme=True)
    wait_for(lambda: ring_and_count(broker) > 1)


def ring_and_count(broker):
    poke.ring()
    return len(tasks(broker))


def test_a_forked_process_has_a_bell_of_its_own(bell):
    poke.ring()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        fresh = poke._bell is not bell and poke._bell._thread is None
        os.write(writing, b"fresh" if fresh else b"stale")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 10) == b"fresh"
    os.close(reading)
    os.close(writing)


def test_the_runner_does_not_poke_itself(workshop, db, django_capture_on_commit_callbacks, settings):
    settings.JOURNAL_POKE = True
    with django_capture_on_commit_callbacks() as callbacks:
        with poke.quiet():
            workshop.record()
        assert callbacks == []
