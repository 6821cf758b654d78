"""Which slots are offered."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from appointments import domain as appointments
from appointments import queries
from stores.models import CalendarDay
from tests import factories
from tests.appointments import free

TUESDAY = date(2026, 11, 17)


def book(store, advisor, start, **more):
    car = factories.vehicle(store)
    return appointments.book(
        store=store, customer=car.owner, vehicle=car, advisor=advisor, start=start, by=advisor, channel="desk", **more
    )


def texts(slots):
    return [f"{slot.start:%H:%M}" for slot in slots]


def test_a_day_has_slots_inside_its_opening_periods_that_have_not_begun(store, advisor, at):
    offered = free.on(store, TUESDAY)

    assert texts(offered) == [
        *("10:30", "11:00", "11:30"),
        *("13:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30", "17:00", "17:30"),
    ]


def test_a_slot_that_has_begun_this_minute_is_past(store, advisor, now):
    import time_machine

    with time_machine.travel(now.replace(hour=11, minute=0), tick=False):
        assert texts(free.on(store, TUESDAY))[0] == "11:30"


def test_a_rest_shorter_than_a_slot_stays_unused(store, advisor, now):
    store.slot_minutes = 50
    store.save()

    assert texts(free.on(store, TUESDAY + timedelta(days=1)))[:4] == ["08:30", "09:20", "10:10", "11:00"]


def test_a_booked_slot_is_not_offered_and_the_neighbours_are(store, advisor, second, at):
    book(store, advisor, at("14:00"))

    mine = texts(free.on(store, TUESDAY, advisor))
    assert "14:00" not in mine
    assert {"13:30", "14:30"} <= set(mine)
    assert "14:00" in texts(free.on(store, TUESDAY, second))


def test_a_cancelled_booking_gives_its_slot_back(store, advisor, at):
    made = book(store, advisor, at("14:00"))
    appointments.cancel(made, reason="没有时间", by=advisor)

    assert "14:00" in texts(free.on(store, TUESDAY))


def test_a_booking_made_when_slots_were_longer_blocks_what_it_overlaps(store, advisor, at):
    store.slot_minutes = 60
    store.save()
    book(store, advisor, at("14:00"))
    store.slot_minutes = 30
    store.save()

    for taken in ("14:00", "14:30"):
        with pytest.raises(appointments.SlotTaken):
            book(store, advisor, at(taken))
    assert "15:00" in texts(free.on(store, TUESDAY))


def test_only_active_advisors_receive(store, advisor, staff, now):
    staff("technician")
    gone = staff("advisor", name="离职")
    gone.active = False
    gone.save()

    assert {slot.advisor for slot in free.on(store, TUESDAY)} == {advisor}


def test_a_holiday_has_no_slots_and_the_next_free_ones_lie_behind_it(store, advisor, at):
    CalendarDay.objects.create(store=store, day=TUESDAY, kind="holiday")

    assert free.on(store, TUESDAY) == []
    found = free.after(store, at("10:10"))[:4]
    assert [f"{slot.start:%d %H:%M}" for slot in found] == ["18 08:30", "18 09:00", "18 09:30", "18 10:00"]


def test_special_hours_replace_the_weekday(store, advisor, now):
    CalendarDay.objects.create(store=store, day=TUESDAY, kind="special", opens=time(15), closes=time(16))

    assert texts(free.on(store, TUESDAY)) == ["15:00", "15:30"]


def test_another_stores_bookings_and_advisors_do_not_count(store, other_store, advisor, staff, at):
    from stores.access import in_store

    with in_store(other_store):
        stranger = factories.staff(other_store, "advisor")
        book(other_store, stranger, at("14:00"))

    offered = free.on(store, TUESDAY)
    assert {slot.advisor for slot in offered} == {advisor}
    assert "14:00" in texts(offered)


def test_alternatives_are_the_nearest_the_wished_advisors_first(store, advisor, second, at):
    book(store, advisor, at("14:00"))

    found = appointments.alternatives(store, appointments.Wish(), start=at("14:00"), advisor=advisor, limit=3)

    assert [(f"{s.start:%H:%M}", s.advisor) for s in found] == [
        ("14:00", second),
        ("13:30", advisor),
        ("14:30", advisor),
    ]


def test_alternatives_of_a_full_afternoon_go_on_tomorrow(store, advisor, at):
    for slot in free.on(store, TUESDAY):
        book(store, advisor, slot.start)

    found = appointments.alternatives(store, appointments.Wish(), start=at("14:00"), advisor=advisor, limit=2)

    assert [f"{s.start:%d %H:%M}" for s in found] == ["18 08:30", "18 09:00"]


def test_the_days_sheet_shows_bookings_free_slots_and_what_is_past(store, advisor, second, at):
    made = book(store, advisor, at("14:00"))

    sheet = queries.day_sheet(store, TUESDAY, first=second.pk)

    assert sheet.advisors == [second, advisor]
    rows = {f"{start:%H:%M}": cells for start, cells in sheet.rows}
    assert [cell.free for cell in rows["09:00"]] == [False, False]
    assert [cell.free for cell in rows["14:00"]] == [True, False]
    assert rows["14:00"][1].appointments == [made]
    assert sheet.appointments == [made]


def test_an_advisor_who_left_is_shown_while_somebody_is_booked_with_him(store, advisor, second, at):
    book(store, second, at("14:00"))
    second.active = False
    second.save()

    assert set(queries.day_sheet(store, TUESDAY).advisors) == {advisor, second}
    assert set(queries.day_sheet(store, TUESDAY + timedelta(days=1)).advisors) == {advisor}


def test_a_slots_key_names_its_day_in_the_stores_zone(store, advisor, at):
    slot = free.on(store, TUESDAY)[0]

    assert slot.key == f"{advisor.pk}@20261117T023000Z"
    assert queries.day_of_key(store, slot.key) == TUESDAY
    assert queries.day_of_key(store, "nonsense") is None
