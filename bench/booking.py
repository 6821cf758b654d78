"""Booking: the free slots of a week in a full ledger, and bookings over HTTP beside the leanest view that leaves the same rows.

A store of its own in the run's database: 50 advisors, 50 technicians, 50 bays, 50 parking spaces, and 20,000 bookings of
half an hour of work each in the ledger of the coming weeks.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import domain as appointments
from appointments.choices import ClaimSource, Resource, ServiceKind, Side
from appointments.domain import Item, Wish
from appointments.models import Appointment, AppointmentItem, Bucket, Claim
from bench.client import Figures, measure, post
from bench.table import Row, one_in, rate
from core import clock
from core.stages import Stage
from customers.models import Customer, Vehicle
from dealership.opening import open_full_store
from stores.access import in_store
from stores.choices import BayKind, RoleCode, Skill
from stores.models import Bay, ParkingSpace, Qualification, Role, Staff, Store, User
from visits.models import Visit

CODE, DESK = "bench-booking", "bench-desk"
PEOPLE, BOOKINGS, A_DAY, MINUTES = 50, 20_000, 550, 30
WEEK, TIMES, CONNECTIONS, ROUNDS = 7, 60, 8, 2
SLOTS_MS, AT_LEAST = 50, 0.5
ITEM = Item(ServiceKind.MAINTENANCE, minutes=MINUTES)


def load(say: Callable[[str], None]) -> Store:
    """The store with its people and its full ledger."""
    store = open_full_store(code=CODE, name_zh="测试店", name_en="Bench")
    with in_store(store):
        _people(store)
        first, filled, day = clock.local_day(store.tz), 0, 0
        while filled < BOOKINGS:
            day += 1
            # A day at a time: rows that are written over and over are cleared away only between transactions.
            with transaction.atomic():
                filled += _book_day(store, first + timedelta(days=day), filled)
            if day in (1, 3, 10):
                _analyze()
        say(f"… {filled:,} bookings on {day} days")
    _analyze()
    return store


def _analyze() -> None:
    with connection.cursor() as sql:
        sql.execute("ANALYZE")


def _people(store: Store) -> None:
    roles = {role.code: role for role in Role.objects.all()}
    for code in (RoleCode.ADVISOR, RoleCode.TECHNICIAN):
        users = User.objects.bulk_create(User(username=f"{CODE}-{code}-{n}", is_active=False) for n in range(PEOPLE))
        people = Staff.objects.bulk_create(
            Staff(store=store, user=user, role=roles[code], name=f"员工{n}", employee_no=f"{code}{n}")
            for n, user in enumerate(users)
        )
        if code == RoleCode.TECHNICIAN:
            Qualification.objects.bulk_create(
                Qualification(store=store, staff=person, skill=Skill.MECHANICAL) for person in people
            )
    desk = User.objects.create(username=DESK)
    Staff.objects.create(store=store, user=desk, role=roles[RoleCode.BOOKING_DESK], name="预约", employee_no=DESK)
    ParkingSpace.objects.bulk_create(ParkingSpace(store=store, code=f"A{n:02d}") for n in range(PEOPLE))
    Bay.objects.bulk_create(Bay(store=store, code=f"L{n:02d}", kind=BayKind.LIFT) for n in range(PEOPLE))


def _book_day(store: Store, day, made: int) -> int:
    """Fill one day's ledger by bulk inserts; how many bookings."""
    appointments.offers(store, Wish(), first=day, days=1)
    buckets = list(Bucket.objects.filter(ledger_day__day=day).order_by("starts_at", "pk"))
    seats = [bucket for bucket in buckets if bucket.resource == Resource.ADVISOR]
    if not seats:
        return 0
    seats = [seat for n, seat in enumerate(seats) if n * A_DAY % len(seats) < A_DAY][: BOOKINGS - made]
    spaces: dict = {}
    for bucket in buckets:
        if bucket.resource == Resource.PARKING:
            spaces.setdefault(bucket.starts_at, []).append(bucket)
    pools = [b for b in buckets if (b.resource, b.key) in (("technician", "mechanical"), ("bay", "lift"))]
    visits = _visits(store, seats, made)
    booked = Appointment.objects.bulk_create(
        Appointment(
            store=store,
            visit=visit,
            advisor_id=int(seat.key),
            during=DateTimeTZRange(seat.starts_at, seat.ends_at),
            services=[ServiceKind.MAINTENANCE],
            booked_at=visit.opened_at,
            booked_by_kind="staff",
        )
        for visit, seat in zip(visits, seats, strict=True)
    )
    AppointmentItem.objects.bulk_create(
        AppointmentItem(
            store=store,
            appointment=row,
            position=1,
            kind=ServiceKind.MAINTENANCE,
            skill=Skill.MECHANICAL,
            bay_kind=BayKind.LIFT,
            minutes=MINUTES,
        )
        for row in booked
    )
    claims = []
    for row, seat in zip(booked, seats, strict=True):
        inside = [pool for pool in pools if pool.starts_at <= seat.starts_at < pool.ends_at]
        takes = [(seat, 1), (spaces[seat.starts_at].pop(), 1), *((pool, MINUTES) for pool in inside)]
        claims += [_claim(row, bucket, amount) for bucket, amount in takes]
    Claim.objects.bulk_create(claims, batch_size=5000)
    return len(booked)


def _claim(row: Appointment, bucket: Bucket, amount: int) -> Claim:
    return Claim(
        store_id=row.store_id,
        bucket=bucket,
        side=Side.BOOKED,
        source=ClaimSource.BOOKING,
        amount=amount,
        appointment=row,
    )


def _visits(store: Store, seats: list[Bucket], made: int) -> list[Visit]:
    now = clock.now()
    owners = Customer.objects.bulk_create(Customer(store=store, name=f"客户{made + n}") for n in range(len(seats)))
    cars = Vehicle.objects.bulk_create(
        Vehicle(store=store, owner=owner, plate=f"京B{made + n:05d}", brand="大众", model="帕萨特")
        for n, owner in enumerate(owners)
    )
    return Visit.objects.bulk_create(
        Visit(
            store=store,
            number=f"RO-{made + n:06d}",
            customer=car.owner,
            vehicle=car,
            advisor_id=int(seat.key),
            stage=Stage.BOOKING,
            stage_since=now,
            opened_at=now,
            due_in_at=seat.starts_at,
        )
        for n, (car, seat) in enumerate(zip(cars, seats, strict=True))
    )


def slots_row() -> Row:
    """How long the free slots of seven days take, every offer with its plan made."""
    store = Store.objects.get(code=CODE)
    first = clock.local_day(store.tz) + timedelta(days=1)
    wish, times, found = Wish.of([ITEM], wash=False), [], 0
    with in_store(store):
        for n in range(TIMES + 5):
            began = time.perf_counter()
            answers = appointments.offers(store, wish, first=first + timedelta(days=n % WEEK), days=WEEK)
            found = sum(len(answer.offers) for answer in answers)
            if n >= 5:
                times.append((time.perf_counter() - began) * 1000)
        with CaptureQueriesContext(connection) as seen:
            appointments.offers(store, wish, first=first, days=WEEK)
    p95 = statistics.quantiles(times, n=100, method="inclusive")[94]
    return Row(
        what=f"Free slots of {WEEK} days: {PEOPLE} advisors, technicians and bays, {BOOKINGS:,} bookings in the ledger; "
        f"{found:,} offers, {len(seen)} statements",
        measured=f"{statistics.median(times):.1f} ms",
        p95=f"{p95:.1f} ms",
        aim=f"p95 under {SLOTS_MS} ms",
        reached=p95 < SLOTS_MS,
    )


def rows(port: int, *, folder: Path, seconds: float) -> list[Row]:
    """Slots, and bookings over HTTP through the domain beside the lean view."""
    store = Store.objects.get(code=CODE)
    with in_store(store):
        wanted = _wanted(store)
        headers = {"X-Api-Key": settings.BENCH_KEY}
        client = Client(headers={"host": "localhost", "x-api-key": settings.BENCH_KEY})
        with CaptureQueriesContext(connection) as seen:
            answer = client.post("/bench/book", next(wanted), content_type="application/json")
        if answer.status_code != 201:
            raise SystemExit(f"booking was answered {answer.status_code}: {answer.content[:300]}")
        domain, lean = Figures(), Figures()
        sides = (("/bench/book-lean", {}), ("/bench/book", headers))
        for address, given in sides:
            warm = [post(address, next(wanted), headers=given) for _n in range(4 * CONNECTIONS)]
            measure(port, warm, connections=CONNECTIONS, seconds=5, expect=201)
        for _round in range(ROUNDS):
            for address, given in sides:
                requests = (post(address, body, headers=given) for body in wanted)
                part = measure(port, requests, connections=CONNECTIONS, seconds=seconds / ROUNDS / 2, expect=201)
                domain, lean = (domain + part, lean) if given else (domain, lean + part)
        requests = (post("/bench/book", body, headers=headers) for body in wanted)
        alone = measure(port, requests, connections=1, seconds=seconds / 4, expect=201)
    return [
        slots_row(),
        Row(
            what=f"Booking over HTTP, {CONNECTIONS} clients; {len(seen)} statements with BEGIN and COMMIT",
            measured=rate(domain.rate),
            p95=f"{alone.percentile(95):.1f} ms",
            baseline=f"leanest DRF view with the same rows {rate(lean.rate)}",
            ratio=one_in(domain.rate, lean.rate),
            aim="1/2",
            reached=domain.rate >= AT_LEAST * lean.rate,
        ),
    ]


def _wanted(store: Store) -> Iterator[bytes]:
    """Free seats after the filled weeks, each with a car of its own that has no booking on that day."""
    last = Appointment.objects.order_by("-during").first().start.astimezone(store.tz).date()
    cars = list(Vehicle.objects.order_by("pk").values_list("pk", flat=True))
    n = 0
    for week in range(8):
        answers = appointments.offers(store, Wish(wash=False), first=last + timedelta(days=1 + 7 * week), days=7)
        for answer in answers:
            for offer in answer.offers[:A_DAY]:
                n += 1
                said = {"vehicle": cars[n % len(cars)], "advisor": offer.advisor.pk, "start": offer.start.isoformat()}
                yield json.dumps({**said, "token": str(uuid4())}).encode()
