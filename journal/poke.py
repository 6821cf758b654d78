"""The poke on commit that makes reactions quick. It is a courtesy: the sweep every few seconds is the guarantee.

A request never waits for the broker and never fails with it: committing only sets a flag, and one background thread per process sends the
task. Pokes that come while one is being sent melt into the next.
"""

import logging
import os
import threading
import time
from contextlib import contextmanager

from celery import current_app
from django.conf import settings
from django.db import connection, transaction

logger = logging.getLogger(__name__)

# Commits within this time share one task.
TOGETHER_SECONDS = 0.03
# After a failure the broker is left alone for a while.
PAUSE_SECONDS = 5.0
TIMEOUT_SECONDS = 1.0
# A poke that no worker took is stale: the sweep has been there.
EXPIRES_SECONDS = 10

TASK = "journal.tasks.run_reactions"


class _Bell:
    """One daemon thread that turns rings into tasks. A process that forks gets its own on the first ring."""

    def __init__(self):
        self._rung = threading.Event()
        self._start = threading.Lock()
        self._thread = None
        self._stopped = False
        self.failures = 0

    def ring(self):
        self._rung.set()
        if self._thread is None:
            with self._start:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._serve, name="journal-poke", daemon=True)
                    self._thread.start()

    def stop(self):
        """End the thread (tests)."""
        self._stopped = True
        self._rung.set()
        if self._thread is not None:
            self._thread.join()

    def _serve(self):
        broker = None
        while not self._stopped:
            self._rung.wait()
            time.sleep(TOGETHER_SECONDS)
            # Cleared before sending: a commit during the send rings again.
            self._rung.clear()
            if self._stopped:
                break
            try:
                broker = broker or _connect()
                current_app.send_task(TASK, connection=broker, retry=False, expires=EXPIRES_SECONDS, ignore_result=True)
            except Exception as error:  # noqa: BLE001 - whatever the broker says, the sweep will do it
                self.failures += 1
                logger.warning("poke failed, the sweep will do it: %s", error)
                broker = _close(broker)
                time.sleep(PAUSE_SECONDS)
        _close(broker)


def _connect():
    """A connection of the thread's own that gives up at once instead of trying for ever."""
    options = {
        **(current_app.conf.broker_transport_options or {}),
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "socket_timeout": TIMEOUT_SECONDS,
        "max_retries": 0,
        "retry_on_timeout": False,
    }
    return current_app.connection_for_write(transport_options=options)


def _close(broker):
    if broker is not None:
        try:
            broker.release()
        except Exception:
            logger.debug("closing the broker connection failed", exc_info=True)


_bell = _Bell()
_quiet = threading.local()


def _new_bell():
    global _bell
    _bell = _Bell()


os.register_at_fork(after_in_child=_new_bell)


def ring():
    """Ask for the reactions to run soon. Costs microseconds and cannot fail."""
    _bell.ring()


def after_commit():
    """Ring once when the current transaction commits."""
    if not getattr(settings, "JOURNAL_POKE", True) or getattr(_quiet, "on", False):
        return
    # A callback registered in a savepoint that was rolled back is gone from this list, so looking is right and a flag would not be.
    if not any(callback is ring for _sids, callback, _robust in connection.run_on_commit):
        transaction.on_commit(ring, robust=True)


@contextmanager
def quiet():
    """No poke from within: the runner reads on by itself until nothing is left."""
    before, _quiet.on = getattr(_quiet, "on", False), True
    try:
        yield
    finally:
        _quiet.on = before
