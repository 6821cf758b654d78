"""A cancelled slot reaches who waits for it: on a phone, from the full day to the booking."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest

from appointments import domain as appointments
from appointments.models import Appointment, WaitlistEntry
from core import clock
from core.actors import Actor
from journal.testing import drain
from messaging import quiet
from messaging.models import Message
from stores.models import CalendarDay
from tests import accessibility, factories
from tests.browser import PHONE


@pytest.fixture
def day(store):
    """A day of one reception slot."""
    row = CalendarDay.objects.create(
        store=store,
        day=clock.local_day(store.tz) + timedelta(days=2),
        kind="special",
        opens=time(10),
        closes=time(10, 30),
    )
    return row.day


@pytest.fixture
def taken(store, day):
    """The slot is somebody's."""
    car = factories.vehicle(store)
    factories.staff(store, "advisor", name="王芳")
    (answer,) = appointments.offers(store, appointments.Wish(), first=day, days=1)
    way = {"start": answer.offers[0].start, "channel": "phone", "wash": False, "by": Actor.system("test")}
    return appointments.book(store=store, customer=car.owner, vehicle=car, **way)


def test_a_cancelled_slot_reaches_who_waits(live_server, phone_page, store, day, taken, monkeypatch):
    # Nothing is offered at night; this test runs at any hour.
    monkeypatch.setattr(quiet, "ENDS", time.min)
    monkeypatch.setattr(quiet, "BEGINS", time.max)
    page = phone_page
    page.goto(f"{live_server.url}/c/wait/{store.code}/?day={day}")
    assert accessibility.serious(page) == [] and accessibility.sideways(page) == 0
    page.get_by_label("车牌号码").fill("京A12345")
    page.get_by_label("手机号码").fill("13812348000")
    page.get_by_label("您的姓名").fill("李雷")
    page.get_by_label("一般维修").check()
    page.get_by_label("用您自己的话说说问题").fill("空调不凉")
    page.get_by_role("button", name="加入候补").click()
    page.get_by_role("heading", name="您已在候补名单中").wait_for()
    assert accessibility.serious(page) == []

    appointments.cancel(taken, reason="客户取消", by=Actor.system("test"))
    drain()

    body = Message.objects.get(template="waitlist_offer").body
    page.goto(live_server.url + re.search(r"(/c/offer/[\w-]{43}/)", body).group(1))
    page.get_by_role("heading", name="有一个空位可以给您").wait_for()
    assert accessibility.serious(page) == [] and accessibility.sideways(page) == 0
    page.get_by_role("button", name="确认，我会到店").click()
    page.get_by_role("heading", name="您已预约成功").wait_for()

    entry = WaitlistEntry.objects.get()
    made = Appointment.objects.get(status="booked")
    assert (entry.state, entry.appointment, made.start) == ("booked", made, taken.start)
    assert (made.channel, made.visit.vehicle.plate, made.visit.needs.get().words) == ("web", "京A12345", "空调不凉")


def test_the_board_follows_the_counter(live_server, page, store):
    """The waiting room's screen shows a number that is called without anybody touching it."""
    desk = factories.staff(store, "booking_desk")
    appointments.take_number(store)
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/c/board/{store.code}/")
    page.locator(".number-waiting li", has_text="1").wait_for()
    assert accessibility.serious(page) == []
    page.wait_for_selector("html[data-ready]")
    appointments.call_next(store, by=desk)
    page.evaluate("document.querySelector('.number-board').dispatchEvent(new Event('refresh'))")
    page.locator(".number-now", has_text="1").wait_for()
