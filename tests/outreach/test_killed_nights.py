"""The nightly run is killed in the middle, over and over; each due customer gets exactly one message, each period one
reminder, and the figures of the night are right."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from django.db import connection

from journal.models import Event
from messaging.models import Message
from outreach.domain import night
from outreach.models import NightRun, Task
from tests.journal.test_kill import Worker

# Of the cars every fifth falls due: never serviced, 40 km a day, so 5,000 km after 125 days.
EVERY, DUE_SINCE, NOT_DUE_SINCE = 5, 120, 30


class Night(Worker):
    """A process that works off the night until it is killed."""

    def __init__(self, number: int, store: int, day: date, batch: int):
        self.name = f"nighttest-{number}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.outreach.night_process", str(store), day.isoformat(), str(batch)],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "dealership.settings", "PGAPPNAME": self.name},
            stdout=subprocess.PIPE,
            text=True,
        )


def many_cars(store, today: date, count: int) -> int:
    """So many cars, each with its owner who may be written to; returns how many fall due."""
    with connection.cursor() as sql:
        sql.execute(
            """
            WITH person AS (
                INSERT INTO customers_customer (store_id, kind, name, name_pinyin, name_initials, gender, phone, email,
                    wechat_openid, language, preferred_channel, preferred_hours, note, created_at)
                SELECT %(store)s, 'person', '车主' || n, '', '', 'unknown', '1390000' || lpad(n::text, 6, '0'), '', '',
                    'zh-hans', 'sms', '', '', now() FROM generate_series(1, %(count)s) n RETURNING id, phone
            ), agreed AS (
                INSERT INTO customers_consent (store_id, customer_id, purpose, channel, allowed, evidence, at)
                SELECT %(store)s, id, 'marketing', 'sms', true, '', now() FROM person
            )
            INSERT INTO customers_vehicle (store_id, vin, plate, plate_kind, brand, model, colour, engine_no, powertrain,
                owner_id, invoice_date, created_at)
            SELECT %(store)s, '', '京K' || right(phone, 6), 'ordinary', '大众', '帕萨特', '', '', 'petrol', id,
                CASE WHEN right(phone, 6)::int %% %(every)s = 0 THEN %(due)s ELSE %(later)s END::date, now() FROM person
            """,
            {
                "store": store.pk,
                "count": count,
                "every": EVERY,
                "due": today - timedelta(days=DUE_SINCE),
                "later": today - timedelta(days=NOT_DUE_SINCE),
            },
        )
    return count // EVERY


def kill_nights(store, today: date, batch: int, after: list[int]) -> int:
    """Kill a run once it has got so many batches further than the one before; returns how many of them stood inside a batch
    that had written. The next one is started before the last one is dead, as a second worker would be."""
    inside = 0
    following = Night(0, store.pk, today, batch)
    for number, batches in enumerate(after, start=1):
        victim = following
        victim.wait_until_ready()
        following = Night(number, store.pk, today, batch) if number < len(after) else None
        wait_for_batches(batches)
        inside += victim.kill_inside_batch(patience=2.0)
    return inside


def wait_for_batches(more: int, patience: float = 60.0) -> None:
    deadline, begun = time.monotonic() + patience, batches_done()
    while batches_done() < begun + more:
        assert time.monotonic() < deadline, "the night does not get on"
        time.sleep(0.01)


def batches_done() -> int:
    run = NightRun.objects.first()
    return run.batches if run else 0


LONG = random.Random(1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("cars", "batch", "after", "least_inside"),
    [
        pytest.param(1_500, 25, [2, 5, 4], 2, id="short"),
        pytest.param(
            100_000,
            250,
            [LONG.randint(1, 8) for _ in range(20)],
            15,
            id="long",
            marks=[pytest.mark.long, pytest.mark.timeout(1200)],
        ),
    ],
)
def test_each_due_customer_gets_one_message(store, today, cars, batch, after, least_inside):
    due = many_cars(store, today, cars)

    inside = kill_nights(store, today, batch, after)
    left = NightRun.objects.get()
    assert left.phase != "done", "the run was over before it was killed; the test proves nothing"
    done_by_the_dead = Task.objects.count()
    run = night.run_night(store, today)

    print(
        f"\n{len(after)} nights killed, {inside} inside an open batch; {done_by_the_dead} of {due} reminders by the dead"
    )
    assert inside >= least_inside
    assert done_by_the_dead > 0
    assert (run.phase, run.tasks, run.messages) == ("done", due, due)
    written = Message.objects.filter(template="maintenance_due")
    assert (written.count(), written.values("customer").distinct().count()) == (due, due)
    reminded = Task.objects.values_list("vehicle", "message__customer", "customer")
    assert len({(car, owner) for car, written_to, owner in reminded if written_to == owner}) == due
    assert Event.objects.filter(name="outreach.opened").count() == due
    assert not Task.objects.exclude(vehicle__invoice_date=today - timedelta(days=DUE_SINCE)).exists()

    NightRun.objects.all().delete()
    again = night.run_night(store, today)
    assert (again.phase, again.tasks, Message.objects.count(), Task.objects.count()) == ("done", 0, due, due)
