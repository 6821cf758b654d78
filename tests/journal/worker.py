"""A process that runs reactions until it is killed. Started by test_kill: `python -m tests.journal.worker`.

Its reactions note every event slowly, so that most of its life is spent inside an open batch.
"""

import os
import sys
import time

import django

SECONDS_PER_EVENT = 0.004


def declare():
    """The events and reactions of the kill test; returns the event class."""
    from django.db import connection

    from journal.events import event
    from journal.reactions import reacts_to

    @event("killtest.happened")
    class Happened:
        number: int

    def note(reaction, row):
        with connection.cursor() as sql:
            sql.execute(
                "INSERT INTO killtest_effect (reaction, event_id, number) VALUES (%s, %s, %s)",
                [reaction, row.id, row.payload.number],
            )
        time.sleep(SECONDS_PER_EVENT)

    @reacts_to(Happened, name="killtest.single", since="beginning", limit=20)
    def single(row):
        note("single", row)

    @reacts_to(Happened, name="killtest.batch", since="beginning", batch=True, limit=20)
    def batch(rows):
        for row in rows:
            note("batch", row)

    return Happened


def main():
    django.setup()
    from journal import registry, runner

    registry._reactions.clear()
    declare()
    print("ready", flush=True)
    # Left alone (its parent died), it ends by itself.
    parent = os.getppid()
    while os.getppid() == parent:
        if not runner.run_all(seconds=5):
            time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
