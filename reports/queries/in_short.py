"""How stores stand, in a few figures for a home: of the last 90 days, each with its sample and interval."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q, Sum

from commitments.choices import State
from commitments.models import Measurement
from core import clock
from reports.choices import Dimension, Metric
from reports.models import NeverMissFinding, RollUp
from reports.queries import figures, periods
from reports.queries.figures import Figure
from reports.queries.sums import NOTHING
from stores.access import in_stores
from stores.models import Store
from surveys.statistics import Sample

METRICS = (Metric.CSI, Metric.NPS, Metric.LOW)


@dataclass(frozen=True)
class InShort:
    csi: Figure
    nps: Figure
    low: Figure
    promises: Figure  # published ones kept, of those decided
    missed: int  # violations of the five rules that stand


def in_short(store: Store) -> InShort:
    """`side_by_side` of one store: three queries."""
    return side_by_side([store])[store.pk]


def side_by_side(stores: Iterable[Store]) -> dict[int, InShort]:
    """{store id: figures}; three queries for each time zone, however many stores there are and however much lies behind them."""
    zones: dict[str, list[Store]] = defaultdict(list)
    for store in stores:
        zones[store.zone].append(store)
    found: dict[int, InShort] = {}
    for those in zones.values():
        with in_stores([store.pk for store in those]):
            found |= _of_one_zone(those)
    return found


def _of_one_zone(stores: list[Store]) -> dict[int, InShort]:
    today = clock.local_day(stores[0].tz)
    period = periods.preset(periods.LAST_90_DAYS, today)
    sums = {
        (store_id, metric): Sample(*counted)
        for store_id, metric, *counted in RollUp.objects.filter(
            period.rows(today), dimension=Dimension.STORE, metric__in=METRICS
        )
        .order_by()
        .values("store_id", "metric")
        .annotate(n_sum=Sum("n"), total_sum=Sum("total"), squares_sum=Sum("squares"))
        .values_list("store_id", "metric", "n_sum", "total_sum", "squares_sum")
    }
    begins = datetime.combine(period.since, time(), tzinfo=stores[0].tz)
    promised = {
        store_id: (kept, decided)
        for store_id, kept, decided in Measurement.objects.filter(
            started_at__gte=begins, state__in=[State.KEPT, State.BROKEN]
        )
        .order_by()
        .values_list("store_id")
        .annotate(kept=Count("id", filter=Q(state=State.KEPT)), decided=Count("id"))
    }
    missed = Counter(
        dict(
            NeverMissFinding.objects.filter(cleared_at=None).order_by().values_list("store_id").annotate(n=Count("id"))
        )
    )

    def of(store: Store) -> InShort:
        csi, nps, low = (sums.get((store.pk, metric.value), NOTHING) for metric in METRICS)
        return InShort(
            csi=figures.mean(csi),
            nps=figures.nps(nps),
            low=figures.share_of(low),
            promises=figures.share(*promised.get(store.pk, (0, 0))),
            missed=missed[store.pk],
        )

    return {store.pk: of(store) for store in stores}
