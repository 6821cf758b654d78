"""Workers are killed in the middle of a batch, over and over; every effect is there exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from itertools import islice

import pytest
from django.db import connection, transaction

from core.actors import Actor
from journal import domain, runner
from journal.testing import drain, only_reactions
from stores.models import Store
from tests.journal import worker

STORES = 3
WORKERS = 2


class Worker:
    """A worker process; its database sessions carry its name."""

    def __init__(self, number):
        self.name = f"killtest-{number}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.journal.worker"],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "dealership.settings", "PGAPPNAME": self.name},
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self):
        assert self.process.stdout.readline() == "ready\n"

    def sessions(self):
        """(state, has it a transaction id) of its sessions, from the database's own activity view."""
        with connection.cursor() as sql:
            sql.execute(
                "SELECT state, backend_xid IS NOT NULL FROM pg_stat_activity WHERE application_name = %s", [self.name]
            )
            return sql.fetchall()

    def kill_inside_batch(self, patience=5.0) -> bool:
        """Freeze the process, look what the database sees of it, kill it (-9). True if it stood inside a batch that had written.

        Frozen, it cannot leave the batch between the look and the kill: "idle in transaction" means that the database waits for a client
        that will never speak again.
        """
        deadline = time.monotonic() + patience
        inside = False
        while not inside and time.monotonic() < deadline:
            os.kill(self.process.pid, signal.SIGSTOP)
            inside = self._settled() == [("idle in transaction", True)]
            if not inside:
                os.kill(self.process.pid, signal.SIGCONT)
                time.sleep(0.005)
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process.stdout.close()
        return inside

    def _settled(self):
        """Its sessions once the statement that was under way when it froze is over."""
        for _ in range(100):
            sessions = self.sessions()
            if all(state != "active" for state, _ in sessions):
                break
            time.sleep(0.002)
        return sessions


@pytest.fixture
def tables(transactional_db):
    with connection.cursor() as sql:
        sql.execute("DROP TABLE IF EXISTS killtest_effect")
        # No unique constraint: a double must be able to happen to be noticed.
        sql.execute(
            "CREATE TABLE killtest_effect (id bigserial PRIMARY KEY, reaction text, event_id bigint, number integer)"
        )
    yield
    with connection.cursor() as sql:
        sql.execute("DROP TABLE killtest_effect")


def happen(happened, numbers):
    """Events of several stores, in transactions of one to nine."""
    numbers = iter(numbers)
    size = 1
    while chunk := list(islice(numbers, size)):
        with transaction.atomic():
            domain.record_many(
                [
                    domain.entry(
                        happened(n),
                        store_id=n % STORES + 1,
                        subject=Store(pk=n % STORES + 1),
                        by=Actor.system("killtest"),
                    )
                    for n in chunk
                ]
            )
        size = size % 9 + 1


def effects():
    with connection.cursor() as sql:
        sql.execute("SELECT reaction, number FROM killtest_effect ORDER BY reaction, number")
        return sql.fetchall()


def kill_workers(kills, happened, per_kill):
    """Kill so many workers while events keep coming; returns how many stood inside an open batch, and the count of events."""
    inside = events = 0
    workers, chance = [], random.Random(1)
    try:
        for number in range(kills):
            while len(workers) < min(WORKERS, kills - number):
                workers.append(Worker(f"{number}-{len(workers)}"))
            victim = workers.pop(0)
            victim.wait_until_ready()
            happen(happened, range(events, events + per_kill))
            events += per_kill
            # At no particular moment: at once, in a later batch, between two.
            time.sleep(chance.uniform(0, 0.4))
            inside += victim.kill_inside_batch()
    finally:
        for left in workers:
            left.kill_inside_batch(patience=0)
    return inside, events


@pytest.mark.parametrize(
    ("kills", "least_inside"), [pytest.param(8, 5, id="short"), pytest.param(50, 30, id="long", marks=pytest.mark.long)]
)
def test_every_effect_exactly_once(tables, kills, least_inside):
    with only_reactions():
        happened = worker.declare()
        runner.ensure_cursors()
        inside, events = kill_workers(kills, happened, per_kill=100)
        worker_done = len(effects())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(worker, "SECONDS_PER_EVENT", 0)
            drain()
    print(
        f"\n{kills} workers killed, {inside} inside an open batch; {events} events, {worker_done} of {2 * events} effects by workers"
    )
    assert inside >= least_inside
    assert worker_done > 0, "the workers achieved nothing; the test proves nothing"
    assert effects() == [(reaction, number) for reaction in ("batch", "single") for number in range(events)]
