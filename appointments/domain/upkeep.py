"""What the night does for the ledger: coming days are laid out before anybody asks, and follow what changed unsaid."""

from __future__ import annotations

from datetime import date, timedelta

from appointments.domain.holds import sweep
from appointments.domain.offering import opened
from appointments.domain.relay import relay
from core import clock
from stores.calendar import Calendar
from stores.models import Store

AHEAD = timedelta(days=60)
AT_ONCE = 7  # days laid out in one transaction


def keep_ledger(store: Store) -> None:
    """Throw away expired holds, lay out the open days of the next weeks, and settle what no longer fits where people or
    places were changed without `relay`."""
    sweep(store)
    today, calendar = clock.local_day(store.tz), Calendar(store)
    days = [today + timedelta(days=n) for n in range(AHEAD.days) if calendar.periods(today + timedelta(days=n))]
    for place in range(0, len(days), AT_ONCE):
        week: list[date] = days[place : place + AT_ONCE]
        opened(store, week[0], week[-1])
    relay(store)
