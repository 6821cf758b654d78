"""The booking desk's pages: who may, what is shown, what is refused and kept."""

from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import domain as appointments
from appointments.models import Appointment
from appointments.queries import Slot
from customers.models import Customer
from tests import factories
from visits.models import Visit

DAY, BOOK = "/appointments/", "/appointments/book/"


@pytest.fixture
def desk(client_as, now):
    return client_as("booking_desk")


@pytest.fixture
def booked(store, advisor, at):
    def make(time="14:00", days=0, **fields):
        car = fields.pop("car", None) or factories.vehicle(store)
        return appointments.book(
            store=store,
            customer=car.owner,
            vehicle=car,
            advisor=advisor,
            start=at(time, days),
            by=advisor,
            channel="desk",
            services=["maintenance"],
            **fields,
        )

    return make


def key(advisor, start):
    return Slot(advisor, start, start).key


def form(advisor, start, **fields):
    return {
        "token": str(uuid4()),
        "name": "陈晨",
        "phone": "139 0000 1111",
        "plate": "京b·22222",
        "brand": "比亚迪",
        "model": "汉",
        "services": ["maintenance"],
        "matters_most": "四点前取车",
        "fault": "刹车有异响",
        "channel": "phone",
        "slot": key(advisor, start),
        **fields,
    }


# --- The day --------------------------------------------------------------------------------------------------------


def test_the_day_shows_arrivals_by_time_and_advisor_with_free_slots(desk, booked, advisor, at):
    made = booked("14:00")

    page = desk.get(DAY).content.decode()

    assert "<h1>预约</h1>" in page
    assert made.visit.customer.name in page
    assert page.count('class="day-card"') == 1
    assert page.count('class="day-free"') == 12  # 13 slots are left today, one is booked
    assert key(advisor, at("15:00")) in page


def test_a_late_customer_is_marked_and_can_be_taken_in_or_given_up(client_as, booked, at):
    made = booked("14:00")
    with time_machine.travel(at("14:20"), tick=False):
        page = client_as("advisor").get(DAY).content.decode()

    assert "is-late" in page
    assert reverse("appointments:no_show", args=[made.pk]) in page
    assert f'name="visit" value="{made.visit_id}"' in page


@pytest.mark.parametrize("day", ["2026-11-18", "2026-02-30", "rubbish", "9999-12-31", "0001-01-01", ""])
def test_any_day_can_be_asked_for(desk, advisor, day):
    assert desk.get(DAY, {"day": day}).status_code == 200


def test_an_empty_store_says_what_to_do(client_as, now):
    page = client_as("booking_desk").get(DAY).content.decode()

    assert "还没有可接待客户的人员" in page
    assert "这一天没有预约" in page


def test_the_days_queries_do_not_grow_with_its_bookings(desk, booked):
    booked("14:00")
    desk.get(DAY)
    with CaptureQueriesContext(connection) as one:
        desk.get(DAY)
    booked("15:00")
    booked("16:00")
    with CaptureQueriesContext(connection) as three:
        desk.get(DAY)

    assert len(one) == len(three)


@pytest.mark.parametrize("name", ["day", "book", "find", "slots"])
def test_only_who_books_sees_the_pages(client, client_as, advisor, now, name):
    url = reverse(f"appointments:{name}")

    assert client_as("booking_desk").get(url).status_code == 200
    assert client_as("technician").get(url).status_code == 403
    assert client.get(url).headers["Location"] == f"{reverse('login')}?next={url}"


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        (DAY, "Appointments"),
        (BOOK, "New booking"),
        ("/reception/", "Arrival"),
        ("/c/book/north/", "What can we do for you?"),
    ],
)
def test_the_pages_speak_english_too(client_as, booked, advisor, path, heading):
    booked("14:00")

    page = client_as(advisor).get(path, headers={"Accept-Language": "en"}).content.decode()

    assert f"<h1>{heading}</h1>" in page
    assert "预约" not in page.split("<main")[1].split("</main>")[0]


# --- Booking --------------------------------------------------------------------------------------------------------


def test_a_new_customer_is_booked_from_one_page(desk, advisor, at):
    answer = desk.post(BOOK, form(advisor, at("14:00"), waits="on", wish="洗车"))

    made = Appointment.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/appointments/{made.pk}/plan/")
    visit = made.visit
    assert (made.start, made.advisor, made.channel, made.waits) == (at("14:00"), advisor, "phone", True)
    assert (visit.customer.name, visit.customer.phone, visit.vehicle.plate) == ("陈晨", "13900001111", "京B22222")
    assert set(visit.needs.values_list("kind", "words")) == {
        ("matters_most", "四点前取车"),
        ("fault", "刹车有异响"),
        ("wish", "洗车"),
    }
    assert (made.booked_by_kind, made.booked_by_id) == ("staff", desk.staff.pk)


def test_a_car_on_file_is_booked_for_its_owner(desk, advisor, car, at):
    page = desk.get(BOOK, {"vehicle": car.pk}).content.decode()
    assert car.owner.name in page
    assert car.owner.phone in page

    data = form(advisor, at("14:00"), vehicle=car.pk, name=car.owner.name, phone=car.owner.phone)
    for field in ("plate", "brand", "model"):
        del data[field]
    assert desk.post(BOOK, data).status_code == 303
    assert (Visit.objects.get().vehicle, Visit.objects.get().customer) == (car, car.owner)


def test_a_car_without_a_plate_on_file_can_be_given_one(desk, store, advisor, at):
    car = factories.vehicle(store, plate="")
    assert 'name="plate"' in desk.get(BOOK, {"vehicle": car.pk}).content.decode()

    data = form(advisor, at("14:00"), vehicle=car.pk, name=car.owner.name, phone=car.owner.phone)
    assert desk.post(BOOK, data).status_code == 303

    car.refresh_from_db()
    assert car.plate == "京B22222"


def test_the_customers_own_advisor_comes_first(desk, advisor, second, car, at):
    car.owner.preferred_advisor = second
    car.owner.save()

    page = desk.get(BOOK, {"vehicle": car.pk}).content.decode()

    assert page.index("欧阳静") < page.index("王芳")
    assert "客户的专属顾问" in page


def test_one_hit_is_opened_at_once_several_are_offered(desk, store, advisor, car):
    answer = desk.get(BOOK, {"q": car.plate[-4:], "day": "2026-11-18"})
    assert answer.headers["Location"] == f"/appointments/book/?vehicle={car.pk}&day=2026-11-18"

    other = factories.vehicle(store, owner=car.owner)
    page = desk.get(BOOK, {"q": car.owner.phone}).content.decode()
    assert f"vehicle={car.pk}" in page
    assert f"vehicle={other.pk}" in page


@pytest.mark.parametrize(("typed", "field"), [("13900001111", 'value="13900001111"'), ("京B22222", 'value="京B22222"')])
def test_what_was_searched_and_not_found_is_the_new_customers(desk, advisor, typed, field):
    page = desk.get(BOOK, {"q": typed}).content.decode()

    assert "未找到档案" in page
    assert field in page[page.index('id="booking-form"') :]


def test_the_search_fragment_lists_cars_and_keeps_the_chosen_slot(desk, advisor, car, at):
    page = desk.get(reverse("appointments:find"), {"q": car.plate, "slot": key(advisor, at("14:00"))}).content.decode()

    assert f"?vehicle={car.pk}&amp;slot={advisor.pk}%4020261117T060000Z" in page


def test_the_slots_fragment_equals_the_grid_of_the_whole_page(desk, advisor):
    fragment = desk.get(reverse("appointments:slots"), {"day": "2026-11-18"}).content.decode()
    page = desk.get(BOOK, {"day": "2026-11-18"}).content.decode()

    assert "".join(fragment.split()) in "".join(page.split())


BAD = {
    "plate": ("京I00000", "没有字母 I 和 O"),
    "phone": ("12345", "不是有效电话号码"),
    "name": ("", "name"),
    "services": ([], "至少"),
    "slot": ("", "请选择时间"),
}


@pytest.mark.parametrize("field", BAD)
def test_bad_input_is_named_and_everything_typed_is_kept(desk, advisor, at, field):
    value, said = BAD[field]

    answer = desk.post(BOOK, form(advisor, at("14:00"), **{field: value}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "刹车有异响" in page
    assert "四点前取车" in page
    assert (field == "slot") != (f'value="{key(advisor, at("14:00"))}" checked' in page)
    assert (Visit.objects.count(), Customer.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "slot", ["rubbish", "1@rubbish", "x@20261117T060000Z", "@20261117T060000", "99999@20261117T060000Z"]
)
def test_a_made_up_slot_is_refused(desk, advisor, at, slot):
    answer = desk.post(BOOK, form(advisor, at("14:00"), slot=slot))

    assert answer.status_code == 422
    assert Visit.objects.count() == 0


def test_a_slot_taken_meanwhile_is_a_conflict_with_other_times(desk, booked, advisor, at):
    booked("14:00")

    answer = desk.post(BOOK, form(advisor, at("14:00")))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "13:30" in page
    assert "刹车有异响" in page
    assert Visit.objects.count() == 1
    assert Customer.objects.filter(name="陈晨").count() == 0


def test_a_past_time_is_refused_with_other_times(desk, advisor, at):
    answer = desk.post(BOOK, form(advisor, at("09:00")))

    assert answer.status_code == 422
    assert "10:30" in answer.content.decode()


def test_the_same_form_twice_makes_one_booking(desk, advisor, at):
    data = form(advisor, at("14:00"))

    first, second = desk.post(BOOK, data), desk.post(BOOK, data)

    assert (first.status_code, second.status_code) == (303, 303)
    assert Appointment.objects.count() == 1


def test_another_day_without_javascript_keeps_what_was_typed(desk, advisor, at):
    answer = desk.post(BOOK, {**form(advisor, at("14:00")), "show_day": "2026-11-19"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "刹车有异响" in page
    assert key(advisor, at("14:00", 2)) in page
    assert Visit.objects.count() == 0


def test_another_stores_car_and_advisor_do_not_exist_here(desk, other_store, advisor, at):
    from stores.access import in_store

    with in_store(other_store):
        foreign_car = factories.vehicle(other_store)
        foreigner = factories.staff(other_store, "advisor")

    assert desk.get(BOOK, {"vehicle": foreign_car.pk}).status_code == 404
    with_car = desk.post(BOOK, form(advisor, at("14:00"), vehicle=foreign_car.pk))
    with_advisor = desk.post(BOOK, form(advisor, at("14:00"), slot=key(foreigner, at("14:00"))))
    assert (with_car.status_code, with_advisor.status_code) == (422, 422)
    assert foreign_car.plate not in desk.get(reverse("appointments:find"), {"q": foreign_car.plate}).content.decode()
    assert Visit.objects.count() == 0


# --- Moving and ending ----------------------------------------------------------------------------------------------


def test_a_booking_is_moved(desk, booked, advisor, at):
    made = booked("14:00")
    url = reverse("appointments:reschedule", args=[made.pk])
    assert "<h1>改约</h1>" in desk.get(url).content.decode()

    answer = desk.post(url, {"slot": key(advisor, at("16:00", 1)), "version": made.visit.version})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/appointments/?day=2026-11-18")
    made.refresh_from_db()
    assert made.start == at("16:00", 1)


def test_a_stale_move_is_refused_twice(desk, booked, advisor, at):
    made = booked("14:00")
    url = reverse("appointments:reschedule", args=[made.pk])
    version = made.visit.version
    desk.post(url, {"slot": key(advisor, at("16:00")), "version": version})

    for _ in range(2):
        answer = desk.post(url, {"slot": key(advisor, at("17:00")), "version": version})
        assert answer.status_code == 409
    made.refresh_from_db()
    assert made.start == at("16:00")


@pytest.mark.parametrize(
    ("name", "status", "stage"), [("cancel", "cancelled", "cancelled"), ("no_show", "no_show", "no_show")]
)
def test_a_booking_is_ended_with_its_reason(desk, booked, at, name, status, stage):
    made = booked("14:00")
    url = reverse(f"appointments:{name}", args=[made.pk])
    with time_machine.travel(at("14:30"), tick=False):
        assert desk.get(url).status_code == 200
        empty = desk.post(url, {"reason": " ", "version": made.visit.version})
        answer = desk.post(url, {"reason": "去了别家", "version": made.visit.version})
        again = desk.post(url, {"reason": "去了别家", "version": made.visit.version})

    assert (empty.status_code, answer.status_code, again.status_code) == (422, 303, 409)
    made.refresh_from_db()
    assert (made.status, made.visit.stage, made.missed_reason) == (status, stage, "去了别家")


def test_a_no_show_before_the_time_is_refused_with_what_to_do(desk, booked):
    made = booked("14:00")

    answer = desk.post(
        reverse("appointments:no_show", args=[made.pk]), {"reason": "没来", "version": made.visit.version}
    )

    assert answer.status_code == 409
    assert "还没到" in answer.content.decode()


@pytest.mark.parametrize("name", ["reschedule", "cancel", "no_show"])
def test_who_may_change_a_booking(client, client_as, booked, other_store, now, name):
    made = booked("14:00")
    url = reverse(f"appointments:{name}", args=[made.pk])
    stranger_store = client_as(factories.staff(other_store, "booking_desk"))

    assert client_as("technician").get(url).status_code == 403
    assert client.get(url).status_code == 302
    assert stranger_store.get(url).status_code == 404
    assert stranger_store.post(url, {"reason": "x", "slot": "1@20261117T060000Z", "version": 1}).status_code == 404
    made.refresh_from_db()
    assert made.status == "booked"
