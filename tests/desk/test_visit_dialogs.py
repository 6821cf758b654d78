"""Requests, promises, and what the customer was told: written from the visit's page, refused readably, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.stages import Stage
from customers.models import FileOpened
from tests import factories
from visits.models import CustomerUpdate, Need, Promise


@pytest.fixture
def visit(make_visit):
    return make_visit("repair")


@pytest.fixture
def post(client_as, visit):
    browser = client_as(visit.advisor)

    def send(name, data, *args, **headers):
        return browser.post(reverse(f"desk:{name}", args=[visit.pk, *args]), data, headers=headers)

    return send


def later(store, **ahead) -> str:
    return f"{(clock.now() + timedelta(**ahead)).astimezone(store.tz):%Y-%m-%dT%H:%M}"


def test_a_request_is_written_down(post, visit):
    answer = post("add_need", {"kind": "wish", "words": "请把座椅调回原位"})

    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("desk:visit", args=[visit.pk]))
    assert Need.objects.filter(visit=visit, kind="wish").get().words == "请把座椅调回原位"


def test_htmx_is_led_on_by_its_own_header(post, visit):
    answer = post("add_need", {"kind": "wish", "words": "x"}, **{"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == reverse("desk:visit", args=[visit.pk])


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("add_need", {"kind": "no such kind", "words": "空调不冷，请看看"}, "空调不冷，请看看"),
        ("tell_customer", {"how": "", "text": "还要两个小时"}, "还要两个小时"),
        ("promise", {"at": "不是时间", "reason": "等配件到货"}, "等配件到货"),
    ],
)
def test_bad_input_keeps_what_was_typed(name, data, kept, post, visit):
    before = (visit.needs.count(), visit.promises.count(), visit.updates.count())

    answer = post(name, data)

    assert answer.status_code == 422
    assert kept in answer.content.decode()
    assert (visit.needs.count(), visit.promises.count(), visit.updates.count()) == before


def test_a_request_is_settled_once(post, visit):
    need = visit.needs.get()

    assert post("settle_need", {"outcome": "done", "answer": "已更换"}, need.pk).status_code == 303
    assert post("settle_need", {"outcome": "declined", "answer": "再说一次"}, need.pk).status_code == 409

    need.refresh_from_db()
    assert (need.outcome, need.answer) == ("done", "已更换")


def test_a_new_promise_says_why(post, visit, store):
    at = later(store, hours=6)

    assert post("promise", {"at": at, "version": visit.version}).status_code == 422
    assert (
        post("promise", {"at": at, "reason": "等配件", "told_how": "phone", "version": visit.version}).status_code
        == 303
    )

    last = visit.promises.order_by("-sequence").first()
    assert (last.sequence, last.reason, last.told_how) == (2, "等配件", "phone")


def test_a_promise_in_the_past_is_refused(post, visit, store):
    answer = post("promise", {"at": later(store, hours=-1), "reason": "口误", "version": visit.version})

    assert answer.status_code == 422
    assert "口误" in answer.content.decode()


def test_a_stale_promise_is_a_conflict(post, visit, store):
    data = {"at": later(store, hours=6), "reason": "等配件", "version": visit.version}
    post("promise", data)

    assert post("promise", data).status_code == 409
    assert Promise.objects.filter(visit=visit).count() == 2


def test_what_the_customer_was_told_is_kept(post, visit):
    assert post("tell_customer", {"how": "phone", "text": "配件下午到"}).status_code == 303
    assert CustomerUpdate.objects.filter(visit=visit).count() == 1


def test_a_car_leaves_without_service_with_its_reason(make_visit, client_as):
    visit = make_visit("reception")
    browser, url = client_as(visit.advisor), reverse("desk:cancel", args=[visit.pk])

    assert browser.post(url, {"reason": "", "version": visit.version}).status_code == 422
    assert browser.post(url, {"reason": "等待太久", "version": visit.version}).status_code == 303

    visit.refresh_from_db()
    assert (visit.stage, visit.end_reason) == (Stage.LEFT_WITHOUT_SERVICE, "等待太久")


def test_a_need_of_another_visit_is_not_found(post, make_visit):
    other = make_visit("repair").needs.get()

    assert post("settle_need", {"outcome": "done"}, other.pk).status_code == 404


def test_the_visit_page_shows_who_did_what(make_visit, client_as):
    visit = make_visit("repair", job="started")
    text = client_as(visit.advisor).get(reverse("desk:visit", args=[visit.pk])).content.decode()

    assert [name for name in ("刹车有异响", visit.advisor.name, visit.customer.name) if name not in text] == []


# --- The customer's file -----------------------------------------------------------------------------------------------


def test_opening_a_file_is_written_down(visit, client_as):
    reader = client_as("booking_desk")

    assert reader.get(reverse("desk:customer", args=[visit.customer_id])).status_code == 200
    row = FileOpened.objects.get()
    assert (row.customer, row.staff, row.page) == (visit.customer, reader.staff, "desk:customer")


def test_a_refused_reader_leaves_no_trace(visit, client_as, other_store):
    url = reverse("desk:customer", args=[visit.customer_id])

    assert client_as("washer").get(url).status_code == 403
    assert client_as(factories.staff(other_store, "advisor")).get(url).status_code == 404
    assert FileOpened.objects.count() == 0
