"""Several connections at once, each a real one."""

import threading
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from journal import queries, runner
from journal.models import Cursor, Event
from journal.testing import drain


@contextmanager
def elsewhere(work):
    """Runs `work()` in a transaction of another connection, and holds it open until the block ends."""
    ready, finish, failure = threading.Event(), threading.Event(), []

    def hold():
        try:
            with transaction.atomic():
                work()
                ready.set()
                finish.wait(20)
        except Exception as error:  # noqa: BLE001 - shown in the main thread
            failure.append(error)
            ready.set()
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert ready.wait(20)
        yield
    finally:
        finish.set()
        thread.join(20)
    if failure:
        raise failure[0]


class NaiveReader:
    """What one would write first: remembers the last id it saw."""

    def __init__(self):
        self.last, self.seen = 0, []

    def read(self):
        for event in Event._base_manager.filter(id__gt=self.last).order_by("id"):
            self.seen.append(event.payload.number)
            self.last = event.id


def test_a_transaction_that_commits_late_is_not_skipped(workshop, committed_effects):
    workshop.react()
    naive = NaiveReader()
    with elsewhere(lambda: workshop.record(1)):
        with transaction.atomic():
            workshop.record(2)
        naive.read()
        assert runner.run_all() == 0, "event 2 is not certain while an older transaction runs"
        assert queries.has_uncertain()
    naive.read()
    assert drain() == 2
    assert workshop.effects() == [1, 2]
    assert naive.seen == [2], "the naive reader lost event 1; if it did not, this test proves nothing"


def test_an_old_transaction_without_events_holds_readers_back_and_shows_as_lag(workshop, committed_effects):
    workshop.react()
    with elsewhere(queries_xid):
        with transaction.atomic():
            workshop.record(1)
        assert runner.run_all(patience=0.1) == 0
        assert [lag.events for lag in queries.lag()] == [1]
    assert runner.run_all() == 1


def queries_xid():
    with connection.cursor() as sql:
        sql.execute("SELECT pg_current_xact_id()")


def test_patience_waits_for_a_transaction_about_to_end(workshop, committed_effects):
    workshop.react()
    counted = []
    other = threading.Thread(target=lambda: (counted.append(runner.run_all(patience=10)), connection.close()))
    with elsewhere(queries_xid):
        with transaction.atomic():
            workshop.record(1)
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(20)
    assert counted == [1]


def test_a_reader_passes_by_a_cursor_that_another_one_holds(workshop, committed_effects):
    reaction = workshop.react()
    with transaction.atomic():
        workshop.record(1)
    with elsewhere(lambda: queries.lock_cursor(reaction.name)):
        assert runner.run(reaction).busy
    assert runner.run(reaction).handled == 1


def test_runners_at_once_double_nothing(workshop, committed_effects):
    """Four runners behind a barrier, while events keep coming."""
    reaction = workshop.react(limit=7)
    start, written = threading.Barrier(5), threading.Event()
    results, failures = Counter(), []

    def run():
        try:
            start.wait(20)
            while True:
                last_round = written.is_set()
                outcome = runner.run(reaction)
                results["busy" if outcome.busy else "handled"] += 1 if outcome.busy else outcome.handled
                if last_round and not outcome.handled and not outcome.busy:
                    return
        except Exception as error:  # noqa: BLE001 - shown in the main thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    start.wait(20)
    for number in range(60):
        with transaction.atomic():
            workshop.record_many(range(number * 5, number * 5 + 5))
    written.set()
    for thread in threads:
        thread.join(60)
    drain()
    assert failures == []
    assert results["busy"] > 0, "the runners never met; the test proves nothing"
    assert workshop.effects() == list(range(300))


def test_an_idle_cursor_that_moved_meanwhile_is_left_alone(workshop, committed_effects):
    reaction = workshop.react(None, workshop.Closed)
    stale = Cursor.objects.get(name=reaction.name)
    with transaction.atomic():
        workshop.record(1, cls=workshop.Closed)
    drain()
    moved = Cursor.objects.get(name=reaction.name)
    runner._skip(stale, (moved.epoch, 1, 0))
    assert Cursor.objects.get(name=reaction.name).position == moved.position


@pytest.mark.parametrize("batch", [False, True])
def test_a_lost_connection_sets_nothing_aside(workshop, committed_effects, batch):
    """A batch whose connection dies comes again as a whole."""
    lost = []

    def handle(events):
        for event in events if batch else [events]:
            workshop.note(event)
        if not lost:
            lost.append(True)
            connection.connection.close()

    reaction = workshop.react(handle, batch=batch)
    with transaction.atomic():
        workshop.record_many([1, 2, 3])
    with pytest.raises(Exception, match="connection"):
        runner.run(reaction)
    connection.close()
    assert drain() == 3
    assert workshop.effects() == [1, 2, 3]
