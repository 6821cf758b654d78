"""Reminders: a day and an hour ahead, of the time as it is then, once each."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from appointments import domain as appointments
from appointments import tasks
from appointments.models import Appointment, Reminder
from core.actors import Actor
from core.errors import DomainError
from journal.testing import drain
from messaging.choices import MessageStatus
from messaging.models import Message
from stores.models import ParkingSpace
from tests import factories

BY = Actor.system("test")


@pytest.fixture
def booked(store, advisor, car, at):
    """In two days at ten."""
    return appointments.book(
        store=store,
        customer=car.owner,
        vehicle=car,
        advisor=advisor,
        start=at("10:00", days=2),
        by=advisor,
        channel="desk",
    )


def go(to):
    return time_machine.travel(to, tick=False)


def reminders():
    return list(
        Message.objects.filter(template__in=["appointment_reminder", "appointment_soon"])
        .order_by("created_at", "pk")
        .values_list("template", "status")
    )


def test_a_day_and_an_hour_ahead_once_each(store, booked, at):
    for moment, new in [
        (at("09:00", days=1), 0),
        (at("10:00", days=1), 1),
        (at("10:01", days=1), 0),
        (at("08:59", days=2), 0),
        (at("09:00", days=2), 1),
        (at("09:01", days=2), 0),
        (at("10:30", days=2), 0),
    ]:
        with go(moment):
            assert appointments.remind(store) == new
    assert reminders() == [("appointment_reminder", "pending"), ("appointment_soon", "pending")]


def test_the_clocks_round_does_it_in_every_store(store, booked, at):
    with go(at("10:00", days=1)):
        tasks.run_clocks()
        tasks.fill_waitlist()
        tasks.run_clocks()
    assert reminders() == [("appointment_reminder", "pending")]
    assert booked.preparations.count() == 2


def test_the_parking_space_goes_out_with_the_last_one(store, booked, at):
    space = ParkingSpace.objects.create(store=store, code="A07")
    Appointment.objects.filter(pk=booked.pk).update(parking=space)
    with go(at("09:00", days=2)):
        appointments.remind(store)

    body = Message.objects.get(template="appointment_soon").body
    assert "您预约的到店时间是今天 10:00" in body
    assert "请将车停到 A07 号接待车位。" in body


def test_a_moved_booking_is_reminded_of_its_new_time(store, booked, advisor, at):
    with go(at("10:00", days=1)):
        appointments.remind(store)
        appointments.reschedule(booked, start=at("14:00", days=5), by=advisor)
        drain()
        assert reminders() == [("appointment_reminder", MessageStatus.CANCELLED)]
        assert Reminder.objects.count() == 0
    with go(at("14:00", days=4)):
        assert appointments.remind(store) == 1


def test_one_that_has_left_is_not_called_back(store, booked, advisor, at):
    with go(at("10:00", days=1)):
        appointments.remind(store)
        Message.objects.update(status=MessageStatus.SENT, sent_at=at("10:00", days=1))
        appointments.cancel(booked, reason="客户取消", by=advisor)
        drain()
    with go(at("09:00", days=2)):
        assert appointments.remind(store) == 0
    assert Reminder.objects.count() == 1


def test_who_booked_an_hour_ago_is_not_reminded_of_tomorrow(store, advisor, car, at):
    appointments.book(
        store=store,
        customer=car.owner,
        vehicle=car,
        advisor=advisor,
        start=at("09:00", days=1),
        by=advisor,
        channel="desk",
    )

    assert appointments.remind(store) == 0
    with go(at("08:00", days=1)):
        assert appointments.remind(store) == 1


def test_a_displaced_booking_is_not_reminded(store, booked, at):
    Appointment.objects.filter(pk=booked.pk).update(displaced_at=at("09:00"), displaced_reason="leave")
    with go(at("10:00", days=1)):
        assert appointments.remind(store) == 0


class Days(RuleBasedStateMachine):
    """Any bookings moved and cancelled in any order, the clock going on, rounds missed and doubled."""

    store = advisor = begin = None

    @initialize()
    def start(self):
        """Two bookings of an advisor of their own, a day before the first, whose reminder waits to be sent."""
        self.now, self.rows, self.advisor = self.begin, [], factories.staff(self.store, "advisor")
        self.book(day=2, slot=1)
        self.book(day=2, slot=2)
        self.now = self.time(1, 1)
        with go(self.now):
            appointments.remind(self.store)

    @rule(day=st.integers(0, 4), slot=st.integers(0, 6))
    def book(self, day, slot):
        car = factories.vehicle(self.store)
        with go(self.now):
            with suppress(DomainError):
                self.rows.append(
                    appointments.book(
                        store=self.store,
                        customer=car.owner,
                        vehicle=car,
                        advisor=self.advisor,
                        start=self.time(day, slot),
                        by=BY,
                        channel="desk",
                    )
                )

    @rule(which=st.integers(0, 9), day=st.integers(0, 4), slot=st.integers(0, 6))
    def move(self, which, day, slot):
        self.change(which, lambda row: appointments.reschedule(row, start=self.time(day, slot), by=BY))

    @rule(which=st.integers(0, 9))
    def cancel(self, which):
        self.change(which, lambda row: appointments.cancel(row, reason="取消", by=BY))

    @rule(minutes=st.sampled_from([1, 30, 60, 600, 1440]), rounds=st.integers(0, 2), send=st.booleans())
    def time_passes(self, minutes, rounds, send):
        self.now += timedelta(minutes=minutes)
        with go(self.now):
            for _round in range(rounds):
                appointments.remind(self.store)
            drain()
            if send:
                for message in Message.objects.filter(status=MessageStatus.PENDING):
                    Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENT, sent_at=self.now)

    @invariant()
    def nobody_is_told_twice_or_of_a_time_he_does_not_have(self):
        if not self.store:
            return
        told = Counter(
            (row.appointment_id, row.kind, row.starts_at)
            for row in Reminder.objects.exclude(message__status=MessageStatus.CANCELLED)
        )
        assert set(told.values()) <= {1}
        said = Message.objects.filter(template__in=["appointment_reminder", "appointment_soon"])
        kept = said.exclude(status=MessageStatus.CANCELLED).count()
        assert kept == Reminder.objects.count()

    def time(self, day, slot):
        return self.begin.replace(hour=9, minute=0) + timedelta(days=day, minutes=30 * slot)

    def change(self, which, act):
        if not self.rows:
            return
        with go(self.now):
            with suppress(DomainError):
                act(Appointment.objects.get(pk=self.rows[which % len(self.rows)].pk))
            drain()


def test_exactly_once_whatever_happens_to_the_booking(store, advisor, now):
    machine = type("Machine", (Days,), {"store": store, "advisor": advisor, "begin": now})
    run_machine(
        machine,
        settings=settings(
            max_examples=5, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
