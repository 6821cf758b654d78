"""The nightly run: who gets a reminder, what it says, and that each period is reminded once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from catalogue.models import MaintenanceRule
from customers import domain as customers
from customers.models import Vehicle
from journal.models import Event
from messaging.models import Message
from outreach.domain import night, planning
from outreach.models import DueCar, NightRun, Policy, Task
from tests import factories
from tests.outreach.conftest import BY
from tests.outreach.test_due import past_visit


def reminded_cars(kind="maintenance") -> set[Vehicle]:
    return {task.vehicle for task in Task.objects.filter(kind=kind).select_related("vehicle")}


def test_a_car_that_falls_due_is_reminded_with_what_why_how_long_and_how_much(due_car, run, today):
    car = due_car(8)
    done = run()

    task = Task.objects.select_related("message", "operation").get()
    due = DueCar.objects.get()
    assert (done.phase, done.tasks, done.messages, done.cars) == ("done", 1, 1, 1)
    assert (task.kind, task.vehicle, task.customer, task.state) == ("maintenance", car, car.owner, "messaged")
    assert (task.due_on, task.period) == (due.due_on, due.base_on.isoformat())
    assert task.call_on == max(due.due_on - timedelta(days=5), today + timedelta(days=5))
    body = task.message.body
    for part in (
        car.plate,
        task.operation.name_zh,
        "上次保养时间",
        "预计用时 0.6 小时",
        "参考费用",
        "/c/book/north/",
        "/c/stop/",
    ):
        assert part in body
    assert "日均" not in body
    assert task.message.dedupe_key == f"outreach:maintenance:{car.pk}:{task.period}"
    assert (task.why["by"], task.why["km_rate"]) == ("time", "15.00")
    assert Event.objects.filter(name="outreach.opened").count() == 1


def test_with_enough_bills_the_price_is_what_others_paid(due_car, run, store, today):
    operation = MaintenanceRule.objects.filter(powertrain="petrol", first_km=5000).first().operation
    for n in range(20):
        visit = past_visit(factories.vehicle(store), today - timedelta(days=n + 1), None, operation)
        visit.lines.update(labour=100, material=200 + 10 * n)
    due_car(8)
    run()

    assert "参考费用 310–470 元" in Task.objects.get(kind="maintenance").message.body


def test_who_drives_much_is_told_so(due_car, run, store, today):
    car = due_car(60)
    car.readings.create(store=store, on=today - timedelta(days=5), km=27_000)
    run()

    task = Task.objects.get()
    assert task.why["by"] == "km"
    assert f"日均行驶约 {float(task.why['km_rate']):.0f} 公里" in task.message.body


def test_a_second_run_and_the_following_nights_add_none(due_car, lost_car, run, today):
    due_car(8), lost_car(200)
    run()
    first = (Task.objects.count(), Message.objects.count())

    run()
    NightRun.objects.all().delete()
    run()
    for n in range(1, 4):
        run(today + timedelta(days=n))

    assert first == (2, 2) == (Task.objects.count(), Message.objects.count())
    assert NightRun.objects.count() == 4


@pytest.mark.parametrize(("in_days", "expected"), [(8, 1), (14, 0), (-20, 1), (-45, 0)])
def test_the_days_ahead_and_behind(due_car, run, in_days, expected):
    due_car(in_days)
    run()

    assert Task.objects.filter(kind="maintenance").count() == expected


@pytest.mark.parametrize(
    ("channels", "state", "messages"),
    [(("sms", "phone"), "messaged", 1), (("sms",), "messaged", 1), (("phone",), "open", 0)],
)
def test_consent_decides_between_message_and_call(due_car, run, channels, state, messages):
    due_car(8, channels=channels)
    run()

    assert (Task.objects.get().state, Message.objects.count()) == (state, messages)


def test_nobody_is_reminded_who_agreed_to_nothing(due_car, lost_car, run):
    due_car(8, channels=())
    lost_car(200, channels=())
    done = run()

    assert (Task.objects.count(), Message.objects.count(), done.not_allowed) == (0, 0, 2)


def test_the_customers_own_channel_goes_first(due_car, run, store):
    owner = factories.customer(store, preferred_channel="wechat", wechat_openid="wx-1")
    due_car(8, channels=("sms", "wechat"), owner=owner)
    run()

    assert (Message.objects.get().channel, Message.objects.get().to) == ("wechat", "wx-1")


def test_a_car_that_is_booked_or_here_is_left_alone(due_car, run, make_visit):
    car, other = due_car(8), due_car(8)
    make_visit("booking", vehicle=car, customer=car.owner)
    make_visit("repair", vehicle=other, customer=other.owner)
    run()

    assert not Task.objects.exists()


def test_a_visit_younger_than_the_computation_counts(due_car, store, today):
    """The reaction that marks the car has not come round yet."""
    car = due_car(8)
    night.begin(store, today)
    while NightRun.objects.get().phase in ("full", "pace", "changed"):
        night.run_batch(store, today)
    past_visit(car, today + timedelta(days=1), 27_000)
    night.run_night(store, today)

    assert not Task.objects.exists()


def test_win_back_after_183_days_one_car_of_each_customer(lost_car, run, store):
    near, lost, gone = lost_car(182), lost_car(184), lost_car(800)
    owner = factories.customer(store)
    older, newer = lost_car(300, owner=owner), lost_car(250, owner=owner, channels=())
    faithful = factories.customer(store)
    lost_car(400, owner=faithful), lost_car(30, owner=faithful, channels=())
    run()

    assert reminded_cars("win_back") == {lost, newer}
    assert {near, gone, older}.isdisjoint(reminded_cars("win_back"))
    text = Task.objects.get(vehicle=lost).message.body
    assert "未再到店" in text and "/c/stop/" in text


def test_win_back_of_a_night_is_limited_and_takes_the_most_recent(lost_car, run, store, today):
    cars = [lost_car(days) for days in (400, 190, 300)]
    Policy.objects.create(store=store, win_backs_a_night=2)
    run()
    assert reminded_cars("win_back") == {cars[1], cars[2]}

    run(today + timedelta(days=1))
    assert reminded_cars("win_back") == set(cars)


def test_a_customer_who_is_reminded_of_a_service_is_not_won_back_as_well(due_car, run):
    due_car(-2)
    run()

    assert [task.kind for task in Task.objects.all()] == ["maintenance"]


def test_the_cap_holds_for_a_customer_with_many_cars(due_car, run, store):
    owner = factories.customer(store)
    for _ in range(4):
        due_car(8, owner=owner)
    run()

    assert Message.objects.count() == 2
    assert sorted(Task.objects.values_list("state", flat=True)) == ["messaged", "messaged", "open", "open"]


def test_a_store_that_reminds_nobody(due_car, run, store):
    due_car(8)
    Policy.objects.create(store=store, active=False)

    assert (run().phase, Task.objects.count()) == ("done", 0)
    assert DueCar.objects.get().due_on is not None


def test_what_led_to_nothing_is_over_after_two_months(reminded, run):
    run(reminded.due_on + timedelta(days=61))

    reminded.refresh_from_db()
    assert (reminded.state, reminded.stop_reason) == ("stopped", "expired")


def test_batches_go_on_where_the_last_one_ended(due_car, store, today, monkeypatch):
    cars = [due_car(8) for _ in range(5)]
    monkeypatch.setattr(night, "REMINDED", 2)
    monkeypatch.setattr(night, "CARS", 2)
    night.begin(store, today)
    cursors = []
    while night.run_batch(store, today):
        row = NightRun.objects.get()
        cursors.append((row.phase, row.cursor, row.tasks))

    ids = sorted(car.pk for car in cars)
    assert ("maintenance", ids[1], 2) in cursors and ("maintenance", ids[3], 4) in cursors
    assert (NightRun.objects.get().tasks, Message.objects.count()) == (5, 5)


def test_a_batch_that_breaks_leaves_nothing(due_car, store, today, monkeypatch):
    due_car(8)
    night.begin(store, today)
    while NightRun.objects.get().phase != "maintenance":
        night.run_batch(store, today)
    with monkeypatch.context() as patch, transaction.atomic():
        patch.setattr(planning, "_task", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            night.run_batch(store, today)
    assert (Message.objects.count(), Task.objects.count(), NightRun.objects.get().cursor) == (0, 0, 0)

    night.run_night(store, today)
    assert (Message.objects.count(), Task.objects.count()) == (1, 1)


def test_the_database_refuses_a_second_reminder_of_a_period(reminded):
    twin = Task(
        **{
            f.attname: getattr(reminded, f.attname)
            for f in Task._meta.concrete_fields
            if f.attname not in ("id", "message_id")
        }
    )

    with pytest.raises(IntegrityError, match="outreach_period_once"), transaction.atomic():
        twin.save(force_insert=True)


def test_when_every_car_is_computed(due_car, run, store, today):
    due_car(100)
    assert run().full
    assert not run(today + timedelta(days=1)).full
    MaintenanceRule.objects.filter(powertrain="petrol").update(months=5)
    assert run(today + timedelta(days=2)).full
    assert not run(today + timedelta(days=3)).full
    assert run(today + timedelta(days=10)).full


def test_another_stores_cars_stay_out_of_it(due_car, run, other_store, store):
    due_car(8)
    assert night.run_night(other_store, run().night).tasks == 0


def test_withdrawn_last_week_given_today_counts_as_given(due_car, run):
    car = due_car(8, channels=())
    for say in (customers.withdraw_consent, customers.give_consent):
        say(car.owner, purpose="marketing", channel="sms", by=BY)
    run()

    assert Message.objects.count() == 1
