"""Booking at the desk with the workshop in view: menu, held slot, plan, day and week."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import domain as appointments
from appointments import sheets
from appointments.domain.waitlist import items_of
from appointments.models import Appointment, Hold, WaitlistEntry
from appointments.queries import Slot, moment_key
from catalogue.models import Operation
from customers.choices import EntitlementKind
from customers.models import Entitlement, Vehicle
from messaging.models import Message
from stores.models import LoanCar, ParkingSpace
from tests import factories

BOOK = "/appointments/book/"


@pytest.fixture
def desk(client_as, now):
    return client_as("booking_desk")


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


def test_what_the_car_has_coming_is_shown(desk, store, advisor, now):
    car = factories.vehicle(store)
    row = {"kind": EntitlementKind.FREE_INSPECTION, "name": "轮胎免费换位", "operation_code": "L001", "payer": "maker"}
    dates = {"valid_from": "2026-01-01", "valid_until": "2027-05-01", "granted_at": now}
    Entitlement.objects.create(store=store, vehicle=car, quantity=2, **row, **dates)

    page = desk.get(BOOK, {"vehicle": car.pk}).content.decode()

    assert "轮胎免费换位 × 2，有效期至 2027-05-01" in page
    assert page.count("权益可用") == 1


def test_somebody_on_leave_has_no_free_time_on_the_day(desk, advisor, second, at):
    appointments.take_leave(second, start=at("00:00", 1), end=at("00:00", 2), by=advisor)

    page = desk.get("/appointments/", {"day": "2026-11-18"}).content.decode()

    assert key(advisor, at("14:00", 1)) in page
    assert key(second, at("14:00", 1)) not in page
    assert page.count("全天休假") == 1


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


def test_what_was_ticked_and_typed_comes_along_to_the_waitlist(desk, store, advisor, at):
    LoanCar.objects.create(store=store, plate="沪A00001", title="朗逸")
    typed = form(advisor, at("14:00"), operations=[op("B001").pk], loan_car="on", shown="2026-11-18")
    del typed["wash"]

    page = desk.post("/appointments/waitlist/new/", {**typed, "to_waitlist": "1"}).content.decode()
    carried = dict(re.findall(r'<input type="hidden" name="(operations|loan_car|wished)" value="([^"]*)"', page))
    filled = {"name": "陈晨", "phone": "13900001111", "plate": "京B22222", "token": typed["token"]}
    assert all(f'value="{value}"' in page for value in [filled["name"], filled["phone"], filled["plate"], "2026-11-18"])
    sent = desk.post("/appointments/waitlist/new/", {**filled, **carried, "first_day": "2026-11-18"})

    assert sent.status_code == 303
    entry = WaitlistEntry.objects.get()
    assert (entry.loan_car, entry.wash, entry.waits) == (True, False, False)
    assert [item.operation.code for item in items_of(entry)] == ["B001"]
    assert items_of(entry)[0].price_high > 0


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


def test_a_booking_that_is_moved_is_not_in_its_own_way(desk, store, booked, advisor, at):
    for code in ("P1", "P2"):
        ParkingSpace.objects.create(store=store, code=code)
    LoanCar.objects.create(store=store, plate="沪A00001", title="朗逸")
    made = booked("14:00", loan_car=True)

    page = desk.get(f"/appointments/{made.pk}/move/").content.decode()

    # The only loan car of the day is its own; its time until now is shown and cannot be chosen.
    assert f'value="{key(advisor, at("14:30"))}"' in page
    assert f'value="{key(advisor, at("14:00"))}"' not in page
    assert "slot-own" in page


def test_the_week_says_how_many_can_still_be_received(desk, store, booked, advisor, second, at):
    booked("14:00")

    page = desk.get("/appointments/week/").content.decode()

    one, two = (f'slot=@{moment_key(at(time))}"' for time in ("14:00", "14:30"))
    assert re.search(one + r"[^>]*>余 1<", page)
    assert re.search(two + r"[^>]*>余 2<", page)
    assert f"slot=@{moment_key(at('09:00'))}" not in page


def test_who_has_no_space_to_park_is_not_offered_on_the_day(desk, store, booked, advisor, second, at):
    ParkingSpace.objects.create(store=store, code="P1")
    booked("14:00")

    page = desk.get("/appointments/").content.decode()

    assert f"?slot={key(second, at('14:00'))}" not in page
    assert f"?slot={key(second, at('14:30'))}" in page


def test_the_day_on_paper_has_who_comes(desk, booked):
    made = booked("14:00", note="带备胎")

    page = desk.get(reverse("appointments:day_print"), {"day": "2026-11-17"}).content.decode()

    assert made.visit.customer.name in page
    assert "带备胎" in page


def test_prices_are_rounded_to_ten(store):
    for group in sheets.menu_for(store):
        for entry in group.items:
            assert (entry.price_low % 10, entry.price_high % 10) == (Decimal(0), Decimal(0))
