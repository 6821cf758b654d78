"""Booking at the desk with the workshop in view: menu, held slot, plan, week, and changes shown before they are saved."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import domain as appointments
from appointments import sheets
from appointments.models import Appointment, BookingPolicy, Hold
from appointments.queries import Slot
from catalogue.models import Operation
from customers.models import Vehicle
from messaging.models import Message
from stores.models import Bay, Leave
from tests import factories

BOOK = "/appointments/book/"


@pytest.fixture
def desk(client_as, now):
    return client_as("booking_desk")


@pytest.fixture
def boss(client_as, now):
    return client_as("service_manager")


def key(advisor, start):
    return Slot(advisor, start, start).key


def form(advisor, start, **fields):
    return {
        "token": str(uuid4()),
        "name": "陈晨",
        "phone": "13900001111",
        "plate": "京B22222",
        "wash": "on",
        "wished": "1",
        "channel": "phone",
        "slot": key(advisor, start),
        **fields,
    }


def op(code):
    return Operation.objects.get(code=code)


@pytest.fixture
def booked(store, advisor, at):
    def make(time="14:00", days=0, **fields):
        car = fields.pop("car", None) or factories.vehicle(store)
        way = {"advisor": advisor, "channel": "desk", "services": ["maintenance"], **fields}
        return appointments.book(store=store, customer=car.owner, vehicle=car, start=at(time, days), by=advisor, **way)

    return make


# --- Menu and plan ----------------------------------------------------------------------------------------------------


def test_several_services_from_the_menu_make_a_plan(desk, advisor, at):
    chosen = [op("B001"), op("Z001")]
    data = form(advisor, at("14:00"), operations=[row.pk for row in chosen], services=["repair"], fault="左前轮异响")

    answer = desk.post(BOOK, data)

    made = Appointment.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("appointments:plan", args=[made.pk]))
    rows = [(item.operation and item.operation.code, item.kind, item.words) for item in made.items.all()]
    assert rows == [("B001", "maintenance", ""), ("Z001", "repair", ""), (None, "repair", "左前轮异响")]
    plan = sheets.plan_of(made)
    assert plan.minutes == 36 + 60 + 90
    assert plan.open_price
    page = desk.get(answer.headers["Location"]).content.decode()
    assert "更换机油机滤" in page
    assert "左前轮异响" in page
    assert "行驶证" in page


def test_the_plan_is_sent_at_once(desk, advisor, at):
    desk.post(BOOK, form(advisor, at("14:00"), operations=[op("B001").pk]))

    body = Message.objects.get(template="appointment_confirmed").body
    made = Appointment.objects.get()
    assert "服务项目：更换机油机滤（小保养）" in body
    assert f"费用约 {made.price_low:.0f}–{made.price_high:.0f} 元" in body
    assert "请携带：行驶证、车钥匙、保养手册与三包凭证" in body
    assert "可取车" in body


def test_what_is_due_stands_first_for_the_car(desk, store, advisor):
    car = factories.vehicle(store)
    Vehicle.objects.filter(pk=car.pk).update(mileage=60_100, powertrain="petrol")

    page = desk.get(BOOK, {"vehicle": car.pk}).content.decode()

    due = page[page.index('class="svc-group is-due"') :]
    assert due.index("本车到期项目") < due.index("已到 60,000 公里保养期") < due.index('class="svc-group"')


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pickup": "on"}, "请填写取车地址"),
        ({"waits": "on", "loan_car": "on"}, "在店等候的客户无需代步车"),
        ({"operations": ["999999"]}, "选择"),
    ],
)
def test_what_does_not_go_together_is_named(desk, advisor, at, fields, said):
    answer = desk.post(BOOK, form(advisor, at("14:00"), services=["maintenance"], **fields))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Appointment.objects.count() == 0


def test_a_limit_of_the_house_is_said_for_the_day(desk, store, advisor):
    page = desk.get(
        reverse("appointments:slots"), {"wished": "1", "loan_car": "on", "day": "2026-11-18"}
    ).content.decode()

    assert "无代步车" in page
    assert 'class="slot-refusal"' in page
    assert 'name="slot"' not in page


def test_the_times_follow_what_is_ticked(desk, store, advisor):
    factories.staff(store, "technician", skills=["mechanical"])
    url = reverse("appointments:slots")
    short = desk.post(url, {"wished": "1", "operations": [op("B001").pk], "shown": "2026-11-18"}).content.decode()
    long = desk.post(url, {"wished": "1", "operations": [op("X004").pk], "shown": "2026-11-18"}).content.decode()

    assert 'name="slot"' in short
    assert "¥" in short
    assert "技师已满" in long  # nobody is qualified for it


# --- The held slot ----------------------------------------------------------------------------------------------------


def test_a_chosen_slot_is_held_and_becomes_the_booking(desk, advisor, at):
    data = form(advisor, at("14:00"), operations=[op("B001").pk])

    answer = desk.post(reverse("appointments:hold"), data)

    page = answer.content.decode()
    assert "保留至 10:20" in page
    held = Hold.objects.get()
    assert (str(held.token), held.start) == (data["token"], at("14:00"))
    assert desk.post(BOOK, data).status_code == 303
    assert (Hold.objects.count(), Appointment.objects.get().start) == (0, at("14:00"))


def test_another_choice_gives_the_first_one_back(desk, advisor, at):
    data = form(advisor, at("14:00"))
    url = reverse("appointments:hold")
    desk.post(url, data)

    desk.post(url, {**data, "slot": key(advisor, at("15:00"))})

    assert [row.start for row in Hold.objects.all()] == [at("15:00")]


def test_the_own_hold_stays_in_the_grid_and_bars_others(desk, client_as, advisor, at):
    data = form(advisor, at("14:00"))
    desk.post(reverse("appointments:hold"), data)
    url, slot = reverse("appointments:slots"), key(advisor, at("14:00"))

    mine = desk.get(url, {"token": data["token"], "slot": slot, "day": "2026-11-17"}).content.decode()
    theirs = client_as("advisor").get(url, {"day": "2026-11-17"}).content.decode()

    assert f'value="{slot}" checked' in mine
    assert slot not in theirs
    refused = client_as("advisor").post(reverse("appointments:hold"), form(advisor, at("14:00"))).content.decode()
    assert "13:30" in refused


def test_a_hold_that_ran_out_is_asked_for_anew(desk, advisor, at):
    data = form(advisor, at("14:00"), services=["maintenance"])
    desk.post(reverse("appointments:hold"), data)

    with time_machine.travel(at("11:00"), tick=False):
        assert desk.post(BOOK, data).status_code == 303

    assert Appointment.objects.get().start == at("14:00")


def test_a_hold_that_ran_out_and_was_taken_names_other_times(desk, booked, advisor, at):
    data = form(advisor, at("14:00"), services=["maintenance"], matters_most="四点前取车")
    desk.post(reverse("appointments:hold"), data)

    with time_machine.travel(at("11:00"), tick=False):
        booked("14:00")
        answer = desk.post(BOOK, data)

    assert answer.status_code == 409
    assert "四点前取车" in answer.content.decode()
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("slot", ["", "rubbish", "1@rubbish"])
def test_nothing_is_held_for_nonsense(desk, advisor, at, slot):
    answer = desk.post(reverse("appointments:hold"), form(advisor, at("14:00"), slot=slot))

    assert (answer.status_code, Hold.objects.count()) == (422, 0)


# --- Day, week, print ---------------------------------------------------------------------------------------------------


def test_the_week_shows_bookings_and_load(desk, store, booked, advisor):
    factories.staff(store, "technician", skills=["mechanical"])
    made = booked("14:00", days=1)

    page = desk.get(reverse("appointments:week"), {"day": "2026-11-18"}).content.decode()

    assert made.visit.vehicle.plate[2:] in page
    assert page.count("data-card") == 1
    assert 'data-moment="20261118T060000Z"' in page
    assert "机修" in page[page.index("load-table") :]
    assert "<meter" in page


def test_the_weeks_queries_do_not_grow_with_its_bookings(desk, booked):
    url = reverse("appointments:week")
    booked("14:00")
    desk.get(url)
    with CaptureQueriesContext(connection) as one:
        desk.get(url)
    booked("15:00")
    booked("16:00", days=1)
    with CaptureQueriesContext(connection) as three:
        desk.get(url)

    assert len(one) == len(three)


def test_a_dropped_booking_is_moved_and_the_week_comes_back(desk, booked, advisor, at):
    made = booked("14:00")
    url = reverse("appointments:reschedule", args=[made.pk])

    data = {"slot": key(advisor, at("09:00", 2)), "version": made.visit.version, "view": "week"}
    answer = desk.post(url, data)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/appointments/week/?day=2026-11-19")


def test_a_drop_that_is_refused_shows_the_times_that_are_left(desk, booked, advisor, at):
    made = booked("14:00")
    booked("15:00")

    answer = desk.post(
        reverse("appointments:reschedule", args=[made.pk]),
        {"slot": key(advisor, at("15:00")), "version": made.visit.version, "view": "day"},
    )

    assert answer.status_code == 409
    assert 'class="slot-grid"' in answer.content.decode()


def test_the_day_on_paper_has_who_comes(desk, booked):
    made = booked("14:00", note="带备胎")

    page = desk.get(reverse("appointments:day_print"), {"day": "2026-11-17"}).content.decode()

    assert made.visit.customer.name in page
    assert "带备胎" in page


# --- Changes are shown before they are saved ------------------------------------------------------------------------------


def test_closing_a_day_names_the_bookings_first(boss, booked):
    made = booked("14:00", days=1)
    url, data = reverse("appointments:set_day"), {"day": "2026-11-18", "kind": "holiday", "note": "盘点"}

    asked = boss.post(url, data)
    page = asked.content.decode()
    assert asked.status_code == 409
    assert made.visit.customer.name in page
    assert f'name="seen" value="{made.pk}"' in page
    made.refresh_from_db()
    assert made.displaced_at is None

    assert boss.post(url, {**data, "seen": str(made.pk)}).status_code == 303
    made.refresh_from_db()
    assert made.displaced_at is not None
    day = boss.get("/appointments/").content.decode()
    assert "请优先改约" in day
    assert reverse("appointments:reschedule", args=[made.pk]) in day


def test_a_booking_made_meanwhile_is_shown_too(boss, booked):
    first = booked("14:00", days=1)
    second = booked("15:00", days=1)

    answer = boss.post(reverse("appointments:set_day"), {"day": "2026-11-18", "kind": "holiday", "seen": str(first.pk)})

    assert answer.status_code == 409
    assert f'value="{second.pk}"' in answer.content.decode()


def test_a_leave_names_the_stand_in(boss, booked, advisor, second):
    made = booked("14:00", days=1)
    data = {"staff": advisor.pk, "kind": "sick", "first": "2026-11-18", "last": "2026-11-18"}
    url = reverse("appointments:take_leave")

    assert f"由 {second.name} 代为接待" in boss.post(url, data).content.decode()
    assert boss.post(url, {**data, "seen": str(made.pk)}).status_code == 303

    made.refresh_from_db()
    assert (made.advisor, made.stand_in_for, made.displaced_at) == (second, advisor, None)
    leave = Leave.objects.get()
    assert leave.during.upper - leave.during.lower == timedelta(days=1)
    assert boss.post(reverse("appointments:end_leave", args=[leave.pk])).status_code == 303
    assert Leave.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"last": "2026-11-17"}, "结束时间早于开始时间"),
        ({"first": "2020-11-18", "last": "2020-11-18"}, "今天"),
        ({"last_time": "00:00"}, "结束时间早于开始时间"),
    ],
)
def test_a_leave_that_cannot_be_is_refused(boss, advisor, fields, said):
    data = {"staff": advisor.pk, "kind": "leave", "first": "2026-11-18", "last": "2026-11-18", **fields}

    answer = boss.post(reverse("appointments:take_leave"), data)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_only_technicians_leave_names_what_cannot_be_done(boss, store, booked):
    person = factories.staff(store, "technician", skills=["mechanical"])
    made = booked("09:00", days=1)
    data = {"staff": person.pk, "kind": "training", "first": "2026-11-18", "last": "2026-11-22"}
    url = reverse("appointments:take_leave")

    assert "需由预约专员改约" in boss.post(url, data).content.decode()
    assert Leave.objects.count() == 0
    assert boss.post(url, {**data, "seen": str(made.pk)}).status_code == 303

    made.refresh_from_db()
    assert made.displaced_at is not None


def test_places_are_added_and_switched(boss, store):
    assert boss.post(reverse("appointments:add_place", args=["bay"]), {"code": "J9", "kind": "lift"}).status_code == 303
    row = Bay.objects.get(code="J9")
    twice = boss.post(reverse("appointments:add_place", args=["bay"]), {"code": "J9", "kind": "lift"})
    assert twice.status_code == 409
    assert boss.post(reverse("appointments:switch_place", args=["bay", row.pk]), {"active": "0"}).status_code == 303
    row.refresh_from_db()
    assert not row.active
    assert (
        boss.post(
            reverse("appointments:add_place", args=["loan_car"]), {"plate": "京A12345", "title": "轩逸"}
        ).status_code
        == 303
    )
    assert "京A·12345" in boss.get(reverse("appointments:places")).content.decode()
    assert boss.get(reverse("appointments:add_place", args=["boat"])).status_code == 404


def test_the_rules_of_booking_are_kept(boss, store):
    url = reverse("appointments:policy")
    values = {
        "reserve_percent": 30,
        "hold_minutes": 5,
        "change_hours": 4,
        "notice_minutes": 90,
        "offer_minutes": 20,
        "late_minutes": 10,
        "wash_minutes": 25,
        "pickup_runs": 0,
    }

    assert boss.post(url, {**values, "reserve_percent": 81}).status_code == 422
    assert boss.post(url, values).status_code == 303

    kept = BookingPolicy.of(store)
    assert {name: getattr(kept, name) for name in values} == values


def test_prices_are_rounded_to_ten(store):
    for group in sheets.menu_for(store):
        for entry in group.items:
            assert (entry.price_low % 10, entry.price_high % 10) == (Decimal(0), Decimal(0))
