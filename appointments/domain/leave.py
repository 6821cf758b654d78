"""Somebody is away: the leave and what it does to the bookings are one change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from appointments.domain.relay import Hit, relay
from core import clock
from core.actors import Actor, HasActor
from stores import domain as stores
from stores.choices import LeaveKind
from stores.models import Leave, Staff


@transaction.atomic
def take_leave(
    staff: Staff,
    *,
    start: datetime,
    end: datetime,
    kind: LeaveKind | str = LeaveKind.LEAVE,
    note: str = "",
    by: Actor | HasActor,
) -> tuple[Leave, list[Hit]]:
    """Enter a leave; the bookings it hits get a stand-in or are displaced. Errors of `stores.take_leave`."""
    leave = stores.take_leave(staff, start=start, end=end, kind=kind, note=note, by=by)
    return leave, relay(staff.store, _days(leave), by=by)


@transaction.atomic
def end_leave(leave: Leave, *, by: Actor | HasActor) -> None:
    """Call a leave off; its time can be booked again."""
    days, store = _days(leave), leave.store
    stores.end_leave(leave, by=by)
    relay(store, days, by=by)


def _days(leave: Leave) -> list[date]:
    zone = leave.store.tz
    first, last = clock.local_day(zone, leave.during.lower), clock.local_day(zone, leave.during.upper)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
