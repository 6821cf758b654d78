"""From plan to proof: who may promise what, who may prove it, and what must be there before a case is closed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from complaints import domain as complaints
from complaints import gates, queries
from complaints.domain import MeasureInput
from complaints.models import Case, RecoveryPlan, SalesFeedback
from core import clock
from core.errors import Conflict, DomainError, GateClosed, NotAllowed
from journal.models import Event
from messaging.models import Message
from stores import calendar
from tests import factories

DAY = timedelta(days=1)


def events(name):
    return [row.data for row in Event.objects.filter(name=f"complaints.{name}").order_by("id")]


# --- Plan and approval ---------------------------------------------------------------------------------------------


def test_within_the_own_limit_nobody_else_is_asked(open_case, visit, plan_of, people):
    case = open_case(visit=visit)
    plan = plan_of(case, ("apology", 0), ("voucher", Decimal("200")))

    case.refresh_from_db()
    assert (plan.state, plan.approved_by, plan.money, plan.kind) == ("approved", None, 0, 200)
    assert case.planned_at == plan.approved_at
    assert [e["needed_second"] for e in events("plan_approved")] == [False]
    assert Message.objects.get(template="case_offer").customer == visit.customer


def test_above_the_own_limit_a_second_person_decides(open_case, visit, plan_of, people):
    case = open_case(visit=visit)
    plan = plan_of(case, ("cash", 800))
    case.refresh_from_db()
    assert (plan.state, case.planned_at) == ("waiting", None)

    complaints.approve_plan(plan, by=people.manager)
    plan.refresh_from_db()
    assert (plan.state, plan.approved_by) == ("approved", people.manager)
    assert [e["needed_second"] for e in events("plan_approved")] == [True]
    with pytest.raises(Conflict):
        complaints.approve_plan(plan, by=people.director)


def test_nobody_approves_himself(open_case, plan_of, people):
    plan = plan_of(open_case(), ("cash", 3000), by=people.manager)
    with pytest.raises(NotAllowed) as refused:
        complaints.approve_plan(plan, by=people.manager)
    assert refused.value.code == "own_plan"
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryPlan.objects.filter(pk=plan.pk).update(approved_by=people.manager)
    plan.refresh_from_db()
    assert (plan.state, plan.approved_by) == ("waiting", None)
    assert events("plan_approved") == []


@pytest.mark.parametrize(("amount", "role"), [(1000, "manager"), (1001, "director"), (5001, "general")])
def test_an_approver_has_a_limit_too(open_case, plan_of, people, amount, role):
    plan = plan_of(open_case(), ("refund", amount))
    ladder = ["manager", "director", "general"]
    for lower in ladder[: ladder.index(role)]:
        with pytest.raises(NotAllowed) as refused:
            complaints.approve_plan(plan, by=getattr(people, lower))
        assert refused.value.code == "above_limit"
    assert complaints.approve_plan(plan, by=getattr(people, role)).state == "approved"


def test_many_small_promises_to_one_car_are_summed(open_case, make_visit, plan_of, people, carry_out, store):
    car = factories.vehicle(store)
    first, second = (open_case(visit=make_visit("closed", vehicle=car)) for _ in range(2))
    assert plan_of(first, ("voucher", 150)).state == "approved"
    assert plan_of(second, ("voucher", 60)).state == "waiting"  # 210 in thirty days, 200 allowed
    assert queries.promised(second) == (0, 210)

    other = open_case(visit=make_visit("closed"))
    assert plan_of(other, ("voucher", 60)).state == "approved"
    with time_machine.travel(clock.now() + 31 * DAY):
        later = open_case(visit=make_visit("closed", vehicle=car))
        assert plan_of(later, ("voucher", 150)).state == "approved"


def test_a_refused_or_declined_plan_is_not_counted(open_case, make_visit, plan_of, people, visit):
    case = open_case(visit=visit)
    complaints.refuse_plan(plan_of(case, ("cash", 900)), reason="先检查", by=people.manager)
    plan = plan_of(case, ("voucher", 200))
    with pytest.raises(DomainError):
        complaints.answer_plan(plan, answer="declined", channel="phone", by=people.relations)
    complaints.answer_plan(plan, answer="declined", channel="phone", words="要退款", by=people.relations)
    assert queries.promised(case) == (0, 0)
    assert plan_of(case, ("voucher", 200)).state == "approved"


def test_a_stores_own_limits_go_first(open_case, plan_of, people, store):
    complaints.set_limit(store=store, role="customer_relations", cash=Decimal(500), equivalent=None, by=people.general)
    assert plan_of(open_case(), ("cash", 500), ("voucher", 9000)).state == "approved"
    with pytest.raises(NotAllowed):
        complaints.set_limit(store=store, role="general_manager", cash=None, equivalent=None, by=people.general)


@pytest.mark.parametrize(
    "measures",
    [[], [MeasureInput("apology", Decimal(5))], [MeasureInput("voucher")], [MeasureInput("cash", Decimal(-1))]],
)
def test_a_plan_is_made_of_measures_with_their_worth(open_case, people, measures):
    with pytest.raises(DomainError):
        complaints.propose_plan(open_case(), text="好", measures=measures, by=people.relations)
    assert not RecoveryPlan.objects.exists()


def test_one_plan_at_a_time_and_never_by_whom_it_is_about(open_case, plan_of, people):
    case = open_case(about=people.manager)
    plan = plan_of(case, ("cash", 10))
    with pytest.raises(Conflict):
        plan_of(case)
    with pytest.raises(NotAllowed):
        complaints.approve_plan(plan, by=people.manager)
    complaints.refuse_plan(plan, reason="换成返工", by=people.relations)
    assert plan_of(case, ("free_rework", 0), by=people.director).state == "approved"


# --- Carrying it out -------------------------------------------------------------------------------------------------


def test_nothing_is_carried_out_before_the_customer_agreed(open_case, visit, plan_of, people):
    case = open_case(visit=visit)
    plan = plan_of(case, ("voucher", 100), ("apology", 0))
    voucher, apology = plan.measures.all()
    with pytest.raises(DomainError) as refused:
        complaints.execute_measure(voucher, proof="券号 1", by=people.relations)
    assert refused.value.code == "not_accepted"

    complaints.answer_plan(plan, answer="accepted", channel="phone", by=people.relations)
    with pytest.raises(DomainError):
        complaints.execute_measure(voucher, proof=" ", by=people.relations)
    complaints.execute_measure(voucher, proof="券号 1", by=people.relations)
    case.refresh_from_db()
    assert case.state == "open"
    with pytest.raises(Conflict):
        complaints.execute_measure(voucher, proof="券号 1", by=people.relations)
    complaints.execute_measure(apology, proof="当面致歉", by=people.relations)

    case.refresh_from_db()
    assert (case.state, case.next_notice_at) == ("executed", None)
    assert [e["in_time"] for e in events("plan_executed")] == [True]


def test_words_need_nobodys_consent_and_silence_counts_after_three_days(open_case, visit, plan_of, people):
    words = plan_of(open_case(), ("apology", 0))
    assert complaints.may_carry_out(words)
    offered = plan_of(open_case(visit=visit), ("voucher", 100))
    assert not complaints.may_carry_out(offered)
    with time_machine.travel(clock.now() + timedelta(hours=72, minutes=1)):
        assert complaints.may_carry_out(offered)


# --- Re-check --------------------------------------------------------------------------------------------------------


@pytest.fixture
def executed(open_case, visit, plan_of, carry_out, people):
    case = open_case(visit=visit, severity="L2")
    complaints.respond(case, text="已致歉", by=people.relations)
    carry_out(plan_of(case))
    case.refresh_from_db()
    return case


def test_the_re_check_is_somebody_elses(executed, people):
    for worker in (people.relations, executed.owner):
        with pytest.raises(NotAllowed) as refused:
            complaints.recheck(executed, outcome="satisfied", words="好", by=worker)
        assert refused.value.code == "own_work"
    with pytest.raises(NotAllowed):
        complaints.recheck(executed, outcome="satisfied", words="好", by=people.sales)
    with pytest.raises(DomainError):
        complaints.recheck(executed, outcome="satisfied", words=" ", by=people.second)

    row = complaints.recheck(executed, outcome="satisfied", words="好了", fair_result=9, by=people.second)
    assert (row.round, row.fair_result, gates.ending(executed)) == (1, 9, "satisfied")
    with pytest.raises(Conflict):
        complaints.recheck(executed, outcome="not_satisfied", words="不好", by=people.second)


def test_not_satisfied_opens_again_one_rung_up_with_new_clocks(executed, people, store, plan_of, carry_out):
    first_due = executed.resolution_due_at
    with time_machine.travel(clock.now() + DAY):
        complaints.recheck(executed, outcome="not_satisfied", words="还是不冷", by=people.second)
        case = Case.objects.get(pk=executed.pk)

        assert (case.state, case.severity, case.round, case.owner) == ("open", "L3", 2, people.director)
        assert (case.planned_at, case.resolved_at) == (None, None)
        assert case.resolution_due_at != first_due
        assert case.resolution_due_at == calendar.add_working_days(store, case.clock_started_at, 5)
        assert case.first_response_at == executed.first_response_at
        assert events("case_reopened")[0]["severity"] == "L3"
        with pytest.raises(Conflict):
            complaints.recheck(case, outcome="satisfied", words="好", by=people.second)

        carry_out(plan_of(case, ("free_rework", 0)))
        complaints.recheck(case, outcome="satisfied", words="冷了", by=people.second)
    assert [e["attempt"] for e in events("rechecked")] == [1, 1]


def test_unreachable_counts_on_three_different_days(executed, people, learn):
    learn(executed)
    start = clock.now()
    for days, ending in [(0, None), (0, None), (1, None), (2, "unreachable")]:
        with time_machine.travel(start + days * DAY):
            complaints.recheck(executed, outcome="unreachable", by=people.second)
        assert gates.ending(executed) == ending
        if ending is None:
            with pytest.raises(GateClosed):
                complaints.close_case(executed, note="联系不上", by=people.relations)

    closed = complaints.close_case(executed, note="三天未能联系上客户", by=people.relations)
    assert (closed.state, closed.close_kind) == ("closed", "unreachable")
    assert events("case_closed")[0]["close_kind"] == "unreachable"


# --- Sales and the end -------------------------------------------------------------------------------------------------


def test_sales_is_told_once_and_answers_within_three_working_days(executed, people, store):
    with pytest.raises(DomainError) as refused:
        complaints.tell_sales(executed, text="请回访", by=people.relations)
    assert refused.value.code == "no_cause"
    complaints.find_cause(executed, cause="people", responsible="workshop", prevention="培训", by=people.relations)
    told = complaints.tell_sales(executed, text="请回访", by=people.relations)
    with pytest.raises(Conflict):
        complaints.tell_sales(executed, text="请回访", by=people.relations)
    assert told.due_at == calendar.add_working_days(store, told.pushed_at, 3)
    assert list(queries.waiting_for_sales()) == [told]

    with pytest.raises(NotAllowed):
        complaints.sales_answer(told, answer="好", by=people.relations)
    complaints.sales_read(told, by=people.sales)
    complaints.sales_answer(told, answer="已回访", by=people.sales)
    with pytest.raises(Conflict):
        complaints.sales_answer(told, answer="再答", by=people.sales)
    told.refresh_from_db()
    assert (told.read_by, told.answered_by) == (people.sales, people.sales)
    assert [e["in_time"] for e in events("sales_answered")] == [True]
    assert not queries.waiting_for_sales().exists()


def test_a_case_closed_too_early_names_everything_that_is_missing(open_case, visit, people, plan_of, carry_out, learn):
    case = open_case(visit=visit)
    seen = []

    def refused():
        with pytest.raises(GateClosed) as error:
            complaints.close_case(case, note="好了", by=people.relations)
        seen.append([gap.step for gap in gates.missing(Case.objects.get(pk=case.pk))])
        assert error.value.blockers == gates.close(Case.objects.get(pk=case.pk))
        assert Case.objects.get(pk=case.pk).state != "closed"

    refused()
    complaints.respond(case, text="已致歉", by=people.relations)
    refused()
    carry_out(plan_of(case))
    refused()
    complaints.recheck(case, outcome="satisfied", words="好了", by=people.second)
    refused()
    learn(case)
    assert complaints.close_case(case, note="已解决", by=people.relations).close_kind == "satisfied"
    assert seen == [
        ["answer", "plan", "cause", "sales"],
        ["plan", "cause", "sales"],
        ["recheck", "cause", "sales"],
        ["cause", "sales"],
    ]


def test_a_case_without_cause_cannot_be_written_as_closed(finished):
    case = finished()
    for gone in ({"cause_code": ""}, {"prevention": ""}, {"resolved_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(
                state="closed", close_kind="satisfied", closed_at=clock.now(), closing_note="x", **gone
            )


def test_a_grave_case_is_closed_by_a_manager(finished, people):
    case = finished(severity="L3")
    with pytest.raises(NotAllowed):
        complaints.close_case(case, note="好了", by=people.relations)
    assert complaints.close_case(case, note="同意关闭", by=people.manager).state == "closed"


def test_by_procedure_only_a_manager_who_does_not_own_it_and_still_with_a_lesson(open_case, people, learn):
    case = open_case(severity="L2")  # the manager's
    complaints.respond(case, text="已致歉", by=people.relations)
    for who in (people.relations, people.manager):
        with pytest.raises(NotAllowed):
            complaints.close_case(case, note="客户撤诉", by=who, procedural=True)
    with pytest.raises(GateClosed):
        complaints.close_case(case, note="客户撤诉", by=people.director, procedural=True)
    learn(case)
    closed = complaints.close_case(case, note="客户撤诉", by=people.director, procedural=True)
    assert (closed.close_kind, SalesFeedback.objects.count()) == ("procedural", 1)
