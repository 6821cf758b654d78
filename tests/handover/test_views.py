"""The handover page: its steps, its guards, and what a mistake costs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import GateClosed
from core.stages import Stage
from handover import domain as handovers
from handover.models import Handover
from orders import queries as orders
from reception.models import CheckIn
from tests.checklists import good_results, posted
from tests.guarded import foreign_visit, heading, statuses
from tests.pictures import jpeg
from visits.models import Need, Photo


def url(name, visit, *more):
    return reverse(f"handover:{name}", args=[visit.pk, *more])


@pytest.fixture
def browser(client_as, ready):
    return client_as(ready.advisor)


@pytest.fixture
def answers(ready):
    return {
        **posted("handover"),
        "list-mileage_out": "23452",
        "list-old_parts_shown": "on",
        "list-settings_reset": "on",
        "list-next_service": "remind",
        "list-next_service_km": "33000",
        "list-signer": "王先生",
        "list-signature_typed": "王先生",
    }


def test_guards(client_as, ready, browser):
    page = url("handover", ready.visit)
    assert statuses(page, allowed=browser, refused=client_as("technician")) == [200, 403, 302]
    assert heading(browser.get(page)).endswith("交车")
    foreign = foreign_visit("handover")
    assert browser.get(url("handover", foreign)).status_code == 404
    assert browser.post(url("prepare", foreign), {"mileage_out": 1}).status_code == 404
    assert client_as("technician").post(url("explain", ready.visit)).status_code == 403


def test_a_car_elsewhere_shows_where_it_is(client_as, make_visit):
    visit = make_visit("wash")
    browser = client_as(visit.advisor)
    assert browser.get(url("handover", visit)).status_code == 200
    assert browser.post(url("prepare", visit), {"mileage_out": 23460}).status_code == 409
    assert browser.post(url("handover", visit), {}).status_code == 409


def test_from_preparing_to_the_signature(ready, browser, answers):
    visit = ready.visit
    need = Need.objects.create(
        store=visit.store, visit=visit, kind="fault", words="刹车有异响", stage="reception", created_at=visit.opened_at
    )
    assert browser.post(url("explain", visit)).status_code == 422
    assert browser.post(url("prepare", visit), {"mileage_out": "23452"}).status_code == 303
    assert browser.post(url("explain", visit)).status_code == 303
    early = browser.post(url("handover", visit), answers)
    assert early.status_code == 409
    assert "刹车有异响" in early.content.decode()
    settle = url("settle_need", visit, need.pk)
    key = f"need{need.pk}"
    unanswered = browser.post(settle, {f"{key}-outcome": "answered", f"{key}-answer": ""})
    assert unanswered.status_code == 422
    assert browser.post(settle, {f"{key}-outcome": "answered", f"{key}-answer": "已检查"}).status_code == 303

    response = browser.post(url("handover", visit), answers)

    assert (response.status_code, response["Location"]) == (303, reverse("desk:visit", args=[visit.pk]))
    visit.refresh_from_db()
    assert (visit.stage, visit.handover.signature.signer) == (Stage.CHECKOUT, "王先生")
    assert browser.get(url("handover", visit)).status_code == 200


def test_what_was_typed_stays(ready, browser, answers):
    handovers.prepare(ready.visit, by=ready.advisor, mileage_out=23_452)
    handovers.explain_bill(ready.visit, by=ready.advisor)
    answers |= {"list-advice": "冬季请检查防冻液", "list-mileage_out": "100"}

    response = browser.post(url("handover", ready.visit), answers)

    assert response.status_code == 422
    text = response.content.decode()
    assert "冬季请检查防冻液" in text
    assert "23,450" in text
    assert Handover.objects.get(visit=ready.visit).completed_at is None


@pytest.mark.parametrize(
    "missing", ["list-signature_typed", "list-old_parts_shown", "list-signer", "list-next_service"]
)
def test_nothing_is_left_out(ready, browser, answers, missing):
    handovers.prepare(ready.visit, by=ready.advisor, mileage_out=23_452)
    handovers.explain_bill(ready.visit, by=ready.advisor)
    del answers[missing]
    assert browser.post(url("handover", ready.visit), answers).status_code == 422


@pytest.mark.parametrize("mileage", ["", "23449", "1000000", "viel"])
def test_an_impossible_mileage(ready, browser, mileage):
    response = browser.post(url("prepare", ready.visit), {"mileage_out": mileage})
    assert response.status_code == 422
    assert orders.current_settlement(ready.visit) is None


def test_photos(ready, browser, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    page = url("photos", ready.visit)
    assert browser.post(page, {}).status_code == 422
    assert browser.post(page, {"photos": SimpleUploadedFile("x.jpg", b"no picture")}).status_code == 422
    assert browser.post(page, {"photos": SimpleUploadedFile("x.jpg", jpeg(), "image/jpeg")}).status_code == 303
    assert Photo.objects.get(visit=ready.visit).kind == "exit"


def test_a_second_submit_is_a_conflict(ready, browser, answers, give_back):
    handovers.prepare(ready.visit, by=ready.advisor, mileage_out=23_452)
    handovers.explain_bill(ready.visit, by=ready.advisor)
    give_back()
    assert browser.post(url("handover", ready.visit), answers).status_code == 409


def test_another_visits_need_is_not_here(make_visit, ready, browser):
    other = make_visit("repair", need="换雨刮")
    need = other.needs.get()
    assert browser.post(url("settle_need", ready.visit, need.pk), {}).status_code == 404


def test_what_was_left_in_our_keeping_is_given_back(ready, browser, answers):
    visit = ready.visit
    CheckIn.objects.filter(visit=visit).update(valuables="墨镜一副\n儿童座椅")
    handovers.prepare(visit, by=ready.advisor, mileage_out=23_452)
    handovers.explain_bill(visit, by=ready.advisor)
    page = browser.get(url("handover", visit)).content.decode()
    assert "墨镜一副、儿童座椅" in page

    assert browser.post(url("handover", visit), answers).status_code == 422
    with pytest.raises(GateClosed) as closed:
        handovers.complete_filled(
            visit,
            by=ready.advisor,
            results=good_results("handover"),
            old_parts_shown=True,
            settings_reset=True,
            mileage_out=23_452,
            next_service="remind",
            next_service_km=33_000,
            signer="王先生",
        )
    assert any("墨镜一副" in sentence for sentence in closed.value.blockers)
    assert browser.post(url("handover", visit), {**answers, "list-belongings_returned": "on"}).status_code == 303

    sheet = Handover.objects.get(visit=visit)
    assert sheet.belongings_returned is True
    assert browser.get(url("print_handover", visit)).content.decode().count("儿童座椅") == 2
