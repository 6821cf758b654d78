"""A case at any point of its way, and the people who may bring it on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from complaints import domain as complaints
from complaints.domain import MeasureInput


@pytest.fixture
def visit(make_visit):
    return make_visit("handover")


@pytest.fixture
def relations(staff):
    return staff("customer_relations")


@pytest.fixture
def open_case(store, relations):
    def make(words="空调不冷", **fields):
        return complaints.open_case(store=store, words=words, **{"source": "desk", "by": relations, **fields})

    return make


@pytest.fixture
def people(staff, relations):
    """One of each who works on cases; `second` is another one of customer relations, for re-checks."""
    return SimpleNamespace(
        relations=relations,
        second=staff("customer_relations"),
        manager=staff("service_manager"),
        director=staff("aftersales_director"),
        general=staff("general_manager"),
        sales=staff("sales_liaison"),
    )


@pytest.fixture
def plan_of(people):
    """`plan_of(case, ("voucher", 200), by=...)`: a proposed plan."""

    def make(case, *measures, by=None):
        inputs = [MeasureInput(kind, amount) for kind, amount in measures or [("voucher", 200)]]
        return complaints.propose_plan(case, text="免费检查空调并赠保养券", measures=inputs, by=by or people.relations)

    return make


@pytest.fixture
def carry_out(people):
    """Every measure of an approved plan, accepted before."""

    def run(plan, by=None):
        if plan.state == "approved" and not plan.customer_answer:
            complaints.answer_plan(plan, answer="accepted", channel="phone", by=by or people.relations)
        for measure in plan.measures.all():
            complaints.execute_measure(measure, proof="券号 8801", by=by or people.relations)
        plan.refresh_from_db()
        return plan

    return run


@pytest.fixture
def learn(people):
    """Cause, prevention, sales told and answered."""

    def run(case):
        complaints.find_cause(
            case, cause="method", responsible="workshop", prevention="终检加测出风温度", by=people.relations
        )
        told = complaints.tell_sales(case, text="客户明年换车，请回访致歉", by=people.relations)
        return complaints.sales_answer(told, answer="已致电致歉", by=people.sales)

    return run


@pytest.fixture
def finished(open_case, plan_of, carry_out, learn, people):
    """A case that lacks nothing but its closing."""

    def make(**fields):
        case = open_case(**fields)
        complaints.respond(case, text="已致歉", by=people.relations)
        carry_out(plan_of(case))
        complaints.recheck(case, outcome="satisfied", words="这次冷了", by=people.second)
        learn(case)
        case.refresh_from_db()
        return case

    return make
