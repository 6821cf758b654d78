"""The nightly run in a process of its own, for the test that kills it: `python -m tests.outreach.night_process STORE NIGHT BATCH`.

Each reminder takes a moment longer than it needs, so that most of its life is spent inside an open batch.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import django

SECONDS_PER_REMINDER = 0.002


def main(store: int, day: date, batch: int) -> None:
    django.setup()
    from outreach.domain import night, planning
    from stores.models import Store

    make = planning._task

    def slowly(*args):
        time.sleep(SECONDS_PER_REMINDER)
        return make(*args)

    planning._task, night.REMINDED, night.CARS = slowly, batch, batch * 20
    found = Store.objects.get(pk=store)
    print("ready", flush=True)
    night.run_night(found, day)


if __name__ == "__main__":
    main(int(sys.argv[1]), date.fromisoformat(sys.argv[2]), int(sys.argv[3]))
