"""Moving, cancelling, missing and keeping a booking."""

from __future__ import annotations

import pytest
import time_machine

from appointments import domain as appointments
from appointments.domain import SlotRefused, SlotTaken
from appointments.models import Appointment
from core.actors import Actor
from core.errors import Conflict, DomainError, GateClosed, NotAllowed
from core.stages import Stage
from journal.models import Event
from messaging.models import Message
from tests import factories
from tests.appointments import free
from visits import domain as visits
from visits.models import Visit


@pytest.fixture
def booked(store, advisor, car, at):
    return appointments.book(
        store=store, customer=car.owner, vehicle=car, advisor=advisor, start=at("14:00"), by=advisor, channel="desk"
    )


def unchanged(booked, before):
    booked.refresh_from_db()
    return (booked.start, booked.advisor_id, booked.status, booked.visit.version) == before


def state(booked):
    return booked.start, booked.advisor_id, booked.status, booked.visit.version


def test_a_moved_booking_takes_its_visit_along_and_tells_the_customer(booked, advisor, second, at):
    moved = appointments.reschedule(booked, start=at("16:00"), advisor=second, by=advisor)

    visit = Visit.objects.get(pk=booked.visit_id)
    assert (moved.start, moved.end, moved.advisor) == (at("16:00"), at("16:30"), second)
    assert (visit.due_in_at, visit.advisor) == (at("16:00"), second)
    assert Message.objects.filter(template="appointment_changed").count() == 1
    assert Event.objects.filter(name="appointments.moved").count() == 1
    offered = [(slot.start, slot.advisor) for slot in free.on(visit.store, at("14:00").date())]
    assert (at("14:00"), advisor) in offered
    assert (at("16:00"), second) not in offered


def test_moved_twice_the_customer_hears_twice(booked, advisor, at):
    appointments.reschedule(booked, start=at("16:00"), by=advisor)
    appointments.reschedule(booked, start=at("14:00"), by=advisor)
    appointments.reschedule(booked, start=at("16:00"), by=advisor)

    assert Message.objects.filter(template="appointment_changed").count() == 3


def test_a_move_onto_a_taken_slot_leaves_the_old_one(store, booked, advisor, at):
    other = factories.vehicle(store)
    appointments.book(
        store=store, customer=other.owner, vehicle=other, advisor=advisor, start=at("15:00"), by=advisor, channel="desk"
    )
    before = state(booked)

    with pytest.raises(SlotTaken) as refused:
        appointments.reschedule(booked, start=at("15:00"), by=advisor)

    assert [f"{s.start:%H:%M}" for s in refused.value.alternatives][:2] == ["14:30", "15:30"]
    assert unchanged(booked, before)
    assert Message.objects.filter(template="appointment_changed").count() == 0


def test_a_move_into_the_past_or_onto_itself_is_refused(booked, advisor, at):
    before = state(booked)

    with pytest.raises(SlotRefused):
        appointments.reschedule(booked, start=at("09:00"), by=advisor)
    with pytest.raises(DomainError) as same:
        appointments.reschedule(booked, start=at("14:00"), by=advisor)

    assert same.value.code == "same_slot"
    assert unchanged(booked, before)


def test_a_move_to_a_day_on_which_the_car_is_booked_is_refused(store, booked, advisor, car, at):
    appointments.book(
        store=store, customer=car.owner, vehicle=car, advisor=advisor, start=at("09:00", 1), by=advisor, channel="desk"
    )

    with pytest.raises(Conflict) as refused:
        appointments.reschedule(booked, start=at("14:00", 1), by=advisor)
    assert refused.value.code == "booked_already"


def test_a_stale_form_moves_nothing(booked, advisor, at):
    version = booked.visit.version
    appointments.reschedule(booked, start=at("16:00"), by=advisor, version=version)

    with pytest.raises(Conflict):
        appointments.reschedule(booked, start=at("17:00"), by=advisor, version=version)

    assert Appointment.objects.get().start == at("16:00")


def test_a_cancelled_booking_ends_its_visit_and_tells_the_customer(booked, advisor):
    appointments.cancel(booked, reason="客户没有时间", by=advisor)

    booked.refresh_from_db()
    assert (booked.status, booked.missed_reason) == ("cancelled", "客户没有时间")
    assert booked.ended_at is not None
    assert (booked.visit.stage, booked.visit.end_reason) == (Stage.CANCELLED, "客户没有时间")
    assert Message.objects.filter(template="appointment_cancelled").count() == 1
    assert Event.objects.get(name="appointments.cancelled").data["minutes_ahead"] == 230


def test_a_cancellation_needs_its_reason_and_the_right_to_it(booked, advisor, staff):
    for reason, who, error in (("", advisor, DomainError), ("理由", staff("technician"), NotAllowed)):
        with pytest.raises(error):
            appointments.cancel(booked, reason=reason, by=who)

    booked.refresh_from_db()
    assert (booked.status, booked.visit.stage) == ("booked", Stage.BOOKING)


def test_the_customer_may_cancel_his_own_booking(booked):
    appointments.cancel(booked, reason="不来了", by=Actor.customer(booked.visit.customer_id))

    assert Visit.objects.get().stage == Stage.CANCELLED


def test_nobody_fails_to_come_before_his_time(booked, advisor, at):
    with pytest.raises(GateClosed) as refused:
        appointments.mark_no_show(booked, reason="电话没人接", by=advisor)
    assert len(refused.value.blockers) == 1
    booked.refresh_from_db()
    assert booked.status == "booked"

    with time_machine.travel(at("14:01"), tick=False):
        appointments.mark_no_show(booked, reason="电话没人接", by=advisor)
    booked.refresh_from_db()
    assert (booked.status, booked.visit.stage, booked.missed_reason) == ("no_show", Stage.NO_SHOW, "电话没人接")


def test_a_booking_that_is_over_cannot_be_changed_again(booked, advisor, at):
    appointments.cancel(booked, reason="不来了", by=advisor)

    for verb in (
        lambda: appointments.cancel(booked, reason="不来了", by=advisor),
        lambda: appointments.mark_no_show(booked, reason="不来了", by=advisor),
        lambda: appointments.reschedule(booked, start=at("16:00"), by=advisor),
        lambda: appointments.arrive(booked, by=advisor),
    ):
        with pytest.raises(Conflict) as refused:
            verb()
        assert refused.value.code == "booking_over"


def test_an_arrival_says_how_late_it_was_and_keeps_the_slot(booked, advisor, at):
    with time_machine.travel(at("14:20"), tick=False):
        appointments.arrive(booked, by=advisor)

    booked.refresh_from_db()
    assert booked.status == "arrived"
    assert Event.objects.get(name="appointments.kept").data["minutes_late"] == 20
    assert booked.visit.stage == Stage.BOOKING  # reception moves it


def test_a_visit_cannot_leave_booking_before_the_arrival_is_recorded(booked, advisor, now):
    with pytest.raises(GateClosed):
        visits.advance(booked.visit, to=Stage.RECEPTION, by=advisor, stamp={"arrived_at": now})

    assert Visit.objects.get().stage == Stage.BOOKING
