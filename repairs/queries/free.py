"""When a technician or a bay has time: gaps between planned jobs, in the store's business hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.clock import local_day
from repairs.models import LIVE, Job
from repairs.queries.jobs import of_technician
from stores.calendar import Calendar
from stores.models import Store

Span = tuple[datetime, datetime]

# Nobody plans further ahead on the board; past it, time counts as open.
HORIZON_DAYS = 14
GRID = timedelta(minutes=5)


def business_spans(store: Store, after: datetime, *, days: int = HORIZON_DAYS) -> list[Span]:
    """The store's opening periods from `after` on, for so many days, in order; none for a store without hours."""
    first, calendar = local_day(store.zone, after), Calendar(store)
    spans = []
    for offset in range(days):
        for opens, closes in calendar.periods(first + timedelta(days=offset)):
            if closes > after:
                spans.append((max(opens, after), closes))
    return spans


def end_after(spans: list[Span], start: datetime, work: timedelta) -> datetime:
    """When `work` of business time that begins at `start` is over; straight through where the hours are not known."""
    left = work
    for opens, closes in spans:
        if closes <= start:
            continue
        begin = max(opens, start)
        if closes - begin >= left:
            return begin + left
        left -= closes - begin
        start = closes
    return start + left


def first_gap(spans: list[Span], busy: Iterable[Span], *, after: datetime, work: timedelta) -> Span:
    """The earliest (start, end) from `after` on in which `work` fits without touching a busy span.

    The start lies inside opening hours and on a five-minute mark; the end follows from the hours (a lunch break or a
    night in between does not count as work, but stays taken).
    """
    taken = sorted(busy)
    start = _into_hours(spans, _round_up(after))
    while True:
        end = end_after(spans, start, work)
        clash = next((span for span in taken if span[0] < end and span[1] > start), None)
        if clash is None:
            return start, end
        start = _into_hours(spans, _round_up(max(clash[1], start + GRID)))


def busy_spans(jobs: Iterable[Job]) -> list[Span]:
    return [(job.planned.lower, job.planned.upper) for job in jobs]


def plan_of(technician, *, after: datetime, but: Job | None = None) -> list[Span]:
    """What a technician is planned for from `after` on, as lead or helper, and when he is away."""
    rows = Job.objects.filter(of_technician(technician), state__in=LIVE, planned__endswith__gt=after)
    if but is not None and but.pk:
        rows = rows.exclude(pk=but.pk)
    return busy_spans(rows.only("planned")) + leave_spans(technician, after=after)


def leave_spans(person, *, after: datetime) -> list[Span]:
    """When somebody is away; reads `person.leaves.all()`."""
    return [(row.during.lower, row.during.upper) for row in person.leaves.all() if row.during.upper > after]


def _into_hours(spans: list[Span], at: datetime) -> datetime:
    for opens, closes in spans:
        if at < closes:
            return max(opens, at)
    return at


def _round_up(at: datetime) -> datetime:
    over = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at + GRID - over if over else at
