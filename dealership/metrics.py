"""`/metrics`: what an operator watches, in the words of Prometheus.

Every figure is read from the database or the broker when it is asked for, so it is the same whichever process answers, and nothing is
counted twice or lost with a worker. A part that cannot be read is left out and named in `aftersale_metrics_up`; the others still come.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_scopes import scopes_disabled
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core import clock
from dealership.celery import app as celery
from journal import queries as journal
from messaging import queries as messaging

log = structlog.get_logger(__name__)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for who sends `Authorization: Bearer $METRICS_TOKEN`. Without a token set, production has no such page; a
    development machine, which answers to itself only, shows it."""
    if not settings.METRICS_TOKEN:
        if settings.PRODUCTION:
            return HttpResponse(status=404)
    elif not secrets.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_TOKEN}".encode()
    ):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return HttpResponse(encode(registry), content_type=content_type)


class Figures(Collector):
    """All parts, each on its own."""

    def collect(self) -> Iterator[Metric]:
        works = GaugeMetricFamily(
            "aftersale_metrics_up", "1 while this part of the metrics can be read.", labels=["part"]
        )
        for name, part in PARTS.items():
            try:
                figures = list(part())
            except Exception as error:  # noqa: BLE001 - one part's failure, of any kind, must not hide the others
                log.warning("metrics_part_failed", part=name, error=type(error).__name__)
                works.add_metric([name], 0)
                continue
            works.add_metric([name], 1)
            yield from figures
        yield works


def _gauge(name: str, words: str, rows: Iterable[tuple[list[str], float]], labels: list[str]) -> Metric:
    gauge = GaugeMetricFamily(f"aftersale_{name}", words, labels=labels)
    for values, figure in rows:
        gauge.add_metric(values, figure)
    return gauge


def _single(name: str, words: str, figure: float) -> Metric:
    return GaugeMetricFamily(f"aftersale_{name}", words, value=figure)


def _journal() -> Iterator[Metric]:
    lags = journal.lag()
    by = ["reaction"]
    yield _gauge(
        "journal_lag_events",
        f"Events a reaction has not digested; counts up to {journal.LAG_COUNTED}.",
        [([lag.reaction], lag.events) for lag in lags],
        by,
    )
    yield _gauge(
        "journal_lag_seconds",
        "Age of the oldest event a reaction has not digested.",
        [([lag.reaction], lag.age.total_seconds()) for lag in lags],
        by,
    )
    yield _gauge(
        "journal_set_aside",
        "Events a reaction could not digest and that are not settled.",
        [([lag.reaction], lag.set_aside) for lag in lags],
        by,
    )


def _database() -> Iterator[Metric]:
    # A transaction left open holds every reader of the journal back.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM max(now() - xact_start)), 0), count(*) "
            "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        oldest, sessions = cursor.fetchone()
    yield _single("database_longest_transaction_seconds", "Age of the oldest open transaction.", float(oldest))
    yield _single("database_sessions", "Other connections to the database.", sessions)


def _outbox() -> Iterator[Metric]:
    with scopes_disabled():
        outbox = messaging.outbox()
    yield _gauge(
        "outbox_messages",
        "Messages that have not reached their end, by state.",
        [([status], count) for status, count in outbox.by_status.items()],
        ["status"],
    )
    yield _single("outbox_due", "Messages whose time to be sent has come.", outbox.due)
    age = (clock.now() - outbox.oldest_due).total_seconds() if outbox.oldest_due else 0
    yield _single("outbox_oldest_due_seconds", "How long the oldest due message has waited past its time.", age)


def _queue() -> Iterator[Metric]:
    queue = settings.CELERY_TASK_DEFAULT_QUEUE
    with celery.connection_for_read() as broker:
        channel = broker.default_channel
        # Declaring makes nothing in Redis. (Asking passively looks for the key without its prefix, and never finds it.)
        waiting = channel.queue_declare(queue).message_count
        taken = channel.client.hlen(channel.unacked_key)
    yield _gauge("queue_depth", "Tasks waiting for a worker.", [([queue], waiting)], ["queue"])
    yield _single("queue_taken", "Tasks a worker has taken and not finished.", taken)


PARTS: dict[str, Callable[[], Iterable[Metric]]] = {
    "journal": _journal,
    "database": _database,
    "outbox": _outbox,
    "queue": _queue,
}
