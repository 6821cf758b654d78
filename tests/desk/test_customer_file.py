"""The customer file: three lines computed from rows, everything known beside them, and who looked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from commitments.models import Commitment, Measurement, Remedy
from complaints import domain as complaints
from core import clock
from customers.models import FileOpened
from desk import customer_file
from orders.models import Recommendation
from outreach.models import DueCar
from surveys.models import Response
from surveys.queries import in_force
from tests import factories
from visits.models import Need


@pytest.fixture
def customer(store):
    return factories.customer(store, name="王建国")


@pytest.fixture
def come(make_visit, customer):
    """`come(days=40, late=90)`: the customer's car was here so many days ago, and ready so many minutes late."""
    car = factories.vehicle(customer.store, customer)

    def make(days: int = 40, *, late: int = -30, need: str = "", **fields):
        left = clock.now() - timedelta(days=days)
        ready = left - timedelta(hours=1)
        promised = ready - timedelta(minutes=late)
        return make_visit(
            "closed",
            customer=customer,
            vehicle=car,
            need=need,
            opened_at=left - timedelta(days=1),
            arrived_at=left - timedelta(hours=8),
            first_promised_at=promised,
            promised_at=promised,
            ready_at=ready,
            handed_over_at=left,
            released_at=left,
            **fields,
        )

    return make


@pytest.fixture
def told(customer, staff):
    """The file's hints as an advisor reads them, in English."""
    advisor = staff("advisor")

    def read():
        with translation.override("en"):
            return customer_file.context(customer, staff=advisor)["hints"]

    return read


def answer(visit, **fields):
    values = {"questionnaire": in_force(), "channel": "link", "at": visit.released_at + timedelta(days=1)}
    values |= {"released_at": visit.released_at, "origin": "demo"}
    return Response.objects.create(store=visit.store, visit=visit, **values | fields)


def broken_promise(visit, state="owed"):
    promise = Commitment.objects.get(code="ready_by_first_promise")
    times = {"started_at": visit.arrived_at, "due_at": visit.first_promised_at, "decided_at": visit.ready_at}
    measured = Measurement.objects.create(
        store=visit.store, commitment=promise, code=promise.code, visit=visit, state="broken", **times
    )
    settled = {} if state == "owed" else {"settled_at": clock.now(), "settled_by": visit.advisor}
    return Remedy.objects.create(
        store=visit.store, measurement=measured, kind="free_wash", owed_at=visit.ready_at, state=state, **settled
    )


def test_who_never_came_is_new(told):
    assert [hint.text for hint in told()] == ["Is new here: no visit yet"]


def test_who_came_and_was_served_well_is_known(come, told):
    come(40)
    come(10)

    assert [(hint.text, hint.detail[:8]) for hint in told()] == [("Was here 10 days ago", "2 visits")]


def test_who_stayed_away_is_missed(come, told):
    come(400)

    assert [hint.text for hint in told()] == ["Has not been here for 400 days"]


def test_the_three_heaviest_come_first(come, told, customer, staff):
    visit = come(20, late=100)
    broken_promise(visit)
    answer(visit, csi=520, nps=3, low=True, comment="等了两个小时")
    line = factories.line(visit, title="更换前刹车片", consent_state="declined")
    Recommendation.objects.create(
        store=visit.store, vehicle=visit.vehicle, line=line, risk="safety", created_at=clock.now()
    )
    case = complaints.open_case(
        store=visit.store, words="异响没有修好", source="desk", by=staff("advisor"), visit=visit, customer=customer
    )

    first, second, third = told()

    assert (first.tone, first.text.startswith(f"Complaint {case.number} is open")) == ("bad", True)
    assert second.text == "We owe him: Free car wash"
    assert (third.text, third.detail) == (
        "Was not content last time",
        "CSI 520 · recommendation 3 of 10 · “等了两个小时”",
    )


def test_what_was_settled_is_no_news(come, told):
    visit = come(20, late=100)
    broken_promise(visit, state="given")

    assert [hint.text for hint in told()] == [
        "Waited 1 h 40 min longer than first promised last time",
        "Was here 20 days ago",
    ]


def test_an_old_answer_begins_no_conversation(come, told):
    answer(come(380), csi=300, low=True)

    assert [hint.text for hint in told()] == ["Has not been here for 380 days"]


def test_a_request_without_an_answer_is_remembered_while_the_car_is_away(come, told, make_visit, customer):
    visit = come(20)
    Need.objects.create(
        store=visit.store,
        visit=visit,
        kind="wish",
        words="请把座椅调回原位",
        stage="reception",
        created_at=visit.opened_at,
    )
    here = make_visit("repair", customer=customer, vehicle=visit.vehicle, need="空调不冷")

    texts = {hint.text: hint.detail for hint in told()}

    assert texts["Asked for something and never got an answer"] == "“请把座椅调回原位”"
    assert texts["Is in the store now: Repair"] == here.number


def test_what_matters_most_is_what_is_said_most(come, told):
    for days, words in ((60, "把话讲清楚"), (40, "准时取车"), (20, "准时取车")):
        visit = come(days)
        Need.objects.create(
            store=visit.store,
            visit=visit,
            kind="matters_most",
            words=words,
            stage="reception",
            created_at=visit.opened_at,
        )

    hint = told()[0]

    assert (hint.text, hint.detail) == ("What matters to him: “准时取车”", "said 2 times in 3 visits")


@pytest.mark.parametrize(("days", "text"), [(-3, "has been due for service since"), (9, "is due for service on")])
def test_a_car_that_is_due_is_named(come, told, days, text):
    car = come(20).vehicle
    day = clock.local_day(car.store.zone) + timedelta(days=days)
    DueCar.objects.create(store=car.store, vehicle=car, due_on=day, by="time", base_on=day - timedelta(days=365))

    hint = told()[0]

    assert hint.text == f"{car.plate} {text} {day}"
    assert hint.url == f"{reverse('appointments:book')}?vehicle={car.pk}"


def test_a_car_due_in_two_months_is_not_urgent(come, told):
    car = come(20).vehicle
    day = clock.local_day(car.store.zone) + timedelta(days=60)
    DueCar.objects.create(store=car.store, vehicle=car, due_on=day, by="time", base_on=day)

    assert [hint.text for hint in told()] == ["Was here 20 days ago"]


def test_the_page_shows_what_is_known_and_who_looked(come, client_as, customer, staff):
    visit = come(20, late=100)
    broken_promise(visit)
    answer(visit, csi=520, nps=3, low=True, comment="等了两个小时")
    url = reverse("desk:customer", args=[customer.pk])
    advisor = client_as("advisor", name="陈思远")

    page = advisor.get(url).content.decode()

    for shown in ("等了两个小时", "CSI 520", visit.number, "免费洗车", "见客户前须知"):
        assert shown in page
    assert "谁看过这份档案" not in page
    seen = client_as("service_manager").get(url).content.decode()
    assert "谁看过这份档案" in seen
    assert "陈思远" in seen
    assert FileOpened.objects.filter(customer=customer, staff=advisor.staff).count() == 1


def test_the_page_asks_the_same_for_one_visit_and_for_many(come, client_as, customer, django_assert_max_num_queries):
    browser, url = client_as("service_manager"), reverse("desk:customer", args=[customer.pk])

    def count() -> int:
        with django_assert_max_num_queries(60) as counted:
            assert browser.get(url).status_code == 200
        return len(counted)

    for days in (20, 40, 60, 80):
        visit = come(days, late=100)
        broken_promise(visit)
        answer(visit, csi=520, nps=3, low=True)
        complaints.open_case(
            store=visit.store, words="异响", source="desk", by=visit.advisor, visit=visit, customer=customer
        )
        if days == 20:
            count()
            once = count()

    assert count() == once


def test_preferences_are_changed_from_the_file(client_as, customer, staff):
    advisor = staff("advisor")
    browser = client_as("booking_desk")
    url = reverse("customers:preferences", args=[customer.pk])
    data = {
        "preferred_channel": "wechat",
        "preferred_hours": "18点以后",
        "preferred_advisor": advisor.pk,
        "note": "怕吵",
    }

    assert browser.get(url, headers={"HX-Request": "true"}).status_code == 200
    refused = browser.post(url, {**data, "preferred_channel": "drum"})
    done = browser.post(url, data)

    assert (refused.status_code, "18点以后" in refused.content.decode()) == (422, True)
    assert (done.status_code, done["Location"]) == (303, reverse("desk:customer", args=[customer.pk]))
    customer.refresh_from_db()
    assert (customer.preferred_channel, customer.preferred_hours) == ("wechat", "18点以后")
    assert (customer.preferred_advisor, customer.note) == (advisor, "怕吵")
