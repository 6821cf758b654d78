"""The CSI page over a million answers: how quickly it comes, what its sums save, and how fast they are kept.

The answers are made in the database, each with a visit of its own and its five factor scores, over the last 24 months; single questions are
left out. They reach the roll-ups as all answers do: through the journal and the product's reaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from itertools import cycle
from statistics import median

from django.conf import settings
from django.db import connection
from django.urls import reverse

from bench.client import Figures, get, measure
from bench.pages import session, statements
from bench.table import Row, one_in, rate
from core import clock
from dealership.demo import copying
from dealership.demo.load import finish_interrupted
from journal import registry, runner
from reports.choices import FACTOR, Dimension, Metric
from reports.queries.periods import LAST_24_MONTHS, preset
from reports.queries.sums import Sums, totals
from stores.access import in_store
from stores.models import Store
from surveys import queries as surveys
from surveys import seeds
from surveys.choices import FactorCode
from surveys.models import FactorScore, Response
from visits.models import Visit

CONNECTIONS, ROUNDS, WARM = 16, 2, 32
P95_MS, TIMES, EVENTS = 100, 20, 2000
REACTION = "reports.csi_answered"
TIMED = 5


def load(count: int, say: Callable[[str], None]) -> Row:
    """Make the answers and roll them up; the row says how fast the reaction was."""
    store = Store.objects.get()
    with in_store(store):
        if surveys.in_force() is None:
            seeds.seed(store)
        questionnaire = surveys.in_force()
        say(f"… {count:,} answers")
        with _loading(), connection.cursor() as sql:
            for statement in _statements(store, questionnaire, count):
                sql.execute(statement)
    say("… rolling them up")
    handled, seconds = _roll_up()
    with connection.cursor() as sql:
        sql.execute("VACUUM ANALYZE reports_rollup, surveys_response, surveys_factorscore, visits_visit")
    return Row(
        what="Reaction: answers into roll-ups by day and month, six ways to split them",
        measured=f"{rate(handled / seconds)} events ({handled:,} in {seconds:.0f} s)",
        aim=f"{EVENTS:,}/s",
        reached=handled / seconds >= EVENTS,
    )


@contextmanager
def _loading():
    """Constraints and indexes of the two large tables come back afterwards, which checks every row."""
    copying.set_aside([Response._meta.db_table, FactorScore._meta.db_table])
    with connection.cursor() as sql:
        # Visits and events are copies of rows that passed their constraints.
        sql.execute("SET session_replication_role = replica")
        sql.execute("SET synchronous_commit = off")
    yield
    with connection.cursor() as sql:
        sql.execute("RESET session_replication_role")
        sql.execute("RESET synchronous_commit")
    finish_interrupted(lambda *_progress: None)


def _statements(store: Store, questionnaire, count: int) -> list[str]:
    """SQL that makes visits, answers, factor scores and events, in this order."""
    first_visit, first_answer = copying.reserve(Visit, count), copying.reserve(Response, count)
    weights = {factor.code: factor.weight for factor in surveys.factors(questionnaire)}
    codes = FactorCode.values
    scores = ", ".join(
        f"least(10, greatest(1, base + {0.8 - 0.3 * n:.1f} + {_noise()}))::numeric(4,2) AS {code}"
        for n, code in enumerate(codes)
    )
    csi = " + ".join(f"{weights[code]} * {code}" for code in codes)
    own = {
        "id": f"{first_visit} + i",
        "number": "'BENCH-' || i",
        "request_token": "NULL",
        "stage": "'closed'",
        "source": "''",
        "opened_at": "at - interval '9 hours'",
        "due_in_at": "CASE WHEN i % 10 < 6 THEN at - interval '8 hours' END",
        "arrived_at": "at - interval '8 hours'",
        "promised_at": "at - interval '2 hours'",
        "first_promised_at": "at - interval '2 hours'",
        "ready_at": "at - interval '2 hours' + CASE WHEN late THEN interval '40 minutes' ELSE interval '-10 minutes' END",
        "handed_over_at": "at - interval '1 hour'",
        "released_at": "at",
        "ended_at": "at + interval '3 days'",
        "next_update_due_at": "NULL",
        "end_reason": "''",
        "origin": "'demo'",
        "round": "CASE WHEN i % 13 = 0 THEN 2 ELSE 1 END",
    }
    columns = [field.column for field in Visit._meta.concrete_fields]
    visits = ", ".join(own.get(column, f"like_it.{column}") for column in columns)
    return [
        """CREATE UNLOGGED TABLE bench_like AS SELECT row_number() OVER () - 1 AS place, v.* FROM visits_visit v
            WHERE released_at IS NOT NULL AND advisor_id IS NOT NULL ORDER BY id LIMIT 20000""",
        f"""CREATE UNLOGGED TABLE bench_answer AS
            SELECT *, least(10, greatest(0, round(base + 0.6 + {_noise()})))::int AS nps,
                   least(10, greatest(1, round(base + {_noise()})))::int AS overall, {scores}
              FROM (SELECT i, at, late, 8.5 - CASE WHEN late THEN 1.0 ELSE 0 END + {_noise()} AS base
                      FROM (SELECT i, random() < 0.15 AS late,
                                   now() - interval '1 day' - i * interval '729 days' / {count} AS at
                              FROM generate_series(0, {count - 1}) i) AS raw) AS based""",
        f"""INSERT INTO visits_visit ({", ".join(columns)}) SELECT {visits} FROM bench_answer
              JOIN bench_like like_it ON like_it.place = i % (SELECT count(*) FROM bench_like)""",
        f"""INSERT INTO surveys_response (id, store_id, visit_id, questionnaire_id, channel, at, csi, overall, nps, problem,
                   low, comment, advisor_id, released_at, origin)
            SELECT {first_answer} + i, {store.pk}, {first_visit} + i, {questionnaire.pk},
                   CASE WHEN i % 5 < 2 THEN 'phone' ELSE 'link' END, a.at + interval '30 hours', round({csi}, 1), overall, nps,
                   overall < 5, overall < 7 OR nps < 7, '', v.advisor_id, a.at, 'demo'
              FROM bench_answer a JOIN visits_visit v ON v.id = {first_visit} + i""",
        f"""INSERT INTO surveys_factorscore (store_id, response_id, code, score)
            SELECT {store.pk}, {first_answer} + i, code, score FROM bench_answer,
                   LATERAL (VALUES {", ".join(f"('{code}', {code})" for code in codes)}) AS f (code, score)""",
        f"""INSERT INTO journal_event (store_id, name, subject_kind, subject_id, visit_id, actor_kind, actor_code, at, data, origin)
            SELECT {store.pk}, 'surveys.answered', 'surveys.response', r.id, visit_id, 'system', 'bench', r.at,
                   jsonb_build_object('response_id', r.id, 'channel', channel, 'released_on',
                       (released_at AT TIME ZONE '{store.zone}')::date, 'low', low, 'csi', csi::text, 'nps', r.nps,
                       'overall', r.overall, 'problem', problem, 'advisor_id', advisor_id, 'factors',
                       jsonb_build_object({", ".join(f"'{code}', {code}::text" for code in codes)})), 'demo'
              FROM surveys_response r JOIN bench_answer a ON r.id = {first_answer} + a.i ORDER BY r.at""",
        "DROP TABLE bench_like, bench_answer",
    ]


def _noise() -> str:
    """Something like a normal distribution of spread 1, as SQL."""
    return "((random() + random() + random() + random() - 2) * 1.7)::numeric"


def _roll_up() -> tuple[int, float]:
    runner.ensure_cursors()
    reaction, handled, started = registry.reaction(REACTION), 0, time.perf_counter()
    while True:
        outcome = runner.run(reaction, raising=True)
        handled += outcome.handled
        if not outcome.more:
            return handled, time.perf_counter() - started


# --- Figures -------------------------------------------------------------------------------------------------------


def rows(port: int, *, count: int, seconds: float) -> list[Row]:
    """The page, and its sums beside the same sums over the raw rows."""
    return [_page(port, count, seconds), _sums(count)]


def _page(port: int, count: int, seconds: float) -> Row:
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session('manager')}"}
    here = reverse("reports:csi")
    paths = [
        f"{here}{query}"
        for query in ("", "?period=24m", "?period=90d", "?period=30d", "?part=channel:link", "?show=nps")
    ]
    requests, bare_requests = cycle([get(path, headers=cookie) for path in paths]), cycle([get("/bench/bare")])
    measure(port, [next(requests) for _n in range(WARM)], connections=CONNECTIONS, seconds=20)
    page, bare = Figures(), Figures()
    for _round in range(ROUNDS):
        bare += measure(port, bare_requests, connections=CONNECTIONS, seconds=seconds / 4)
        page += measure(port, requests, connections=CONNECTIONS, seconds=seconds / 2)
    alone = measure(port, requests, connections=1, seconds=seconds)
    bare_alone = measure(port, bare_requests, connections=1, seconds=seconds / 4)
    p95 = alone.percentile(95)
    return Row(
        what=f"CSI page over {count:,} answers, five periods and parts in turn; {statements(paths, cookie)} statements",
        measured=rate(page.rate),
        p95=f"{p95:.1f} ms, median {alone.percentile(50):.1f} ms (bare view {bare_alone.percentile(95):.1f} ms)",
        baseline=f"bare Django JSON view {rate(bare.rate)}",
        ratio=one_in(page.rate, bare.rate),
        aim=f"p95 under {P95_MS} ms",
        reached=p95 < P95_MS,
    )


def _sums(count: int) -> Row:
    """All sums of 24 months from the roll-ups, and from the raw rows, proven equal."""
    store = Store.objects.get()
    with in_store(store):
        today = clock.local_day(store.tz)
        period = preset(LAST_24_MONTHS, today)
        kept, quick = _timed(lambda: totals(period, today=today), TIMED)
        raw, slow = _timed(lambda: _raw(store, period), 2)
    _prove(kept, raw)
    return Row(
        what=f"All sums of the CSI page over 24 months, {count:,} answers",
        measured=f"{quick * 1000:.1f} ms",
        baseline=f"the same from answers, factor scores, visits and cars {slow * 1000:,.0f} ms",
        ratio=one_in(quick, slow),
        aim=f"1/{TIMES}",
        reached=quick * TIMES <= slow,
    )


def _timed(do: Callable, times: int):
    """(result, median seconds) after a first, unmeasured time."""
    do()
    taken = []
    for _n in range(times):
        started = time.perf_counter()
        result = do()
        taken.append(time.perf_counter() - started)
    return result, median(taken)


_PARTS = {
    Dimension.ADVISOR: "r.advisor_id::text",
    Dimension.CHANNEL: "r.channel",
    Dimension.ARRIVAL: "CASE WHEN v.due_in_at IS NULL THEN 'walk_in' ELSE 'booked' END",
    Dimension.PROMISE: "CASE WHEN v.first_promised_at IS NULL OR v.ready_at IS NULL THEN 'none'"
    " WHEN v.ready_at <= v.first_promised_at THEN 'kept' ELSE 'broken' END",
    Dimension.REWORK: "CASE WHEN v.round > 1 THEN 'again' ELSE 'straight' END",
    Dimension.POWERTRAIN: "c.powertrain",
}
_FROM = """FROM surveys_response r JOIN visits_visit v ON v.id = r.visit_id JOIN customers_vehicle c ON c.id = v.vehicle_id"""
_WHERE = "WHERE r.store_id = %(store)s AND r.released_at >= %(since)s AND r.released_at < %(until)s"
_VALUES = {
    Metric.CSI: "r.csi",
    Metric.OVERALL: "r.overall",
    Metric.NPS: "CASE WHEN r.nps > 8 THEN 1 WHEN r.nps < 7 THEN -1 ELSE 0 * r.nps END",
    Metric.LOW: "r.low::int",
    Metric.PROBLEM: "r.problem::int",
}


def _raw(store: Store, period) -> Sums:
    """What `totals` gives of answers, aggregated from the rows themselves: one pass over the answers, one over the factor scores."""
    days = {
        "store": store.pk,
        "since": f"{period.since} 00:00 {store.zone}",
        "until": f"{period.until} 24:00 {store.zone}",
    }
    keys = ", ".join(f"({expression}) AS {name.value}" for name, expression in _PARTS.items())
    names = [name.value for name in _PARTS]
    found = []
    with connection.cursor() as sql:
        sums = ", ".join(
            f"count({value}), sum({value}), sum({value}::numeric * {value})"
            for value in ("csi", "overall", "nps", "low", "problem")
        )
        values = ", ".join(f"({expression}) AS {metric.value}" for metric, expression in _VALUES.items())
        sets = ", ".join(["()", *(f"({name})" for name in names)])
        sql.execute(
            f"SELECT {', '.join(names)}, grouping({', '.join(names)}), {sums} FROM (SELECT {keys}, {values} {_FROM} {_WHERE}) AS a"
            f" GROUP BY GROUPING SETS ({sets})",
            days,
        )
        found += _unfold(sql.fetchall(), names, ["csi", "overall", "nps", "low", "problem"])
        sets = ", ".join(["(code)", *(f"(code, {name})" for name in names)])
        sql.execute(
            f"SELECT code, {', '.join(names)}, grouping({', '.join(names)}), count(score), sum(score), sum(score * score)"
            f" FROM (SELECT {keys}, f.code, f.score {_FROM} JOIN surveys_factorscore f ON f.response_id = r.id {_WHERE}) AS a"
            f" GROUP BY GROUPING SETS ({sets})",
            days,
        )
        for code, *row in sql.fetchall():
            found += _unfold([row], names, [FACTOR + code])
    return Sums(found)


def _unfold(rows, names: list[str], metrics: list[str]):
    """Rows of grouping sets as (dimension, key, metric, n, total, squares); the grouping bits say which column is set."""
    for row in rows:
        bits, values = row[len(names)], row[len(names) + 1 :]
        own = [place for place in range(len(names)) if not bits >> (len(names) - 1 - place) & 1]
        dimension, key = (names[own[0]], row[own[0]]) if own else (Dimension.STORE.value, "")
        for place, metric in enumerate(metrics):
            yield dimension, key, metric, *values[3 * place : 3 * place + 3]


def _prove(kept: Sums, raw: Sums) -> None:
    """Both ways give the same sums: a quick wrong figure is none."""
    metrics = [metric.value for metric in _VALUES] + [FACTOR + code for code in FactorCode.values]
    for dimension in (Dimension.STORE, *_PARTS):
        for metric in metrics:
            if kept.parts(dimension, metric) != raw.parts(dimension, metric):
                raise SystemExit(
                    f"{dimension} {metric}: {kept.parts(dimension, metric)} is not {raw.parts(dimension, metric)}"
                )
