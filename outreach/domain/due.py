"""When the cars of a store are due, computed for thousands at once inside the database: what `outreach.forecast` says in
words, said in SQL. A test holds the two against each other over random histories.

Nothing is kept but the result: readings, visits and rules are the truth, so a car can be computed anew at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import connection

from catalogue.models import MaintenanceRule
from core import clock
from outreach import forecast
from outreach.forecast import Plan, Rule
from stores.models import Store

# Cars: those of a range of ids, or those listed. The first is what a full run walks over, the second what changed.
_RANGE = "v.id > %(after)s AND v.id <= %(upto)s"
_LISTED = "v.id = ANY(%(cars)s)"

# reading → day: one figure a day. day → pt: within the window, since the newest meter. pt → slope: all pairs 30 days apart.
_DUE = """
WITH kind AS (
    SELECT * FROM unnest(%(brands)s::text[], %(models)s::text[], %(drives)s::text[], %(op)s::bigint[], %(km)s::int[],
        %(months)s::int[], %(op1)s::bigint[], %(km1)s::int[], %(months1)s::int[])
        AS k (brand, model, drive, op, km, months, op1, km1, months1)
), car AS MATERIALIZED (
    SELECT v.id, v.brand, v.model, v.invoice_date,
           CASE WHEN v.powertrain NOT IN ('', 'unknown') THEN v.powertrain
                WHEN v.plate_kind = 'new_energy' THEN 'electric' ELSE 'petrol' END AS drive
      FROM customers_vehicle v WHERE v.store_id = %(store)s AND {cars}
), day AS (
    SELECT r.vehicle_id, r."on", bool_or(r.source = 'replaced') AS fresh,
           coalesce(max(r.km) FILTER (WHERE r.source = 'replaced'), max(r.km)) AS km
      FROM customers_odometerreading r
     WHERE r.store_id = %(store)s AND r.vehicle_id {of_cars}
     GROUP BY r.vehicle_id, r."on"
), marked AS (
    SELECT vehicle_id, "on", km, max("on") OVER (PARTITION BY vehicle_id) AS newest,
           max("on") FILTER (WHERE fresh) OVER (PARTITION BY vehicle_id) AS meter_on FROM day
), pt AS MATERIALIZED (
    SELECT vehicle_id, "on", km, "on" = newest AS is_last FROM marked
     WHERE "on" >= (newest - interval '{window} months')::date AND ("on" >= meter_on OR meter_on IS NULL)
), slope AS (
    SELECT a.vehicle_id,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY (b.km - a.km)::float8 / (b."on" - a."on")) AS median
      FROM pt a JOIN pt b ON b.vehicle_id = a.vehicle_id AND b."on" - a."on" >= {apart}
     GROUP BY a.vehicle_id
), stay AS (
    -- LIMIT keeps this a look-up per visit: as EXISTS it is answered by reading every line of the store, once per batch
    SELECT v.id, v.vehicle_id, v.released_at, v.mileage_in, service.done IS NOT NULL AS served
      FROM visits_visit v
      LEFT JOIN LATERAL (SELECT true AS done FROM orders_line l WHERE l.store_id = v.store_id AND l.visit_id = v.id
             AND l.operation_id = ANY(%(services)s) AND l.consent_state = 'approved' LIMIT 1) service ON true
     WHERE v.store_id = %(store)s AND v.vehicle_id {of_cars} AND v.released_at IS NOT NULL
), here AS (
    SELECT vehicle_id, max(released_at) AS released_at, max(released_at) FILTER (WHERE served) AS serviced_at,
           (array_agg(mileage_in ORDER BY released_at DESC, id DESC))[1] AS released_km,
           (array_agg(mileage_in ORDER BY released_at DESC, id DESC) FILTER (WHERE served))[1] AS serviced_km
      FROM stay GROUP BY vehicle_id
), known AS (
    SELECT car.id, car.brand, car.model, car.drive,
           pt."on" AS read_on, pt.km AS read_km, slope.median,
           (here.released_at AT TIME ZONE %(zone)s)::date AS released_on,
           coalesce((coalesce(here.serviced_at, here.released_at) AT TIME ZONE %(zone)s)::date, car.invoice_date) AS base_on,
           CASE WHEN here.serviced_at IS NOT NULL THEN here.serviced_km
                WHEN here.released_at IS NOT NULL THEN here.released_km
                WHEN car.invoice_date IS NOT NULL THEN 0 END AS base_km,
           here.released_at IS NULL AS first,
           CASE WHEN slope.median IS NOT NULL THEN 'readings'
                WHEN pt."on" - car.invoice_date >= {apart} THEN 'invoice'
                WHEN own.km_rate IS NOT NULL THEN 'model'
                WHEN everyone.km_rate IS NOT NULL THEN 'store' ELSE 'default' END AS rate_from,
           CASE WHEN slope.median IS NOT NULL THEN round(slope.median::numeric, 2)
                WHEN pt."on" - car.invoice_date >= {apart}
                    THEN round((pt.km::float8 / (pt."on" - car.invoice_date))::numeric, 2)
                ELSE coalesce(own.km_rate, everyone.km_rate, {usual}) END AS km_rate
      FROM car
      LEFT JOIN pt ON pt.vehicle_id = car.id AND pt.is_last
      LEFT JOIN slope ON slope.vehicle_id = car.id
      LEFT JOIN here ON here.vehicle_id = car.id
      LEFT JOIN outreach_pace own ON own.store_id = %(store)s AND own.brand = car.brand AND own.model = car.model
            AND (own.brand, own.model) <> ('', '')
      LEFT JOIN outreach_pace everyone ON everyone.store_id = %(store)s AND (everyone.brand, everyone.model) = ('', '')
), paced AS (
    SELECT id, known.brand, known.model, known.drive, read_on, read_km, released_on, base_on, base_km, rate_from,
           least(greatest(km_rate, {slowest}), {fastest}) AS km_rate,
           CASE WHEN first THEN kind.op1 ELSE kind.op END AS op,
           CASE WHEN first THEN kind.km1 ELSE kind.km END AS km,
           CASE WHEN first THEN kind.months1 ELSE kind.months END AS months
      FROM known LEFT JOIN kind
        ON kind.brand = known.brand AND kind.model = known.model AND kind.drive = known.drive
), both_ways AS (
    SELECT *,
           -- least and greatest pass over what is unknown, so it is asked before
           CASE WHEN base_km + km IS NOT NULL THEN coalesce(read_on, base_on)
                + least(greatest(floor((base_km + km - coalesce(read_km, base_km)) / km_rate), -{farthest}), {farthest})::int
           END AS by_km,
           (base_on + make_interval(months => months))::date AS by_time
      FROM paced
)
SELECT %(store)s::bigint AS store_id, id AS vehicle_id, CASE WHEN base_on IS NOT NULL THEN least(by_km, by_time) END AS due_on,
       CASE WHEN base_on IS NULL OR (by_km IS NULL AND by_time IS NULL) THEN ''
            WHEN by_time IS NULL OR by_km < by_time THEN 'km' ELSE 'time' END AS "by",
       CASE WHEN base_on IS NOT NULL AND (by_km IS NOT NULL OR by_time IS NOT NULL) THEN op END AS operation_id,
       base_on, base_km, read_on AS last_on, read_km AS last_km, km_rate, rate_from, released_on,
       %(now)s::timestamptz AS computed_at, false AS dirty
  FROM both_ways
"""

COLUMNS = (
    'store_id, vehicle_id, due_on, "by", operation_id, base_on, base_km, last_on, last_km, km_rate, rate_from, released_on,'
    " computed_at, dirty"
)
_RESULT = (
    "due_on",
    '"by"',
    "operation_id",
    "base_on",
    "base_km",
    "last_on",
    "last_km",
    "km_rate",
    "rate_from",
    "released_on",
)
# A row that comes out as it was is not written again.
_UPSERT = f"""
INSERT INTO outreach_duecar AS known ({COLUMNS}) {{select}} ORDER BY vehicle_id
ON CONFLICT (vehicle_id) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in _RESULT)},
    computed_at = excluded.computed_at{{clean}}
WHERE {{always}}({", ".join(f"known.{c}" for c in _RESULT)}) IS DISTINCT FROM ({", ".join(f"excluded.{c}" for c in _RESULT)})
"""


def rules(store: Store) -> list[Rule]:
    """The store's maintenance rules whose operation is still done."""
    rows = MaintenanceRule.objects.filter(store=store, operation__active=True).order_by("pk")
    fields = ("pk", "operation_id", "brand", "model", "powertrain", "km", "months", "first_km", "first_months")
    return [Rule(**row) for row in rows.values(*fields)]


def rules_digest(store: Store) -> str:
    """Changes with every rule: then all cars are computed anew."""
    return hashlib.sha256(repr(rules(store)).encode()).hexdigest()


def compute_range(store: Store, *, after: int, limit: int) -> tuple[int | None, int]:
    """Compute the next `limit` cars behind the id `after`; returns the last id (None: no car is left) and how many.

    A car's mark that it has news stays: the news may be younger than what this statement sees.
    """
    with connection.cursor() as sql:
        sql.execute(
            "SELECT max(id), count(*) FROM"
            " (SELECT id FROM customers_vehicle WHERE store_id = %s AND id > %s ORDER BY id LIMIT %s) AS next",
            [store.pk, after, limit],
        )
        upto, count = sql.fetchone()
        if upto is None:
            return None, 0
        values = parameters(store, _kinds(sql, store, after, upto)) | {"after": after, "upto": upto}
        sql.execute(_UPSERT.format(select=select(of_range=True), clean="", always=""), values)
    return upto, count


def compute_changed(store: Store, *, after: int, limit: int) -> tuple[int | None, int]:
    """Compute the next cars with news behind the id `after`, and take their mark away; as `compute_range`.

    The rows are locked first and read by a second statement: news that comes in meanwhile waits, and marks them again.
    """
    with connection.cursor() as sql:
        sql.execute(
            "SELECT vehicle_id FROM outreach_duecar WHERE store_id = %s AND dirty AND vehicle_id > %s"
            " ORDER BY vehicle_id LIMIT %s FOR UPDATE",
            [store.pk, after, limit],
        )
        cars = [pk for (pk,) in sql.fetchall()]
        if not cars:
            return None, 0
        sql.execute(
            "SELECT DISTINCT brand, model FROM customers_vehicle WHERE store_id = %s AND id = ANY(%s)", [store.pk, cars]
        )
        values = parameters(store, sql.fetchall()) | {"cars": cars}
        sql.execute(
            _UPSERT.format(select=select(of_range=False), clean=", dirty = false", always="known.dirty OR "), values
        )
    return cars[-1], len(cars)


def mark_changed(store_id: int, vehicle_ids: Sequence[int]) -> None:
    """Note that there is news of these cars; the next night computes them anew."""
    with connection.cursor() as sql:
        sql.execute(
            'INSERT INTO outreach_duecar AS known (store_id, vehicle_id, "by", rate_from, dirty)'
            " SELECT store_id, id, '', '', true FROM customers_vehicle WHERE store_id = %s AND id = ANY(%s) ORDER BY id"
            " ON CONFLICT (vehicle_id) DO UPDATE SET dirty = true WHERE NOT known.dirty",
            [store_id, sorted(set(vehicle_ids))],
        )


def refresh_pace(store: Store) -> None:
    """Median km a day by model from the cars that were read often enough (`forecast.median_pace`), and a mark on every car
    that lives from such a figure or should."""
    with connection.cursor() as sql:
        sql.execute("DELETE FROM outreach_pace WHERE store_id = %s", [store.pk])
        sql.execute(
            """
            INSERT INTO outreach_pace (store_id, brand, model, km_rate, cars)
            SELECT %(store)s, coalesce(v.brand, ''), coalesce(v.model, ''),
                   round((percentile_cont(0.5) WITHIN GROUP (ORDER BY d.km_rate::float8))::numeric, 2), count(*)
              FROM outreach_duecar d JOIN customers_vehicle v ON v.id = d.vehicle_id
             WHERE d.store_id = %(store)s AND d.rate_from = 'readings'
             GROUP BY GROUPING SETS ((v.brand, v.model), ())
            HAVING count(*) >= %(least)s AND (grouping(v.brand) = 1 OR (v.brand, v.model) <> ('', ''))
            """,
            {"store": store.pk, "least": forecast.LEAST_CARS},
        )
        sql.execute(
            "UPDATE outreach_duecar SET dirty = true"
            " WHERE store_id = %s AND rate_from IN ('model', 'store', 'default') AND NOT dirty",
            [store.pk],
        )


# --- What the statement is made of -------------------------------------------------------------------------------------


def select(*, of_range: bool) -> str:
    """The SELECT with one row per car, in the order of `COLUMNS`; its parameters are those of `parameters`, and the range
    (`after`, `upto`) or the list (`cars`)."""
    return _DUE.format(
        cars=_RANGE if of_range else _LISTED,
        of_cars="> %(after)s AND vehicle_id <= %(upto)s" if of_range else "= ANY(%(cars)s)",
        window=forecast.WINDOW_MONTHS,
        apart=forecast.APART_DAYS,
        usual=forecast.USUAL,
        slowest=forecast.SLOWEST,
        fastest=forecast.FASTEST,
        farthest=forecast.FARTHEST_DAYS,
    )


def parameters(store: Store, kinds: Sequence[tuple[str, str]]) -> dict:
    """Parameters of the statement for cars of these (brand, model): the service each kind is called in for is chosen in
    Python, once per kind, by `forecast.plan_for`."""
    known = rules(store)
    drives = sorted({rule.powertrain for rule in known if rule.powertrain} | _DRIVES)
    plans = [
        (brand, model, drive, forecast.plan_for(known, brand=brand, model=model, powertrain=drive))
        for brand, model in kinds
        for drive in drives
    ]
    return {
        "store": store.pk,
        "zone": store.zone,
        "now": clock.now(),
        "services": sorted({rule.operation_id for rule in known}),
        "brands": [brand for brand, *_rest in plans],
        "models": [model for _brand, model, *_rest in plans],
        "drives": [drive for *_kind, drive, _plan in plans],
        **_columns([plan for *_kind, plan in plans]),
    }


_DRIVES = {"petrol", "diesel", "hybrid", "plug_in", "electric"}


def _columns(plans: Sequence[Plan]) -> dict[str, list]:
    regular, first = [plan.regular for plan in plans], [plan.first for plan in plans]
    return {
        "op": [i and i.operation_id for i in regular],
        "km": [i and i.km for i in regular],
        "months": [i and i.months for i in regular],
        "op1": [i and i.operation_id for i in first],
        "km1": [i and i.km for i in first],
        "months1": [i and i.months for i in first],
    }


def _kinds(sql, store: Store, after: int, upto: int) -> list[tuple[str, str]]:
    sql.execute(
        "SELECT DISTINCT brand, model FROM customers_vehicle WHERE store_id = %s AND id > %s AND id <= %s",
        [store.pk, after, upto],
    )
    return sql.fetchall()
