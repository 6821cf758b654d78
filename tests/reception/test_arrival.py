"""The car comes in, booked or not."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import domain as appointments
from appointments.domain import Caller
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from customers.models import Customer
from journal.models import Event
from orders.domain import LineInput
from reception import domain as reception
from visits.models import Visit


@pytest.fixture
def booked(store, advisor, car, at):
    return appointments.book(
        store=store, customer=car.owner, vehicle=car, advisor=advisor, start=at("10:30"), by=advisor, channel="desk"
    ).visit


def test_a_booked_car_arrives_early_and_its_clocks_start(booked, advisor, now, at):
    visit = reception.arrive(booked, by=advisor)

    assert (visit.stage, visit.arrived_at) == (Stage.RECEPTION, now)
    assert visit.next_update_due_at == at("12:10")  # the store's 120 minutes
    assert visit.appointment.status == "arrived"
    assert Event.objects.get(name="appointments.kept").data["minutes_late"] == -20
    assert Event.objects.get(name="visits.stage_entered").data["stage"] == "reception"


def test_a_second_tap_is_a_readable_conflict(booked, advisor):
    reception.arrive(booked, by=advisor)

    with pytest.raises(Conflict) as refused:
        reception.arrive(booked, by=advisor)
    assert "接待" in str(refused.value)
    assert Event.objects.filter(name="appointments.kept").count() == 1


def test_a_stale_page_takes_nothing_in(booked, advisor, at):
    version = booked.version
    appointments.reschedule(booked.appointment, start=at("14:00"), by=advisor)

    with pytest.raises(Conflict):
        reception.arrive(booked, by=advisor, version=version)
    booked.refresh_from_db()
    assert booked.stage == Stage.BOOKING


def test_only_reception_takes_cars_in(booked, staff):
    with pytest.raises(NotAllowed):
        reception.arrive(booked, by=staff("technician"))

    booked.appointment.refresh_from_db()
    assert booked.appointment.status == "booked"


def test_a_customer_without_booking_begins_at_reception(store, advisor, car, now):
    visit = reception.walk_in(
        store=store,
        customer=car.owner,
        vehicle=car,
        advisor=advisor,
        by=advisor,
        waiting=True,
        needs=[("fault", "空调不冷"), ("matters_most", "")],
    )

    assert (visit.stage, visit.arrived_at, visit.waiting) == (Stage.RECEPTION, now, True)
    assert list(visit.needs.values_list("kind", "words", "stage")) == [("fault", "空调不冷", "reception")]


def test_the_same_form_twice_is_one_visit(store, advisor, car, now):
    token = uuid4()

    made = [
        reception.walk_in(store=store, customer=car.owner, vehicle=car, advisor=advisor, by=advisor, token=token)
        for _ in range(2)
    ]

    assert made[0] == made[1]
    assert Visit.objects.count() == 1


def test_a_car_that_is_here_does_not_come_again(store, advisor, arrived):
    with pytest.raises(Conflict):
        reception.walk_in(store=store, customer=arrived.customer, vehicle=arrived.vehicle, advisor=advisor, by=advisor)

    assert Visit.objects.count() == 1


def test_a_car_booked_for_today_is_taken_in_from_its_booking(store, advisor, car, booked):
    with pytest.raises(Conflict) as refused:
        reception.walk_in(store=store, customer=car.owner, vehicle=car, advisor=advisor, by=advisor)
    assert refused.value.code == "booked_today"
    assert "10:30" in str(refused.value)


def test_a_new_customer_is_taken_down_and_taken_in_at_once(store, advisor, now):
    visit = reception.take_in(
        store=store, caller=Caller("陈晨", "13900001111", "京B22222"), advisor=advisor, by=advisor
    )

    assert (visit.customer.name, visit.vehicle.plate, visit.stage) == ("陈晨", "京B22222", "reception")


def test_a_refused_walk_in_leaves_no_customer_behind(store, advisor, arrived):
    before = Customer.objects.count()
    caller = Caller("新人", "13900002222", arrived.vehicle.plate)

    with pytest.raises(Conflict):
        reception.take_in(store=store, caller=caller, advisor=advisor, by=advisor)

    assert Customer.objects.count() == before


def test_a_walk_in_with_known_work_takes_few_statements(store, advisor, car):
    lines = [LineInput(title=f"检查 {n}", hours=1, hour_rate=200, parts=[]) for n in range(3)]
    with CaptureQueriesContext(connection) as statements:
        visit = reception.walk_in(
            store=store, customer=car.owner, vehicle=car, advisor=advisor, by=advisor, lines=lines, token=uuid4()
        )

    assert [line.position for line in visit.lines.all()] == [1, 2, 3]
    assert visit.order.guarantee_days > 0
    names = list(Event.objects.filter(visit_id=visit.pk).order_by("id").values_list("name", flat=True))
    assert names == ["visits.opened", "orders.opened", *3 * ["orders.line_added"]]
    # Within the test's transaction the walk-in's own is a savepoint: two of these.
    assert len(statements) <= 13


def test_a_walk_in_with_a_wrong_line_opens_nothing(store, advisor, car):
    with pytest.raises(DomainError):
        reception.walk_in(
            store=store, customer=car.owner, vehicle=car, advisor=advisor, by=advisor, lines=[LineInput(title="")]
        )

    assert not Visit.objects.exists()
