"""When a million cars are due: every car computed, beside one INSERT … SELECT that leaves the same rows; only those with news,
beside every car; and the reminders of a night, beside the bare inserting of such rows.

A store of its own in the run's database, filled by SQL: cars of twenty models with an owner each, three readings, mostly one
visit with a service.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection, transaction

from bench.table import Row, one_in, rate
from core import clock
from customers.models import Vehicle
from dealership.opening import open_full_store
from messaging.models import Message
from outreach.choices import Phase
from outreach.domain import due, night
from outreach.models import DueCar, NightRun, Task
from stores.access import in_store
from stores.models import Store

SLOWER, FASTER = 2, 20
CHANGED = 100  # one car in so many has news
# Of a hundred owners so many agreed to reminders.
AGREE = 60
# Compared in this order with its copy; what names the moment or the row itself differs.
RESULT = 'vehicle_id, due_on, "by", operation_id, base_on, base_km, last_on, last_km, km_rate, rate_from, released_on'


def rows(*, cars: int, say: Callable[[str], None]) -> list[Row]:
    store = open_full_store(code="bench-outreach", name_zh="测试店", name_en="Bench")
    today = clock.local_day(store.tz)
    with in_store(store):
        say(f"… {cars:,} cars with readings and visits")
        fill(store, today, cars)
        say("… when they are due")
        full = _full(store, today)
        single = _one_statement(store)
        _prove_equal(cars)
        changed, some = _changed(store, today, cars)
        made, planning = _reminders(store, today)
        bare = _bare(store)
    return [
        Row(
            what=f"Nightly due run, every one of {cars:,} cars, in batches of {night.CARS:,}",
            measured=f"{full:.1f} s ({rate(cars / full)} cars)",
            baseline=f"one INSERT … SELECT that leaves the same rows {single:.1f} s",
            ratio=f"{full / single:.2f}× its time",
            aim=f"at most {SLOWER}× its time",
            reached=full <= SLOWER * single,
        ),
        Row(
            what=f"The same with news of {changed:,} cars ({100 / CHANGED:.0f} %)",
            measured=f"{some:.2f} s",
            baseline=f"every car {full:.1f} s",
            ratio=one_in(some, full),
            aim=f"1/{FASTER}",
            reached=some * FASTER <= full,
        ),
        Row(
            what=f"Reminders of a night: {made:,} planned, with message, reasons and journal",
            measured=f"{planning:.1f} s ({rate(made / planning)} reminders)",
            baseline=f"INSERT … SELECT of the same messages and reminders {bare:.1f} s",
            ratio=f"{planning / bare:.1f}× its time",
        ),
    ]


# --- The three runs -----------------------------------------------------------------------------------------------------


def _full(store: Store, today: date) -> float:
    """Seconds of the first night until every car is computed."""
    night.begin(store, today)
    started = time.perf_counter()
    while NightRun.objects.get(night=today).phase == Phase.FULL:
        night.run_batch(store, today)
    return time.perf_counter() - started


def _one_statement(store: Store) -> float:
    """Seconds of one INSERT … SELECT over all cars, into an empty table with the same keys, indexes and checks."""
    with connection.cursor() as sql:
        _twin(sql, "outreach_duecar", "bench_due")
        kinds = list(Vehicle.objects.values_list("brand", "model").distinct().order_by())
        values = due.parameters(store, kinds) | {"after": 0, "upto": 2**62}
        started = time.perf_counter()
        with transaction.atomic():
            sql.execute(f"INSERT INTO bench_due ({due.COLUMNS}) {due.select(of_range=True)}", values)
        return time.perf_counter() - started


def _prove_equal(cars: int) -> None:
    """Both left the same rows: figures of work that was not done are none."""
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT (SELECT count(*) FROM outreach_duecar), (SELECT count(*) FROM (SELECT {RESULT} FROM outreach_duecar"
            f" INTERSECT SELECT {RESULT} FROM bench_due) AS same)"
        )
        counted, same = sql.fetchone()
    if (counted, same) != (cars, cars):
        raise SystemExit(f"{cars} cars gave {counted} rows, {same} of them as the one statement has them")


def _changed(store: Store, today: date, cars: int) -> tuple[int, float]:
    """(cars, seconds) of a night after one car in a hundred was read again."""
    while night.run_batch(store, today) and NightRun.objects.get(night=today).phase != Phase.MAINTENANCE:
        pass
    # Vacuumed as it would be by the evening.
    with connection.cursor() as sql:
        sql.execute("VACUUM ANALYZE outreach_duecar")
        sql.execute(
            'INSERT INTO customers_odometerreading (store_id, vehicle_id, km, "on", source, reason)'
            " SELECT store_id, id, 90000, %s, 'reception', '' FROM customers_vehicle"
            " WHERE store_id = %s AND id %% %s = 0 RETURNING vehicle_id",
            [today - timedelta(days=1), store.pk, CHANGED],
        )
        news = [pk for (pk,) in sql.fetchall()]
    due.mark_changed(store.pk, news)
    tomorrow = today + timedelta(days=1)
    NightRun.objects.create(
        store=store, night=tomorrow, rules_digest=due.rules_digest(store), started_at=clock.now(), moved_at=clock.now()
    )
    started = time.perf_counter()
    while NightRun.objects.get(night=tomorrow).phase == Phase.CHANGED:
        night.run_batch(store, tomorrow)
    seconds = time.perf_counter() - started
    if DueCar.objects.filter(dirty=True).exists() or DueCar.objects.filter(last_km=90000).count() != len(news):
        raise SystemExit("the news were not taken in")
    return len(news), seconds


def _reminders(store: Store, today: date) -> tuple[int, float]:
    """(reminders, seconds) of what falls due tomorrow night."""
    tomorrow = today + timedelta(days=1)
    started = time.perf_counter()
    night.run_night(store, tomorrow)
    seconds = time.perf_counter() - started
    made, written = Task.objects.count(), Message.objects.filter(template__in=("maintenance_due", "win_back")).count()
    if not made or made != written:
        raise SystemExit(f"{made} reminders have {written} messages")
    return made, seconds


def _bare(store: Store) -> float:
    """Seconds of inserting the same messages and reminders once more, from a table into its empty twin."""
    seconds = 0.0
    with connection.cursor() as sql:
        for table, where in (("messaging_message", "purpose = 'marketing'"), ("outreach_task", "true")):
            _twin(sql, table, f"bench_{table}")
            started = time.perf_counter()
            with transaction.atomic():
                sql.execute(
                    f"INSERT INTO bench_{table} OVERRIDING SYSTEM VALUE SELECT * FROM {table} WHERE store_id = %s AND {where}",
                    [store.pk],
                )
            seconds += time.perf_counter() - started
    return seconds


def _twin(sql, table: str, name: str) -> None:
    """An empty table like another: columns, defaults, checks, indexes, and its foreign keys."""
    sql.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
    sql.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass", [table]
    )
    for (definition,) in sql.fetchall():
        sql.execute(f"ALTER TABLE {name} ADD {definition}")


# --- Filling ------------------------------------------------------------------------------------------------------------

_CUSTOMERS = """
    INSERT INTO customers_customer (store_id, kind, name, name_pinyin, name_initials, gender, phone, email, wechat_openid,
        language, preferred_channel, preferred_hours, note, created_at)
    SELECT %(store)s, 'person', '车主' || n, '', '', 'unknown', '15' || lpad(n::text, 9, '0'), '', '', 'zh-hans', 'sms', '', '',
        now() FROM generate_series(1, %(cars)s) n ORDER BY n"""
_CONSENTS = """
    INSERT INTO customers_consent (store_id, customer_id, purpose, channel, allowed, evidence, at)
    SELECT store_id, id, 'marketing', 'sms', true, '', now() FROM customers_customer
     WHERE store_id = %(store)s AND id %% 100 < %(agree)s"""
_VEHICLES = """
    INSERT INTO customers_vehicle (store_id, vin, plate, plate_kind, brand, model, colour, engine_no, powertrain, owner_id,
        invoice_date, created_at)
    SELECT store_id, '', 'B' || right(phone, 9), 'ordinary', '品牌' || id %% 5, '车型' || id %% 20, '', '',
        (ARRAY['petrol', 'petrol', 'petrol', 'hybrid', 'electric'])[1 + id %% 5], id,
        %(today)s::date - (200 + (id * 7919) %% 1600)::int, now()
      FROM customers_customer WHERE store_id = %(store)s ORDER BY id"""
_READINGS = """
    INSERT INTO customers_odometerreading (store_id, vehicle_id, km, "on", source, reason)
    SELECT v.store_id, v.id, (20 + (v.id * 31) %% 40) * (600 - 190 * n) + (v.id * n) %% 500,
        %(today)s::date - (5 + 190 * n + (v.id * 13) %% 150)::int, 'import', ''
      FROM customers_vehicle v CROSS JOIN generate_series(0, 2) n WHERE v.store_id = %(store)s ORDER BY v.id, n DESC"""
_VISITS = """
    INSERT INTO visits_visit (store_id, number, customer_id, vehicle_id, stage, stage_since, version, origin, source,
        source_number, opened_at, mileage_in, waiting, round, released_at, ended_at, end_reason)
    SELECT store_id, 'B' || id, owner_id, id, 'closed', at, 1, 'import', 'bench', id::text, at,
        (20 + (id * 31) %% 40) * 600, false, 1, at, at, ''
      FROM (SELECT *, %(today)s::date - (5 + (id * 13) %% 150)::int + time '12:00' AS at FROM customers_vehicle
             WHERE store_id = %(store)s AND id %% 10 < 8) AS v ORDER BY v.id"""
_LINES = """
    INSERT INTO orders_line (store_id, visit_id, position, kind, origin, operation_id, title, concern, cause, correction,
        pay_type, hours, hour_rate, discount, labour, material, risk, consent_state, declined_reason, work, created_at)
    SELECT store_id, id, 1, 'job', 'import', %(operation)s, '保养', '', '', '', 'customer', 0.6, 220, 0, 132, 300 + id %% 90, '',
        'approved', '', 'open', released_at FROM visits_visit WHERE store_id = %(store)s AND id %% 4 < 3 ORDER BY id"""


def fill(store: Store, today: date, cars: int) -> None:
    """Cars and their history. Foreign keys are not asked meanwhile: each row is made from the row it points to."""
    values = {
        "store": store.pk,
        "cars": cars,
        "today": today,
        "agree": AGREE,
        "operation": next(
            rule.operation_id for rule in due.rules(store) if rule.powertrain == "petrol" and rule.has_first
        ),
    }
    with connection.cursor() as sql:
        sql.execute("SET session_replication_role = replica")
        for statement in (_CUSTOMERS, _CONSENTS, _VEHICLES, _READINGS, _VISITS, _LINES):
            sql.execute(statement, values)
        sql.execute("SET session_replication_role = DEFAULT")
        for table in ("customers_customer", "customers_consent", "customers_vehicle", "customers_odometerreading"):
            sql.execute(f"VACUUM ANALYZE {table}")
        sql.execute("VACUUM ANALYZE visits_visit")
        sql.execute("VACUUM ANALYZE orders_line")
