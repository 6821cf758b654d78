"""The database computes what the forecast says in words; and only cars with news are computed anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from catalogue.models import MaintenanceRule
from core import clock
from customers import domain as customers
from customers.models import OdometerReading, Vehicle
from journal.testing import drain
from orders.models import Line
from outreach import forecast
from outreach.domain import due
from outreach.forecast import Reading, Rule
from outreach.models import DueCar, Pace
from tests import factories
from visits.models import Visit

BRANDS = ["大众", "奥迪", ""]
TODAY = date(2026, 6, 1)


def past_visit(car: Vehicle, on: date, km: int | None, operation=None) -> Visit:
    """A visit that was over on a day, at noon in the store."""
    at = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)
    visit = Visit.objects.create(
        store_id=car.store_id,
        number=f"OLD-{factories.number()}",
        customer=car.owner,
        vehicle=car,
        stage="closed",
        stage_since=at,
        origin="import",
        opened_at=at,
        released_at=at,
        ended_at=at,
        mileage_in=km,
    )
    if operation:
        Line.objects.create(
            store_id=car.store_id,
            visit=visit,
            position=1,
            origin="import",
            operation=operation,
            title="保养",
            consent_state="approved",
            created_at=at,
        )
    return visit


def random_car(store, chance: Random, operations) -> Vehicle:
    bought = TODAY - timedelta(days=chance.randint(10, 2500))
    car = factories.vehicle(
        store,
        brand=chance.choice(BRANDS),
        model=chance.choice(["帕萨特", "A4L"]),
        powertrain=chance.choice(["petrol", "electric", "hybrid", "unknown"]),
        plate_kind=chance.choice(["ordinary", "new_energy"]),
        invoice_date=chance.choice([bought, None]),
    )
    OdometerReading.objects.bulk_create(
        OdometerReading(
            store=store,
            vehicle=car,
            on=TODAY - timedelta(days=chance.randint(0, 1100)),
            km=chance.choice([chance.randint(0, 90_000), 999_999])
            if chance.random() < 0.1
            else chance.randint(0, 90_000),
            source="replaced" if chance.random() < 0.05 else "reception",
        )
        for _ in range(chance.randint(0, 7))
    )
    for _ in range(chance.randint(0, 3)):
        day = TODAY - timedelta(days=chance.randint(1, 1000))
        past_visit(car, day, chance.choice([None, chance.randint(0, 90_000)]), chance.choice([None, *operations]))
    return car


def by_the_book(car: Vehicle, rules: list[Rule]) -> tuple:
    """What `forecast` says of one car, from its rows."""
    read = [Reading(r.on, r.km, r.source == "replaced") for r in car.readings.all()]
    pts = forecast.points(read)
    stays = list(Visit.objects.filter(vehicle=car, released_at__isnull=False).order_by("released_at", "pk"))
    operations = {rule.operation_id for rule in rules}
    served = [v for v in stays if v.lines.filter(operation__in=operations).exists()]

    def last(of):
        return (of[-1].released_at.astimezone(car.store.tz).date(), of[-1].mileage_in) if of else None

    pace = {(p.brand, p.model): p.km_rate for p in Pace.objects.all()}
    km_rate, source = forecast.rate(
        pts,
        invoice_date=car.invoice_date,
        pace_of_model=pace.get((car.brand, car.model)),
        pace_of_store=pace.get(("", "")),
    )
    base = forecast.base_of(serviced=last(served), released=last(stays), invoice_date=car.invoice_date)
    drive = forecast.drive_of(car.powertrain, car.plate_kind)
    plan = forecast.plan_for(rules, brand=car.brand, model=car.model, powertrain=drive)
    found = forecast.due(plan, base, pts, km_rate) if base else None
    released = last(stays)
    return (
        found and found.due_on,
        found.by.value if found else "",
        found and found.operation_id,
        base and base.on,
        km_rate,
        source.value,
        released and released[0],
    )


def computed(car: Vehicle) -> tuple:
    row = DueCar.objects.get(vehicle=car)
    return row.due_on, row.by, row.operation_id, row.base_on, row.km_rate, row.rate_from, row.released_on


@pytest.mark.parametrize("seed", [1, 2])
def test_the_database_says_what_the_forecast_says(store, seed):
    chance = Random(seed)
    rules = due.rules(store)
    operations = list(
        {rule.operation_id: rule.operation for rule in MaintenanceRule.objects.select_related("operation")}.values()
    )
    MaintenanceRule.objects.create(store=store, operation=operations[0], brand="奥迪", model="A4L", km=12_345, months=7)
    rules = due.rules(store)
    Pace.objects.create(store=store, brand="奥迪", model="A4L", km_rate=Decimal("33.33"), cars=12)
    if seed == 2:
        Pace.objects.create(store=store, brand="", model="", km_rate=Decimal("44.00"), cars=99)
    cars = [random_car(store, chance, operations) for _ in range(60)]

    upto, count = due.compute_range(store, after=0, limit=40)
    last, rest = due.compute_range(store, after=upto, limit=40)

    assert (count, rest, due.compute_range(store, after=last, limit=40)) == (40, 20, (None, 0))
    assert {car.pk: computed(car) for car in cars} == {car.pk: by_the_book(car, rules) for car in cars}


def test_the_worked_example_in_the_database(store):
    car = factories.vehicle(store, powertrain="petrol", invoice_date=date(2023, 7, 1))
    operation = MaintenanceRule.objects.filter(powertrain="petrol").first().operation
    MaintenanceRule.objects.all().delete()
    MaintenanceRule.objects.create(store=store, operation=operation, km=5000, months=6)
    for on, km in (
        (date(2024, 1, 5), 5020),
        (date(2024, 7, 1), 10110),
        (date(2025, 1, 10), 15400),
        (date(2025, 6, 20), 19800),
    ):
        OdometerReading.objects.create(store=store, vehicle=car, on=on, km=km)
    past_visit(car, date(2025, 6, 20), 19800, operation)

    due.compute_range(store, after=0, limit=10)

    row = DueCar.objects.get()
    assert (row.km_rate, row.due_on, row.by, row.operation) == (Decimal("27.60"), date(2025, 12, 18), "km", operation)


def test_only_cars_with_news_are_computed_anew(store, make_visit):
    advisor = make_visit.person("advisor")
    cars = [factories.vehicle(store, invoice_date=date(2026, 1, 1)) for _ in range(3)]
    due.compute_range(store, after=0, limit=10)
    DueCar.objects.update(computed_at=None)
    drain()

    customers.read_odometer(cars[1], km=4321, on=clock.local_day(store.tz), by=advisor)
    new = customers.register_vehicle(store=store, owner=cars[0].owner, plate="京Z99991", by=advisor)
    drain()

    assert set(DueCar.objects.filter(dirty=True).values_list("vehicle_id", flat=True)) == {cars[1].pk, new.pk}
    assert due.compute_changed(store, after=0, limit=10) == (new.pk, 2)
    assert due.compute_changed(store, after=0, limit=10) == (None, 0)
    assert not DueCar.objects.filter(dirty=True).exists()
    assert set(DueCar.objects.filter(computed_at=None).values_list("vehicle_id", flat=True)) == {cars[0].pk, cars[2].pk}
    assert DueCar.objects.get(vehicle=cars[1]).last_km == 4321


def test_a_full_run_leaves_the_mark_of_younger_news(store):
    car = factories.vehicle(store, invoice_date=date(2026, 1, 1))
    due.mark_changed(store.pk, [car.pk])

    due.compute_range(store, after=0, limit=10)

    row = DueCar.objects.get()
    assert (row.dirty, row.due_on is not None) == (True, True)


def test_the_pace_of_models_and_who_lives_from_it(store):
    for n in range(12):
        car = factories.vehicle(store, brand="大众", model="帕萨特")
        for day, km in ((0, 0), (100, 100 * (20 + n))):
            OdometerReading.objects.create(store=store, vehicle=car, on=date(2026, 1, 1) + timedelta(days=day), km=km)
    unread = factories.vehicle(store, brand="大众", model="帕萨特")
    due.compute_range(store, after=0, limit=50)
    assert DueCar.objects.get(vehicle=unread).rate_from == "default"

    due.refresh_pace(store)

    assert list(Pace.objects.order_by("brand").values_list("brand", "model", "km_rate", "cars")) == [
        ("", "", Decimal("25.50"), 12),
        ("大众", "帕萨特", Decimal("25.50"), 12),
    ]
    due.compute_changed(store, after=0, limit=50)
    row = DueCar.objects.get(vehicle=unread)
    assert (row.rate_from, row.km_rate, row.dirty) == ("model", Decimal("25.50"), False)
