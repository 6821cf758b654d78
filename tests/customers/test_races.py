"""Several people enter the same customer or car in the same moment."""

import pytest

from core.errors import Conflict
from customers import domain as customers
from customers.models import Customer, Ownership, Vehicle
from tests import factories
from tests.together import together

PEOPLE = 8
VIN = "LATPAB071W1005301"


@pytest.fixture
def advisor(transactional_db, staff):
    return staff("advisor")


def test_one_customer(advisor, store):
    def act():
        return customers.register_customer(store=store, name="王芳", phone="13812348000", by=advisor)

    outcomes = together(store, [act] * PEOPLE)

    assert {outcome.pk for outcome in outcomes} == {Customer.objects.get().pk}


def test_one_car_by_its_vin(advisor, store):
    owner = factories.customer(store)

    def act():
        return customers.register_vehicle(store=store, owner=owner, vin=VIN, plate="京A12345", by=advisor)

    outcomes = together(store, [act] * PEOPLE)

    assert {outcome.pk for outcome in outcomes} == {Vehicle.objects.get().pk}
    assert Ownership.objects.count() == 1


def test_one_plate_for_several_cars_ends_on_one(advisor, store):
    owner = factories.customer(store)
    cars = [factories.vehicle(store, owner=owner, plate="") for _ in range(PEOPLE)]

    outcomes = together(
        store, [lambda car=car: customers.change_plate(car, plate="京A12345", by=advisor) for car in cars]
    )

    assert Vehicle.objects.filter(plate="京A12345").count() == 1
    assert {type(outcome) for outcome in outcomes} <= {Vehicle, Conflict}


def test_plates_exchanged_between_two_cars_do_not_deadlock(advisor, store):
    owner = factories.customer(store)
    one, two = (factories.vehicle(store, owner=owner) for _ in range(2))
    plates = [one.plate, two.plate]

    outcomes = together(
        store,
        [lambda: customers.change_plate(one, plate=plates[1], by=advisor)] * 3
        + [lambda: customers.change_plate(two, plate=plates[0], by=advisor)] * 3,
    )

    assert {type(outcome) for outcome in outcomes} <= {Vehicle, Conflict}
