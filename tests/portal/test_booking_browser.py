"""Booking on a phone, with a thumb and without JavaScript: two services, a code, a symptom check, another time."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from appointments.models import Appointment
from core import clock
from messaging.models import Message
from tests import accessibility, factories
from tests.browser import PHONE

# Where pictures of each page go, for who wants to look at them.
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def house(live_server, store):
    """The store, committed where the server sees it, with an advisor."""
    factories.staff(store, "advisor", name="王芳")
    return store


@pytest.fixture
def phone(browser, browser_context_args):
    args = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "java_script_enabled": False}
    context = browser.new_context(**{**browser_context_args, **args})
    yield context.new_page()
    context.close()


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def day_after(house) -> str:
    return f"{clock.local_day(house.tz) + timedelta(days=1):%Y-%m-%d}"


def test_two_services_are_booked_on_a_phone_and_moved_by_the_link(phone, live_server, house):
    page = phone
    page.goto(f"{live_server.url}/c/book/north/")
    shot(page, "1-services")
    page.locator("input[name=op]").first.check()
    page.locator("input[name=kind][value=repair]").check()
    page.get_by_role("button", name="查看可约时间").tap()
    page.wait_for_selector(".book-days")
    shot(page, "2-times")
    page.goto(f"{page.url}&day={day_after(house)}")  # no test depends on the hour it runs at
    page.locator(".book-time").first.tap()
    page.wait_for_selector("#id_plate")
    shot(page, "3-form")
    page.fill("#id_plate", "京b·22222")
    page.fill("#id_phone", "12345")
    page.fill("#id_name", "陈晨")
    page.fill("#id_fault", "刹车有异响")
    page.fill("#id_matters_most", "不要等太久")
    page.get_by_role("button", name="提交预约").tap()
    page.wait_for_selector(".error-summary")
    assert page.input_value("#id_matters_most") == "不要等太久"  # the phone number was wrong, nothing is lost
    page.fill("#id_phone", "13900001111")
    page.get_by_role("button", name="提交预约").tap()

    page.wait_for_selector(".book-done")
    shot(page, "4-done")
    made = Appointment.objects.get()
    before = made.start
    assert (made.items.count(), made.visit.vehicle.plate, made.channel) == (2, "京B22222", "web")
    page.get_by_role("link", name="查看预约与进度").tap()
    shot(page, "5-visit")
    page.get_by_role("link", name="改约或取消").tap()
    shot(page, "6-booking")
    page.locator(".book-time").last.tap()
    page.wait_for_selector("#id_tail")
    shot(page, "7-confirm")
    page.fill("#id_tail", "1111")
    page.get_by_role("button", name="确认改约").tap()

    page.wait_for_url("**/booking/")
    assert page.locator("h1").inner_text() == "您的预约"
    made.refresh_from_db()
    assert made.start != before
    assert Message.objects.filter(template="appointment_changed").count() == 1


def test_a_fault_is_asked_about_and_the_code_spares_typing(phone, live_server, house):
    page, car = phone, factories.vehicle(house, mileage=30_200)
    page.goto(f"{live_server.url}/c/book/north/")
    page.get_by_role("link", name="曾到店服务").tap()
    shot(page, "b1-who")
    page.fill("#id_who", car.owner.phone)
    page.get_by_role("button", name="获取验证码").tap()
    page.wait_for_selector("#id_code")
    shot(page, "b2-code")
    code = Message.objects.get(template="phone_code").params["code"]
    page.fill("#id_code", code)
    page.get_by_role("button", name="继续").tap()
    page.wait_for_selector("#known")
    shot(page, "b3-known")
    page.get_by_role("link", name="自助问诊").tap()
    shot(page, "b4-question")
    for answer in ("有异响", "踩刹车时", "尖锐的吱吱声", "最近一两周"):
        page.get_by_role("link", name=answer, exact=True).tap()
        page.wait_for_load_state()
    shot(page, "b5-result")
    page.fill("#id_words", "早上第一脚吱一声")
    page.get_by_role("button", name="带着这些信息预约").tap()
    page.wait_for_selector("#answered")
    shot(page, "b6-with-check")
    page.get_by_role("button", name="查看可约时间").tap()
    page.wait_for_selector(".book-days")
    page.goto(f"{page.url}&day={day_after(house)}")
    page.locator(".book-time").first.tap()
    page.wait_for_selector("#id_fault")
    shot(page, "b7-form")
    page.get_by_role("button", name="提交预约").tap()

    page.wait_for_selector(".book-done")
    shot(page, "b8-done")
    made = Appointment.objects.get()
    assert (made.visit.vehicle, made.symptom_check.visit) == (car, made.visit)


def test_the_pages_fit_a_phone_and_hurt_nobody(phone_page, live_server, house):
    page = phone_page
    page.goto(f"{live_server.url}/c/book/north/")
    for step in ("services", "time", "form", "done"):
        assert accessibility.serious(page) == [], step
        assert accessibility.sideways(page) == 0, step
        if step == "services":
            page.locator("input[name=op]").first.check()
            page.get_by_role("button", name="查看可约时间").tap()
            page.wait_for_selector(".book-days")
            page.goto(f"{page.url}&day={day_after(house)}")
        elif step == "time":
            page.locator(".book-time").first.tap()
            page.wait_for_selector("#id_plate")
        elif step == "form":
            page.fill("#id_plate", "京B22222")
            page.fill("#id_phone", "13900001111")
            page.fill("#id_name", "陈晨")
            page.get_by_role("button", name="提交预约").tap()
            page.wait_for_selector(".book-done")
