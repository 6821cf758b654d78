"""What stands on the booking menu, for which car, at which price."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from catalogue import queries
from catalogue.models import Operation
from catalogue.queries import Car


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel("2026-11-17T10:00:00+08:00", tick=False):
        yield


def codes(items):
    return [item.operation.code for item in items]


def due(store, car, **known):
    done = {Operation.objects.get(code=code).pk: when for code, when in known.items()}
    return {item.operation.code: item.due for item in queries.menu(store, car, done=done) if item.due}


def test_the_menu_has_length_and_price_range(store):
    item = next(item for item in queries.menu(store) if item.operation.code == "B001")
    usual = sum(row.quantity * row.part.price for row in item.operation.usual)
    whole = Decimal("0.6") * store.hour_rate + usual

    assert item.minutes == 36
    assert item.price_low <= whole < item.price_low + 10
    assert item.price_high - 10 < whole * Decimal("1.15") <= item.price_high
    assert queries.priced(store, [item.operation.pk])[item.operation.pk].price_high == item.price_high


def test_what_is_not_bookable_is_not_offered(store):
    Operation.objects.filter(code="L003").update(bookable=False)

    assert "L003" not in codes(queries.menu(store))
    assert "F007" not in codes(queries.menu(store))


def test_a_drive_is_offered_what_it_has(store):
    electric = codes(queries.menu(store, Car(powertrain="electric")))
    petrol = codes(queries.menu(store, Car(powertrain="petrol")))

    assert {"N001", "N003", "L001"} <= set(electric)
    assert {"B001", "B009", "B010"}.isdisjoint(electric)
    assert {"B001", "B009", "L001"} <= set(petrol)
    assert "N001" not in petrol


@pytest.mark.parametrize(
    ("km", "expected"),
    [(60_300, {"B004", "B003", "B001", "B005", "L001", "B007", "B008"}), (34_500, set()), (0, set()), (None, set())],
)
def test_round_figures_make_an_unknown_car_due(store, km, expected):
    assert expected <= set(due(store, Car(powertrain="petrol", km=km)))
    assert expected or not due(store, Car(powertrain="petrol", km=km))


def test_what_was_done_here_counts_from_then(store):
    car = Car(powertrain="petrol", km=60_300)

    assert due(store, car, B004=(date(2026, 5, 1), 50_000)).get("B004") is None
    assert "40,000" in due(store, car, B004=(date(2026, 5, 1), 40_000))["B004"]
    assert "2024-10-20" in due(store, car, B006=(date(2024, 10, 20), None))["B006"]


@pytest.mark.parametrize(
    ("km", "bought", "first"),
    [(4_200, None, True), (900, None, False), (None, date(2026, 5, 20), True), (52_000, date(2020, 1, 1), False)],
)
def test_the_first_service_is_due_once(store, km, bought, first):
    car = Car(powertrain="petrol", km=km, bought=bought)

    assert ("B002" in due(store, car)) == first
    assert "B002" not in due(store, car, B001=(date(2026, 4, 1), 3_000))


def test_what_is_due_comes_first_and_costs_four_queries(store, django_assert_num_queries):
    with django_assert_num_queries(4):
        items = queries.menu(store, Car(powertrain="petrol", km=60_000))

    flags = [bool(item.due) for item in items]
    assert flags == sorted(flags, reverse=True)
