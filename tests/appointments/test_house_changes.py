"""Hours, leave, places and rules are changed with the bookings they hit in view."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from appointments import domain as appointments
from appointments.models import BookingPolicy
from catalogue.models import Operation
from journal.models import Event
from stores.models import Bay, Leave
from tests import factories


@pytest.fixture
def boss(client_as, now):
    return client_as("service_manager")


@pytest.fixture
def booked(store, advisor, at):
    def make(time="14:00", days=0, **fields):
        car = fields.pop("car", None) or factories.vehicle(store)
        way = {"advisor": advisor, "channel": "desk", "services": ["maintenance"], **fields}
        return appointments.book(store=store, customer=car.owner, vehicle=car, start=at(time, days), by=advisor, **way)

    return make


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


def test_the_only_technicians_leave_names_what_cannot_be_done(boss, client_as, store, booked):
    person = factories.staff(store, "technician", skills=["mechanical"])
    made = booked("09:00", days=1)
    data = {"staff": person.pk, "kind": "training", "first": "2026-11-18", "last": "2026-11-22"}
    url = reverse("appointments:take_leave")

    assert "需由预约专员改约" in boss.post(url, data).content.decode()
    assert Leave.objects.count() == 0
    assert boss.post(url, {**data, "seen": str(made.pk)}).status_code == 303

    made.refresh_from_db()
    assert made.displaced_at is not None
    assert f"/appointments/{made.pk}/move/" in client_as("booking_desk").get("/").content.decode()


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


def test_the_menu_is_edited_and_a_colleagues_change_stays(boss, store):
    url = reverse("appointments:menu")
    first, second = Operation.objects.filter(bookable=True).order_by("pk")[:2]
    off = Operation.objects.filter(bookable=False)[0]
    was = " ".join(str(pk) for pk in Operation.objects.filter(bookable=True).values_list("pk", flat=True))
    page = boss.get(url).content.decode()
    assert off.name in page and f'value="{was}"' in page
    # A colleague took the second one off meanwhile.
    Operation.objects.filter(pk=second.pk).update(bookable=False)
    chosen = [*(set(map(int, was.split())) - {first.pk}), off.pk]

    assert boss.post(url, {"was": was, "operations": chosen}).status_code == 303

    assert not Operation.objects.get(pk=first.pk).bookable
    assert not Operation.objects.get(pk=second.pk).bookable
    assert Operation.objects.get(pk=off.pk).bookable
    told = Event.objects.get(name="appointments.menu_changed")
    assert told.data == {"added": [off.code], "removed": [first.code]}
    assert boss.post(url, {"was": was, "operations": [0]}).status_code == 422
