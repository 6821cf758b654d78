"""The SQL of the lean booking, run by pgbench: what the database alone can do with these rows."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

from django.db import connection, models

from appointments import domain as appointments
from appointments.domain import Wish
from appointments.models import Appointment, AppointmentItem
from bench import rows
from bench.booking import CODE, CONNECTIONS, MINUTES
from bench.table import Row, rate
from core.clock import local_day
from dealership.embedded.postgres import programs
from journal.models import Event
from messaging.models import Message
from stores.access import in_store
from stores.models import Store
from visits.models import Visit, VisitLink

# Seats laid out for it, far behind every other booking; as many for each time as technicians and bays can follow.
WEEKS, FIRST_WEEK, EACH_TIME = 4, 12, 30


def row(url: str, folder: Path, seconds: float) -> Row:
    """For scale: the statements of one booking without Python."""
    made = transactions(url, folder, seconds / 2)
    return Row(what="The SQL of a booking in pgbench, for scale", measured=rate(made) if made else "no pgbench here")


def transactions(url: str, folder: Path, seconds: float) -> float:
    """Bookings per second that pgbench makes with the statements of the lean view; 0 where there is no pgbench."""
    program = programs() / "bin" / "pgbench"
    if not program.exists():
        return 0
    store = Store.objects.get(code=CODE)
    with in_store(store):
        _seats(store)
        script = _script(store)
    file = folder / "booking.pgbench.sql"
    file.write_text("\n".join(script) + "\n")
    clients = [f"--client={CONNECTIONS}", f"--jobs={min(2, os.cpu_count() or 1)}", f"--time={max(int(seconds), 2)}"]
    command = [program, "--no-vacuum", *clients, f"--file={file}", url.replace("postgres://", "postgresql://")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found:
        raise SystemExit(f"pgbench failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return float(found[1])


def _seats(store: Store) -> None:
    """A table of free seats with their buckets and a car each, and a sequence that gives each of them out once."""
    first = _first_day(store)
    for week in range(WEEKS):
        appointments.offers(store, Wish(), first=first + timedelta(days=7 * week), days=7)
    with connection.cursor() as sql:
        sql.execute(
            """
            CREATE TABLE bench_seat AS
            WITH free AS (
                SELECT b.*, row_number() OVER (PARTITION BY b.resource, b.starts_at ORDER BY b.id) AS place
                  FROM appointments_bucket b
                  JOIN appointments_ledgerday d ON d.id = b.ledger_day_id
                 WHERE b.store_id = %(store)s AND d.day >= %(first)s AND b.booked = 0
                   AND b.resource IN ('advisor', 'parking')),
            cars AS (
                SELECT id, owner_id, row_number() OVER (ORDER BY id) AS place
                  FROM customers_vehicle WHERE store_id = %(store)s AND owner_id IS NOT NULL)
            SELECT row_number() OVER (ORDER BY seat.starts_at, seat.place) AS n,
                   seat.key AS advisor, quote_literal(seat.starts_at) AS starts, quote_literal(seat.ends_at) AS ends,
                   seat.id AS seat, space.id AS space, tech.id AS tech, lift.id AS lift, cars.id AS vehicle, cars.owner_id AS customer
              FROM free seat
              JOIN free space ON space.resource = 'parking' AND space.starts_at = seat.starts_at AND space.place = seat.place
              JOIN appointments_bucket tech ON tech.store_id = seat.store_id AND tech.resource = 'technician' AND tech.key = 'mechanical'
                   AND tech.starts_at <= seat.starts_at AND tech.ends_at > seat.starts_at
              JOIN appointments_bucket lift ON lift.store_id = seat.store_id AND lift.resource = 'bay' AND lift.key = 'lift'
                   AND lift.starts_at <= seat.starts_at AND lift.ends_at > seat.starts_at
              JOIN cars ON cars.place = seat.place
             WHERE seat.resource = 'advisor' AND seat.place <= %(most)s""",
            {"store": store.pk, "first": first, "most": EACH_TIME},
        )
        sql.execute("CREATE UNIQUE INDEX ON bench_seat (n)")
        sql.execute("CREATE SEQUENCE bench_seat_next")
        sql.execute("ANALYZE bench_seat")


def _first_day(store: Store) -> date:
    return local_day(store.tz) + timedelta(days=7 * FIRST_WEEK)


def _script(store: Store) -> list[str]:
    """One transaction, copied from the rows that the domain left of its last booking."""
    booked = Appointment._base_manager.filter(store=store, channel="api").latest("pk")
    day = local_day("Asia/Shanghai")
    number = f"'RO{day:%Y%m%d}-' || lpad(:last::text, 4, '0')"
    moment = {"visit_id": ":visit"}
    visit = {
        "number": number,
        "customer_id": ":customer",
        "vehicle_id": ":vehicle",
        "advisor_id": ":advisor",
        "due_in_at": ":starts",
        "request_token": "gen_random_uuid()",
    }
    appointment = {**moment, "advisor_id": ":advisor", "during": "tstzrange(:starts, :ends)"}
    link = {**moment, "token_hash": "md5(random()::text) || md5(random()::text)"}
    message = {"visit_ref": ":visit", "dedupe_key": "gen_random_uuid()::text"}
    claims = ", ".join(
        f"({store.pk}, :{bucket}, 'booked', 'booking', {amount}, :booking)"
        for bucket, amount in (("seat", 1), ("space", 1), ("tech", MINUTES), ("lift", MINUTES))
    )
    with connection.cursor() as cursor:
        counter = cursor.mogrify(rows.COUNTER, [store.pk, day]).decode().replace("\n", " ")
    return [
        "SELECT * FROM bench_seat WHERE n = (SELECT nextval('bench_seat_next')) \\gset",
        "BEGIN;",
        f"{counter} \\gset",
        _like(Visit, f"id = {booked.visit_id}", visit) + " RETURNING id AS visit \\gset",
        _like(Appointment, f"id = {booked.pk}", appointment) + " RETURNING id AS booking \\gset",
        _like(AppointmentItem, f"appointment_id = {booked.pk}", {"appointment_id": ":booking"}) + ";",
        "INSERT INTO appointments_claim (store_id, bucket_id, side, source, amount, appointment_id) VALUES "
        + claims
        + ";",
        _like(VisitLink, f"visit_id = {booked.visit_id}", link) + ";",
        _like(Message, f"visit_ref = {booked.visit_id}", message) + ";",
        _like(Event, f"visit_id = {booked.visit_id}", moment) + ";",
        "COMMIT;",
    ]


def _like(model: type[models.Model], where: str, changed: dict[str, str]) -> str:
    """INSERT of copies of rows, with other SQL in some columns."""
    columns = [field.column for field in model._meta.concrete_fields if field.name not in ("id", "epoch", "xid")]
    values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} FROM "{model._meta.db_table}" WHERE {where}'
