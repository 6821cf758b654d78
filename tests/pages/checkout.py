"""Pages of `checkout`."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from checkout import domain as checkout
from checkout import queries as till
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import at, of
from tests.visits_at_stage import Maker
from visits.models import Visit


def to_account(maker: Maker) -> Target:
    return of(maker("checkout"), data={"account-amount": "100.00", "account-debtor": "顺风物流，月底"})


def asked_account(maker: Maker, *, approve: bool = False) -> tuple[Visit, object]:
    visit = maker("checkout")
    asked = checkout.ask_account(till.settlement_of(visit), amount=100, debtor="顺风物流", by=maker.person("cashier"))
    if approve:
        checkout.decide_account(asked, approve=True, by=maker.person("service_manager"))
    return visit, asked


def on_account(maker: Maker) -> Target:
    return of(asked_account(maker, approve=True)[0], data={"token": str(uuid4())})


def approval(maker: Maker) -> Target:
    asked = asked_account(maker)[1]
    return Target({"pk": asked.pk}, data={f"a{asked.pk}-decision": "approve"}, who=maker.person("general_manager"))


def payment(maker: Maker) -> Target:
    visit = maker("checkout", paid=True)
    return Target({"visit_pk": visit.pk, "payment_pk": till.settlement_of(visit).payments.get().pk})


def paid(maker: Maker) -> Target:
    visit = maker("checkout")
    settlement = till.settlement_of(visit)
    cashier = maker.person("cashier")
    checkout.pay(settlement, method="cash", amount=settlement.payable, by=cashier, token=uuid4())
    return replace(of(visit), data={"content": "1"})


def not_content(maker: Maker) -> Target:
    return replace(paid(maker), data={"answer": "not_content", "words": "空调还是有异味"})


def at_the_car(maker: Maker) -> Target:
    visit = maker("checkout")
    row = checkout.ask_before_leaving(visit, answer="not_content", words="没洗干净", by=maker.person("cashier"))
    return Target({"pk": row.pk})


def leaving(maker: Maker) -> Target:
    return Target(data={"plate": maker("checkout", paid=True).vehicle.plate})


PAGES = [
    Page("checkout:queue", "cashier", heading="待结算车辆"),
    Page("checkout:pay", "cashier", at("checkout"), "{plate} 结算"),
    Page("checkout:ask_account", "cashier", to_account, post=True, status=DONE),
    Page("checkout:book_account", "cashier", on_account, post=True, status=DONE),
    Page("checkout:refund", "cashier", payment, "退款"),
    Page("checkout:ask_leaving", "cashier", not_content, post=True, status=DONE),
    Page("checkout:meet", "service_manager", at_the_car, post=True, status=DONE),
    Page("checkout:issue_gate_pass", "cashier", paid, post=True, status=DONE),
    Page("checkout:print_gate_pass", "cashier", at("checkout", paid=True), "出门证"),
    Page("checkout:approvals", "service_manager", heading="挂账审批"),
    Page("checkout:decide", "general_manager", approval, post=True, status=DONE),
    Page("checkout:gate", "gate", heading="门卫放行", colleague_role="washer", phone=True),
    Page("checkout:release", "gate", leaving, post=True, status=DONE, colleague_role="washer"),
]
