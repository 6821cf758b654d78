"""The capacity ledger: what a booking takes, what a day refuses, and what becomes of bookings when the house changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from appointments import domain as appointments
from appointments.domain import Item, Need, SlotTaken, Wish
from appointments.models import Appointment, BookingPolicy, Bucket, Claim, Hold, LedgerDay
from journal.models import Event
from messaging.models import Message
from stores.models import Bay, LoanCar, ParkingSpace, Qualification, Staff
from tests import factories

HOUR = Need("mechanical", "lift", 60)


@pytest.fixture
def house(store, advisor, staff, now):
    """Two technicians, one lift, two parking spaces, one loan car; no reserve."""
    for name in ("张", "李"):
        staff("technician", name=name)
    Bay.objects.filter(kind="lift").exclude(code="J1").update(active=False)
    ParkingSpace.objects.bulk_create(ParkingSpace(store=store, code=code) for code in ("P1", "P2"))
    LoanCar.objects.create(store=store, plate="京A00001", title="朗逸")
    BookingPolicy.objects.create(store=store, reserve_percent=0)
    return store


@pytest.fixture
def book(house, advisor):
    def act(start, *, needs=(HOUR,), **more):
        car = factories.vehicle(house)
        items = [Item("maintenance", minutes=need.minutes) for need in needs]
        return appointments.book(
            store=house, customer=car.owner, vehicle=car, start=start, by=advisor, channel="desk", items=items, **more
        )

    return act


def day_of(store, day, wish=None, **more):
    return appointments.offers(store, wish or Wish(needs=(HOUR,)), first=day, days=1, **more)[0]


def texts(answer):
    return [f"{offer.start:%H:%M}" for offer in answer.offers]


def taken(resource, **where):
    return Bucket.objects.filter(resource=resource, **where).aggregate(n=Sum("booked"))["n"]


def test_a_booking_takes_advisor_parking_technician_bay_and_wash(book, house, at):
    made = book(at("14:00", 1))

    amounts = {
        (row.bucket.resource, row.bucket.key): row.amount
        for row in Claim.objects.filter(appointment=made).select_related("bucket")
    }
    assert amounts == {
        ("advisor", str(made.advisor_id)): 1,
        ("parking", str(made.parking_id)): 1,
        ("technician", "mechanical"): 60,
        ("bay", "lift"): 60,
        ("wash", ""): 1,
    }
    assert (made.parking.code, made.expected_ready_at) == ("P1", at("15:50", 1))
    assert made.items.get().minutes == 60


def test_work_goes_over_lunch_and_into_the_next_day(book, at):
    made = book(at("17:00", 1), needs=[Need("mechanical", "lift", 90)], wash=False)

    # 30 minutes until six, 60 from half past eight.
    assert made.expected_ready_at == at("09:30", 2)


def test_who_waits_is_not_offered_what_ends_tomorrow(house, at):
    wish = Wish(needs=(Need("mechanical", "lift", 120),), waits=True, wash=False)

    assert texts(day_of(house, at("14:00", 1).date(), wish))[-1] == "15:30"
    too_long = Wish(needs=(Need("mechanical", "lift", 600),), waits=True)
    answer = day_of(house, at("14:00", 1).date(), too_long)
    assert (answer.offers, answer.code) == ([], "waits")
    assert answer.refusal


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(needs=(Need("electrical", "lift", 60),)), "technician"),
        (Wish(needs=(Need("mechanical", "wash", 60),)), "bay"),
        (Wish(pickup=True), None),
        (Wish(loan_car=True), None),
        (Wish(advisor_id=0), None),
    ],
)
def test_a_refused_day_says_why(house, at, wish, code):
    answer = day_of(house, at("14:00", 1).date(), wish)

    assert answer.code == (code or "")
    assert bool(answer.offers) == (code is None)


def test_the_days_before_and_after_say_why(house, at):
    codes = [day_of(house, at("14:00", days).date()).code for days in (-1, 0, 400)]

    assert codes == ["past", "", "too_far"]


def test_the_only_loan_car_is_lent_once(book, house, at):
    book(at("14:00", 1), loan_car=True)

    assert day_of(house, at("14:00", 1).date(), Wish(loan_car=True)).code == "loan_car"
    with pytest.raises(SlotTaken) as refused:
        book(at("16:00", 1), loan_car=True)
    assert refused.value.why == "loan_car"
    assert refused.value.alternatives


def test_pick_up_runs_are_counted_in_each_part(book, house, at):
    for time in ("14:00", "15:00"):
        book(at(time, 1), pickup_address="长安街1号", needs=())

    left = day_of(house, at("14:00", 1).date(), Wish(pickup=True))
    assert texts(left)[-1] == "11:30"


def test_the_reserve_is_the_floors(house, make_visit, at):
    BookingPolicy.objects.update(reserve_percent=50)
    visit = make_visit("reception")

    plan = appointments.keep_floor(visit, [Need("mechanical", "lift", 600)], not_before=at("08:00", 1), source="work")

    assert plan.short == []
    assert (taken("technician"), Bucket.objects.filter(resource="bay", key="lift").aggregate(n=Sum("floor"))["n"]) == (
        0,
        600,
    )


def test_what_the_floor_takes_is_not_offered(house, make_visit, at):
    visit = make_visit("reception")
    day = at("14:00", 1).date()
    assert day_of(house, day).offers

    appointments.keep_floor(visit, [Need("mechanical", "lift", 510)], not_before=at("08:00", 1), source="carry_over")

    answer = day_of(house, day, Wish(needs=(HOUR,), waits=True))
    assert answer.code == "waits"
    appointments.release_floor(visit)
    assert day_of(house, day, Wish(needs=(HOUR,), waits=True)).offers
    assert Event.objects.filter(name="appointments.floor_planned").count() == 1


def test_the_floor_says_what_has_no_room(house, make_visit, now):
    plan = appointments.keep_floor(make_visit("reception"), [Need("mechanical", "lift", 9000)], source="work")

    assert plan.short[0].minutes > 0


def test_planned_twice_alike_the_floor_writes_once(house, make_visit, at):
    visit = make_visit("reception")
    for _again in range(2):
        appointments.keep_floor(visit, [HOUR], not_before=at("08:00", 1), source="work", wash=True)

    assert Event.objects.filter(name="appointments.floor_planned").count() == 1
    assert Claim.objects.filter(visit=visit).count() == 3


def test_a_held_slot_is_nobody_elses_until_it_expires(book, house, advisor, at):
    held = appointments.hold(house, Wish(), start=at("14:00", 1), channel="web", by=advisor)

    with pytest.raises(SlotTaken):
        book(at("14:00", 1), needs=())
    with time_machine.travel(at("10:21"), tick=False):
        assert "14:00" in texts(day_of(house, at("14:00", 1).date()))
        made = book(at("14:00", 1), needs=())
        assert Claim.objects.filter(hold=held).count() == 0
    assert made.start == at("14:00", 1)


def test_a_hold_becomes_the_booking(book, house, advisor, at):
    wish = Wish(needs=(HOUR,))
    held = appointments.hold(house, wish, start=at("14:00", 1), channel="web", by=advisor)

    made = book(at("14:00", 1), hold=held.token)

    assert (made.advisor, made.expected_ready_at, made.parking.code) == (advisor, at("15:50", 1), "P1")
    assert Claim.objects.filter(appointment=made).count() == 5
    assert Hold.objects.count() == 0


def test_an_expired_hold_is_booked_anew_and_another_wish_too(book, house, advisor, at):
    held = appointments.hold(house, Wish(), start=at("14:00", 1), channel="web", by=advisor)
    with time_machine.travel(at("10:30"), tick=False):
        assert book(at("14:00", 1), hold=held.token).start == at("14:00", 1)
    other = appointments.hold(house, Wish(), start=at("15:00", 1), channel="web", by=advisor)
    made = book(at("15:00", 1), hold=other.token)

    assert Claim.objects.filter(appointment=made).count() == 5
    assert Hold.objects.count() == 0


def test_a_released_hold_leaves_nothing(house, advisor, at):
    appointments.release(appointments.hold(house, Wish(needs=(HOUR,)), start=at("14:00", 1), channel="web", by=advisor))

    assert (Hold.objects.count(), Claim.objects.count(), taken("advisor")) == (0, 0, 0)


def test_a_moved_and_a_cancelled_booking_give_back(book, house, advisor, at):
    made = book(at("14:00", 1), loan_car=True)
    appointments.reschedule(made, start=at("14:30", 1), by=advisor)
    assert (taken("technician"), taken("loan_car"), taken("advisor")) == (60, 1, 1)

    appointments.cancel(made, reason="不来了", by=advisor)
    assert Claim.objects.count() == 0


def test_the_own_advisor_comes_first_and_the_stand_in_is_named(house, advisor, second, at):
    car = factories.vehicle(house)
    car.owner.preferred_advisor = second
    car.owner.save()
    first = day_of(house, at("14:00", 1).date(), Wish(own_advisor_id=second.pk)).offers[0]
    assert (first.advisor, first.own) == (second, True)
    assert first.reasons

    def mine(vehicle):
        return appointments.book(
            store=house,
            customer=car.owner,
            vehicle=vehicle,
            start=at("14:00", 1),
            by=advisor,
            channel="desk",
        )

    assert (mine(car).advisor, mine(factories.vehicle(house, car.owner)).stand_in_for) == (second, second)


def test_seven_days_cost_the_same_statements_whatever_there_is(house, staff, at):
    def cost():
        appointments.offers(house, Wish(needs=(HOUR,)), first=at("14:00").date())
        with CaptureQueriesContext(
            connection,
        ) as seen:
            appointments.offers(house, Wish(needs=(HOUR,)), first=at("14:00").date())
        return len(seen)

    few = cost()
    for _person in range(5):
        staff("advisor")
    assert cost() == few <= 12


def test_the_database_refuses_more_than_there_is(book, house, at):
    made = book(at("14:00", 1))
    row = Claim.objects.filter(appointment=made, bucket__resource="advisor").get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            store=house, bucket=row.bucket, side="booked", source="booking", amount=1, appointment=made
        )


# --- The house changes --------------------------------------------------------------------------------------------------


def test_a_person_hired_later_is_offered_at_once(house, second, at):
    before = len(day_of(house, at("14:00", 1).date()).offers)
    factories.staff(house, "advisor")

    assert len(day_of(house, at("14:00", 1).date()).offers) == before // 2 * 3


def test_leave_gives_bookings_a_stand_in_and_tells_the_customer(book, house, advisor, second, at):
    made = book(at("14:00", 1), advisor=advisor)

    _leave, hits = appointments.take_leave(advisor, start=at("08:00", 1), end=at("20:00", 1), by=second)

    made.refresh_from_db()
    assert (made.advisor, made.stand_in_for, made.displaced_at) == (second, advisor, None)
    assert [(hit.appointment, hit.stand_in) for hit in hits] == [(made, second)]
    assert Message.objects.filter(template="appointment_changed").count() == 1
    assert Event.objects.filter(name="appointments.stand_in").count() == 1
    assert {offer.advisor for offer in day_of(house, at("14:00", 1).date()).offers} == {second}


def test_without_a_stand_in_the_booking_is_displaced_and_can_be_moved(book, house, advisor, at):
    made = book(at("14:00", 1))
    leave, hits = appointments.take_leave(advisor, start=at("13:00", 1), end=at("20:00", 1), by=advisor)

    made.refresh_from_db()
    assert (made.displaced_reason, [hit.stand_in for hit in hits]) == ("reception", [None])
    assert (made.start, Claim.objects.count()) == (at("14:00", 1), 0)
    appointments.reschedule(made, start=at("09:00", 1), by=advisor)
    assert Appointment.objects.get().displaced_at is None

    appointments.end_leave(leave, by=advisor)
    assert "14:00" in texts(day_of(house, at("14:00", 1).date()))


def test_the_newest_booking_gives_way_when_technicians_are_missing(book, house, advisor, second, at):
    """Half of the technicians gone, and five hours of work in an afternoon of five: nobody; two hours more: the newest."""
    Bay.objects.filter(kind="lift").update(active=True)
    work = [Need("mechanical", "lift", 240)]
    older = book(at("13:00", 1), needs=work, waits=True, wash=False, advisor=advisor)
    newer = book(at("13:00", 1), needs=work, waits=True, wash=False, advisor=second)
    gone = Staff.objects.get(name="张")

    appointments.take_leave(gone, start=at("08:00", 1), end=at("20:00", 1), by=advisor)

    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.displaced_at, newer.displaced_reason) == (None, "waits")


def test_a_preview_says_who_is_hit_and_changes_nothing(book, house, advisor, second, at):
    made = book(at("14:00", 1), advisor=advisor)
    before = Event.objects.count(), Message.objects.count()

    def close():
        from stores import domain as stores

        stores.set_day(store=house, day=at("14:00", 1).date(), kind="holiday", by=advisor)

    hits = appointments.preview(house, close)

    made.refresh_from_db()
    assert [(hit.appointment, hit.code, hit.stand_in) for hit in hits] == [(made, "hours", None)]
    assert (made.displaced_at, Event.objects.count(), Message.objects.count()) == (None, *before)
    assert taken("advisor") == 1

    close()
    appointments.relay(house, by=advisor)
    made.refresh_from_db()
    assert made.displaced_reason == "hours"
    assert Claim.objects.count() == 0


def test_work_in_the_house_moves_on_when_its_technician_is_away(house, make_visit, advisor, at):
    visit = make_visit("reception")
    Bay.objects.filter(kind="lift").update(active=True)
    plan = appointments.keep_floor(visit, [Need("mechanical", "lift", 210)], not_before=at("08:00", 1), source="work")
    assert plan.ends_at == at("12:00", 1)

    for person in Staff.objects.filter(role__code="technician"):
        appointments.take_leave(person, start=at("08:00", 1), end=at("12:00", 1), by=advisor)

    rows = Claim.objects.filter(visit=visit, bucket__resource="technician")
    assert [(row.amount, row.bucket.starts_at) for row in rows] == [(210, at("13:00", 1))]


def test_bookings_older_than_the_ledger_are_taken_in(book, house, advisor, at):
    made = book(at("14:00", 1))
    LedgerDay.objects.all().delete()

    assert "14:00" not in texts(day_of(house, at("14:00", 1).date()))
    assert Claim.objects.filter(appointment=made).count() == 4  # the parking space is not known to be taken


def test_a_technician_counts_under_his_highest_skill_while_it_is_valid(house, at):
    person = Staff.objects.get(name="张")
    Qualification.objects.filter(staff=person, skill="electrical").update(level=3)
    day = at("14:00", 1).date()
    assert day_of(house, day, Wish(needs=(Need("electrical", "lift", 60),))).offers

    Qualification.objects.filter(staff=person, skill="electrical").update(valid_until=day - timedelta(days=1))
    assert day_of(house, day, Wish(needs=(Need("electrical", "lift", 60),))).code == "technician"
