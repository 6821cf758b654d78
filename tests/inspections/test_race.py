"""Two people at one car at the same moment, over real connections."""

from collections import Counter

import pytest

from core.stages import Stage
from dealership.opening import open_full_store
from inspections import domain as inspections
from inspections.models import Inspection, Wash
from stores.access import in_store
from stores.models import Bay
from tests import factories
from tests.checklists import filled_run, good_results
from tests.together import together
from tests.visits_at_stage import Maker
from visits.models import Visit

AT_ONCE = 6


@pytest.fixture
def house(transactional_db):
    store = open_full_store(code="race", name_zh="赛道店")
    with in_store(store):
        yield store, Maker(store)


def passed(visit, maker):
    for level, use, by in (
        (1, "self_check", maker.person("technician")),
        (2, "cross_check", maker.person("technician", "cross")),
    ):
        inspections.inspect_filled(visit, level=level, results=good_results(use), verdict="pass", by=by)


def test_one_of_several_inspectors_wins_and_the_wash_is_queued_once(house):
    store, maker = house
    visit = maker("inspection")
    passed(visit, maker)
    people = [factories.staff(store, "inspector") for _ in range(AT_ONCE)]
    results = good_results("final_check")

    outcomes = together(
        store,
        [
            lambda by=by: inspections.inspect_filled(visit, level=3, results=results, verdict="pass", by=by)
            for by in people
        ],
    )

    assert Counter(type(row).__name__ for row in outcomes) == {"Inspection": 1, "Conflict": AT_ONCE - 1}
    assert Inspection.objects.filter(visit=visit, level=3).count() == 1
    assert (Visit.objects.get(pk=visit.pk).stage, Wash.objects.count()) == (Stage.WASH, 1)


def test_passing_and_sending_back_at_once_do_not_both_happen(house):
    store, maker = house
    visit = maker("inspection")
    passed(visit, maker)
    first, second = (factories.staff(store, "inspector") for _ in range(2))
    results, line = good_results("final_check"), visit.lines.first()

    outcomes = together(
        store,
        [
            lambda: inspections.inspect_filled(visit, level=3, results=results, verdict="pass", by=first),
            lambda: inspections.inspect(visit, level=3, run=None, verdict="fail", reason="漏油", line=line, by=second),
        ],
    )

    assert sorted(type(row).__name__ for row in outcomes) == ["Conflict", "Inspection"]
    verdict = Inspection.objects.get(visit=visit, level=3).verdict
    stage = Visit.objects.get(pk=visit.pk).stage
    assert (verdict, stage) in {("pass", Stage.WASH), ("fail", Stage.REPAIR)}


def test_the_last_wash_place_is_taken_once(house):
    store, maker = house
    cars = [maker("wash") for _ in range(AT_ONCE)]
    washer = maker.person("washer")
    places = Bay.objects.filter(kind="wash", active=True).count()

    outcomes = together(store, [lambda car=car: inspections.start_wash(car, by=washer) for car in cars])

    assert Counter(type(row).__name__ for row in outcomes) == {"Wash": places, "Conflict": AT_ONCE - places}


def test_two_checkers_finish_a_wash_once(house):
    store, maker = house
    visit = maker("wash")
    inspections.start_wash(visit, by=maker.person("washer"))
    run = filled_run(visit, "wash", maker.person("inspector"))

    outcomes = together(
        store,
        [lambda: inspections.finish_wash(visit, by=maker.person("inspector"), run=run) for _ in range(3)],
    )

    assert Counter(type(row).__name__ for row in outcomes) == {"Wash": 1, "Conflict": 2}
    assert Visit.objects.get().stage == Stage.HANDOVER
