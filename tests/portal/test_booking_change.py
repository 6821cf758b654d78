"""The customer moves or cancels his booking by his link: in two steps, once, until the deadline, with his digits."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from appointments import domain as appointments
from appointments.models import Appointment
from messaging.models import Message
from tests import factories
from visits import domain as visits
from visits.models import WriteToken

NOW = datetime(2026, 11, 17, 10, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
THREE = "20261117T070000Z"  # 15:00 of this Tuesday in the store


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def advisor(staff):
    return staff("advisor", name="王芳")


@pytest.fixture
def booked(store, advisor, now):
    car = factories.vehicle(store)
    return appointments.book(
        store=store,
        customer=car.owner,
        vehicle=car,
        start=NOW.replace(hour=14, minute=0),
        by=advisor,
        channel="web",
        services=["maintenance"],
    )


@pytest.fixture
def address(booked):
    return f"/c/{visits.make_link(booked.visit)}/"


def tail(booked) -> str:
    return booked.visit.customer.phone[-4:]


def hidden(page) -> dict:
    """The hidden fields of the form on a page."""
    text = page.content.decode()
    return dict(re.findall(r'<input type="hidden" name="(at|write)" value="([^"]*)"', text))


def step(client, address, **data):
    return client.post(f"{address}booking/move/", data)


def test_the_link_shows_the_booking_with_other_times(client, booked, address):
    visit = client.get(address).content.decode()
    page = client.get(f"{address}booking/")
    text = page.content.decode()

    assert f'href="{address}booking/"' in visit
    assert "11-17" in text
    assert f'value="{THREE}"' in text
    assert "王顾问" in text
    assert "王芳" not in text
    assert (page.headers["Referrer-Policy"], "no-store" in page.headers["Cache-Control"]) == ("no-referrer", True)
    assert WriteToken.objects.count() == 0


def test_the_day_of_the_booking_is_shown_first(client, store, advisor, address, booked):
    appointments.reschedule(booked, start=NOW.replace(hour=14, minute=0) + timedelta(days=2), by=advisor)

    page = client.get(f"{address}booking/").content.decode()

    assert re.search(r'href="\?day=2026-11-19" aria-current="date"', page)
    assert 'value="20261119T070000Z"' in page
    assert 'value="20261119T060000Z"' not in page  # what he has already


def test_he_moves_it_in_two_steps(client, booked, address):
    confirm = step(client, address, at=THREE)
    assert confirm.status_code == 200
    assert "改到这个时间？" in confirm.content.decode()
    booked.refresh_from_db()
    assert booked.start.hour == 6  # UTC: nothing has happened yet

    done = step(client, address, **hidden(confirm), tail=tail(booked))

    assert (done.status_code, done.headers["Location"]) == (303, f"{address}booking/")
    booked.refresh_from_db()
    assert booked.start == NOW.replace(hour=15, minute=0)
    assert list(Message.objects.order_by("id").values_list("template", flat=True)) == [
        "appointment_confirmed",
        "appointment_changed",
    ]


def test_a_token_moves_once_and_only_to_what_was_shown(client, booked, address):
    shown = hidden(step(client, address, at=THREE))
    other = step(client, address, at="20261117T073000Z", write=shown["write"], tail=tail(booked))
    assert other.status_code == 409
    assert step(client, address, **shown, tail=tail(booked)).status_code == 303
    assert step(client, address, **shown, tail=tail(booked)).status_code == 409
    booked.refresh_from_db()
    assert booked.start == NOW.replace(hour=15, minute=0)


def test_a_page_from_before_a_change_is_refused(client, booked, address, advisor):
    shown = hidden(step(client, address, at=THREE))
    appointments.reschedule(booked, start=NOW.replace(hour=16, minute=0), by=advisor)

    assert step(client, address, **shown, tail=tail(booked)).status_code == 409
    booked.refresh_from_db()
    assert booked.start == NOW.replace(hour=16, minute=0)


def test_wrong_digits_change_nothing_and_lock_after_five(client, booked, address):
    shown = hidden(step(client, address, at=THREE))
    wrong = "0000" if tail(booked) != "0000" else "1111"
    answers = [step(client, address, **shown, tail=wrong).status_code for _ in range(6)]
    assert answers == [422] * 5 + [409]

    booked.refresh_from_db()
    assert booked.start == NOW.replace(hour=14, minute=0)
    # The right ones still work: whoever knows them is the customer.
    assert step(client, address, **shown, tail=tail(booked)).status_code == 303


def test_a_time_gone_meanwhile_offers_the_others(client, store, booked, address, advisor):
    shown = hidden(step(client, address, at=THREE))
    car = factories.vehicle(store)
    appointments.book(
        store=store,
        customer=car.owner,
        vehicle=car,
        start=NOW.replace(hour=15, minute=0),
        by=advisor,
        channel="desk",
        advisor=advisor,
    )
    late = step(client, address, **shown, tail=tail(booked))
    assert late.status_code == 409
    assert f'value="{THREE}"' not in late.content.decode()
    assert 'class="book-time"' in late.content.decode()
    assert step(client, address, at=THREE).status_code == 409

    booked.refresh_from_db()
    assert booked.start == NOW.replace(hour=14, minute=0)


@pytest.mark.parametrize("at", ["", "rubbish", "20261117T063100Z", "20200101T010000Z", "99990101T010000Z"])
def test_no_time_at_all_is_refused(client, booked, address, at):
    assert step(client, address, at=at).status_code == 409


def test_he_cancels_it_in_two_steps(client, booked, address):
    confirm = client.post(f"{address}booking/cancel/", {})
    assert "取消这次预约？" in confirm.content.decode()
    done = client.post(f"{address}booking/cancel/", {**hidden(confirm), "reason": "出差", "tail": tail(booked)})

    assert (done.status_code, done.headers["Location"]) == (303, address)
    booked.refresh_from_db()
    assert (booked.status, booked.missed_reason) == ("cancelled", "出差")
    again = client.post(f"{address}booking/cancel/", {})
    assert again.status_code == 409
    assert f'href="{address}booking/"' not in client.get(address).content.decode()


def test_after_the_deadline_he_calls(client, booked, address):
    shown = hidden(step(client, address, at=THREE))
    with time_machine.travel(NOW.replace(hour=12, minute=1), tick=False):
        page = client.get(f"{address}booking/").content.decode()
        assert "已过可修改的时间" in page
        assert 'class="book-time"' not in page
        for path, data in (("move", {"at": THREE}), ("move", shown | {"tail": tail(booked)}), ("cancel", {})):
            assert client.post(f"{address}booking/{path}/", data).status_code == 409
    booked.refresh_from_db()
    assert (booked.status, booked.start) == ("booked", NOW.replace(hour=14, minute=0))


def test_a_customer_without_a_phone_is_not_asked_for_digits(client, store, booked, address):
    booked.visit.customer.phone = ""
    booked.visit.customer.save(update_fields=["phone"])
    confirm = step(client, address, at=THREE)

    assert 'name="tail"' not in confirm.content.decode()
    assert step(client, address, **hidden(confirm)).status_code == 303


def test_reading_and_head_change_nothing(client, booked, address):
    for path in ("booking/move/", "booking/cancel/"):
        assert client.get(f"{address}{path}").status_code == 405
    assert Appointment.objects.get().status == "booked"


def test_a_revoked_or_unknown_link_opens_nothing(client, booked, address):
    visits.revoke_links(booked.visit)
    assert client.get(f"{address}booking/").status_code == 410
    assert client.post(f"{address}booking/move/", {"at": THREE}).status_code == 410
    assert client.get(f"{address}booking.ics").status_code == 410
    assert client.get(f"/c/{'x' * 43}/booking/").status_code == 404


def test_a_visit_without_a_booking_has_no_such_page(client, booked, address):
    Appointment.objects.all().delete()

    assert client.get(f"{address}booking/").status_code == 404
    assert client.post(f"{address}booking/move/", {"at": THREE}).status_code == 404
    assert client.get(f"{address}booking.ics").status_code == 404


def test_his_calendar_gets_the_booking_and_follows_it(client, booked, address, advisor):
    first = client.get(f"{address}booking.ics")
    text = first.content.decode()
    assert first.headers["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20261117T060000Z\r\nDTEND:20261117T063000Z\r\n" in text
    assert f"UID:{booked.visit.number}@north\r\n" in text
    assert "STATUS:CONFIRMED" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("BEGIN:VALARM") == 2

    moved = appointments.reschedule(booked, start=NOW.replace(hour=15, minute=0), by=advisor)
    after = client.get(f"{address}booking.ics").content.decode()
    assert "DTSTART:20261117T070000Z" in after
    number = r"SEQUENCE:(\d+)"
    assert int(re.search(number, after)[1]) > int(re.search(number, text)[1])

    appointments.cancel(moved, reason="出差", by=advisor)
    assert "STATUS:CANCELLED" in client.get(f"{address}booking.ics").content.decode()


def test_words_with_commas_and_lines_stay_one_entry(client, booked, address, store):
    store.address = "北京市朝阳区; 1号, 院内\n南门"
    store.save(update_fields=["address"])
    text = client.get(f"{address}booking.ics").content.decode().replace("\r\n ", "")

    assert "LOCATION:北京市朝阳区\\; 1号\\, 院内\\n南门\r\n" in text
