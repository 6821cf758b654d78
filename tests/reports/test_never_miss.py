"""The five rules: each way to miss one is found with whoever has to act, and nothing else is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from complaints.choices import CaseState, CauseCode, CloseKind, PlanState, RecheckOutcome, Responsible
from complaints.models import Case, Measure, Recheck, RecoveryPlan, SalesFeedback
from core import clock
from core.errors import NotAllowed
from followups.models import FollowUpCall
from outreach.models import DueCar, NightRun
from reports import tasks
from reports.choices import RULE_OF, Rule, Trigger, Violation
from reports.domain import never_miss
from reports.models import NeverMissFinding, NeverMissRun
from reports.queries import closed_loop, findings
from surveys import queries as surveys
from surveys.choices import ItemKind
from surveys.models import Answer, Questionnaire, Response
from tests import factories

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class House:
    """A store in which nothing was missed, and what one needs to miss something."""

    def __init__(self, store, make_visit):
        self.store, self.make_visit, self.now = store, make_visit, clock.now()
        self.relations = factories.staff(store, "customer_relations")
        self.second = factories.staff(store, "customer_relations")
        self.manager = factories.staff(store, "service_manager")
        self.sales = factories.staff(store, "sales_liaison")

    def visit(self, **fields):
        return self.make_visit("closed", need="", booked=False, **fields)

    def case(self, **fields) -> Case:
        """Open, in time, owned by the manager."""
        n = factories.number()
        values = {
            "number": f"TS{n}", "source": "desk", "words": "刹车还是有异响", "owner": self.manager, "category": "repair_quality",
            "opened_at": self.now - HOUR, "first_response_due_at": self.now + HOUR, "plan_due_at": self.now + DAY,
            "resolution_due_at": self.now + 3 * DAY, "clock_started_at": self.now - HOUR, **fields,
        }  # fmt: skip
        return Case.objects.create(store=self.store, **values)

    def solved(self, ago: timedelta = HOUR, **fields) -> Case:
        """Carried out by the manager so long ago."""
        done = self.now - ago
        found = {"cause_code": CauseCode.PEOPLE, "responsible": Responsible.WORKSHOP, "prevention": "复训"}
        case = self.case(
            state=CaseState.EXECUTED, opened_at=done - DAY, first_response_at=done - DAY, resolved_at=done,
            resolution_due_at=done + HOUR, **{**found, **fields},
        )  # fmt: skip
        plan = RecoveryPlan.objects.create(
            store=self.store, case=case, text="免费返工", state=PlanState.EXECUTED, needs_second=False,
            proposed_by=self.manager, proposed_at=done, approved_at=done, executed_at=done,
        )  # fmt: skip
        Measure.objects.create(
            store=self.store, plan=plan, kind="free_rework", executed_at=done, executed_by=self.manager, proof="工单"
        )
        return case

    def recheck(self, case: Case, outcome=RecheckOutcome.SATISFIED, by=None, at: datetime | None = None) -> Recheck:
        at = at or case.resolved_at + HOUR / 2
        return Recheck.objects.create(
            store=self.store, case=case, round=case.round, by=by or self.relations, at=at, on=clock.local_day(self.store.tz, at),
            outcome=outcome, words="满意",
        )  # fmt: skip

    def tell(self, case: Case, **fields) -> SalesFeedback:
        values = {
            "text": "请回访",
            "pushed_at": self.now - HOUR,
            "pushed_by": self.manager,
            "due_at": self.now + 3 * DAY,
        }
        return SalesFeedback.objects.create(store=self.store, case=case, **{**values, **fields})

    def answered(self, case: Case, ago: timedelta = timedelta()) -> SalesFeedback:
        at = self.now - ago
        return self.tell(case, read_at=at, read_by=self.sales, answered_at=at, answered_by=self.sales, answer="已联系")

    def close(self, case: Case, kind=CloseKind.SATISFIED) -> Case:
        case.state, case.closed_at, case.closing_note, case.close_kind = CaseState.CLOSED, self.now, "完成", kind
        case.save()
        return case

    def response(self, visit, *, item_score: int = 9, **fields) -> Response:
        """An answer as history has it: without the constraint's help, for nothing but the board would find what is wrong."""
        questionnaire = Questionnaire.objects.filter(retired_at=None).first() or surveys.in_force()
        values = {
            "channel": "link",
            "at": self.now - HOUR,
            "overall": 9,
            "nps": 9,
            "problem": False,
            "origin": "demo",
            **fields,
        }
        low = values["overall"] <= 6 or values["nps"] <= 6 or bool(values["problem"])
        row = Response.objects.create(
            store=self.store, visit=visit, questionnaire=questionnaire, low=low, released_at=visit.released_at, **values
        )
        scale = questionnaire.items.filter(kind=ItemKind.SCALE).first()
        Answer.objects.create(store=self.store, response=row, item=scale, score=item_score)
        return row


@pytest.fixture
def house(store, make_visit) -> House:
    return House(store, make_visit)


def no_call(house):
    visit = house.visit()
    FollowUpCall.objects.filter(visit=visit).delete()
    return visit.pk, house.relations, visit.released_at + timedelta(hours=house.store.follow_up_hours)


def call_overdue(house):
    call = house.make_visit("follow_up", need="", booked=False).follow_up
    FollowUpCall.objects.filter(pk=call.pk).update(due_at=house.now - HOUR, assigned_to=house.second)
    return call.pk, house.second, house.now - HOUR


def no_next_contact(house):
    NightRun.objects.create(
        store=house.store,
        night=house.now.date(),
        started_at=house.now,
        moved_at=house.now,
        finished_at=house.now,
        phase="done",
    )
    dated = house.visit(released_at=house.now - 2 * DAY)
    DueCar.objects.create(
        store=house.store, vehicle=dated.vehicle, due_on=house.now.date(), base_on=house.now.date(), by="time"
    )
    house.visit(released_at=house.now - 200 * DAY)
    visit = house.visit(released_at=house.now - 2 * DAY)
    return visit.vehicle_id, visit.advisor, None


def low_item(house):
    row = house.response(house.visit(), item_score=6)
    return row.pk, house.relations, row.at


def low_nps(house):
    row = house.response(house.visit(), nps=6)
    return row.pk, house.relations, row.at


def told_problem(house):
    row = house.response(house.visit(), problem=True, taken_by=house.second)
    return row.pk, house.second, row.at


def low_after_the_case_was_over(house):
    visit = house.visit()
    case = house.close(house.solved(visit=visit))
    house.recheck(case)
    house.answered(case)
    Case.objects.filter(pk=case.pk).update(closed_at=house.now - 2 * HOUR)
    row = house.response(visit, item_score=2)
    return row.pk, house.relations, row.at


def problem_call(house):
    call = house.visit().follow_up
    FollowUpCall.objects.filter(pk=call.pk).update(satisfaction=5, assigned_to=house.second)
    return call.pk, house.second, call.completed_at


def answer_late(house):
    case = house.case(first_response_due_at=house.now - HOUR)
    return case.pk, house.manager, case.first_response_due_at


def resolution_late(house):
    case = house.case(first_response_at=house.now - HOUR, resolution_due_at=house.now - HOUR, owner=None)
    return case.pk, house.relations, case.resolution_due_at


def closed_unsolved(house):
    case = house.solved()
    house.recheck(case)
    house.answered(case)
    RecoveryPlan.objects.filter(case=case).delete()
    case = house.close(case)
    return case.pk, house.manager, case.closed_at


def recheck_late(house):
    case = house.solved(ago=timedelta(hours=73), owner=house.relations)
    house.recheck(case, by=house.relations, outcome=RecheckOutcome.UNREACHABLE)  # his own work proves nothing
    return case.pk, house.second, case.resolved_at + 72 * HOUR


def closed_unchecked(house):
    case = house.solved(owner=house.second)
    house.recheck(case, by=house.manager)  # who carried it out
    house.answered(case)
    return house.close(case).pk, house.second, house.now


def given_up_too_early(house):
    case = house.solved()
    for tries in range(3):
        house.recheck(case, RecheckOutcome.UNREACHABLE, at=house.now - (tries % 2) * DAY)
    house.answered(case)
    return house.close(case, CloseKind.UNREACHABLE).pk, house.manager, house.now


def sales_not_told(house):
    case = house.solved()
    house.recheck(case)
    return case.pk, house.manager, case.resolved_at


def sales_late(house):
    feedback = house.tell(house.case(), due_at=house.now - HOUR)
    return feedback.case_id, house.sales, feedback.due_at


MISSED: list[tuple[Violation, Callable]] = [
    (Violation.NO_CALL, no_call),
    (Violation.CALL_OVERDUE, call_overdue),
    (Violation.NO_NEXT_CONTACT, no_next_contact),
    (Violation.LOW_ANSWER, low_item),
    (Violation.LOW_ANSWER, low_nps),
    (Violation.LOW_ANSWER, told_problem),
    (Violation.LOW_ANSWER, low_after_the_case_was_over),
    (Violation.PROBLEM_CALL, problem_call),
    (Violation.ANSWER_LATE, answer_late),
    (Violation.RESOLUTION_LATE, resolution_late),
    (Violation.CLOSED_UNSOLVED, closed_unsolved),
    (Violation.RECHECK_LATE, recheck_late),
    (Violation.CLOSED_UNCHECKED, closed_unchecked),
    (Violation.CLOSED_UNCHECKED, given_up_too_early),
    (Violation.SALES_NOT_TOLD, sales_not_told),
    (Violation.SALES_LATE, sales_late),
]


@pytest.mark.parametrize(("violation", "miss"), MISSED, ids=[miss.__name__ for _violation, miss in MISSED])
def test_what_was_missed_is_found_with_whoever_has_to_act(house, violation, miss):
    subject, owner, due = miss(house)
    run = never_miss.check(house.store)
    row = NeverMissFinding.objects.get()
    assert (row.violation, row.subject_id, row.owner, row.due_at) == (violation, subject, owner, due)
    counts = dict(run.counts.values_list("rule", "violations"))
    assert counts == {rule: int(rule == RULE_OF[violation]) for rule in Rule}


def test_what_was_done_is_not_found(house):
    visit = house.visit()
    house.response(visit, item_score=3, case=house.case(visit=visit, first_response_at=house.now))
    house.solved()
    done = house.solved()
    house.recheck(done)
    house.tell(done)
    over = house.solved()
    house.recheck(over)
    house.answered(over)
    house.close(over)
    gone = house.solved()
    for days in range(3):
        house.recheck(gone, RecheckOutcome.UNREACHABLE, at=house.now - days * DAY)
    house.answered(gone)
    house.close(gone, CloseKind.UNREACHABLE)
    house.make_visit("repair")
    house.make_visit("follow_up")
    run = never_miss.check(house.store)
    assert not NeverMissFinding.objects.exists()
    checked = dict(run.counts.values_list("rule", "checked"))
    assert checked == {"followed": 2, "recorded": 1, "solved": 5, "rechecked": 4, "fed_back": 3}
    assert (run.issues, run.all_five) == (5, 5)


def test_history_of_another_system_is_not_judged(house):
    visit = house.visit(origin="import")
    FollowUpCall.objects.filter(visit=visit).delete()
    house.response(house.visit(), nps=2, origin="import")
    house.case(
        origin="import", first_response_due_at=None, plan_due_at=None, resolution_due_at=None, state=CaseState.CLOSED,
        closed_at=house.now, closing_note="旧", close_kind=CloseKind.IMPORT,
    )  # fmt: skip
    never_miss.check(house.store)
    assert not NeverMissFinding.objects.exists()


def test_another_stores_misses_stay_there(house, other_store):
    answer_late(house)
    from stores.access import in_store

    with in_store(other_store):
        never_miss.check(other_store)
        assert not NeverMissFinding.objects.exists()


def test_a_violation_keeps_its_day_and_ends_when_it_is_put_right(house):
    case_id, _owner, _due = answer_late(house)
    first = never_miss.check(house.store, by=house.manager)
    with time_machine.travel(house.now + HOUR, tick=False):
        Case.objects.filter(pk=case_id).update(owner=house.second)
        second = never_miss.check(house.store, by=house.manager)
        row = NeverMissFinding.objects.get()
        assert (row.first_run, row.owner, row.cleared_at) == (first, house.second, None)
        Case.objects.filter(pk=case_id).update(first_response_at=house.now)
        third = never_miss.check(house.store, by=house.manager)
        row.refresh_from_db()
        assert (row.cleared_run, row.cleared_at) == (third, third.at)
    assert [sum(run.counts.values_list("violations", flat=True)) for run in (first, second, third)] == [1, 1, 0]
    # Missed again, it is a new finding.
    Case.objects.filter(pk=case_id).update(first_response_at=None)
    never_miss.check(house.store, by=house.manager)
    assert NeverMissFinding.objects.count() == 2


def test_a_night_is_proven_once_and_a_missed_one_is_made_up_for(house, other_store):
    answer_late(house)
    at_four = datetime(2026, 11, 24, 4, 10, tzinfo=house.store.tz)
    with time_machine.travel(at_four - HOUR, tick=False):
        tasks.prove_nights()
    assert not NeverMissRun.objects.exists()
    for moment in (at_four, at_four + HOUR / 2, at_four + 10 * HOUR, at_four + 24 * HOUR):
        with time_machine.travel(moment, tick=False):
            tasks.prove_nights()
    nights = list(NeverMissRun.objects.order_by("night").values_list("night", "trigger", "by"))
    assert nights == [(at_four.date(), Trigger.NIGHTLY, None), (at_four.date() + DAY, Trigger.NIGHTLY, None)]
    assert [night.violations[Rule.SOLVED] for night in findings.nights()] == [1, 1]


@pytest.mark.parametrize(
    ("make", "kept"),
    [
        (lambda h: h.case(), True),
        (lambda h: h.case(first_response_at=h.now, first_response_due_at=h.now - HOUR), False),
        (lambda h: h.solved(ago=timedelta(hours=71)), True),
        (lambda h: h.solved(ago=timedelta(hours=73)), False),
        (lambda h: h.recheck(h.solved(ago=timedelta(hours=80)), at=h.now).case, False),
        (lambda h: h.recheck(h.solved()).case, False),
        (lambda h: h.answered(h.recheck(h.solved()).case).case, True),
        (lambda h: h.tell(h.recheck(h.solved()).case, due_at=h.now - HOUR).case, False),
    ],
)
def test_a_case_keeps_all_five_when_each_step_came_in_time(house, make, kept):
    make(house)
    assert closed_loop.loop(house.now).all_five == int(kept)


def test_the_board_shows_five_counts_and_leads_to_each_violation(house, client_as, other_store, staff):
    case_id, owner, _due = answer_late(house)
    visit_id = no_call(house)[0]
    manager = client_as(house.manager)
    address = reverse("reports:never_miss")
    assert "尚未核查" in manager.get(address).content.decode()
    assert manager.post(reverse("reports:never_miss_check")).status_code == 303
    answer = manager.get(address)
    text = answer.content.decode()
    assert "2 项违规" in text
    assert [row.violations for row, _url in answer.context["standings"]] == [1, 0, 1, 0, 0]
    assert reverse("complaints:case", args=[case_id]) in text
    assert reverse("desk:visit", args=[visit_id]) in text
    assert owner.name in text
    only = manager.get(address + f"?rule=solved&owner={owner.pk}")
    assert [row.subject_id for row in only.context["page"]] == [case_id]
    sheet = manager.get(reverse("reports:never_miss_csv") + "?rule=followed").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(sheet)))) == 2
    abroad = client_as(staff("service_manager", store=other_store))
    assert "尚未核查" in abroad.get(address).content.decode()


def test_who_may_check(house, client, client_as):
    check = reverse("reports:never_miss_check")
    assert client_as("advisor").post(check).status_code == 403
    assert client.post(check).status_code == 302
    assert client_as("general_manager").get(check).status_code == 405
    with pytest.raises(NotAllowed):
        never_miss.check(house.store, by=house.sales)
    assert not NeverMissRun.objects.exists()


@pytest.mark.parametrize(
    "query", ["?rule=nothing", "?owner=9999999999999999999", "?owner=x&page=9", "?rule=solved&page=-1"]
)
def test_nonsense_in_the_address_shows_the_board(house, client_as, query):
    answer_late(house)
    never_miss.check(house.store)
    assert client_as(house.manager).get(reverse("reports:never_miss") + query).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_violations(house, client_as, django_assert_max_num_queries):
    manager = client_as(house.manager)
    for _round in range(3):
        answer_late(house)
        no_call(house)
        never_miss.check(house.store, by=house.manager)
        with django_assert_max_num_queries(18):
            manager.get(reverse("reports:never_miss"))
