"""For tests: run every reaction now, and see a failure as a failure."""

import time
from contextlib import contextmanager

from django.db import connection

from journal import events, queries, registry, runner

WAIT_SECONDS = 5.0


def drain() -> int:
    """Run all reactions until nothing is left; returns how many events were handled. A handler's error comes out.

    Works inside a plain `db` test, whose transaction never commits (its own events are admitted), and in a transactional one, where it waits
    for transactions and runners of other connections to end.
    """
    handled = runner.run_all(seconds=60, raising=True)
    if not connection.in_atomic_block:
        deadline = time.monotonic() + WAIT_SECONDS
        while queries.has_uncertain() or runner.behind():
            assert time.monotonic() < deadline, (
                "an open transaction of another connection holds the journal's readers back"
            )
            time.sleep(0.01)
            handled += runner.run_all(seconds=60, raising=True)
    return handled


@contextmanager
def only_reactions():
    """Within the block no reactions exist but those registered inside it; also forgets the events declared inside."""
    reactions, known = dict(registry._reactions), dict(events._events)
    registry._reactions.clear()
    try:
        yield
    finally:
        registry._reactions.clear()
        registry._reactions.update(reactions)
        events._events.clear()
        events._events.update(known)


def assert_tellable(evt) -> None:
    """The event survives storing and reading, and its sentence can be said."""
    data = events.to_data(evt)
    assert events.from_data(evt.event_name, data) == evt
    assert events.sentence(evt.event_name, data)
