"""The reception counter's pages."""

from __future__ import annotations

import base64
import io
import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from appointments import domain as appointments
from core.stages import Stage
from orders import domain as orders
from reception.models import CheckIn
from standards import queries as standards
from stores.access import in_store
from tests import factories
from visits.models import Photo, Signature, Visit

ARRIVE, WALK_IN = "/reception/", "/reception/walk-in/"


@pytest.fixture
def counter(client_as, advisor):
    return client_as(advisor)


@pytest.fixture
def booked(store, advisor, at):
    def make(time="10:30", days=0):
        car = factories.vehicle(store)
        return appointments.book(
            store=store,
            customer=car.owner,
            vehicle=car,
            advisor=advisor,
            start=at(time, days),
            by=advisor,
            channel="desk",
            services=["maintenance"],
        ).visit

    return make


def url(name, visit):
    return reverse(f"reception:{name}", args=[visit.pk])


# --- Arrival --------------------------------------------------------------------------------------------------------


def test_the_plates_tail_and_one_tap_take_the_car_in(counter, booked):
    visit = booked()
    page = counter.get(ARRIVE, {"q": visit.vehicle.plate[-4:]}).content.decode()
    assert f'name="visit" value="{visit.pk}"' in page

    answer = counter.post(ARRIVE, {"visit": visit.pk, "version": visit.version})

    assert (answer.status_code, answer.headers["Location"]) == (303, url("check_in", visit))
    visit.refresh_from_db()
    assert visit.stage == Stage.RECEPTION


def test_who_is_expected_about_now_stands_on_the_page(counter, booked):
    today, later = booked("11:00"), booked("11:00", days=5)

    page = counter.get(ARRIVE).content.decode()

    assert "<h1>到店接待</h1>" in page
    assert today.customer.name in page
    assert f'value="{later.pk}"' not in page


def test_the_search_tells_booked_unbooked_and_present_cars_apart(counter, store, booked, arrived):
    unbooked = factories.vehicle(store)

    assert 'name="visit"' not in counter.get(ARRIVE, {"q": unbooked.plate}).content.decode()
    assert f"{WALK_IN}?vehicle={unbooked.pk}" in counter.get(ARRIVE, {"q": unbooked.plate}).content.decode()
    present = counter.get(ARRIVE, {"q": arrived.vehicle.plate}).content.decode()
    assert reverse("desk:visit", args=[arrived.pk]) in present
    assert f"?vehicle={arrived.vehicle_id}" not in present
    nobody = counter.get(ARRIVE, {"q": "京Z99999"}).content.decode()
    assert "没有找到车辆" in nobody


def test_the_search_fragment_is_part_of_the_whole_page(counter, booked):
    visit = booked()
    query = {"q": visit.vehicle.plate}

    fragment = counter.get(ARRIVE, query, headers={"HX-Request": "true"}).content.decode()

    # the token of a form differs with each answer
    def bare(text):
        import re

        return "".join(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).split())

    assert bare(fragment) in bare(counter.get(ARRIVE, query).content.decode())
    assert "<html" not in fragment


def test_a_second_tap_says_that_somebody_was_first(counter, booked):
    visit = booked()
    data = {"visit": visit.pk, "version": visit.version}
    counter.post(ARRIVE, data)

    for _ in range(2):
        assert counter.post(ARRIVE, data).status_code == 409


@pytest.mark.parametrize("sent", ["", "x", "999999"])
def test_a_visit_that_is_none_is_not_found(counter, now, sent):
    assert counter.post(ARRIVE, {"visit": sent}).status_code == 404


def test_queries_do_not_grow_with_the_number_expected(counter, booked):
    booked("10:30")
    counter.get(ARRIVE)
    with CaptureQueriesContext(connection) as one:
        counter.get(ARRIVE)
    booked("11:00")
    booked("11:30")
    with CaptureQueriesContext(connection) as three:
        counter.get(ARRIVE)

    assert len(one) == len(three)


def test_a_walk_in_is_taken_down_and_led_to_the_walk_around(counter, advisor, now):
    page = counter.get(WALK_IN, {"q": "京B22222"}).content.decode()
    assert 'value="京B22222"' in page

    data = {
        "token": uuid4(),
        "plate": "京B22222",
        "name": "陈晨",
        "phone": "13900001111",
        "fault": "空调不冷",
        "waiting": "on",
        "advisor": advisor.pk,
    }
    first, second = counter.post(WALK_IN, data), counter.post(WALK_IN, data)

    visit = Visit.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == url("check_in", visit)
    assert (visit.stage, visit.waiting, visit.advisor) == (Stage.RECEPTION, True, advisor)
    assert visit.needs.get().words == "空调不冷"


@pytest.mark.parametrize(
    ("field", "value"), [("plate", "京O12345"), ("phone", "138"), ("name", ""), ("vin", "LSV"), ("advisor", "0")]
)
def test_a_wrong_walk_in_keeps_what_was_typed(counter, advisor, now, field, value):
    data = {
        "token": uuid4(),
        "plate": "京B22222",
        "name": "陈晨",
        "phone": "13900001111",
        "fault": "空调不冷",
        "advisor": advisor.pk,
    }

    answer = counter.post(WALK_IN, {**data, field: value})

    assert answer.status_code == 422
    assert "空调不冷" in answer.content.decode()
    assert Visit.objects.count() == 0


# --- The walk-around ------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(arrived):
    """What the tablet posts for a car in good order."""

    def data(**changes):
        checklist = standards.in_force("walk_around")
        values = {
            "version": arrived.version,
            "mileage": "23456",
            "fuel_percent": "50",
            "marks": json.dumps([{"zone": "roof", "kind": "dent", "x": 50, "y": 44, "note": "冰雹"}]),
            "valuables_reminded": "on",
            "wash": "full",
            "old_parts": "take",
            "fault": "冷车异响",
            "checklist": checklist.pk,
        }
        for item in standards.items(checklist, new_energy=False):
            values[f"checks-{item.pk}-state"] = "ok"
            if item.kind == "value":
                values[f"checks-{item.pk}-value"] = item.low if item.low is not None else 1
            if item.kind == "text":
                values[f"checks-{item.pk}-note"] = "无"
        return {**values, **changes}

    return data


def test_the_sheet_is_filled_and_leads_to_the_estimate(counter, arrived, filled):
    assert "<h1>环车检查</h1>" in counter.get(url("check_in", arrived)).content.decode()

    answer = counter.post(url("check_in", arrived), filled())

    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("orders:lines", args=[arrived.pk]))
    sheet = CheckIn.objects.get()
    assert (sheet.fuel_percent, sheet.marks.get().note, sheet.run.results.count() > 5) == (50, "冰雹", True)


def test_a_filled_sheet_is_shown_again_for_correction(counter, arrived, filled):
    counter.post(url("check_in", arrived), filled(valuables="墨镜"))

    page = counter.get(url("check_in", arrived)).content.decode()

    assert "墨镜" in page
    assert "冰雹" in page
    assert 'value="23456"' in page
    assert "更正接车单" in page
    assert page.count('value="ok" checked') > 5


WRONG = {
    "no mileage": ({"mileage": ""}, 422),
    "mileage of words": ({"mileage": "很多"}, 422),
    "too far": ({"mileage": "1000000"}, 422),
    "overfull": ({"fuel_percent": "120"}, 422),
    "valuables forgotten": ({"valuables_reminded": ""}, 422),
    "bad phone": ({"brought_by_phone": "123"}, 422),
    "marks that are none": ({"marks": "[{]"}, 422),
    "mark on the moon": ({"marks": '[{"zone": "moon", "kind": "dent"}]'}, 422),
    "unknown wash": ({"wash": "gold"}, 422),
    "stale": ({"version": "0"}, 409),
}


@pytest.mark.parametrize("what", WRONG)
def test_bad_input_keeps_the_whole_sheet(counter, arrived, filled, what):
    changes, status = WRONG[what]

    answer = counter.post(url("check_in", arrived), filled(valuables="墨镜", **changes))

    page = answer.content.decode()
    assert answer.status_code == status
    assert "冷车异响" in page
    assert "墨镜" in page
    assert page.count('value="ok" checked') > 5
    assert (CheckIn.objects.count(), Visit.objects.get().needs.count()) == (0, 0)


def test_a_backward_mileage_asks_why(counter, arrived, filled, car):
    car.mileage, car.mileage_on = 30_000, arrived.arrived_at.date()
    car.save()

    refused = counter.post(url("check_in", arrived), filled())
    accepted = counter.post(url("check_in", arrived), filled(mileage_reason="更换仪表"))

    assert (refused.status_code, accepted.status_code) == (422, 303)
    assert "30,000" in refused.content.decode()


def test_an_unanswered_item_is_named(counter, arrived, filled):
    item = next(i for i in standards.items(standards.in_force("walk_around"), new_energy=False) if i.required)

    answer = counter.post(url("check_in", arrived), filled(**{f"checks-{item.pk}-state": ""}))

    assert answer.status_code == 422
    assert item.name in answer.content.decode()
    assert CheckIn.objects.count() == 0


def test_the_same_sheet_twice_is_stale(counter, arrived, filled):
    data = filled()
    counter.post(url("check_in", arrived), data)

    for _ in range(2):
        assert counter.post(url("check_in", arrived), data).status_code == 409
    assert Visit.objects.get().needs.count() == 1


# --- Photos ---------------------------------------------------------------------------------------------------------


def test_photos_are_kept_as_they_are_taken(counter, arrived, picture):
    htmx = {"HX-Request": "true"}

    answer = counter.post(
        url("photos", arrived), {"kind": "walk_around", "photos": [picture(), picture()]}, headers=htmx
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert Photo.objects.filter(visit=arrived, kind="walk_around").count() == 2
    assert "还缺 2 张车角照片" in page
    assert "<html" not in page
    # a photo is no change of the sheet: the form that is open beside it is not stale
    arrived.refresh_from_db()
    assert arrived.version == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("car.jpg", b"not a picture at all"),
        ("virus.exe", b"MZ\x90"),
        ("page.svg", b"<svg onload='alert(1)'/>"),
        ("empty.jpg", b""),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_those_beside_it(counter, arrived, picture, name, content):
    files = [picture(), SimpleUploadedFile(name, content, content_type="image/jpeg")]

    answer = counter.post(url("photos", arrived), {"kind": "damage", "photos": files}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert Photo.objects.count() == 0


def test_without_javascript_photos_come_back_to_the_sheet(counter, arrived, picture):
    answer = counter.post(url("photos", arrived), {"kind": "damage", "photos": [picture()]})

    assert answer.headers["Location"] == url("check_in", arrived)
    broken = counter.post(url("photos", arrived), {"kind": "damage", "photos": [SimpleUploadedFile("a.jpg", b"x")]})
    assert broken.status_code == 422
    assert "<h1>" in broken.content.decode()


@pytest.mark.parametrize("kind", ["", "exit", "nonsense"])
def test_a_photo_has_a_known_kind(counter, arrived, picture, kind):
    assert counter.post(url("photos", arrived), {"kind": kind, "photos": [picture()]}).status_code == 422
    assert Photo.objects.count() == 0


# --- Signing --------------------------------------------------------------------------------------------------------


def drawn() -> str:
    out = io.BytesIO()
    Image.new("RGBA", (300, 120)).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def signing(visit, **changes):
    return {
        "version": visit.version,
        "asked": "1",
        "agreed": [line.pk for line in visit.lines.all()],
        "promised_at": "2026-11-17T16:00",
        "signer": "陈晨",
        "signature_strokes": json.dumps([{"points": [{"x": 1, "y": 2}]}]),
        "signature_png": drawn(),
        "signature_typed": "",
        **changes,
    }


def test_the_estimate_is_shown_with_labour_and_parts_apart(counter, ready_to_sign):
    page = counter.get(url("sign", ready_to_sign)).content.decode()

    assert "<h1>估价与签字</h1>" in page
    assert "更换机油" in page
    assert "180.00" in page
    assert "68.00" in page
    assert "348.00" in page
    assert "叁佰肆拾捌元整" in page
    assert "2026-11-17T13:15" in page  # an hour of work as four of five take it, past lunch
    assert "测算最早：11-17 13:15" in page
    assert "客户须知" in page


def test_the_customer_signs_and_the_car_goes_to_the_workshop(counter, ready_to_sign):
    answer = counter.post(url("sign", ready_to_sign), signing(ready_to_sign), headers={"User-Agent": "iPad"})

    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("desk:visit", args=[ready_to_sign.pk]))
    ready_to_sign.refresh_from_db()
    signature = Signature.objects.get()
    assert ready_to_sign.stage == Stage.REPAIR
    assert (signature.signer, signature.device, signature.ip) == ("陈晨", "iPad", "127.0.0.1")
    assert signature.image


def test_a_typed_name_signs_as_well(counter, ready_to_sign):
    data = signing(ready_to_sign, signature_strokes="", signature_png="", signature_typed="陈晨")

    assert counter.post(url("sign", ready_to_sign), data).status_code == 303
    assert Signature.objects.get().strokes == []


def test_an_unticked_item_is_declined(counter, ready_to_sign):
    oil, diagnosis = ready_to_sign.lines.all()

    assert counter.post(url("sign", ready_to_sign), signing(ready_to_sign, agreed=[oil.pk])).status_code == 303
    assert dict(ready_to_sign.lines.values_list("pk", "consent_state")) == {
        oil.pk: "approved",
        diagnosis.pk: "declined",
    }


BAD_SIGNING = {
    "past": ({"promised_at": "2026-11-17T10:00"}, 422),
    "no time": ({"promised_at": ""}, 422),
    "nonsense time": ({"promised_at": "tomorrow"}, 422),
    "nobody": ({"signer": ""}, 422),
    "unsigned": ({"signature_strokes": "", "signature_png": "", "signature_typed": ""}, 422),
    "broken picture": ({"signature_png": "data:image/png;base64,AAAA"}, 422),
    "nothing agreed": ({"agreed": []}, 422),
    "stale": ({"version": "1"}, 409),
}


@pytest.mark.parametrize("what", BAD_SIGNING)
def test_a_bad_signing_leaves_everything_as_it_was(counter, ready_to_sign, what):
    changes, status = BAD_SIGNING[what]
    oil = ready_to_sign.lines.first()
    agreed = changes.get("agreed", [oil.pk])

    answer = counter.post(url("sign", ready_to_sign), signing(ready_to_sign, **{**changes, "agreed": agreed}))

    page = answer.content.decode()
    assert answer.status_code == status
    assert page.count('name="agreed"') == 2
    assert page.count("checked aria-label") == len(agreed)  # what was unticked stays unticked
    ready_to_sign.refresh_from_db()
    assert ready_to_sign.stage == Stage.RECEPTION
    assert (Signature.objects.count(), ready_to_sign.packs.count(), ready_to_sign.promises.count()) == (0, 0, 0)


def test_before_the_walk_around_the_page_says_what_is_missing(counter, arrived):
    page = counter.get(url("sign", arrived)).content.decode()

    assert "请与客户一起环检并填写接车单" in page
    assert "signature_strokes" not in page


def test_the_estimates_address_leads_to_the_order(counter, arrived):
    assert counter.get(url("estimate", arrived)).headers["Location"] == reverse("orders:lines", args=[arrived.pk])


# --- Leaving and paper ----------------------------------------------------------------------------------------------


def test_a_car_leaves_without_service(counter, arrived):
    page = url("leave", arrived)
    assert "<h1>未维修离店</h1>" in counter.get(page).content.decode()

    assert counter.post(page, {"reason": "", "version": arrived.version}).status_code == 422
    answer = counter.post(page, {"reason": "价格", "version": arrived.version})
    again = counter.post(page, {"reason": "价格", "version": arrived.version})

    assert (answer.status_code, again.status_code) == (303, 409)
    arrived.refresh_from_db()
    assert (arrived.stage, arrived.end_reason) == (Stage.LEFT_WITHOUT_SERVICE, "价格")


def test_the_sheet_is_printed_for_customer_and_store(counter, arrived, filled, picture):
    counter.post(url("photos", arrived), {"kind": "damage", "photos": [picture()]})
    counter.post(url("check_in", arrived), filled(valuables="墨镜"))

    page = counter.get(url("print_check_in", arrived)).content.decode()

    assert page.count("<h1>接车单</h1>") == 2
    assert page.count("冷车异响") == 2
    assert page.count("冰雹") == 2
    assert "客户联" in page
    assert "存根联" in page
    assert page.count("<circle") == 2
    assert arrived.customer.phone not in page  # masked
    assert "23,456 km" in page
    assert "<svg" in page


def test_an_empty_sheet_prints_too(counter, arrived):
    assert counter.get(url("print_check_in", arrived)).status_code == 200


# --- Who may --------------------------------------------------------------------------------------------------------

PAGES = ["check_in", "photos", "sign", "leave", "estimate"]


@pytest.mark.parametrize("name", PAGES)
def test_only_reception_works_here(client, client_as, other_store, arrived, name):
    page = url(name, arrived)
    before = Visit.objects.get().version

    assert client_as("technician").get(page).status_code == 403
    assert client_as("technician").post(page).status_code == 403
    assert client.get(page).status_code == 302
    stranger = client_as(factories.staff(other_store, "advisor"))
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, {"version": before, "reason": "x"}).status_code == 404
    assert Visit.objects.get().version == before


def test_who_may_print_and_receive(client, client_as, other_store, arrived):
    assert client_as("technician").get(url("print_check_in", arrived)).status_code == 200
    assert client_as("gate").get(url("print_check_in", arrived)).status_code == 403
    assert client.get(url("print_check_in", arrived)).status_code == 302
    stranger = client_as(factories.staff(other_store, "advisor"))
    assert stranger.get(url("print_check_in", arrived)).status_code == 404
    for page in (ARRIVE, WALK_IN):
        assert client_as("technician").get(page).status_code == 403
        assert client.get(page).status_code == 302


def test_another_stores_rows_in_form_fields_do_not_exist(counter, other_store, advisor, now):
    with in_store(other_store):
        car = factories.vehicle(other_store)
        foreigner = factories.staff(other_store, "advisor")
        visit = appointments_visit(other_store, car, foreigner)

    assert counter.post(ARRIVE, {"visit": visit.pk, "version": visit.version}).status_code == 404
    assert counter.get(WALK_IN, {"vehicle": car.pk}).status_code == 404
    data = {"token": uuid4(), "name": "陈晨", "phone": "13900001111", "plate": "京B22222", "advisor": advisor.pk}
    assert counter.post(WALK_IN, {**data, "vehicle": car.pk}).status_code == 422
    assert counter.post(WALK_IN, {**data, "advisor": foreigner.pk}).status_code == 422
    assert Visit.objects.count() == 0


def appointments_visit(store, car, advisor):
    from visits import domain as visits

    return visits.open_visit(store=store, customer=car.owner, vehicle=car, by=advisor, advisor=advisor)


def test_lines_of_another_visit_are_never_signed_here(counter, store, ready_to_sign, advisor, now):
    from reception import domain as reception

    car = factories.vehicle(store)
    other = reception.walk_in(store=store, customer=car.owner, vehicle=car, advisor=advisor, by=advisor)
    foreign = orders.add_line(other, by=advisor, title="别人的项目", hours=1, hour_rate=180)

    counter.post(
        url("sign", ready_to_sign),
        signing(ready_to_sign, agreed=[foreign.pk, *ready_to_sign.lines.values_list("pk", flat=True)]),
    )

    foreign.refresh_from_db()
    assert foreign.consent_state == "draft"
