"""How long cars wait, and where most of it is lost. Everything is added up from the rows of `Wait`; minutes are those that count.

Medians and 90th percentiles come with n; a median's interval holds the true one in 95 of 100 cases whatever the shape of the times (it
runs between the values at ranks n/2 ± 0.98·√n).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from core import clock
from reports.choices import STANDARD_MINUTES, WaitKind
from reports.models import Wait, WaitStandard
from reports.queries.periods import Period
from stores.models import Store

WAITS = tuple(kind for kind in WaitKind if not kind.is_stage)
STAGES = tuple(kind for kind in WaitKind if kind.is_stage)
# Below this a 90th percentile is one car's story.
ENOUGH = 10


@dataclass(frozen=True)
class Times:
    """Of n waits that ended: minutes at the median, its interval and the 90th percentile; share and minutes above the standard."""

    n: int = 0
    median: float | None = None
    p90: float | None = None
    low: float | None = None
    high: float | None = None
    over: int = 0
    lost: float = 0.0

    @property
    def thin(self) -> bool:
        return self.n < ENOUGH

    @property
    def share_over(self) -> float | None:
        return self.over / self.n if self.n else None


@dataclass(frozen=True)
class Line:
    """One kind of wait in a period, and the cars that wait for it now."""

    kind: WaitKind
    standard: int
    times: Times
    lasting: int = 0
    oldest: datetime | None = None

    @property
    def longest(self) -> timedelta | None:
        return clock.now() - self.oldest if self.oldest else None


# The interval's ranks depend on n, so n is counted first and the percentiles are asked for within each group of one n.
_TIMES = """
WITH standard(kind, seconds) AS (SELECT * FROM unnest(%(kinds)s::text[], %(seconds)s::int[])),
     ended AS (
       SELECT {columns}, w.counted, s.seconds AS standard, count(*) OVER (PARTITION BY {parts}) AS n
       FROM reports_wait w JOIN standard s ON s.kind = w.kind
       WHERE w.store_id = %(store)s AND w.day BETWEEN %(since)s AND %(until)s AND w.ended_at IS NOT NULL)
SELECT {names}, n,
       percentile_cont(ARRAY[0.5, 0.9, greatest(0.5 - 0.98 / sqrt(n), 0), least(0.5 + 0.98 / sqrt(n), 1)])
         WITHIN GROUP (ORDER BY counted),
       count(*) FILTER (WHERE counted > standard), sum(greatest(counted - standard, 0))
FROM ended GROUP BY {names}, n
"""


# Names of what times are split by, each with its column.
_COLUMNS = {
    "kind": "w.kind",
    "weekday": "w.weekday",
    "hour": "w.hour",
    "on_day": "w.day",
    "on_week": "date_trunc('week', w.day)::date",
    "on_month": "date_trunc('month', w.day)::date",
}
# Up to so many days a trend has a point a day, then a point a week, beyond a year and a month a point a month.
DAYS_SINGLY, DAYS_BY_WEEK = 45, 400


def _times(store: Store, period: Period, kinds: Iterable[WaitKind], *key: str) -> dict[tuple, Times]:
    """Times by the given names of `_COLUMNS`."""
    given = standards(store)
    kinds = list(kinds)
    columns = ", ".join(f"{_COLUMNS[name]} AS {name}" for name in key)
    parts = ", ".join(_COLUMNS[name] for name in key)
    statement = _TIMES.format(columns=columns, parts=parts, names=", ".join(key))
    values = {
        "kinds": [kind.value for kind in kinds],
        "seconds": [given[kind] * 60 for kind in kinds],
        "store": store.pk,
        "since": period.since,
        "until": period.until,
    }
    with connection.cursor() as sql:
        sql.execute(statement, values)
        rows = sql.fetchall()
    found = {}
    for row in rows:
        n, shares, over, lost = row[len(key) :]
        median, p90, low, high = (float(value) / 60 for value in shares)
        found[row[: len(key)]] = Times(n, median, p90, low, high, over, float(lost) / 60)
    return found


def standards(store: Store) -> dict[WaitKind, int]:
    """Minutes each wait may take: the store's own, else the house's."""
    own = dict(WaitStandard.objects.filter(store=store).values_list("kind", "minutes"))
    return {kind: own.get(kind.value, STANDARD_MINUTES[kind]) for kind in WaitKind}


def ranking(store: Store, period: Period) -> list[Line]:
    """Every kind of wait and every stage, the one that lost most minutes first; kinds nobody waited for are left out."""
    times = _times(store, period, WaitKind, "kind")
    now: dict[str, tuple[int, datetime]] = {}
    for kind, began in Wait.objects.filter(ended_at=None).order_by("started_at").values_list("kind", "started_at"):
        count, oldest = now.get(kind, (0, began))
        now[kind] = (count + 1, oldest)
    given = standards(store)
    lines = [
        Line(kind, given[kind], times.get((kind.value,), Times()), *now.get(kind.value, (0, None)))
        for kind in WaitKind
        if (kind.value,) in times or kind.value in now
    ]
    return sorted(lines, key=lambda line: (-line.times.lost, -line.times.n, line.kind))


def line(store: Store, period: Period, kind: WaitKind) -> Line:
    return next(
        (row for row in ranking(store, period) if row.kind == kind), Line(kind, standards(store)[kind], Times())
    )


def heat(store: Store, period: Period, kind: WaitKind) -> dict[tuple[int, int], Times]:
    """{(weekday, hour): times} by when the wait began, on the store's clock; hours in which none began are left out."""
    return _times(store, period, [kind], "weekday", "hour")


def trend(store: Store, period: Period, kind: WaitKind) -> list[tuple[date, Times]]:
    """Times by day, week (its Monday) or month (its first day), as the period's length allows; those without a wait are left out."""
    part = "on_day" if period.days <= DAYS_SINGLY else "on_week" if period.days <= DAYS_BY_WEEK else "on_month"
    return sorted((day, times) for (day,), times in _times(store, period, [kind], part).items())


def stretches(
    kind: WaitKind, period: Period, *, weekday: int | None = None, hour: int | None = None, over: int | None = None
) -> QuerySet[Wait]:
    """The waits behind a figure with their cars, the longest first. `over`: only those above so many minutes."""
    where = Q(kind=kind.value, day__range=(period.since, period.until), ended_at__isnull=False)
    if weekday is not None:
        where &= Q(weekday=weekday)
    if hour is not None:
        where &= Q(hour=hour)
    if over is not None:
        where &= Q(counted__gt=over * 60)
    return Wait.objects.filter(where).select_related("visit__vehicle", "visit__advisor").order_by("-counted", "-pk")


def lasting(kind: WaitKind) -> QuerySet[Wait]:
    """Cars that wait now, the longest first."""
    return (
        Wait.objects.filter(kind=kind.value, ended_at=None)
        .select_related("visit__vehicle", "visit__advisor")
        .order_by("started_at", "pk")
    )
