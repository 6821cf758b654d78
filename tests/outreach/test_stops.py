"""A reminder ends when it has to: on a booking, a visit, a refusal, a sale; also in the second before it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from appointments import domain as appointments
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from customers import domain as customers
from journal.models import Event
from journal.testing import drain
from messaging import domain as messaging
from messaging.models import Message
from outreach import domain as outreach
from outreach import queries
from outreach.models import Policy, Task
from reception import domain as reception
from stores.access import in_store
from tests import factories
from tests.appointments import free
from tests.outreach.conftest import BY

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def by_day():
    """Tuesday noon: the store is open, nobody is disturbed by a message."""
    with time_machine.travel(NOON, tick=True):
        yield


def book(task, make_visit, **who):
    store = task.store
    make_visit.person("advisor")
    slot = next(s for n in range(1, 9) for s in free.on(store, clock.local_day(store.tz) + timedelta(days=n)))
    return appointments.book(
        store=store,
        customer=who.get("customer", task.customer),
        vehicle=who.get("vehicle", task.vehicle),
        start=slot.start,
        by=BY,
        channel="phone",
        services=["maintenance"],
    )


def again(row):
    row.refresh_from_db()
    return row


def test_sent_by_day_and_then_contacted(reminded):
    assert messaging.relay_due() == 1
    drain()

    message = reminded.message
    assert again(message).status == "delivered"
    assert again(reminded).contacted_at == message.sent_at


def test_at_night_it_waits(reminded):
    with time_machine.travel(NOON.replace(hour=3), tick=True):
        Message.objects.update(next_at=clock.now())
        messaging.relay_due()

    assert again(reminded.message).status == "pending"


def test_opted_out_a_second_ago(reminded):
    """Before any reaction has heard of it."""
    customers.withdraw_consent(reminded.customer, purpose="marketing", channel="sms", by=BY)
    messaging.relay_due()

    assert again(reminded.message).status == "suppressed"


def test_booked_a_second_ago(reminded, make_visit):
    book(reminded, make_visit)
    messaging.relay_due()

    message = again(reminded.message)
    assert (message.status, message.last_error) == ("cancelled", "not_needed")


@pytest.mark.parametrize("stage", ["reception", "repair"])
def test_here_a_second_ago(reminded, make_visit, stage):
    make_visit(stage, vehicle=reminded.vehicle, customer=reminded.customer)
    messaging.relay_due()

    assert again(reminded.message).last_error == "not_needed"


def test_sold_a_second_ago(reminded, store):
    customers.change_owner(reminded.vehicle, to=factories.customer(store), by=BY)
    messaging.relay_due()
    drain()

    assert again(reminded.message).last_error == "not_needed"
    assert again(reminded).stop_reason == "sold"


def test_the_cap_is_asked_when_it_is_sent(reminded, store):
    Policy.objects.create(store=store, max_messages=1, cap_days=30)
    messaging.send(
        store=store,
        template="win_back",
        dedupe_key="x",
        customer=reminded.customer,
        params={"plate": "x", "day": NOON.date()},
    )
    messaging.relay_due()

    assert sorted(Message.objects.filter(purpose="marketing").values_list("status", "last_error")) == [
        ("cancelled", "capped"),
        ("delivered", ""),
    ]


def test_a_booking_takes_the_waiting_message_back_and_keeps_its_link(reminded, make_visit):
    booking = book(reminded, make_visit)
    drain()
    drain()

    task = again(reminded)
    assert (task.state, task.appointment, task.booked_at) == ("booked", booking, booking.booked_at)
    assert again(task.message).status == "cancelled"
    assert Event.objects.filter(name="outreach.booked").count() == 1


def test_a_booking_that_is_called_off_gives_the_reminder_back(reminded, make_visit):
    booking = book(reminded, make_visit)
    drain()
    appointments.cancel(booking, reason="没时间", by=factories.staff(reminded.store, "booking_desk"))
    drain()

    task = again(reminded)
    assert (task.state, task.appointment_id, task.booked_at) == ("messaged", None, None)
    assert task.call_on == clock.local_day(task.store.tz)
    assert list(queries.to_call(task.call_on)) == [task]


def test_of_two_reminders_one_gets_the_booking(due_car, lost_car, run, store, make_visit):
    owner = factories.customer(store)
    lost = lost_car(200, owner=owner)
    run()
    second = due_car(8, owner=owner)
    outreach.mark_changed(store.pk, [second.pk])
    run(clock.local_day(store.tz) + timedelta(days=1))
    messaging.relay_due()
    drain()
    win_back, service = Task.objects.get(vehicle=lost), Task.objects.get(vehicle=second)
    booking = book(service, make_visit)
    drain()

    assert (again(service).appointment, again(win_back).appointment) == (booking, None)
    assert again(win_back).stop_reason == "booked"


def test_who_comes_without_a_booking_is_done(reminded, make_visit):
    visit = reception.walk_in(
        store=reminded.store,
        customer=reminded.customer,
        vehicle=reminded.vehicle,
        advisor=make_visit.person("advisor"),
        by=make_visit.person("advisor"),
        waiting=True,
        needs=[],
        token=None,
    )
    drain()

    task = again(reminded)
    assert (task.state, task.visit, task.came_at) == ("done", visit, visit.arrived_at)
    assert again(task.message).status == "cancelled"


def test_the_last_consent_withdrawn_stops_it(reminded):
    customers.withdraw_consent(reminded.customer, purpose="marketing", channel="sms", by=BY)
    drain()
    assert again(reminded).state == "messaged"

    customers.withdraw_consent(reminded.customer, purpose="marketing", channel="phone", by=BY)
    drain()
    assert again(reminded).stop_reason == "opted_out"


def test_no_more_reminders(reminded, store):
    outreach.opt_out(reminded.customer, by=BY, evidence="phone")
    outreach.opt_out(reminded.customer, by=BY, evidence="phone")

    assert (again(reminded).stop_reason, again(reminded.message).status) == ("opted_out", "cancelled")
    assert queries.allowed_channels([reminded.customer_id]) == {}
    assert Event.objects.filter(name="outreach.stopped").count() == 1


def test_the_link_in_the_message(reminded):
    token = outreach.stop_link(reminded.customer).rstrip("/").rsplit("/", 1)[1]

    assert token in reminded.message.body
    assert outreach.customer_of(token) == reminded.customer
    assert outreach.customer_of(token[:-1]) is None
    assert outreach.customer_of(f"{reminded.customer_id + 1}.{token.split('.')[1]}") is None


# --- Calls ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def caller(staff):
    return staff("booking_desk")


def test_the_list_of_calls(reminded, due_car, run, store):
    day = reminded.call_on
    assert list(queries.to_call(day - timedelta(days=1))) == []
    assert list(queries.to_call(day)) == [reminded]

    customers.withdraw_consent(reminded.customer, purpose="marketing", channel="phone", by=BY)
    assert (list(queries.to_call(day)), list(queries.waiting(day))) == ([], [reminded])


def test_not_reached_on_three_days(reminded, caller):
    for day in range(3):
        with time_machine.travel(NOON + timedelta(days=day), tick=True):
            outreach.record_attempt(reminded, outcome="no_answer", by=caller)
            outreach.record_attempt(reminded, outcome="off", by=caller) if day < 2 else None

    task = again(reminded)
    assert (task.stop_reason, task.attempts.count(), task.contacted_at) == ("unreachable", 5, None)


@pytest.mark.parametrize(
    ("outcome", "reason"), [("declined", "declined"), ("elsewhere", "elsewhere"), ("sold", "sold")]
)
def test_what_ends_it(reminded, caller, outcome, reason):
    outreach.record_attempt(reminded, outcome=outcome, by=caller, note="说过")

    task = again(reminded)
    assert (task.state, task.stop_reason) == ("stopped", reason)
    assert task.contacted_at is not None


def test_later(reminded, caller):
    at = clock.now() + timedelta(hours=3)
    outreach.record_attempt(reminded, outcome="later", by=caller, next_try_at=at)

    assert (again(reminded).state, again(reminded).next_try_at) == ("called", at)
    assert list(queries.to_call(reminded.call_on)) == []


def test_refusals(reminded, caller):
    for wrong, code in (({"outcome": "later"}, "when_missing"), ({"outcome": "?"}, "outcome_missing")):
        with pytest.raises(DomainError) as refused:
            outreach.record_attempt(reminded, by=caller, **wrong)
        assert refused.value.code == code
    with pytest.raises(DomainError):
        outreach.record_attempt(reminded, by=caller, outcome="later", next_try_at=clock.now() - timedelta(minutes=1))
    customers.withdraw_consent(reminded.customer, purpose="marketing", channel="phone", by=BY)
    with pytest.raises(NotAllowed):
        outreach.record_attempt(reminded, by=caller, outcome="no_answer")
    outreach.opt_out(reminded.customer, by=BY, evidence="")
    with pytest.raises(Conflict):
        outreach.record_attempt(reminded, by=caller, outcome="no_answer")
    assert again(reminded).attempts.count() == 0


def test_a_sold_car_is_never_reminded_of_again(reminded, caller, run):
    outreach.record_attempt(reminded, outcome="sold", by=caller)
    for days in (1, 200):
        run(clock.local_day(reminded.store.tz) + timedelta(days=days))

    assert Task.objects.count() == 1


# --- Success -------------------------------------------------------------------------------------------------------------


def test_success_counts_bookings_within_30_days_once(store, due_car, run, make_visit):
    for _ in range(3):
        due_car(8)
    run()
    messaging.relay_due()
    drain()
    early, late, never = Task.objects.order_by("pk")
    book(early, make_visit)
    drain()
    with time_machine.travel(NOON + timedelta(days=31), tick=True):
        book(late, make_visit)
        drain()

    (row,) = queries.success(since=NOON.date() - timedelta(days=60), until=NOON.date(), store=store)
    assert (row.kind, row.reached, row.booked, row.came) == ("maintenance", 3, 1, 0)
    assert 0 < row.low < row.rate < row.high < 1
    assert again(never).state == "messaged"


def test_who_was_not_reached_is_nobodys_success(reminded, make_visit, store):
    book(reminded, make_visit)
    drain()

    assert again(reminded).state == "booked"
    assert queries.success(since=NOON.date(), until=NOON.date(), store=store) == []


def test_the_error_of_the_forecast(reminded, make_visit, store):
    assert queries.forecast_error(since=NOON - timedelta(days=1)) is None
    visit = make_visit("repair", vehicle=reminded.vehicle, customer=reminded.customer)
    outreach.came(visit, at=clock.now())

    found = queries.forecast_error(since=NOON - timedelta(days=1))
    expected = (clock.local_day(store.tz) - reminded.due_on).days
    assert (found.n, found.mean, found.absolute) == (1, expected, abs(expected))


def test_rules_of_reminders(store, staff):
    manager = staff("service_manager")
    assert queries.policy(store).remind_days == 10
    for wrong in ({"remind_days": 3}, {"win_back_days": 800}, {"max_messages": 0}):
        with pytest.raises(DomainError):
            outreach.set_policy(store, by=manager, **wrong)
    outreach.set_policy(store, by=manager, remind_days=14)
    outreach.set_policy(store, by=manager, max_messages=3)

    row = queries.policy(store)
    assert (row.remind_days, row.max_messages, Policy.objects.count()) == (14, 3, 1)
    with in_store(store):
        assert Event.objects.filter(name="outreach.policy_changed").count() == 2
