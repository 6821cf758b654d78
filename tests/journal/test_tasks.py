"""What worker and beat run."""

from datetime import timedelta

import time_machine
from celery import current_app

from core import clock
from journal import poke, tasks
from journal.models import SetAside


def test_a_poke_runs_the_reactions(workshop, effects):
    workshop.react()
    workshop.record(1)
    current_app.tasks[poke.TASK]()
    assert workshop.effects() == [1]


def test_the_sweep_reads_what_nobody_announced_and_tries_again_what_failed(workshop, effects):
    bad = {2}

    def handle(event):
        if event.payload.number in bad:
            raise ValueError("not yet")
        workshop.note(event)

    workshop.react(handle)
    workshop.record_many([1, 2])
    tasks.sweep()
    assert (workshop.effects(), SetAside._base_manager.count()) == ([1], 1)
    bad.clear()
    tasks.sweep()
    assert workshop.effects() == [1]
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        tasks.sweep()
    assert workshop.effects() == [1, 2]


def test_beat_sweeps_every_few_seconds_and_a_stale_sweep_dies():
    current_app.finalize()
    entry = current_app.conf.beat_schedule["journal-sweep"]
    assert entry["task"] in current_app.tasks
    assert entry["options"]["expires"] <= entry["schedule"] <= 5
