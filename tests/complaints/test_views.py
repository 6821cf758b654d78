"""The inbox, a case's page, “customer said …” and praise."""

import pytest
from django.urls import reverse

from complaints import domain as complaints
from complaints.models import Case, CaseEntry, Voice
from stores.access import in_store
from tests.guarded import foreign_visit, heading, statuses

INBOX = reverse("complaints:inbox")


def url(name, case):
    return reverse(f"complaints:{name}", args=[case.pk])


@pytest.fixture
def relations(staff):
    return staff("customer_relations")


@pytest.fixture
def browser(client_as, relations):
    return client_as(relations)


@pytest.fixture
def visit(make_visit):
    return make_visit("handover")


@pytest.fixture
def case(store, visit, relations):
    return complaints.open_case(store=store, words="空调不冷", source="desk", by=relations, visit=visit)


def test_guards(client_as, browser, case):
    for page in (INBOX, url("case", case)):
        assert statuses(page, allowed=browser, refused=client_as("technician")) == [200, 403, 302]
    assert heading(browser.get(INBOX)) == "投诉单"
    assert heading(browser.get(url("case", case))).endswith(case.number)
    foreign = foreign_visit("handover")
    with in_store(foreign.store):
        other = complaints.open_case(store=foreign.store, words="吵", source="desk", by=foreign.advisor, visit=foreign)
    assert browser.get(url("case", other)).status_code == 404
    assert browser.post(url("respond", other), {"respond-text": "x"}).status_code == 404


def test_the_inbox_costs_the_same_for_one_and_three(
    browser, case, store, make_visit, relations, django_assert_max_num_queries
):
    counts = []
    for more in (2, 0):
        with django_assert_max_num_queries(30) as seen:
            browser.get(INBOX)
        counts.append(len(seen))
        for _ in range(more):
            complaints.open_case(store=store, words="等太久", source="desk", by=relations, visit=make_visit("handover"))
    assert counts[0] == counts[1]


def test_answer_note_and_close(browser, case):
    assert browser.post(url("close", case), {"close-text": "好了"}).status_code == 422
    assert browser.post(url("respond", case), {"respond-text": " "}).status_code == 422
    assert browser.post(url("respond", case), {"respond-text": "已致歉"}).status_code == 303
    assert browser.post(url("note", case), {"note-text": "压缩机在途"}).status_code == 303
    response = browser.post(url("close", case), {"close-text": "已更换压缩机"})
    assert (response.status_code, response["Location"]) == (303, INBOX)
    case.refresh_from_db()
    assert (case.state, CaseEntry.objects.filter(case=case).count()) == ("closed", 3)
    late = browser.post(url("respond", case), {"respond-text": "还要补充一句"})
    assert late.status_code == 409
    assert browser.get(INBOX, {"show": "closed"}).context["page"].object_list[0] == case


def test_what_was_typed_stays_when_the_case_is_about_oneself(client_as, visit, case):
    role = visit.advisor.role
    role.permissions = [*role.permissions, "complaints.work"]
    role.save()
    advisor = client_as(visit.advisor)
    assert advisor.get(url("case", case)).context["may_work"] is False
    response = advisor.post(url("respond", case), {"respond-text": "我来解释一下"})
    assert response.status_code == 403
    assert not CaseEntry.objects.exists()


def test_taking_a_case(client_as, case):
    manager = client_as("service_manager")
    assert manager.post(url("take", case)).status_code == 303
    case.refresh_from_db()
    assert case.owner == manager.staff
    assert manager.get(INBOX, {"show": "mine"}).context["page"].object_list[0] == case


def test_customer_said_in_one_form(client_as, visit, staff):
    washer, technician = client_as("washer"), staff("technician")
    say = reverse("desk:say")
    data = {"words": "洗得真干净", "kind": "praise", "plate": visit.vehicle.plate[-4:], "about": technician.pk}
    assert washer.post(say, {**data, "words": ""}).status_code == 422
    assert washer.post(say, data).status_code == 303
    assert Voice.objects.get().about == technician
    assert washer.post(say, {**data, "kind": "problem", "words": "等了一小时", "about": ""}).status_code == 303
    assert Case.objects.get().visit == visit

    fragment = client_as(technician).get(reverse("complaints:praise"))
    assert "洗得真干净" in fragment.content.decode()
    assert client_as("cashier").get(reverse("complaints:praise")).content.decode().strip() == ""


def test_somebody_of_another_store_cannot_be_named(client_as, visit):
    foreign = foreign_visit("handover")
    data = {"words": "好", "kind": "praise", "plate": "", "about": foreign.advisor_id}
    assert client_as("washer").post(reverse("desk:say"), data).status_code == 422
    assert not Voice.objects.exists()
