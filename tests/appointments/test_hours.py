"""A manager keeps the store's hours."""

from datetime import date, time

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import domain as appointments
from core import clock
from core.errors import DomainError
from journal.models import Event
from stores import calendar
from stores import domain as stores
from stores.models import CalendarDay, OpeningPeriod, Staff

URL = reverse("appointments:hours")
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel("2026-11-21T10:00:00+08:00"):
        yield


@pytest.fixture
def manager(client_as):
    return client_as("service_manager")


def hours(store, day):
    return [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in calendar.periods(store, day)]


def test_managers_only(manager, client_as, client):
    for name in ("hours", "add_period", "set_day"):
        url = reverse(f"appointments:{name}")
        assert "<h1>" in manager.get(url).content.decode()
        assert client_as("advisor").get(url).status_code == 403
        assert client.get(url).status_code == 302


def test_an_evening_is_opened_and_closed_again(manager, store):
    answer = manager.post(reverse("appointments:add_period"), {"weekday": "0", "opens": "19:00", "closes": "21:00"})
    assert (answer.status_code, answer["Location"]) == (303, URL)
    assert hours(store, MONDAY)[-1] == ("19:00", "21:00")

    period = OpeningPeriod.objects.get(opens=time(19))
    assert manager.post(reverse("appointments:remove_period", args=[period.pk])).status_code == 303
    assert len(hours(store, MONDAY)) == 2
    assert Event.objects.filter(name="stores.week_changed").count() == 2


@pytest.mark.parametrize(
    ("opens", "closes", "status"), [("17:00", "19:00", 422), ("19:00", "18:30", 422), ("18:00", "19:00", 303)]
)
def test_periods_do_not_overlap(manager, store, opens, closes, status):
    answer = manager.post(reverse("appointments:add_period"), {"weekday": "0", "opens": opens, "closes": closes})

    assert answer.status_code == status
    assert OpeningPeriod.objects.filter(weekday=0).count() == (3 if status == 303 else 2)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"kind": "holiday", "note": "盘点"}, []),
        ({"kind": "special", "opens": "10:00", "closes": "12:00"}, [("10:00", "12:00")]),
        ({"kind": "working", "follows_weekday": "6"}, [("09:00", "17:00")]),
    ],
)
def test_a_date_differs_and_follows_its_weekday_again(manager, store, data, expected):
    usual = hours(store, MONDAY)
    assert manager.post(reverse("appointments:set_day"), {"day": "2026-11-23", **data}).status_code == 303
    assert hours(store, MONDAY) == expected
    assert "2026-11-23" in manager.get(URL).content.decode()

    row = CalendarDay.objects.get(day=MONDAY)
    assert manager.post(reverse("appointments:clear_day", args=[row.pk])).status_code == 303
    assert hours(store, MONDAY) == usual


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"kind": "working"}, "weekday_missing"),
        ({"kind": "special", "opens": time(10)}, "hours_missing"),
        ({"kind": "special", "opens": time(10), "closes": time(9)}, "hours_missing"),
    ],
)
def test_a_kind_needs_its_figures(store, staff, data, code):
    with pytest.raises(DomainError) as refused:
        stores.set_day(store=store, day=MONDAY, by=staff("service_manager"), **data)

    assert (refused.value.code, CalendarDay.objects.filter(day=MONDAY).count()) == (code, 0)


def test_a_past_date_keeps_what_was_typed(manager):
    answer = manager.post(reverse("appointments:set_day"), {"day": "2020-01-01", "kind": "holiday", "note": "错"})

    assert (answer.status_code, 'value="错"' in answer.content.decode()) == (422, True)


def test_saying_it_again_replaces_it(store, staff):
    manager = staff("service_manager")
    stores.set_day(store=store, day=MONDAY, kind="holiday", by=manager)

    stores.set_day(store=store, day=MONDAY, kind="special", opens=time(10), closes=time(11), by=manager)

    assert hours(store, MONDAY) == [("10:00", "11:00")]


def test_a_year_without_holidays_is_pointed_out_and_entered_when_it_is_published(manager, store):
    page = manager.get(URL)
    assert page.context["unknown_years"] == [2027]
    # the government has not published 2027 yet
    assert manager.post(reverse("appointments:enter_holidays", args=[2027])).status_code == 422

    CalendarDay.objects.filter(day__year=2026).delete()
    assert manager.get(URL).context["unknown_years"] == [2026, 2027]
    assert manager.post(reverse("appointments:enter_holidays", args=[2026])).status_code == 303
    assert manager.get(URL).context["unknown_years"] == [2027]
    assert hours(store, date(2026, 12, 25)) != []


def test_another_stores_hours_are_not_there(manager, other_store):
    period = OpeningPeriod._base_manager.filter(store=other_store).first()

    assert manager.post(reverse("appointments:remove_period", args=[period.pk])).status_code == 404
    assert OpeningPeriod._base_manager.filter(pk=period.pk).exists()


def test_queries_do_not_grow(manager, store, staff):
    counts = []
    for n in (1, 3):
        for k in range(n):
            stores.set_day(store=store, day=date(2026, 12, n * 5 + k), kind="holiday", by=manager.staff)
        with CaptureQueriesContext(connection) as captured:
            manager.get(URL)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_levels_say_what_a_technicians_time_is_booked_as(store, staff, client_as):
    person = staff("technician", name="老王", skills=["mechanical", "electrical"])
    manager = client_as("service_manager")
    page = reverse("appointments:skills", args=[person.pk])
    today = clock.local_day(store.tz)
    assert appointments.counts_under(person, today) == "mechanical"
    assert manager.post(page, {"electrical_level": "9"}).status_code == 422
    assert manager.post(page, {"electrical_until": "2030-01-01"}).status_code == 422
    answer = manager.post(page, {"mechanical_level": "1", "electrical_level": "3", "electrical_until": "2030-01-01"})
    assert answer.status_code == 303
    person = Staff.objects.get(pk=person.pk)
    assert appointments.counts_under(person, today) == "electrical"
    assert "电器" in manager.get(reverse("appointments:people")).content.decode()
    assert manager.post(page, {}).status_code == 303
    assert not person.qualifications.exists()
