"""Managers and the controller edit the tree; others and other stores do not."""

from __future__ import annotations

import pytest

from catalogue.models import Operation
from symptoms import domain as symptoms
from symptoms import queries
from symptoms.models import Choice, Question, TreeVersion


@pytest.fixture
def desk(client_as, tree):
    return client_as("controller")


@pytest.fixture
def draft(desk):
    return symptoms.draft(by=desk.staff)


def test_a_new_version_is_made_changed_and_published(desk, store):
    answer = desk.post("/symptoms/begin")
    page = desk.get(answer.headers["Location"])
    draft = TreeVersion.objects.get(published_at=None)
    assert (answer.status_code, page.status_code) == (303, 200)
    assert "您注意到什么情况？" in page.content.decode()

    fuel = draft.results.get(code="fuel")
    asked = Question.objects.get(tree=draft, code="body")
    said = desk.post(f"/symptoms/questions/{asked.pk}/answers/", {"name_zh": "油箱盖", "leads_to": f"r{fuel.pk}"})
    assert said.headers["Location"] == f"/symptoms/versions/{draft.pk}/#q{asked.pk}"
    assert asked.choices.last().result == fuel

    assert desk.post(f"/symptoms/versions/{draft.pk}/publish").headers["Location"] == "/symptoms/"
    assert queries.in_force() == draft
    assert "现行" in desk.get("/symptoms/").content.decode()


def test_a_faulty_draft_says_what_is_missing_and_is_not_published(desk, draft):
    desk.post(f"/symptoms/versions/{draft.pk}/questions/", {"name_zh": "什么颜色？"})
    page = desk.get(f"/symptoms/versions/{draft.pk}/").content.decode()
    assert "没有任何选项通向“什么颜色？”。" in page

    refused = desk.post(f"/symptoms/versions/{draft.pk}/publish")
    assert refused.status_code == 422
    assert "没有任何选项通向“什么颜色？”。" in refused.content.decode()


def test_a_result_is_changed_with_its_operations(desk, draft):
    row = draft.results.get(code="wiper")
    page = desk.get(f"/symptoms/results/{row.pk}/").content.decode()
    assert Operation.objects.get(code="B011").name_zh in page
    operations = {code: symptoms_operation(code) for code in ("X001", "B011")}
    answer = desk.post(
        f"/symptoms/results/{row.pk}/",
        {"name_zh": "雨刮", "urgency": "days", "likely0": operations["X001"], "likely2": operations["B011"]},
    )
    assert answer.status_code == 303
    assert list(row.likely.values_list("operation__code", flat=True)) == ["X001", "B011"]


def symptoms_operation(code):
    return Operation.objects.get(code=code).pk


def test_trying_walks_to_a_result_and_keeps_nothing(desk, draft):
    first = queries.questions(draft)[0]
    other = first.answers[-1]
    page = desk.get(f"/symptoms/versions/{draft.pk}/try/", {"path": f"{other.pk}"}).content.decode()
    assert "需要到店诊断" in page
    assert desk.get(f"/symptoms/versions/{draft.pk}/try/", {"path": "1.x"}).status_code == 404


def test_the_report_opens_with_any_days(desk):
    for query in ("", "?since=2026-01-01&until=2026-02-01", "?since=rubbish"):
        page = desk.get(f"/symptoms/agreement/{query}")
        assert page.status_code == 200
        assert "问诊准确度" in page.content.decode()


def test_pages_cost_the_same_for_more_questions(desk, draft, django_assert_max_num_queries):
    for index in range(20):
        Question.objects.create(store=desk.staff.store, tree=draft, code=f"x{index}", name_zh="问")
    with django_assert_max_num_queries(25):
        desk.get(f"/symptoms/versions/{draft.pk}/")


@pytest.mark.parametrize("role", ["advisor", "technician"])
def test_others_may_not(client_as, draft, role):
    desk = client_as(role)

    assert desk.get("/symptoms/").status_code == 403
    assert desk.post(f"/symptoms/versions/{draft.pk}/publish").status_code == 403
    draft.refresh_from_db()
    assert draft.published_at is None


def test_another_stores_tree_is_not_found(client_as, staff, other_store, draft):
    stranger = client_as(staff("service_manager", store=other_store))
    choice = Choice.objects.filter(question__tree=draft).first()

    assert stranger.get(f"/symptoms/versions/{draft.pk}/").status_code == 404
    assert stranger.post(f"/symptoms/answers/{choice.pk}/remove").status_code == 404
