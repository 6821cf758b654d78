"""A repair order with three lines: over HTTP through the domain, by the leanest DRF view, and its bare SQL."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg2
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import rows, views
from bench.client import Figures, measure, post
from bench.table import Row, one_in, rate
from core.clock import local_day
from customers.models import Vehicle
from dealership.embedded.postgres import programs
from stores.access import in_store
from stores.models import Store
from visits.models import Visit

CONNECTIONS = 16
ROUNDS = 2
AT_LEAST, MOST_STATEMENTS = 0.5, 15
# Keys that stand for variables while a statement is written out.
CUSTOMER, VEHICLE, VISIT, ORDER, LINE = range(987_650_000_000, 987_650_000_005)
NUMBER = "NUMBER-OF-THE-VISIT"


def create_rows(port: int, *, url: str, folder: Path, seconds: float) -> list[Row]:
    """Two rows: the domain beside the lean view, the lean view beside its SQL."""
    with in_store(Store.objects.get()):
        cars = _free_cars()
        counted = statements(next(cars))
        headers = {"X-Api-Key": settings.BENCH_KEY}
        domain, lean = Figures(), Figures()
        sides = (("/bench/lean", {}), ("/bench/create", headers))
        for address, given in sides:
            # Each thread's first request connects to the database and imports what it needs: not measured.
            warm = [post(address, body(next(cars)), headers=given) for _n in range(4 * CONNECTIONS)]
            measure(port, warm, connections=CONNECTIONS, seconds=5, expect=201)
        for _round in range(ROUNDS):
            for address, given in sides:
                requests = (post(address, body(car), headers=given) for car in cars)
                part = measure(port, requests, connections=CONNECTIONS, seconds=seconds / ROUNDS / 2, expect=201)
                if given:
                    domain += part
                else:
                    lean += part
        requests = (post("/bench/create", body(car), headers=headers) for car in cars)
        alone = measure(port, requests, connections=1, seconds=seconds / 4, expect=201)
        sql, how = _bare_sql(url, folder, cars, seconds / 2)
    return [
        Row(
            what=f"Creating a visit with three lines over HTTP; {counted} statements with BEGIN and COMMIT",
            measured=rate(domain.rate),
            p95=f"{alone.percentile(95):.1f} ms",
            baseline=f"leanest DRF view with the same rows {rate(lean.rate)}",
            ratio=one_in(domain.rate, lean.rate),
            aim=f"1/2, at most {MOST_STATEMENTS} statements",
            reached=domain.rate >= AT_LEAST * lean.rate and counted <= MOST_STATEMENTS,
        ),
        Row(
            what="The leanest DRF view, for scale",
            measured=rate(lean.rate),
            baseline=f"its SQL in {how} {rate(sql)}",
            ratio=one_in(lean.rate, sql),
        ),
    ]


def body(vehicle_id: int) -> bytes:
    said = {"vehicle": vehicle_id, "advisor": views.facts().advisor_id, "token": str(uuid4()), "lines": rows.LINES}
    return json.dumps(said).encode()


def _free_cars() -> Iterator[int]:
    """Cars that are not in the store, each once."""
    here = Visit.objects.filter(ended_at=None).values("vehicle_id")
    free = Vehicle.objects.exclude(pk__in=here).exclude(owner=None)
    return iter(list(free.order_by("pk").values_list("pk", flat=True)[:60_000]))


def statements(vehicle_id: int) -> int:
    """SQL statements of one create, those that begin and end its transaction among them."""
    client = Client(headers={"host": "localhost", "x-api-key": settings.BENCH_KEY})
    said = body(vehicle_id)
    with CaptureQueriesContext(connection) as seen:
        answer = client.post("/bench/create", said, content_type="application/json")
    if answer.status_code != 201:
        raise SystemExit(f"creating was answered {answer.status_code}: {answer.content[:300]}")
    return len(seen)


# --- The same SQL without Python -----------------------------------------------------------------------------------


def _bare_sql(url: str, folder: Path, cars: Iterator[int], seconds: float) -> tuple[float, str]:
    """Transactions per second of the lean view's statements, and what ran them."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_car (n bigserial PRIMARY KEY, id bigint NOT NULL)")
        cursor.execute("INSERT INTO bench_car (id) SELECT unnest(%s)", [[next(cars) for _n in range(25_000)]])
        cursor.execute("CREATE SEQUENCE bench_next")
        script = _script(cursor)
    program = programs() / "bin" / "pgbench"
    if program.exists():
        return _pgbench(program, script, url, folder, seconds), "pgbench"
    return _loop(script, url, seconds), "a psycopg2 loop (there is no pgbench here)"


def _script(cursor) -> list[str]:
    """The lean view's statements, written out from the same rows, with pgbench's variables."""
    facts = views.facts()
    visit = rows.visit(facts, number=NUMBER, customer_id=CUSTOMER, vehicle_id=VEHICLE)
    visit.pk = VISIT
    order = rows.order(facts, VISIT)
    order.pk = ORDER
    lines = [rows.line(facts, VISIT, position, said) for position, said in enumerate(rows.LINES, 1)]
    for place, line in enumerate(lines):
        line.pk = LINE + place
    parts = [rows.part(facts, line.pk, said["part"]) for line, said in zip(lines, rows.LINES, strict=True)]
    events = rows.events(facts, visit, order, lines)
    day = local_day("Asia/Shanghai")
    counter = cursor.mogrify(rows.COUNTER, [facts.store_id, day]).decode().replace("\n", " ")
    statements = [
        "SELECT v.id AS vehicle, v.owner_id AS customer FROM customers_vehicle v JOIN bench_car ON bench_car.id = v.id"
        " WHERE n = (SELECT nextval('bench_next'))",
        "BEGIN",
        counter,
        _insert(cursor, [visit]) + " RETURNING id AS visit",
        _insert(cursor, [order]) + " RETURNING id AS repair_order",
        f"WITH made AS ({_insert(cursor, lines)} RETURNING id), a AS (SELECT array_agg(id ORDER BY id) AS ids FROM made)"
        " SELECT ids[1] AS line_a, ids[2] AS line_b, ids[3] AS line_c FROM a",
        _insert(cursor, parts),
        _insert(cursor, events),
        "COMMIT",
    ]
    return [_with_variables(statement, day) for statement in statements]


def _insert(cursor, instances: list) -> str:
    """INSERT of model instances with their values written out; keys and what the database fills in are left away."""
    model = type(instances[0])
    fields = [field for field in model._meta.concrete_fields if field.name not in ("id", "epoch", "xid")]
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in instances
    ]
    marks = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(f'"{field.column}"' for field in fields)
    statement = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {", ".join([marks] * len(values))}'
    return cursor.mogrify(statement, [value for row in values for value in row]).decode()


def _with_variables(statement: str, day: date) -> str:
    """pgbench puts variables in by their text wherever they stand, an event's data included."""
    statement = statement.replace(f"'{NUMBER}'", f"('RO{day:%Y%m%d}-' || :last)")
    names = {CUSTOMER: "customer", VEHICLE: "vehicle", VISIT: "visit", ORDER: "repair_order"}
    names |= {LINE: "line_a", LINE + 1: "line_b", LINE + 2: "line_c"}
    for key, name in names.items():
        statement = statement.replace(str(key), f":{name}")
    return statement


def _pgbench(program: Path, script: list[str], url: str, folder: Path, seconds: float) -> float:
    lines = [
        f"{statement} \\gset" if " AS " in statement or "RETURNING" in statement else f"{statement};"
        for statement in script
    ]
    file = folder / "create.pgbench.sql"
    file.write_text("\n".join(lines) + "\n")
    clients = [f"--client={CONNECTIONS}", f"--jobs={min(2, os.cpu_count() or 1)}", f"--time={max(int(seconds), 2)}"]
    command = [program, "--no-vacuum", *clients, f"--file={file}", url.replace("postgres://", "postgresql://")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found:
        raise SystemExit(f"pgbench failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return float(found[1])


def _loop(script: list[str], url: str, seconds: float) -> float:
    """The same statements from Python, for where there is no pgbench."""
    done: list[int] = []

    def run() -> None:
        own = psycopg2.connect(url)
        own.autocommit = True
        count, until = 0, time.perf_counter() + seconds
        with own.cursor() as cursor:
            while time.perf_counter() < until:
                known: dict[str, object] = {}
                for statement in script:
                    cursor.execute(re.sub(r"(?<![:\w]):([a-z_]+)", r"%(\1)s", statement.replace("%", "%%")), known)
                    if cursor.description:
                        known |= dict(
                            zip((column.name for column in cursor.description), cursor.fetchone(), strict=True)
                        )
                count += 1
        own.close()
        done.append(count)

    threads = [threading.Thread(target=run) for _n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds
