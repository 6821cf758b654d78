"""Correcting customers and cars by page."""

import pytest
from django.urls import reverse

from customers import queries
from customers.models import Consent, Customer, OdometerReading, Vehicle
from tests import factories

GOOD, WRONG = "LATPAB071W1005301", "LATPAB070W1005301"


@pytest.fixture
def advisor(client_as):
    return client_as("advisor")


@pytest.fixture
def wang(store):
    return factories.customer(store, name="王芳", phone="13812348000")


@pytest.fixture
def car(store, wang):
    return factories.vehicle(store, owner=wang, plate="京A12345", vin="", mileage=20_000, mileage_on="2026-01-01")


def pages(wang, car):
    return [
        reverse("customers:edit", args=[wang.pk]),
        reverse("customers:add_vehicle", args=[wang.pk]),
        reverse("customers:consent", args=[wang.pk]),
        reverse("customers:edit_vehicle", args=[car.pk]),
    ]


def person(**changes):
    return {
        "name": "王芳",
        "kind": "person",
        "gender": "female",
        "phone": "13812348000",
        "language": "zh-hans",
        "preferred_channel": "sms",
        **changes,
    }


def car_data(**changes):
    return {"plate": "京A12345", "powertrain": "petrol", **changes}


def test_who_may_open_them(wang, car, advisor, client_as, client):
    washer = client_as("washer")
    for url in pages(wang, car):
        assert "<h1>" in advisor.get(url).content.decode()
        assert (washer.get(url).status_code, client.get(url).status_code) == (403, 302)


def test_another_stores_rows_are_not_there(advisor, other_store):
    guest = factories.customer(other_store)
    for url in pages(guest, factories.vehicle(other_store, owner=guest)):
        assert advisor.get(url).status_code == 404


class TestCustomer:
    def test_corrected(self, advisor, wang):
        answer = advisor.post(
            reverse("customers:edit", args=[wang.pk]), person(name="王芬", phone="139 0000 1111", note="喜欢喝茶")
        )

        assert (answer.status_code, answer["Location"]) == (303, reverse("desk:customer", args=[wang.pk]))
        wang.refresh_from_db()
        assert (wang.name, wang.phone, wang.name_pinyin, wang.note) == ("王芬", "13900001111", "wangfen", "喜欢喝茶")

    def test_wrong_phone_keeps_what_was_typed(self, advisor, wang):
        answer = advisor.post(reverse("customers:edit", args=[wang.pk]), person(name="王芬", phone="123"))

        assert (answer.status_code, 'value="王芬"' in answer.content.decode()) == (422, True)
        assert Customer.objects.get().name == "王芳"

    def test_an_advisor_of_another_store_is_no_choice(self, advisor, wang, other_store, staff):
        foreign = staff("advisor", store=other_store)

        answer = advisor.post(reverse("customers:edit", args=[wang.pk]), person(preferred_advisor=foreign.pk))

        assert (answer.status_code, "preferred_advisor" in answer.context["form"].errors) == (422, True)


class TestCar:
    def test_entered(self, advisor, wang):
        advisor.post(reverse("customers:add_vehicle", args=[wang.pk]), car_data(vin=GOOD, brand="大众", km="12 000"))

        assert Vehicle.objects.count() == 0  # a blank in the figure
        advisor.post(reverse("customers:add_vehicle", args=[wang.pk]), car_data(vin=GOOD, brand="大众", km="12000"))
        car = Vehicle.objects.get()
        assert (car.owner, car.plate, car.vin_check_ok, car.mileage) == (wang, "京A12345", True, 12_000)

    def test_a_wrong_check_digit_is_asked_about_once(self, advisor, wang):
        url = reverse("customers:add_vehicle", args=[wang.pk])
        assert 'type="checkbox" name="vin_confirmed"' not in advisor.get(url).content.decode()

        answer = advisor.post(url, car_data(vin=WRONG))
        page = answer.content.decode()
        assert (answer.status_code, Vehicle.objects.count()) == (422, 0)
        assert 'type="checkbox" name="vin_confirmed"' in page
        assert f'value="{WRONG}"' in page

        assert advisor.post(url, car_data(vin=WRONG, vin_confirmed="on")).status_code == 303
        assert Vehicle.objects.get().vin_check_ok is False

    def test_what_was_known_is_not_asked_about_again(self, advisor, store, wang):
        car = factories.vehicle(store, owner=wang, plate="京A12345", vin=WRONG)

        answer = advisor.post(reverse("customers:edit_vehicle", args=[car.pk]), car_data(vin=WRONG, colour="红"))

        assert answer.status_code == 303
        car.refresh_from_db()
        assert car.colour == "红"

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"plate": "京O12345"}, "plate"),
            ({"vin": "ABC"}, "vin"),
            ({"plate": ""}, "plate"),
            ({"km": "1000000"}, "km"),
            ({"km": "-1"}, "km"),
            ({"year": "1900"}, "year"),
        ],
    )
    def test_bad_input_is_named(self, advisor, wang, data, field):
        answer = advisor.post(reverse("customers:add_vehicle", args=[wang.pk]), car_data(**data))

        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert Vehicle.objects.count() == 0

    def test_a_military_plate_is_taken_when_said_so(self, advisor, wang):
        data = car_data(plate="VA12345")
        url = reverse("customers:add_vehicle", args=[wang.pk])

        assert advisor.post(url, data).status_code == 422
        assert advisor.post(url, {**data, "plate_special": "on"}).status_code == 303
        assert Vehicle.objects.get().plate_kind == "special"

    def test_mileage_that_goes_backwards_needs_its_reason(self, advisor, car):
        url = reverse("customers:edit_vehicle", args=[car.pk])

        answer = advisor.post(url, car_data(km="19000"))
        assert (answer.status_code, "20,000" in answer.content.decode()) == (422, True)
        assert OdometerReading.objects.count() == 0

        assert advisor.post(url, car_data(km="19000", km_reason="换过仪表")).status_code == 303
        car.refresh_from_db()
        assert car.mileage == 19_000

    def test_a_taken_plate_is_a_conflict_and_nothing_is_half_written(self, advisor, store, wang, car):
        other = factories.vehicle(store, owner=wang, plate="", vin=GOOD, colour="白")

        answer = advisor.post(
            reverse("customers:edit_vehicle", args=[other.pk]), car_data(plate=car.plate, vin=GOOD, colour="红")
        )

        assert answer.status_code == 409
        other.refresh_from_db()
        assert (other.plate, other.colour) == ("", "白")


class TestConsent:
    def test_written_down_with_where_it_was_said(self, advisor, wang):
        url = reverse("customers:consent", args=[wang.pk])
        data = {"purpose": "marketing", "channel": "sms", "allowed": "yes", "evidence": "委托书"}

        assert advisor.post(url, data).status_code == 303
        assert queries.allows(wang, "marketing", "sms") is True

        assert advisor.post(url, {**data, "allowed": "no", "evidence": "电话"}).status_code == 303
        assert queries.allows(wang, "marketing", "sms") is False
        assert Consent.objects.count() == 2

    def test_the_repair_itself_is_no_choice(self, advisor, wang):
        data = {"purpose": "service", "channel": "sms", "allowed": "no", "evidence": "电话"}

        assert advisor.post(reverse("customers:consent", args=[wang.pk]), data).status_code == 422
        assert Consent.objects.count() == 0


def test_the_customers_page_leads_to_them_for_who_may(advisor, client_as, wang, car):
    url = reverse("desk:customer", args=[wang.pk])

    page = advisor.get(url).content.decode()
    assert all(link in page for link in pages(wang, car))
    director = client_as("aftersales_director").get(url).content.decode()
    assert not any(f'href="{link}"' in director for link in pages(wang, car))
