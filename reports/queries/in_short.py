"""How the store stands, in a few figures for a home: of the last 90 days, each with its sample and interval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from commitments.queries import summary
from core import clock
from reports.choices import Dimension, Metric
from reports.queries import figures, periods
from reports.queries.figures import Figure
from reports.queries.findings import open_findings
from reports.queries.sums import totals
from stores.access import in_store
from stores.models import Store


@dataclass(frozen=True)
class InShort:
    csi: Figure
    nps: Figure
    low: Figure
    promises: Figure  # published ones kept, of those decided
    missed: int  # violations of the five rules that stand


def in_short(store: Store) -> InShort:
    """Three queries, however much the store has behind it."""
    today = clock.local_day(store.tz)
    period = periods.preset(periods.LAST_90_DAYS, today)
    begins = datetime.combine(period.since, time(), tzinfo=store.tz)
    with in_store(store):
        sums = totals(period, today=today, dimensions=[Dimension.STORE])
        promised = summary(store, begins, clock.now())
        missed = open_findings().order_by().count()
    kept = sum(row.kept for row in promised)
    return InShort(
        csi=figures.mean(sums.of(Metric.CSI)),
        nps=figures.nps(sums.of(Metric.NPS)),
        low=figures.share_of(sums.of(Metric.LOW)),
        promises=figures.share(kept, kept + sum(row.broken for row in promised)),
        missed=missed,
    )
