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
def browser(client_as, relations):
    return client_as(relations)


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


def test_answer_note_and_closed_too_early(browser, case):
    early = browser.post(url("close", case), {"close-text": "好了"})
    assert (early.status_code, len(early.context["blockers"])) == (409, 4)
    assert browser.post(url("respond", case), {"respond-text": " "}).status_code == 422
    assert browser.post(url("respond", case), {"respond-text": "已致歉"}).status_code == 303
    assert browser.post(url("note", case), {"note-text": "压缩机在途"}).status_code == 303
    assert CaseEntry.objects.filter(case=case).count() == 2


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


def test_from_the_plan_to_the_end_in_the_browser(client_as, browser, case, people):
    manager, second = client_as(people.manager), client_as(people.second)
    page = url("case", case)
    assert [gap["url"] for gap in browser.get(page).context["gaps"]] == ["#answer", "#plan", "#cause", "#sales"]
    browser.post(url("respond", case), {"respond-text": "已致歉"})
    bad = browser.post(url("plan", case), {"plan-text": "退款", "plan-kind1": "refund"})
    assert bad.status_code == 422 and "退款" in bad.content.decode()
    posted = {"plan-text": "退还空调工时费", "plan-kind1": "refund", "plan-amount1": "300", "plan-note1": "上次工单"}
    assert browser.post(url("plan", case), posted).status_code == 303
    plan = case.plans.get()

    approve = reverse("complaints:approve", args=[plan.pk])
    assert browser.post(approve).status_code == 403
    assert manager.get(reverse("complaints:approvals")).context["rows"][0]["plan"] == plan
    assert manager.post(approve).status_code == 303
    measure = plan.measures.get()
    done = reverse("complaints:measure_done", args=[measure.pk])
    assert browser.post(done, {f"m{measure.pk}-proof": "退款单 88"}).status_code == 422
    browser.post(
        reverse("complaints:offer_answer", args=[plan.pk]), {"offer-answer": "accepted", "offer-channel": "phone"}
    )
    assert browser.post(done, {f"m{measure.pk}-proof": "退款单 88"}).status_code == 303

    satisfied = {"recheck-outcome": "satisfied", "recheck-words": "满意", "recheck-fair_result": "9"}
    assert browser.post(url("recheck", case), satisfied).status_code == 403
    assert browser.get(page).context["may_recheck"] is False
    assert second.post(url("recheck", case), satisfied).status_code == 303
    cause = {"cause-cause": "method", "cause-responsible": "workshop", "cause-prevention": "终检加测温度"}
    assert browser.post(url("cause", case), cause).status_code == 303
    assert browser.post(url("tell_sales", case), {"sales-text": "请回访"}).status_code == 303
    sales = client_as(people.sales)
    told = sales.get(reverse("complaints:sales")).context["rows"][0]["feedback"]
    assert sales.post(reverse("complaints:sales_read", args=[told.pk])).status_code == 303
    assert sales.post(reverse("complaints:sales_answer", args=[told.pk]), {f"f{told.pk}-text": " "}).status_code == 422
    assert (
        sales.post(reverse("complaints:sales_answer", args=[told.pk]), {f"f{told.pk}-text": "已致电"}).status_code
        == 303
    )
    response = browser.post(url("close", case), {"close-text": "已解决"})
    assert (response.status_code, response["Location"]) == (303, INBOX)
    assert browser.get(INBOX, {"show": "closed"}).context["page"].object_list[0] == case
    assert browser.post(url("respond", case), {"respond-text": "补充"}).status_code == 409
    assert browser.get(page).status_code == 200


def test_the_inbox_filters(browser, case, store, relations, people):
    other = complaints.open_case(store=store, words="收费不清", source="web", by=relations, category="repair_price")

    def found(**query):
        return list(browser.get(INBOX, query).context["page"].object_list)

    assert found(category="repair_price") == [other]
    assert found(source="desk") == [case]
    assert found(q=case.vehicle.plate[-5:]) == [case]
    assert found(q="收费") == [other]
    assert found(late="1") == []
    assert found(owner=case.owner_id, severity="L1", show="mine") == [
        row for row in (case, other) if row.owner == relations
    ]
    assert len(found(owner="x")) == 2


def test_a_manager_decides_on_his_page_within_his_limit(client_as, people, case, plan_of):
    plan = plan_of(case, ("cash", 3000))
    manager, director = client_as(people.manager), client_as(people.director)
    decide = reverse("complaints:decide", args=[plan.pk])
    assert manager.post(decide, {f"p{plan.pk}-decision": "approve"}).status_code == 403
    assert director.post(decide, {f"p{plan.pk}-decision": "refuse"}).status_code == 422
    assert director.post(decide, {f"p{plan.pk}-decision": "approve"}).status_code == 303
    plan.refresh_from_db()
    assert (plan.state, plan.approved_by) == ("approved", people.director)


def test_limits_one_may_not_set_are_read_only(client_as, people):
    page = client_as(people.manager).get(reverse("complaints:limits")).content.decode()

    assert 'name="customer_relations-cash"' in page
    assert 'name="service_manager-cash"' not in page
    assert "岗位权限由其上级设定。" in page
