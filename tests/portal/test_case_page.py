"""The customer's complaint: by the public form, by his visit's link, and the offer he answers by a link that works once."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from complaints import domain as complaints
from complaints.domain import MeasureInput
from complaints.models import Case, CaseEntry, CaseLink, CaseToken, RecoveryPlan, Voice
from core import clock
from customers.models import Customer
from messaging.models import Message
from tests.guarded import heading
from visits import domain as visits

FORM = reverse("portal:complain", args=["north"])


@pytest.fixture(autouse=True)
def _no_limits_of_other_tests():
    cache.clear()


@pytest.fixture
def visit(make_visit):
    return make_visit("follow_up")


@pytest.fixture
def relations(staff):
    return staff("customer_relations")


def filed(client, **fields):
    data = {
        "token": str(uuid4()),
        "words": "空调还是不冷",
        "name": "李雷",
        "phone": "13900001111",
        "plate": "",
        **fields,
    }
    return client.post(FORM, data)


@pytest.fixture
def offered(store, visit, relations):
    """A case with an approved offer, and its page by link."""
    case = complaints.open_case(store=store, words="空调不冷", source="phone", by=relations, visit=visit)
    plan = complaints.propose_plan(
        case, text="免费检查并赠券", measures=[MeasureInput("voucher", Decimal(200))], by=relations
    )
    return plan, reverse("portal:case", args=[complaints.make_link(case)])


def secret(response) -> str:
    return re.search(r'name="write" value="([^"]+)"', response.content.decode())[1]


# --- The public form ---------------------------------------------------------------------------------------------------


def test_a_stranger_complains_and_follows_his_case(client, store):
    assert heading(client.get(FORM)) == "有不满意的地方？"
    response = filed(client, category="repair_price")
    case = Case.objects.get()
    assert (case.source, case.severity, case.category, case.words) == ("web", "L2", "repair_price", "空调还是不冷")
    assert case.first_response_due_at > case.opened_at
    page = client.get(response["Location"])
    assert (page.status_code, heading(page)) == (200, "您的投诉")
    assert page["Referrer-Policy"] == "no-referrer"
    assert case.number in page.content.decode()
    message = Message.objects.get()
    assert (message.template, message.to) == ("case_received", "13900001111")


def test_the_same_form_twice_is_one_case(client, store):
    token = str(uuid4())
    for _ in range(2):
        assert filed(client, token=token).status_code == 303
    assert (Case.objects.count(), Voice.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_only_the_owner_himself_joins_his_visit(client, store, visit, relations):
    open_ = complaints.open_case(store=store, words="等太久", source="phone", by=relations, visit=visit)
    plate = visit.vehicle.plate
    stranger = filed(client, plate=plate, phone="13900002222")
    assert Case.objects.exclude(pk=open_.pk).get().visit is None
    assert "等太久" not in client.get(stranger["Location"]).content.decode()

    owner = filed(client, plate=plate, phone=visit.customer.phone, name=visit.customer.name)
    assert owner.status_code == 303
    assert Case.objects.filter(visit=visit).get() == open_
    assert open_.voices.filter(words="空调还是不冷").exists()


def test_what_is_wrong_is_said_and_nothing_is_written(client, store):
    for wrong in ({"words": " "}, {"phone": "123"}, {"plate": "京A"}, {"token": "x"}):
        response = filed(client, **wrong)
        assert response.status_code == 422
        assert "李雷" in response.content.decode()
    assert not Case.objects.exists() and not Customer.objects.filter(name="李雷").exists()
    assert client.get(reverse("portal:complain", args=["nowhere"])).status_code == 404


def test_too_many_from_one_phone_are_refused(client, store):
    statuses = [filed(client).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    assert Case.objects.count() == 5


# --- By the visit's link ------------------------------------------------------------------------------------------------


def test_by_the_visits_link(client, visit):
    address = reverse("portal:complain_visit", args=[visits.make_link(visit)])
    assert heading(client.get(address)) == "有不满意的地方？"
    token = str(uuid4())
    for _ in range(2):
        assert client.post(address, {"token": token, "words": "车没洗"}).status_code == 303
    case = Case.objects.get()
    assert (case.visit, case.source, case.voices.count()) == (visit, "web", 1)
    assert heading(client.get(address)) == "您的投诉"


# --- The offer -------------------------------------------------------------------------------------------------------


def test_reading_changes_nothing(client, offered):
    plan, address = offered
    before = (CaseLink.objects.count(), CaseToken.objects.count(), CaseEntry.objects.count())
    for _ in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    plan.refresh_from_db()
    assert plan.customer_answer == ""
    assert (CaseLink.objects.count(), CaseToken.objects.count(), CaseEntry.objects.count()) == before


def test_he_accepts_in_two_steps_and_only_once(client, offered):
    plan, address = offered
    assert client.post(address, {"do": "answer"}).status_code == 422
    review = client.post(address, {"do": "answer", "answer": "accepted"})
    assert review.status_code == 200
    plan.refresh_from_db()
    assert plan.customer_answer == ""

    sure = {"do": "answer", "answer": "accepted", "write": secret(review)}
    assert client.post(address, sure).status_code == 303
    plan.refresh_from_db()
    assert (plan.customer_answer, plan.answered_by, plan.state) == ("accepted", "link", "approved")
    again = client.post(address, {**sure, "answer": "declined", "words": "不要"})
    assert again.status_code == 409
    plan.refresh_from_db()
    assert plan.customer_answer == "accepted"


def test_declining_needs_his_words_and_opens_the_way_for_another_plan(client, offered, relations):
    plan, address = offered
    assert client.post(address, {"do": "answer", "answer": "declined"}).status_code == 422
    review = client.post(address, {"do": "answer", "answer": "declined", "words": "请退费"})
    client.post(address, {"do": "answer", "answer": "declined", "words": "请退费", "write": secret(review)})
    plan.refresh_from_db()
    assert (plan.state, plan.customer_words) == ("refused", "请退费")
    complaints.propose_plan(plan.case, text="退费", measures=[MeasureInput("free_rework")], by=relations)
    assert RecoveryPlan.objects.filter(state="approved").count() == 1


@pytest.mark.parametrize("made_up", ["", "x" * 43])
def test_a_made_up_secret_writes_nothing(client, offered, made_up):
    plan, address = offered
    response = client.post(address, {"do": "answer", "answer": "accepted", "write": made_up})
    assert response.status_code == 422
    plan.refresh_from_db()
    assert plan.customer_answer == ""


def test_a_secret_runs_out_and_belongs_to_one_offer(client, offered, relations):
    plan, address = offered
    write = secret(client.post(address, {"do": "answer", "answer": "accepted"}))
    sure = {"do": "answer", "answer": "accepted", "write": write}
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert client.post(address, sure).status_code == 410
    complaints.refuse_plan(plan, reason="换一个", by=relations)
    complaints.propose_plan(plan.case, text="只检查", measures=[MeasureInput("free_rework")], by=relations)
    assert client.post(address, sure).status_code == 409
    assert not RecoveryPlan.objects.exclude(customer_answer="").exists()


def test_he_adds_a_line_once(client, offered):
    plan, address = offered
    review = client.post(address, {"do": "write", "words": "周六方便"})
    sure = {"do": "write", "words": "周六方便", "write": secret(review)}
    assert [client.post(address, sure).status_code for _ in range(2)] == [303, 409]
    assert CaseEntry.objects.filter(case=plan.case, kind="customer").count() == 1
    assert "周六方便" in client.get(address).content.decode()


def test_a_revoked_or_unknown_link_opens_nothing(client, offered):
    plan, address = offered
    complaints.revoke_links(plan.case)
    assert client.get(address).status_code == 410
    assert client.post(address, {"do": "answer", "answer": "accepted"}).status_code == 410
    assert client.get(reverse("portal:case", args=["x" * 43])).status_code == 404
