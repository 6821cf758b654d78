"""Booking as the desk does it: without a mouse. The customer with a thumb: tests/portal/test_booking_browser.py."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from time import monotonic

import pytest

from appointments import domain as appointments
from appointments.models import Appointment, Hold
from core import clock
from tests import accessibility, factories
from tests.appointments import free as slots


@pytest.fixture
def house(live_server, store):
    """The store, committed where the server sees it."""
    return store


@pytest.fixture
def free(house):
    """The first free slot of a day to come, which the pages offer first: no test depends on the hour it runs at."""
    person = factories.staff(house, "advisor", name="王芳")
    tomorrow = datetime.combine(clock.local_day(house.tz) + timedelta(days=1), time.min, tzinfo=house.tz)
    return slots.after(house, tomorrow, person)[0]


def sign_in(page, live_server, person):
    page.goto(f"{live_server.url}/login/")
    page.fill("[name=username]", person.user.username)
    page.fill("[name=password]", factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")


def test_the_desk_books_without_a_mouse(page, live_server, house, free):
    car = factories.vehicle(house, plate="京B88888")
    sign_in(page, live_server, factories.staff(house, "booking_desk"))
    page.goto(f"{live_server.url}/appointments/book/?day={free.start:%Y-%m-%d}")
    assert accessibility.serious(page) == []
    keys, began = page.keyboard, monotonic()

    # The box for the plate has the cursor; one hit is opened by Enter, and the menu has it next.
    keys.type("88888")
    page.wait_for_selector("#found .found-row")
    keys.press("Enter")
    page.wait_for_selector("[data-menu-find]:focus")
    for words in ("jyjl", "雨刮"):
        keys.type(words)
        with page.expect_response("**/appointments/slots/**"):
            keys.press("Enter")
    # Enter in the empty box leads to the times; the chosen one is held at once.
    keys.press("Enter")
    page.wait_for_selector("#slots input[name=slot]:focus")
    keys.press("Space")
    page.wait_for_selector(".hold-box")
    assert accessibility.serious(page) == []
    keys.press("Enter")
    page.wait_for_url("**/plan/")
    assert monotonic() - began < 60

    made = Appointment.objects.get()
    assert (made.visit.vehicle, made.start, made.services) == (car, free.start, ["maintenance"])
    assert [item.operation.code for item in made.items.all()] == ["B001", "B011"]
    assert Hold.objects.count() == 0
    assert accessibility.serious(page) == []


def test_a_booking_is_carried_to_another_time_by_keyboard(page, live_server, house, free):
    car = factories.vehicle(house, plate="京B88888")
    desk = factories.staff(house, "booking_desk")
    way = {"start": free.start, "advisor": free.advisor, "channel": "phone", "services": ["maintenance"]}
    appointments.book(store=house, customer=car.owner, vehicle=car, by=desk, **way)
    sign_in(page, live_server, desk)
    page.goto(f"{live_server.url}/appointments/?day={free.start:%Y-%m-%d}")
    page.wait_for_selector("html[data-ready]")

    page.focus("[data-card]")
    page.keyboard.press("m")
    page.wait_for_selector("td.is-target")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.locator("td.is-target").count() == 0
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    # It asks first: the customer is told at once.
    page.wait_for_selector("#confirm[open]")
    assert "京B·88888" in page.inner_text("#confirm-text")
    page.locator("#confirm [data-confirm-yes]").press("Enter")
    page.wait_for_url("**/appointments/?day=*")
    page.wait_for_selector(".toast-note")

    assert Appointment.objects.get().start == free.start + timedelta(minutes=2 * house.slot_minutes)


def test_another_day_is_shown_in_place_and_nothing_typed_is_lost(page, live_server, house, free):
    sign_in(page, live_server, factories.staff(house, "booking_desk"))
    page.goto(f"{live_server.url}/appointments/book/")
    page.fill("#id_name", "陈晨")
    last = page.locator(".slot-day").last
    wanted = last.locator("strong").inner_text()

    with page.expect_response("**/appointments/slots/**"):
        last.click()

    page.wait_for_function("day => document.querySelector('.slot-day.active strong')?.textContent === day", arg=wanted)
    assert page.input_value("#id_name") == "陈晨"
