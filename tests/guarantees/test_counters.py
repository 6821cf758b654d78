"""Counters as rows: they follow the order and the inspection, warn once, and hide nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from guarantees import domain as guarantees
from guarantees import queries
from guarantees.choices import AlertKind, CourtesyKind, ExclusionKind
from guarantees.models import Alert, Courtesy, GuaranteeRepair, Problem, RepairProblem
from guarantees.tasks import run_clocks
from inspections import domain as inspections
from inspections.choices import Level
from inspections.queries import USE
from journal.models import Event
from journal.testing import drain
from orders import domain as orders
from orders.choices import PayType
from tests import factories
from tests.checklists import filled_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(staff):
    return staff("service_manager")


def given(**about):
    return sorted(Alert.objects.filter(**about).values_list("kind", "threshold"))


def test_a_repair_lasts_from_the_customers_word_to_the_passed_final_inspection(repaired, car):
    repair = repaired(days_ago=40, hours=51.5)

    assert repair.completed_at - repair.agreed_at == timedelta(hours=51, minutes=30)
    file = queries.car(car)
    assert (file.rows[0].single.days, file.standing.total, file.running) == (3, 3, False)
    assert given() == [("single", 3)]


def test_a_visit_the_customer_pays_is_none_of_its_business(repaired):
    assert repaired(days_ago=3, hours=4, pay_type=PayType.CUSTOMER) is None
    assert GuaranteeRepair.objects.count() == 0


def test_warnings_come_once_as_time_passes_and_the_sixth_day_owes_a_loan_car(repaired, car, monkeypatch):
    repair = repaired()
    start = repair.agreed_at
    seen = []
    for hours in (1, 47, 49, 50, 73, 97, 120, 121, 145):
        monkeypatch.setattr(clock, "now", lambda at=start + timedelta(hours=hours): at)
        with transaction.atomic():
            run_clocks()
            run_clocks()
        seen.append((hours, len(given()), Courtesy.objects.count()))

    assert seen == [
        (1, 0, 0), (47, 0, 0), (49, 1, 0), (50, 1, 0), (73, 2, 0), (97, 3, 0), (120, 3, 0), (121, 4, 1), (145, 4, 1)
    ]  # fmt: skip
    assert Event.objects.filter(name="guarantees.warned", visit_id=repair.visit_id).count() == 4
    assert Courtesy.objects.get().owed_from == start + timedelta(days=5)
    assert Alert.objects.get(right=True).threshold == 6


def test_the_total_warns_at_20_25_30_and_the_right_is_beyond(repaired, car):
    for n in range(3):
        repaired(days_ago=200 - 40 * n, hours=24 * 7)
    assert given(kind=AlertKind.TOTAL) == [("total", 20)]
    repaired(days_ago=20, hours=24 * 9)
    assert given(kind=AlertKind.TOTAL) == [("total", 20), ("total", 25), ("total", 30)]
    assert queries.car(car).standing.may_return == ()

    repaired(days_ago=2, hours=1)

    assert given(kind=AlertKind.TOTAL) == [("total", 20), ("total", 25), ("total", 30), ("total", 31)]
    assert queries.car(car).standing.may_return == (AlertKind.TOTAL,)


def test_the_same_operation_is_the_same_problem(repaired, car, store):
    gearbox = factories.operation(store, name_zh="更换变速箱阀体")
    for n in range(5):
        repaired(days_ago=100 - 10 * n, hours=3, operation=gearbox)
    repaired(days_ago=2, hours=1)

    assert given(kind=AlertKind.SAME) == [("same", 3), ("same", 4), ("same", 5)]
    file = queries.car(car)
    assert next((problem.title, n) for problem, n in file.problems) == ("更换变速箱阀体", 5)
    assert file.worst == 5 and file.standing.may_return == (AlertKind.SAME,)


def test_hours_are_left_out_with_a_reason_and_count_again_when_taken_back(repaired, car, manager, staff):
    repair = repaired(days_ago=30, hours=243)
    assert queries.car(car).standing.total == 11

    exclusion = guarantees.exclude(
        repair,
        kind=ExclusionKind.SPECIAL_PART,
        hours=Decimal("50"),
        reason="全车线束按VIN定制，厂家发运50小时",
        by=manager,
    )
    assert (queries.car(car).standing.total, queries.car(car).rows[0].single.days) == (9, 11)

    for wrong, error in (
        ({"reason": " "}, DomainError),
        ({"hours": Decimal("0")}, DomainError),
        ({"hours": Decimal("200")}, DomainError),  # 50 and 200 are more than the repair lasted
        ({"kind": "holiday"}, DomainError),
        ({"by": staff("advisor")}, NotAllowed),
    ):
        with pytest.raises(error):
            values = {"kind": "special_part", "hours": Decimal("1"), "reason": "x", "by": manager, **wrong}
            guarantees.exclude(repair, **values)

    guarantees.withdraw_exclusion(exclusion, by=manager)
    assert queries.car(car).standing.total == 11
    assert [row.reason for row in queries.car(car).rows[0].repair.exclusions.all()] == [
        "全车线束按VIN定制，厂家发运50小时"
    ]
    with pytest.raises(Conflict):
        guarantees.withdraw_exclusion(exclusion, by=manager)


def test_a_repair_is_put_to_another_problem_only_with_a_reason(repaired, car, manager, store):
    one, two = repaired(days_ago=60, hours=2), repaired(days_ago=40, hours=2)
    repaired(days_ago=20, hours=2, operation=one.problems.get().line.operation)
    first, second = one.problems.get().problem, two.problems.get()
    assert first != second.problem

    with pytest.raises(DomainError):
        guarantees.regroup(second, problem=first, reason="", by=manager)
    row = guarantees.regroup(second, problem=first, reason="同一变速箱顿挫", by=manager)

    assert (row.regroup_reason, queries.car(car).standing.times[first.pk]) == ("同一变速箱顿挫", 3)
    assert given(kind=AlertKind.SAME) == [("same", 3)]
    guarantees.keep(two.visit)
    assert RepairProblem.objects.get(pk=row.pk).problem == first
    stranger = Problem.objects.create(
        store=store, vehicle=factories.vehicle(store), title="异响", created_at=clock.now()
    )
    with pytest.raises(DomainError):
        guarantees.regroup(row, problem=stranger, reason="x", by=manager)


def test_another_payer_takes_the_repair_off_the_count_in_full_view(repaired, car):
    repair = repaired(days_ago=1)
    repair.visit.lines.update(pay_type=PayType.CUSTOMER)

    guarantees.keep(repair.visit)

    file = queries.car(car)
    assert (file.standing.total, len(file.rows), file.rows[0].single) == (0, 1, None)
    assert Event.objects.filter(name="guarantees.repair_withdrawn").count() == 1


def test_before_the_invoice_or_beyond_the_distance_nothing_is_counted(repaired, store):
    old = factories.vehicle(store, invoice_date=clock.now().date() - timedelta(days=365 * 4))
    repaired(days_ago=20, hours=24 * 8, vehicle=old)
    far = factories.vehicle(store, invoice_date=clock.now().date() - timedelta(days=100))
    repaired(days_ago=20, hours=24 * 8, vehicle=far, km=60_001)

    assert [queries.car(car).standing.total for car in (old, far)] == [0, 0]
    assert given() == []
    assert len(queries.car(old).rows) == 1  # and yet everybody sees it


def test_the_courtesy_is_settled_once_and_a_refusal_needs_the_customers_words(repaired, staff, manager):
    advisor = staff("advisor")
    repaired(days_ago=7)
    courtesy = Courtesy.objects.get()
    for wrong in ({"kind": ""}, {"kind": "compensation"}, {"kind": "declined"}):
        with pytest.raises(DomainError):
            guarantees.settle_courtesy(courtesy, by=advisor, **wrong)

    done = guarantees.settle_courtesy(courtesy, kind=CourtesyKind.COMPENSATION, amount=Decimal("300"), by=advisor)

    assert (done.amount, done.settled_by, list(queries.courtesies_owed())) == (Decimal("300.00"), advisor, [])
    with pytest.raises(Conflict):
        guarantees.settle_courtesy(courtesy, kind=CourtesyKind.LOAN_CAR, by=advisor)
    alert = Alert.objects.filter(right=True).get()
    with pytest.raises(DomainError):
        guarantees.handle_alert(alert, note="", by=manager)
    with pytest.raises(NotAllowed):
        guarantees.handle_alert(alert, note="好", by=advisor)
    assert guarantees.handle_alert(alert, note="已安排备用车", by=manager).handled_by == manager


def test_the_repair_record_names_what_article_17_still_lacks(repaired, staff):
    repair = repaired(days_ago=7, hours=150)
    lacking = queries.record_of(repair).missing
    repair = guarantees.note_towing(repair, fee=Decimal("0"), by=staff("advisor"))
    orders.set_cause(repair.problems.get().line, cause="阀体卡滞", correction="更换阀体", by=staff("technician"))
    guarantees.settle_courtesy(Courtesy.objects.get(), kind="loan_car", by=staff("advisor"))

    record = queries.record_of(GuaranteeRepair.objects.get(pk=repair.pk))

    assert len(lacking) - len(record.missing) == 4  # cause, correction, towing costs, loan car
    assert record.lines[0].cause == "阀体卡滞" and record.courtesy


def test_the_reactions_keep_the_counters_along_a_real_way(make_visit, staff, car):
    visit = make_visit(Stage.INSPECTION, vehicle=car, lines=1)
    visit.lines.update(pay_type=PayType.WARRANTY)
    people = {
        Level.SELF: make_visit.person("technician"),
        Level.CROSS: staff("technician"),
        Level.FINAL: staff("inspector"),
    }
    guarantees.keep(visit)
    assert GuaranteeRepair.objects.get().completed_at is None
    for level, person in people.items():
        run = filled_run(visit, USE[level], person)
        inspections.inspect(visit, level=level, by=person, run=run, verdict="pass")
    drain()

    repair = GuaranteeRepair.objects.get()
    assert repair.completed_at == visit.inspections.get(level=Level.FINAL).at
    assert Event.objects.filter(name="guarantees.repair_completed").count() == 1
