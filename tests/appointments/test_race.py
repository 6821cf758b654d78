"""Many at once for one slot, over real connections: the day is locked while one gets through."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from appointments import domain as appointments
from appointments import queries
from appointments.domain import ledger
from appointments.models import Appointment, Bucket
from core import clock
from core.errors import Conflict
from core.stages import Stage
from journal.models import Event
from messaging.models import Message
from stores.access import in_store
from tests import factories
from visits import domain as visits
from visits.models import Visit

RACERS = 32
NEVER_TWICE = ("appointments_advisor_free",)


@pytest.fixture
def house(transactional_db, store):
    """A store whose rows are really committed; gone again afterwards."""
    return store


def race(store, acts) -> list:
    """Run every act in a thread and on a connection of its own, all let go at once; what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    outcomes: list = [None] * len(acts)

    def run(number, act):
        try:
            with in_store(store):
                connection.ensure_connection()
                barrier.wait(timeout=30)
                outcomes[number] = act()
        except Exception as error:  # noqa: BLE001 - the test judges every outcome, also an unexpected one
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


def bookers(store, advisor, slot):
    cars = [factories.vehicle(store) for _ in range(RACERS)]

    def booker(car):
        return lambda: appointments.book(
            store=store, customer=car.owner, vehicle=car, advisor=advisor, start=slot.start, by=advisor, channel="web"
        )

    return [booker(car) for car in cars]


def times_to_come(store, advisor, count: int) -> list[queries.Slot]:
    """Reception times of the next days. Nobody asks the ledger: the racers lay its days out."""
    today = clock.local_day(store.tz)
    times = queries.times_of_days(store, [today + timedelta(days=n) for n in range(14)])
    coming = [queries.Slot(advisor, *time) for day in times.values() for time in day]
    return [slot for slot in coming if slot.start >= clock.now() + timedelta(hours=1)][:count]


def free_slot(store, advisor):
    return times_to_come(store, advisor, 1)[0]


def test_one_of_32_gets_the_slot_and_31_are_told_it_is_taken(house):
    advisor = factories.staff(house, "advisor")
    slot = free_slot(house, advisor)

    outcomes = race(house, bookers(house, advisor, slot))

    kinds = Counter(type(outcome).__name__ for outcome in outcomes)
    assert kinds == {"Appointment": 1, "SlotTaken": RACERS - 1}
    losers = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert {(loser.code, loser.status) for loser in losers} == {("slot_taken", 409)}
    assert all(slot.start not in [s.start for s in loser.alternatives] for loser in losers)
    assert all(loser.alternatives for loser in losers)
    # What the losers began is gone without a trace: one booking, one visit, one number, one message, one journal row.
    assert Appointment.objects.count() == Visit.objects.count() == Message.objects.count() == 1
    assert Event.objects.filter(name="appointments.booked").count() == 1
    assert Visit.objects.get().number.endswith("-0001")


def test_without_locks_and_constraints_the_same_race_books_the_slot_twice(house, monkeypatch):
    """Proof that the race above can fail: neither is the day locked here, nor does the database refuse."""
    advisor = factories.staff(house, "advisor")
    slot = free_slot(house, advisor)
    appointments.offers(
        house, appointments.Wish(), first=slot.start.date(), days=1
    )  # lays the day out, which locks it too
    monkeypatch.setattr(ledger, "lock_days", lambda store, days: [])
    kept = {
        model: [
            c for c in model._meta.constraints if c.name in NEVER_TWICE or c.name.startswith("appointments_bucket_not")
        ]
        for model in (Appointment, Bucket)
    }
    with connection.schema_editor() as editor:
        for model, constraints in kept.items():
            for constraint in constraints:
                editor.remove_constraint(model, constraint)
    try:
        race(house, bookers(house, advisor, slot))
        double_booked = Appointment.objects.filter(advisor=advisor, during__startswith=slot.start).count()
    finally:
        Appointment.objects.all().delete()
        with connection.schema_editor() as editor:
            for model, constraints in kept.items():
                for constraint in constraints:
                    editor.add_constraint(model, constraint)

    assert double_booked > 1


def test_many_moves_into_one_slot_end_with_one_winner_and_no_deadlock(house):
    advisor = factories.staff(house, "advisor")
    slots = times_to_come(house, advisor, 9)
    target, *homes = slots
    booked = [act() for act, home in zip(bookers_at(house, advisor, homes), homes)]

    def mover(appointment):
        return lambda: appointments.reschedule(appointment, start=target.start, by=advisor)

    outcomes = race(house, [mover(appointment) for appointment in booked])

    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Appointment": 1, "SlotTaken": 7}
    starts = sorted(Appointment.objects.values_list("during", flat=True), key=lambda during: during.lower)
    assert len({during.lower for during in starts}) == 8


def bookers_at(store, advisor, slots):
    for slot in slots:
        yield bookers(store, advisor, slot)[0]


def test_without_a_wished_advisor_as_many_win_as_receive(house):
    people = [factories.staff(house, "advisor") for _ in range(3)]
    slot = free_slot(house, people[0])
    cars = [factories.vehicle(house) for _ in range(8)]

    def booker(car):
        return lambda: appointments.book(
            store=house, customer=car.owner, vehicle=car, start=slot.start, by=people[0], channel="web"
        )

    outcomes = race(house, [booker(car) for car in cars])

    winners = [outcome for outcome in outcomes if isinstance(outcome, Appointment)]
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Appointment": 3, "SlotTaken": 5}
    assert {winner.advisor for winner in winners} == set(people)


def test_bookings_and_moves_mixed_fill_a_time_exactly_and_never_deadlock(house):
    people = [factories.staff(house, "advisor") for _ in range(3)]
    slots = times_to_come(house, people[0], 3)
    target, *homes = slots
    moved = [next(bookers_at(house, person, [home]))() for person in people for home in homes]

    def booker(car):
        return lambda: appointments.book(
            store=house, customer=car.owner, vehicle=car, start=target.start, by=people[0], channel="web"
        )

    def mover(appointment):
        return lambda: appointments.reschedule(appointment, start=target.start, by=people[0])

    acts = [booker(factories.vehicle(house)) for _ in range(10)] + [mover(appointment) for appointment in moved]
    outcomes = race(house, acts)

    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Appointment": 3, "SlotTaken": 13}
    assert Appointment.objects.filter(during__startswith=target.start).count() == 3


def test_one_of_two_equal_forms_makes_the_booking_and_both_lead_to_it(house):
    from uuid import uuid4

    advisor, car, token = factories.staff(house, "advisor"), factories.vehicle(house), uuid4()
    slot = free_slot(house, advisor)

    def send():
        return appointments.book(
            store=house,
            customer=car.owner,
            vehicle=car,
            advisor=advisor,
            start=slot.start,
            by=advisor,
            channel="web",
            token=token,
        )

    outcomes = race(house, [send] * 8)

    assert {type(outcome).__name__ for outcome in outcomes} == {"Appointment"}
    assert len({outcome.pk for outcome in outcomes}) == 1


def test_of_many_who_move_one_visit_on_one_wins_and_the_others_read_why(house):
    """Concurrent advance(): the arrival of one booked car, tapped on eight tablets at once."""
    advisor = factories.staff(house, "advisor")
    car = factories.vehicle(house)
    with transaction.atomic():
        visit = visits.open_visit(store=house, customer=car.owner, vehicle=car, by=advisor, advisor=advisor)

    def advance():
        return visits.advance(visit, to=Stage.RECEPTION, by=advisor, stamp={"arrived_at": clock.now()})

    outcomes = race(house, [advance] * 8)

    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Visit": 1, "Conflict": 7}
    refusals = {str(outcome) for outcome in outcomes if isinstance(outcome, Conflict)}
    assert len(refusals) == 1
    assert Event.objects.filter(name="visits.stage_entered").count() == 1
