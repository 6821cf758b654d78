"""Keeping the waits of visits in step with their journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import timedelta

from django.db import connection, transaction

from journal.models import Event
from reports.choices import ROUND_THE_CLOCK
from reports.models import Wait
from reports.waits import READERS, Row, Span, waits_of
from stores.calendar import Calendar
from stores.models import Store
from visits.models import Visit

SECOND = timedelta(seconds=1)


@transaction.atomic
def refresh(visit_ids: Collection[int], *, store: Store) -> int:
    """Read these visits' journal again and make their waits what it says; returns how many rows were written.

    The result depends on the journal alone, not on the order or number of calls: a late event, a repeated batch or a rebuild ends in the same
    rows. Two callers queue, so that the later one sees what the first one wrote.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(hashtext('reports.waits'), %s)", [store.pk])
    known = set(Visit.objects.filter(pk__in=visit_ids).values_list("pk", flat=True))
    journal = _journal_of(known)
    calendar = Calendar(store)
    wanted = {_key(row): row for visit_id in known for row in _rows(visit_id, journal[visit_id], store, calendar)}
    stale = []
    for row in Wait.objects.filter(visit_id__in=known):
        if _key(row) in wanted and _facts(wanted[_key(row)]) == _facts(row):
            del wanted[_key(row)]
        else:
            stale.append(row.pk)
    Wait.objects.filter(pk__in=stale).delete()
    Wait.objects.bulk_create(wanted.values(), batch_size=1000)
    return len(wanted)


def _journal_of(visit_ids: Collection[int]) -> dict[int, list[Row]]:
    rows = Event.objects.filter(visit_id__in=visit_ids, name__in=READERS).values_list(
        "visit_id", "at", "id", "name", "data"
    )
    found: dict[int, list[Row]] = defaultdict(list)
    for visit_id, *row in rows:
        found[visit_id].append(Row(*row))
    return found


def _rows(visit_id: int, rows: list[Row], store: Store, calendar: Calendar) -> Iterator[Wait]:
    for span in waits_of(rows):
        began = span.start.astimezone(calendar.zone)
        seconds, counted = _lengths(span, calendar)
        yield Wait(
            store=store,
            visit_id=visit_id,
            kind=span.kind.value,
            started_at=span.start,
            ended_at=span.end,
            seconds=seconds,
            counted=counted,
            day=began.date(),
            weekday=began.weekday(),
            hour=began.hour,
        )


def _lengths(span: Span, calendar: Calendar) -> tuple[int | None, int | None]:
    """Seconds of a wait that is over, and those that count against its standard."""
    if span.end is None:
        return None, None
    seconds = (span.end - span.start) // SECOND
    if span.kind in ROUND_THE_CLOCK:
        return seconds, seconds
    return seconds, min(calendar.between(span.start, span.end) // SECOND, seconds)


def _key(row: Wait) -> tuple:
    return row.visit_id, row.kind, row.started_at


def _facts(row: Wait) -> tuple:
    return row.ended_at, row.seconds, row.counted, row.day, row.hour
