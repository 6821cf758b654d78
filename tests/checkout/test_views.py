"""Pages of the till, of approvals and of the gate."""

from uuid import uuid4

import pytest
from django.urls import reverse

from checkout import domain as checkout
from checkout import queries
from checkout.models import AccountApproval, GatePass, Payment
from core.stages import Stage
from tests.guarded import foreign_visit, heading, statuses

QUEUE = reverse("checkout:queue")
GATE = reverse("checkout:gate")
RELEASE = reverse("checkout:release")
APPROVALS = reverse("checkout:approvals")


def url(name, visit, *more):
    return reverse(f"checkout:{name}", args=[visit.pk, *more])


@pytest.fixture
def cashier(client_as, till):
    return client_as(till.cashier)


@pytest.fixture
def keeper(client_as, till):
    return client_as(till.gate)


def payment(till, **fields):
    return {"token": str(uuid4()), "method": "cash", "amount": str(till.list.payable), **fields}


def test_guards(client_as, till, cashier, keeper, take):
    take()
    checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)
    advisor = client_as(till.visit.advisor)
    assert statuses(QUEUE, allowed=cashier, refused=advisor) == [200, 403, 302]
    assert statuses(url("pay", till.visit), allowed=cashier, refused=advisor) == [200, 403, 302]
    assert statuses(url("print_gate_pass", till.visit), allowed=advisor, refused=keeper) == [200, 403, 302]
    assert statuses(APPROVALS, allowed=client_as(till.manager), refused=cashier) == [200, 403, 302]
    assert statuses(GATE, allowed=keeper, refused=cashier) == [200, 403, 302]
    assert client_as("technician").post(RELEASE, {"plate": till.visit.vehicle.plate}).status_code == 403
    assert GatePass.objects.get().used_at is None


def test_headings(till, cashier, keeper, client_as):
    assert heading(cashier.get(QUEUE)) == "待结算车辆"
    assert heading(cashier.get(url("pay", till.visit))).endswith("结算")
    assert heading(keeper.get(GATE)) == "门卫放行"
    assert heading(client_as(till.manager).get(APPROVALS)) == "挂账审批"


def test_another_stores_car_is_not_here(till, cashier, keeper):
    foreign = foreign_visit("checkout", paid=True)
    assert cashier.get(url("pay", foreign)).status_code == 404
    assert cashier.post(url("pay", foreign), payment(till)).status_code == 404
    assert cashier.get(url("print_gate_pass", foreign)).status_code == 404
    assert keeper.post(RELEASE, {"plate": foreign.vehicle.plate}).status_code == 422
    assert keeper.get(GATE, {"plate": foreign.vehicle.plate[-5:]}).context["cars"] == []


def test_query_counts_do_not_grow(client_as, till, cashier, keeper, make_visit, django_assert_max_num_queries):
    manager = client_as(till.manager)
    checkout.ask_account(till.list, amount=1, debtor="某公司", by=till.cashier)
    counts: dict[str, list[int]] = {}
    for more in (2, 0):
        for name, browser, page in (
            ("queue", cashier, QUEUE),
            ("approvals", manager, APPROVALS),
            ("gate", keeper, f"{GATE}?plate={till.visit.vehicle.plate[-5:-2]}"),
        ):
            with django_assert_max_num_queries(40) as seen:
                browser.get(page)
            counts.setdefault(name, []).append(len(seen))
        for _ in range(more):
            visit = make_visit("checkout")
            checkout.ask_account(queries.settlement_of(visit), amount=1, debtor="某公司", by=till.cashier)
    assert [name for name, (one, three) in counts.items() if one != three] == []


def test_paying_in_full_then_the_pass_then_out(till, cashier, keeper):
    page = url("pay", till.visit)
    response = cashier.post(page, payment(till, method="wechat", reference="WX1", invoice_number="FP1"))
    assert (response.status_code, response["Location"]) == (303, page)
    assert cashier.post(url("issue_gate_pass", till.visit)).status_code == 422  # nobody asked him yet
    assert cashier.post(url("issue_gate_pass", till.visit), {"content": "1"}).status_code == 303
    assert cashier.get(page).status_code == 200

    shown = keeper.get(GATE, {"plate": till.visit.vehicle.plate[-5:].lower()})
    assert [car.state for car in shown.context["cars"]] == ["valid"]
    released = keeper.post(RELEASE, {"plate": till.visit.vehicle.plate})

    assert (released.status_code, released["Location"]) == (303, GATE)
    till.visit.refresh_from_db()
    assert till.visit.stage == Stage.FOLLOW_UP
    assert keeper.post(RELEASE, {"plate": till.visit.vehicle.plate}).status_code == 409
    assert cashier.get(page).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": "1.005"},
        {"amount": "-3"},
        {"amount": "0"},
        {"amount": "99999999"},
        {"amount": "abc"},
        {"method": "card", "reference": ""},
        {"method": "account", "reference": "x"},
        {"token": "no-token"},
    ],
)
def test_a_bad_payment_is_explained_and_what_was_typed_stays(till, cashier, fields):
    response = cashier.post(url("pay", till.visit), payment(till, invoice_number="FP-778", **fields))
    assert response.status_code == 422
    assert "FP-778" in response.content.decode()
    assert not Payment.objects.exists()


def test_too_much_is_refused_by_the_domain(till, cashier):
    response = cashier.post(url("pay", till.visit), payment(till, amount=str(till.list.payable + 1)))
    assert response.status_code == 422
    assert not Payment.objects.exists()


def test_the_same_form_twice_takes_money_once(till, cashier):
    data = payment(till, amount="10")
    assert [cashier.post(url("pay", till.visit), data).status_code for _ in range(2)] == [303, 303]
    assert Payment.objects.count() == 1
    assert cashier.post(url("pay", till.visit), {**data, "amount": "11"}).status_code == 409


def test_no_pass_while_something_is_owed(till, cashier):
    assert cashier.post(url("issue_gate_pass", till.visit)).status_code == 422
    assert cashier.get(url("print_gate_pass", till.visit)).status_code == 404


def test_on_account_goes_through_a_managers_page(till, cashier, client_as):
    manager = client_as(till.manager)
    book = url("book_account", till.visit)
    assert cashier.post(book, {"token": str(uuid4())}).status_code == 404
    ask = url("ask_account", till.visit)
    assert cashier.post(ask, {"account-amount": "200", "account-debtor": ""}).status_code == 422
    assert cashier.post(ask, {"account-amount": "200", "account-debtor": "顺风物流"}).status_code == 303
    assert cashier.post(ask, {"account-amount": "10", "account-debtor": "顺风物流"}).status_code == 409
    approval = AccountApproval.objects.get()
    decide, key = reverse("checkout:decide", args=[approval.pk]), f"a{approval.pk}"
    assert cashier.post(decide, {f"{key}-decision": "approve"}).status_code == 403
    assert manager.post(decide, {f"{key}-decision": "refuse"}).status_code == 422
    assert manager.post(decide, {}).status_code == 422
    assert manager.post(decide, {f"{key}-decision": "approve"}).status_code == 303
    assert manager.post(decide, {f"{key}-decision": "approve"}).status_code == 409

    assert cashier.post(book, {"token": str(uuid4())}).status_code == 303

    assert Payment.objects.get().approved_by == till.manager
    assert cashier.get(url("pay", till.visit)).status_code == 200


def test_a_refund_by_its_page(till, cashier, take):
    paid = take(100)
    page = url("refund", till.visit, paid.pk)
    assert cashier.get(page).status_code == 200
    assert cashier.post(page, {"token": str(uuid4()), "amount": "10", "reason": ""}).status_code == 422
    assert cashier.post(page, {"token": str(uuid4()), "amount": "200", "reason": "多收"}).status_code == 422
    assert cashier.post(page, {"token": str(uuid4()), "amount": "10", "reason": "多收"}).status_code == 303
    row = Payment.objects.get(amount__lt=0)
    assert cashier.get(url("refund", till.visit, row.pk)).status_code == 404
    assert "多收" in cashier.get(url("pay", till.visit)).content.decode()


def test_the_gate_shows_why_not(till, keeper, make_visit):
    assert keeper.get(GATE, {"plate": "12"}).context["cars"] is None
    assert keeper.get(GATE, {"plate": "99ZZ9"}).context["cars"] == []
    no_pass = keeper.get(GATE, {"plate": till.visit.vehicle.plate[-5:]})
    assert "没有出门证" in no_pass.content.decode()
    assert keeper.post(RELEASE, {"plate": till.visit.vehicle.plate}).status_code == 422
    assert keeper.post(RELEASE, {}).status_code == 422
    assert keeper.get(RELEASE).status_code == 405


def test_a_visit_without_a_list_says_so(make_visit, cashier, till):
    visit = make_visit("checkout", settled=False)
    assert cashier.get(url("pay", visit)).status_code == 200
    assert cashier.post(url("pay", visit), payment(till)).status_code == 200
    assert cashier.post(url("ask_account", visit), {}).status_code == 404
