"""What customers answer, what comes with the booking, and whether it was right."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from catalogue import queries as catalogue
from catalogue.models import Operation
from core import clock
from core.actors import Actor
from core.errors import Conflict
from journal.domain import record
from journal.models import Event
from journal.testing import drain
from orders.choices import ConsentState
from stores.access import in_store
from symptoms import domain as symptoms
from symptoms import queries, rules
from symptoms import seeds as symptom_seeds
from symptoms.choices import Agreement, Urgency
from symptoms.models import SymptomCheck
from tests import factories
from visits.events import CarReleased


def op(code: str) -> Operation:
    return Operation.objects.get(code=code)


# --- The usual tree -------------------------------------------------------------------------------------------------------


def test_the_usual_tree_is_sound_and_speaks_both_languages(store, tree):
    assert symptoms.faults(tree) == []
    rows = [*queries.questions(tree), *queries.results(tree)]
    rows += [answer for question in queries.questions(tree) for answer in question.answers]
    assert [row for row in rows if not (row.name_zh and row.name_en)] == []
    assert [row.code for row in queries.results(tree) if bool(row.advice_zh) != bool(row.advice_en)] == []
    # What must not be driven says what to do instead.
    assert [r.code for r in queries.results(tree) if r.urgency == Urgency.STOP and not r.advice_zh] == []


def test_every_way_through_the_usual_tree_ends_with_time_and_price(store, tree):
    asked = {row.pk: row for row in queries.questions(tree)}
    ends, ways = {}, [(next(row for row in asked.values() if row.first), 1)]
    while ways:
        question, count = ways.pop()
        for answer in question.answers:
            if answer.result:
                ends[answer.result] = max(count, ends.get(answer.result, 0))
            else:
                ways.append((asked[answer.next_question_id], count + 1))

    assert ends.keys() == set(tree.results.all())
    assert max(ends.values()) <= rules.MAX_QUESTIONS
    for result in ends:
        told = queries.estimate(result, store)
        assert 0 < told.minutes_low <= told.minutes_high
        assert 0 < told.low <= told.high


def test_a_store_without_some_operations_gets_the_tree_without_them(store):
    with in_store(bare := factories.store()):
        factories.operation(bare, code="Z001")
        tree = symptom_seeds.plant(bare, version=1)
        brakes = tree.results.get(code="brake-wear")

        assert [row.operation.code for row in brakes.likely.all()] == ["Z001"]
        assert any(kind == "result" for _text, kind, _id in symptoms.faults(tree))  # the others name nothing


def test_the_estimate_spans_the_likely_operations_as_the_menu_prices_them(store, tree):
    result = tree.results.get(code="brake-wear")
    told = queries.estimate(result, store)

    priced = catalogue.priced(store, [op(code).pk for code in ("Z001", "Z002", "Z003")]).values()
    assert [row.code for row in told.operations] == ["Z001", "Z002", "Z003"]
    assert (told.minutes_low, told.minutes_high) == (60, 108)
    assert (told.low, told.high) == (min(row.price_low for row in priced), max(row.price_high for row in priced))
    assert 0 < told.low < told.high


def test_an_operation_given_up_is_not_likely_any_more(store, tree):
    result = tree.results.get(code="wheel-bearing")
    Operation.objects.filter(code="D004").update(active=False)

    assert queries.estimate(result, store) is None


# --- Answering ------------------------------------------------------------------------------------------------------------


def test_answers_are_kept_with_their_meaning(check, squeal, tree):
    read = queries.read(SymptomCheck.objects.all())[0]

    assert (check.tree, check.choices, check.result.code) == (tree, squeal, "brake-wear")
    assert read.answers[0] == ("您注意到什么情况？", "有异响")
    assert read.summary == "有异响 · 踩刹车时 · 尖锐的吱吱声 · 最近一两周"
    assert [row.code for row in read.likely] == ["Z001", "Z002", "Z003"]


def test_sent_twice_it_is_one_check(store, squeal):
    token = uuid4()
    first, second = (symptoms.record_check(store=store, choices=squeal, token=token) for _ in range(2))

    assert first == second
    assert SymptomCheck.objects.count() == 1


@pytest.mark.parametrize("cut", [slice(0, 0), slice(0, 2), slice(1, None)])
def test_answers_that_lead_nowhere_are_refused(store, squeal, cut):
    with pytest.raises(Conflict):
        symptoms.record_check(store=store, choices=squeal[cut], token=uuid4())
    assert SymptomCheck.objects.count() == 0


def test_answers_to_a_version_replaced_meanwhile_are_refused(store, staff, squeal):
    manager = staff("service_manager")
    symptoms.publish(symptoms.draft(by=manager), by=manager)

    with pytest.raises(Conflict):
        symptoms.record_check(store=store, choices=squeal, token=uuid4())


def test_another_stores_answers_are_unknown_here(store, other_store, squeal):
    with in_store(other_store):
        symptom_seeds.seed(other_store)
        with pytest.raises(Conflict):
            symptoms.record_check(store=other_store, choices=squeal, token=uuid4())


# --- With a visit ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def visit(make_visit, check):
    made = make_visit("repair")
    symptoms.attach(check, visit=made, by=Actor.customer(made.customer_id))
    check.refresh_from_db()
    return made


def test_a_check_comes_to_one_visit_and_is_journalled(check, visit, make_visit):
    assert (check.visit, check.vehicle) == (visit, visit.vehicle)
    assert [row.check for row in queries.of_visit(visit)] == [check]
    told = Event.objects.get(name="symptoms.check_given")
    assert (told.visit_id, told.data["result"], told.data["urgency"], told.data["questions"]) == (
        visit.pk,
        "brake-wear",
        "days",
        4,
    )

    symptoms.attach(check, visit=visit, by=visit.advisor)  # once more changes nothing
    with pytest.raises(Conflict):
        symptoms.attach(check, visit=make_visit("repair"), by=visit.advisor)
    assert Event.objects.filter(name="symptoms.check_given").count() == 1


def test_reading_many_checks_costs_the_same(store, visit, squeal, django_assert_num_queries):
    for _ in range(2):
        other = symptoms.record_check(store=store, choices=squeal, token=uuid4())
        symptoms.attach(other, visit=visit, by=visit.advisor)

    with django_assert_num_queries(3):
        assert len(queries.of_visit(visit)) == 3


FOUND = {
    "the likely thing was mended": (["Z001"], {"work": "done"}, Agreement.HIT, "Z001"),
    "the likelier of two": (["Z003", "Z001"], {"work": "done"}, Agreement.HIT, "Z001"),
    "found, but the customer declined": (["Z002"], {"consent_state": ConsentState.DECLINED}, Agreement.HIT, "Z002"),
    "something else was mended": (["D004"], {"work": "done"}, Agreement.MISS, "D004"),
    "beside the maintenance": (["B001", "D004"], {"work": "done"}, Agreement.MISS, "D004"),
    "nothing but maintenance": (["B001"], {"work": "done"}, Agreement.NOTHING, None),
    "planned and not done": (["Z001"], {}, Agreement.NOTHING, None),
    "nothing at all": ([], {}, Agreement.NOTHING, None),
}


@pytest.mark.parametrize("case", FOUND)
def test_the_finding_is_held_against_the_check(visit, check, case):
    codes, how, agreement, found = FOUND[case]
    for code in codes:
        extra = {"work_done_at": clock.now()} if how.get("work") else {}
        factories.line(visit, operation=op(code), consent=consent_of(visit, how), **how, **extra)

    symptoms.compare(visit, by=visit.advisor)

    check.refresh_from_db()
    assert check.agreement == agreement
    assert (check.found_line.operation.code if check.found_line else None) == found
    told = Event.objects.get(name="symptoms.check_compared")
    assert (told.data["agreement"], told.data["result"]) == (agreement, "brake-wear")


def consent_of(visit, how):
    return factories.consent(visit) if how.get("work") else None


def test_it_is_compared_once_when_the_car_has_left(store, make_visit, squeal):
    drain()  # reactions look ahead from their first run
    gone = make_visit("closed")
    check = symptoms.record_check(store=store, choices=squeal, token=uuid4())
    symptoms.attach(check, visit=gone, by=gone.advisor)
    released = CarReleased(gone.released_at, gone.customer_id, gone.vehicle_id)
    with transaction.atomic():
        record(released, store_id=store.pk, subject=gone, visit_id=gone.pk, by=gone.advisor)
    drain()
    check.refresh_from_db()
    # What was done on it is none of what was likely.
    assert (check.agreement, check.found_line) == (Agreement.MISS, gone.lines.first())

    assert symptoms.compare(gone, by=gone.advisor) == []
    assert Event.objects.filter(name="symptoms.check_compared").count() == 1


def test_agreement_is_reported_per_result_with_its_number(store, visit, check, squeal):
    symptoms.compare(visit, by=visit.advisor)
    today = clock.local_day(store.tz)

    row = queries.agreement(store, since=today, until=today)[0]
    assert (row.result, row.hit, row.miss, row.nothing, row.n, row.share) == ("制动片磨损", 0, 0, 1, 1, None)
    assert queries.agreement(store, since=today - timedelta(days=9), until=today - timedelta(days=1)) == []

    for index in range(9):
        SymptomCheck.objects.create(
            store=store,
            tree=check.tree,
            token=uuid4(),
            choices=squeal,
            result=check.result,
            at=clock.now(),
            agreement=Agreement.HIT if index else Agreement.MISS,
            compared_at=clock.now(),
            visit=visit,
        )
    row = queries.agreement(store, since=today, until=today)[0]
    assert (row.n, row.share) == (10, 80)
    assert [entry.result.code for entry in queries.missed(store, since=today)] == ["brake-wear"]
