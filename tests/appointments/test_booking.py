"""Booking a slot: what is written, what is refused, what is offered instead."""

from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine

from appointments import domain as appointments
from appointments.domain import Caller, SlotRefused, SlotTaken, Wish
from appointments.models import Appointment, BookingPolicy
from core.actors import Actor
from core.errors import Conflict, DomainError
from customers.models import Customer, Ownership, Vehicle
from journal.models import Event
from messaging.models import Message
from tests import factories
from visits.models import Visit


@pytest.fixture
def book(store, advisor, car):
    def act(**fields):
        vehicle = fields.pop("vehicle", car)
        values = {"by": advisor, "advisor": advisor, "channel": "phone", "customer": vehicle.owner, **fields}
        return appointments.book(store=store, vehicle=vehicle, **values)

    return act


def nothing_written():
    return (Appointment.objects.count(), Visit.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_a_booking_opens_the_visit_and_keeps_what_was_asked(book, store, advisor, car, at):
    made = book(
        start=at("14:00"),
        services=["maintenance", "repair"],
        needs=[("fault", "刹车时有异响"), ("matters_most", "四点前取车"), ("wish", "  ")],
        waits=True,
        note="老客户",
    )

    visit = made.visit
    assert (made.start, made.end, made.status) == (at("14:00"), at("14:30"), "booked")
    assert (made.services, made.waits, made.note, made.channel) == (["maintenance", "repair"], True, "老客户", "phone")
    assert (visit.stage, visit.due_in_at, visit.advisor, visit.waiting) == ("booking", at("14:00"), advisor, True)
    assert list(visit.needs.values_list("kind", "words", "stage", "owner_id")) == [
        ("fault", "刹车时有异响", "booking", advisor.pk),
        ("matters_most", "四点前取车", "booking", advisor.pk),
    ]


def test_a_booking_is_journalled_with_its_actor(book, advisor, at):
    made = book(start=at("14:00"), services=["recall"])

    names = list(
        Event.objects.filter(visit_id=made.visit_id).order_by("id").values_list("name", "actor_kind", "actor_id")
    )
    assert names[:2] == [("visits.opened", "staff", advisor.pk), ("appointments.booked", "staff", advisor.pk)]
    event = Event.objects.get(name="appointments.booked")
    assert event.data["services"] == ["recall"]
    assert (event.subject_kind, event.subject_id) == ("appointments.appointment", made.pk)


def test_the_customer_is_told_at_once(book, car, at):
    made = book(start=at("14:00"))

    message = Message.objects.get()
    assert (message.template, message.to, message.visit_ref) == (
        "appointment_confirmed",
        car.owner.phone,
        made.visit_id,
    )
    assert "14:00" in message.body
    assert "王芳" in message.body
    assert "/c/" in message.body
    assert made.confirmed_at is not None


def test_a_customer_without_any_address_is_booked_and_to_be_told_by_the_desk(book, store, at):
    silent = factories.vehicle(store, owner=factories.customer(store, phone=""))

    made = book(vehicle=silent, start=at("14:00"))

    assert made.confirmed_at is None
    assert Message.objects.count() == 0


def test_a_slot_is_booked_once(book, store, at):
    book(start=at("14:00"))

    with pytest.raises(SlotTaken) as refused:
        book(vehicle=factories.vehicle(store), start=at("14:00"))

    assert refused.value.code == "slot_taken"
    assert refused.value.status == 409
    assert [f"{slot.start:%H:%M}" for slot in refused.value.alternatives] == ["13:30", "14:30", "13:00", "15:00"]
    assert "13:30" in str(refused.value)
    assert Appointment.objects.count() == Visit.objects.count() == Message.objects.count() == 1


def test_without_an_advisor_the_least_booked_of_the_free_receives(store, book, advisor, second, at):
    book(start=at("15:00"), advisor=advisor)

    first = book(vehicle=factories.vehicle(store), start=at("14:00"), advisor=None)
    other = book(vehicle=factories.vehicle(store), start=at("14:00"), advisor=None)

    assert [first.advisor, other.advisor] == [second, advisor]
    with pytest.raises(SlotTaken):
        book(vehicle=factories.vehicle(store), start=at("14:00"), advisor=None)


@pytest.mark.parametrize(
    ("time", "days", "code", "first"),
    [
        ("09:30", 0, "past", "10:30"),
        ("12:30", 0, "out_of_hours", "13:00"),
        ("20:00", 0, "out_of_hours", "17:30"),
        ("14:10", 0, "off_grid", "14:00"),
        ("14:00", 300, "too_far", None),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_alternatives(book, at, time, days, code, first):
    with pytest.raises(SlotRefused) as refused:
        book(start=at(time, days))

    assert refused.value.code == code
    assert refused.value.status == 422
    assert refused.value.alternatives
    if first:
        assert f"{refused.value.alternatives[0].start:%H:%M}" == first
        assert first in str(refused.value)
    assert nothing_written()


def test_a_closed_day_is_refused_with_the_next_open_one(book, store, at):
    from stores.models import CalendarDay

    CalendarDay.objects.create(store=store, day=at("14:00", 1).date(), kind="holiday")

    with pytest.raises(SlotRefused) as refused:
        book(start=at("14:00", 1))

    assert refused.value.code == "closed"
    assert f"{refused.value.alternatives[0].start:%d %H:%M}" == "19 08:30"


def test_a_car_has_one_booking_a_day(book, at):
    book(start=at("14:00"))

    with pytest.raises(Conflict) as refused:
        book(start=at("16:00"))
    assert refused.value.code == "booked_already"
    assert "14:00" in str(refused.value)

    assert book(start=at("14:00", days=1)).status == "booked"


def test_a_form_sent_twice_makes_one_booking(book, at):
    token = uuid4()

    first, second = book(start=at("14:00"), token=token), book(start=at("14:00"), token=token)

    assert first == second
    assert Appointment.objects.count() == Visit.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize("role", ["technician", "booking_desk"])
def test_nobody_is_booked_with_a_person_who_does_not_receive(book, staff, at, role):
    with pytest.raises(DomainError) as refused:
        book(start=at("14:00"), advisor=staff(role))

    assert refused.value.code == "not_receiving"
    assert nothing_written()


def test_another_stores_advisor_receives_nobody_here(book, other_store, at):
    from stores.access import in_store

    with in_store(other_store):
        stranger = factories.staff(other_store, "advisor")

    with pytest.raises(DomainError) as refused:
        book(start=at("14:00"), advisor=stranger)
    assert refused.value.code == "not_receiving"


def test_a_service_the_store_does_not_know_is_refused(book, at):
    with pytest.raises(DomainError) as refused:
        book(start=at("14:00"), services=["maintenance", "polish_my_shoes"])

    assert refused.value.code == "unknown_service"
    assert nothing_written()


# --- Who calls ------------------------------------------------------------------------------------------------------


@pytest.fixture
def call(store, advisor, at):
    def act(**caller):
        more = {key: caller.pop(key) for key in ("vehicle", "token", "by") if key in caller}
        return appointments.book_for(
            store=store,
            caller=Caller(**{"name": "陈晨", "phone": "13900001111", "plate": "京B22222", **caller}),
            **{"by": advisor, **more},
            advisor=advisor,
            start=at("14:00"),
            channel="phone",
        )

    return act


def test_a_new_customer_with_a_new_car_is_taken_down(call):
    made = call(brand="比亚迪", model="汉")

    visit = made.visit
    assert (visit.customer.name, visit.customer.phone) == ("陈晨", "13900001111")
    assert (visit.vehicle.plate, visit.vehicle.title, visit.vehicle.owner) == ("京B22222", "比亚迪 汉", visit.customer)


def test_a_lost_slot_leaves_no_customer_behind(call, book, at):
    book(start=at("14:00"))
    before = Customer.objects.count(), Vehicle.objects.count()

    with pytest.raises(SlotTaken):
        call()

    assert (Customer.objects.count(), Vehicle.objects.count()) == before


def test_the_phone_finds_the_cars_owner_whatever_name_is_typed(call, car):
    made = call(vehicle=car, name="王先生", phone=car.owner.phone)

    assert (made.visit.customer, made.visit.vehicle) == (car.owner, car)


def test_somebody_else_brings_the_car_and_its_owner_stays(call, car):
    owner = car.owner

    made = call(plate=car.plate)

    assert made.visit.vehicle == car
    assert made.visit.customer.name == "陈晨"
    assert Vehicle.objects.get(pk=car.pk).owner == owner
    assert Ownership.objects.get(vehicle=car, kind="driver").customer == made.visit.customer


def test_a_car_without_owner_gets_the_caller(call, store):
    orphan = factories.vehicle(store)
    orphan.owner = None
    orphan.save()

    made = call(vehicle=orphan)

    assert Vehicle.objects.get(pk=orphan.pk).owner == made.visit.customer


def test_what_was_missing_on_file_is_filled_in(call, store):
    """A car taken over from another system: no plate, and an owner without a number."""
    car = factories.vehicle(store, owner=factories.customer(store, name="陈晨", phone=""), plate="")

    made = call(vehicle=car)

    car = Vehicle.objects.get(pk=car.pk)
    assert (car.plate, car.owner.phone, made.visit.customer) == ("京B22222", "13900001111", car.owner)


def test_somebody_else_does_not_become_an_owner_without_a_number(call, store):
    owner = factories.customer(store, name="原车主", phone="")
    car = factories.vehicle(store, owner=owner)

    made = call(vehicle=car)

    assert made.visit.customer != owner
    assert Customer.objects.get(pk=owner.pk).phone == ""


def test_of_two_people_with_one_number_the_name_decides(call, store):
    older = factories.customer(store, name="陈父", phone="13900001111")
    younger = factories.customer(store, name="陈晨", phone="13900001111")

    assert call().visit.customer == younger
    assert older != younger


def test_a_stranger_with_the_owners_plate_changes_nothing_on_file(call, car):
    """The public page: a plate is written on every car, so it proves nothing."""
    owner = car.owner

    made = call(by=None, plate=car.plate, name="张三", phone="13700000000")

    car = Vehicle.objects.get(pk=car.pk)
    assert (car.owner, owner.phone) == (owner, Customer.objects.get(pk=owner.pk).phone)
    assert made.visit.customer != owner
    assert made.booked_by_kind == "customer"


def test_a_stranger_with_the_owners_phone_and_another_car_is_a_new_customer(call, car):
    made = call(by=None, name="张三", phone=car.owner.phone)

    assert made.visit.customer != car.owner


@pytest.mark.parametrize("field", ["plate", "name"])
def test_on_the_public_page_phone_and_a_second_fact_find_the_customer(call, car, field):
    known = {"plate": car.plate, "name": "王先生"} if field == "plate" else {"name": car.owner.name}

    made = call(by=None, phone=car.owner.phone, **known)

    assert made.visit.customer == car.owner


def test_a_wrong_plate_or_phone_is_refused_by_the_domain_too(call):
    for wrong in ({"plate": "京I00000"}, {"phone": "12345"}, {"vin": "SHORT"}):
        with pytest.raises(DomainError):
            call(**wrong)
    assert nothing_written()


def test_the_public_pages_booking_is_the_customers_own_deed(call):
    made = call(by=None)

    assert Event.objects.get(name="appointments.booked").actor_kind == "customer"
    assert Event.objects.get(name="appointments.booked").actor_id == made.visit.customer_id
    assert Event.objects.get(name="customers.registered", subject_id=made.visit.customer_id).actor_kind == "system"
    assert Actor.customer(made.visit.customer_id)


def test_a_customer_keeps_the_notice_the_store_wants(store, advisor, second, car, at):
    """Also when he posts a time by hand; what he is offered instead he can have. A time kept in time stays his."""
    BookingPolicy.objects.create(store=store, notice_minutes=75, hold_minutes=10)
    soon = at("11:00")  # it is ten past ten
    wish = Wish(wash=False)
    way = {"store": store, "customer": car.owner, "vehicle": car, "by": Actor.customer(car.owner_id), "channel": "web"}

    with pytest.raises(SlotRefused) as refused:
        appointments.hold(store, wish, start=soon, channel="web", by=way["by"])
    assert refused.value.code == "too_soon"
    assert [f"{slot.start:%H:%M}" for slot in refused.value.alternatives] == ["11:30", "13:00", "13:30", "14:00"]
    with pytest.raises(SlotRefused):
        appointments.book(**way, start=soon, wash=False)
    kept = appointments.hold(store, wish, start=at("11:30"), channel="web", by=way["by"])
    with time_machine.travel(at("10:19"), tick=False):
        assert appointments.book(**way, start=kept.start, wash=False, hold=kept.token).start == at("11:30")


def test_a_customer_is_not_told_when_somebodys_car_comes(store, advisor, second, car, at):
    booking = {"store": store, "customer": car.owner, "vehicle": car, "services": ["maintenance"], "channel": "web"}
    appointments.book(**booking, start=at("14:00"), by=advisor)

    with pytest.raises(Conflict) as told:
        appointments.book(**booking, start=at("16:00"), by=advisor)
    with pytest.raises(Conflict) as hidden:
        appointments.book(**booking, start=at("16:00"), by=Actor.customer(car.owner_id))

    assert "14:00" in str(told.value)
    assert "14" not in str(hidden.value)
