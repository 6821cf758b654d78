"""The queue of calls and the call sheet."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints.models import Case
from core import clock
from core.stages import Stage
from followups.models import CallAttempt, FollowUpCall
from stores.access import in_store
from tests.guarded import foreign_visit, heading, statuses

QUEUE = reverse("followups:queue")
HAPPY = {"outcome": "done", "satisfaction": "9", "nps": "10", "problem": "no", "words": "", "severity": "L1"}


@pytest.fixture
def browser(client_as, owed):
    return client_as(owed.caller)


@pytest.fixture
def page(owed):
    return reverse("followups:call", args=[owed.call.pk])


def test_guards(client_as, owed, browser, page):
    advisor = client_as(owed.advisor)
    for url in (QUEUE, page):
        assert statuses(url, allowed=browser, refused=advisor) == [200, 403, 302]
    assert heading(browser.get(QUEUE)) == "回访"
    assert heading(browser.get(page)).endswith(owed.visit.customer.name)
    foreign = foreign_visit("follow_up")
    with in_store(foreign.store):
        call = FollowUpCall.objects.get(visit=foreign)
    other = reverse("followups:call", args=[call.pk])
    assert browser.get(other).status_code == 404
    assert browser.post(other, HAPPY).status_code == 404


def test_the_queue_costs_the_same_for_one_and_three(browser, make_visit, django_assert_max_num_queries):
    counts = []
    for more in (2, 0):
        with django_assert_max_num_queries(30) as seen:
            browser.get(QUEUE)
        counts.append(len(seen))
        for _ in range(more):
            make_visit("follow_up")
    assert counts[0] == counts[1]


def test_overdue_calls_are_marked_and_on_top(browser, make_visit, owed):
    late = make_visit("follow_up")
    FollowUpCall.objects.filter(visit=late).update(due_at=clock.now() - timedelta(hours=1))
    response = browser.get(QUEUE)
    assert [call.visit for call in response.context["page"]] == [late, owed.visit]
    assert response.content.decode().count('class="row-bad"') == 1


def test_tabs(browser, owed, make_visit, client_as):
    make_visit("closed")
    assert [c.visit for c in browser.get(QUEUE, {"show": "mine"}).context["page"]] == [owed.visit]
    assert len(browser.get(QUEUE, {"show": "over"}).context["page"].object_list) == 1
    stranger = client_as("customer_relations")
    assert list(stranger.get(QUEUE, {"show": "mine"}).context["page"]) == []


def test_the_call_page_tells_what_to_know(browser, page, owed):
    text = browser.get(page).content.decode()
    assert owed.visit.customer.phone in text
    assert "刹车有异响" in text
    assert owed.visit.lines.first().title in text


def test_a_happy_call_closes_the_visit(browser, page, owed):
    response = browser.post(page, HAPPY)
    assert (response.status_code, response["Location"]) == (303, QUEUE)
    owed.visit.refresh_from_db()
    assert owed.visit.stage == Stage.CLOSED
    assert browser.post(page, HAPPY).status_code == 409
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"satisfaction": ""},
        {"satisfaction": "11"},
        {"nps": ""},
        {"problem": ""},
        {"problem": "yes"},
        {"satisfaction": "3"},
        {"nps": "0"},
        {"outcome": "later"},
        {"outcome": ""},
    ],
)
def test_an_incomplete_call_is_explained_and_kept(browser, page, fields):
    response = browser.post(page, {**HAPPY, "note": "下午打的", **fields})
    assert response.status_code == 422
    assert "下午打的" in response.content.decode()
    assert not CallAttempt.objects.exists()


def test_a_problem_becomes_a_case(browser, page):
    browser.post(page, {**HAPPY, "problem": "yes", "words": "空调不冷", "severity": "L3"})
    case = Case.objects.get()
    assert (case.words, case.severity) == ("空调不冷", "L3")
    assert case.number in browser.get(page).content.decode()


def test_the_advisor_sees_why_not_and_cannot_post(client_as, owed, page):
    role = owed.advisor.role
    role.permissions = [*role.permissions, "followups.call"]
    role.save()
    advisor = client_as(owed.advisor)
    shown = advisor.get(page)
    assert (shown.status_code, shown.context["may_call"]) == (200, False)
    assert advisor.post(page, HAPPY).status_code == 403
    assert advisor.post(reverse("followups:take", args=[owed.call.pk])).status_code == 403


def test_a_colleague_takes_the_call(client_as, owed):
    colleague = client_as("customer_relations")
    assert colleague.post(reverse("followups:take", args=[owed.call.pk])).status_code == 303
    owed.call.refresh_from_db()
    assert owed.call.assigned_to == colleague.staff
