"""When customers are left in peace. The repair itself may write at any time: a person waits for his car."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from customers.choices import Purpose
from stores.models import Store

# [default] no reminders, offers or surveys in the evening and at night, in the store's zone
BEGINS, ENDS = time(20, 30), time(9, 0)


def wait_until(store: Store, purpose: Purpose | str, at: datetime) -> datetime | None:
    """The moment from which a message of this purpose may leave, or None if it may leave at `at`."""
    if purpose == Purpose.SERVICE:
        return None
    local = at.astimezone(store.tz)
    if ENDS <= local.time() < BEGINS:
        return None
    day = local.date() + timedelta(days=local.time() >= BEGINS)
    return datetime.combine(day, ENDS, tzinfo=store.tz)
