"""Adding up roll-ups: one query for everything of a period, one for its course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Sum
from django.db.models.functions import TruncMonth, TruncQuarter, TruncWeek

from reports.choices import Dimension, Step
from reports.models import RollUp
from reports.queries.periods import Period
from surveys.statistics import Sample

NOTHING = Sample(0, 0, 0)
Parts = dict[str, Sample]


class Sums:
    """Everything counted in a period: `sums.of("csi")` of the store, `sums.parts("advisor", "csi")` by key."""

    def __init__(self, rows: Iterable[tuple]):
        self._parts: dict[tuple[str, str], Parts] = defaultdict(dict)
        for dimension, key, metric, n, total, squares in rows:
            self._parts[dimension, metric][key] = Sample(n, total, squares)

    def of(self, metric: str, dimension: str = Dimension.STORE, key: str = "") -> Sample:
        return self._parts.get((dimension, metric), {}).get(key, NOTHING)

    def parts(self, dimension: str, metric: str) -> Parts:
        return self._parts.get((dimension, metric), {})

    def keys(self, dimension: str) -> set[str]:
        return {key for (known, _metric), parts in self._parts.items() if known == dimension for key in parts}

    def __bool__(self) -> bool:
        return bool(self._parts)


def totals(period: Period, *, today: date, dimensions: Iterable[str] = Dimension.values) -> Sums:
    """Sums of a period in the scope's store."""
    rows = RollUp.objects.filter(period.rows(today), dimension__in=list(dimensions))
    return Sums(
        rows.values_list("dimension", "key", "metric")
        .annotate(Sum("n"), Sum("total"), Sum("squares"))
        .order_by()
        .values_list("dimension", "key", "metric", "n__sum", "total__sum", "squares__sum")
    )


TRUNCATED = {Step.WEEK: TruncWeek, Step.MONTH: TruncMonth, Step.QUARTER: TruncQuarter}


def course(
    period: Period,
    metrics: Iterable[str],
    *,
    step: Step,
    today: date,
    dimension: str = Dimension.STORE,
    key: str = "",
) -> dict[date, dict[str, Sample]]:
    """{first day of the step: {metric: sums}} of one part, in the order of time; steps without a row are left out."""
    # A week may lie in two months; months and quarters are made of months' rows.
    rows = period.single_days() if step == Step.WEEK else period.rows(today)
    found: dict[date, dict[str, Sample]] = defaultdict(dict)
    for first, metric, *sums in (
        RollUp.objects.filter(rows, dimension=dimension, key=key, metric__in=list(metrics))
        .annotate(step=TRUNCATED[step]("day"))
        .values_list("step", "metric")
        .annotate(Sum("n"), Sum("total"), Sum("squares"))
        .order_by("step")
        .values_list("step", "metric", "n__sum", "total__sum", "squares__sum")
    ):
        found[first][metric] = Sample(*sums)
    return dict(found)
