"""Pages of answers and of the questionnaire."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from surveys import domain as surveys
from surveys import queries
from surveys.models import Questionnaire


@pytest.fixture
def answered(released, marks, make_visit):
    def make(score=9, words="", **fields):
        return surveys.answer(
            released(),
            answers=marks(score, nps=score, words=words),
            channel="phone",
            by=make_visit.person("customer_relations"),
        )

    return make


@pytest.fixture
def browser(client_as, make_visit):
    return client_as(make_visit.person("customer_relations"))


def test_the_list_is_narrowed_by_the_address(browser, answered):
    low, fine = answered(3, "不好"), answered(9, "很好")
    address = reverse("surveys:answers")

    assert "很好" in browser.get(address).content.decode()
    page = browser.get(address, {"low": "on"}).content.decode()
    assert "不好" in page
    assert "很好" not in page
    today = clock.local_day(low.store.tz).isoformat()
    assert "很好" in browser.get(address, {"since": today, "until": today}).content.decode()
    assert "很好" not in browser.get(address, {"until": "2020-01-01"}).content.decode()
    page = browser.get(address, {"advisor": fine.advisor_id, "channel": "phone"}).content.decode()
    assert "很好" in page
    assert browser.get(address, {"advisor": "x", "since": "gestern"}).status_code == 200


def test_the_list_costs_the_same_for_one_and_three(browser, answered):
    address = reverse("surveys:answers")
    answered()
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    answered(), answered(2)
    with CaptureQueriesContext(connection) as three:
        browser.get(address)

    assert len(one) == len(three)


def test_one_answer_with_its_marks_and_case(browser, answered):
    response = answered(4, "太慢")

    page = browser.get(reverse("surveys:answer", args=[response.pk])).content.decode()

    assert "按约定时间交车" in page
    assert "“太慢”" in page
    assert response.case.number in page


def test_a_version_is_drafted_weighed_and_published(client_as):
    browser = client_as("service_manager")
    page = reverse("surveys:questionnaire")
    assert browser.post(reverse("surveys:begin")).status_code == 303
    draft = queries.draft()
    weights = reverse("surveys:weights", args=[draft.pk])

    wrong = {"initiation": 15, "advisor": 20, "facility": 15, "pickup": 18, "quality": 31}
    answer = browser.post(weights, wrong)
    assert answer.status_code == 422
    assert "99" in answer.content.decode()
    assert 'value="31"' in answer.content.decode()
    assert browser.post(weights, wrong | {"initiation": 16}).status_code == 303
    added = browser.post(
        reverse("surveys:add_item", args=[draft.pk]), {"text_zh": "餐饮", "kind": "scale", "factor": "facility"}
    )
    assert added.status_code == 303
    assert "餐饮" in browser.get(page).content.decode()
    assert browser.post(reverse("surveys:publish", args=[draft.pk])).status_code == 303

    assert queries.in_force() == Questionnaire.objects.get(version=2)
    assert queries.factors(queries.in_force())[0].weight == 16
    assert browser.post(weights, wrong | {"initiation": 16}).status_code == 409
    assert browser.get(reverse("surveys:version", args=[draft.pk])).status_code == 200


def test_an_advisor_reads_and_does_not_edit(client_as):
    browser = client_as("advisor")

    assert browser.get(reverse("surveys:answers")).status_code == 200
    assert browser.post(reverse("surveys:begin")).status_code == 403
    assert queries.draft() is None
