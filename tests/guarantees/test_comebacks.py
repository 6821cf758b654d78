"""The radar: what seems to be the same trouble again, and what follows when somebody says so."""

from datetime import timedelta

import pytest

from catalogue.choices import RepairCategory
from core import clock
from core.errors import Conflict, DomainError
from core.stages import Stage
from guarantees import domain as guarantees
from guarantees import queries, rules
from guarantees.choices import ComebackState, Match
from guarantees.models import Comeback, GuaranteeRepair
from handover.models import Handover
from journal.models import Event
from journal.testing import drain
from orders import domain as orders
from orders.choices import PayType
from orders.models import RepairOrder
from tests import factories
from visits import domain as visits
from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def car(store):
    return factories.vehicle(store, invoice_date=clock.now().date() - timedelta(days=300))


@pytest.fixture
def pads(store):
    return factories.operation(store, code="Z901", name_zh="更换前制动片", category=RepairCategory.MINOR)


@pytest.fixture
def earlier(make_visit, car, pads):
    """A visit of the car that left so many days ago, with one finished line."""

    def make(
        days=5, operation=pads, guarantee=(10, 2000), km=8_000, pay_type=PayType.CUSTOMER, concern="刹车有吱吱异响"
    ):
        visit = make_visit(Stage.CLOSED, vehicle=car, lines=0, need="", booked=False, mileage_in=km)
        left = clock.now() - timedelta(days=days)
        Visit.objects.filter(pk=visit.pk).update(
            arrived_at=left - timedelta(hours=6), ready_at=left, handed_over_at=left, released_at=left, ended_at=left
        )
        Handover.objects.filter(visit=visit).update(mileage_out=km + 3)
        RepairOrder.objects.update_or_create(
            visit=visit,
            defaults={"store_id": visit.store_id, "guarantee_days": guarantee[0], "guarantee_km": guarantee[1]},
        )
        return factories.line(
            visit, operation=operation, consent=factories.consent(visit), concern=concern, work="done", work_done_at=left,
            pay_type=pay_type,
        )  # fmt: skip

    return make


@pytest.fixture
def back(make_visit, car):
    """The car at reception again."""

    def make(need="", km=8_500):
        return make_visit(
            Stage.RECEPTION, vehicle=car, lines=0, need=need, booked=False, mileage_in=km, arrived_at=clock.now()
        )

    return make


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("刹车有异响，请检查", "踩刹车的时候吱吱异响", True),
        ("空调不制冷", "空调还是不制冷", True),
        ("左前门异响", "空调不制冷", False),
        ("保养", "更换机油", False),
        ("请检查一下", "帮忙看看，请检查", False),
        ("brake noise when cold", "noise from the brake", True),
    ],
)
def test_two_complaints_mean_the_same_when_half_of_the_shorter_is_in_the_other(one, other, same):
    assert rules.same_concern(one, other) is same


def test_the_same_operation_the_same_words_or_the_same_system(earlier, back, store):
    original = earlier()
    discs = factories.operation(store, code="Z903", category=RepairCategory.MINOR)
    oil = factories.operation(store, code="B901", category=RepairCategory.MAINTENANCE)

    visit = back(need="刹车又异响了")
    assert [(c.original, c.match) for c in queries.candidates(visit)] == [(original, Match.CONCERN)]
    factories.line(visit, operation=oil)
    assert [c.match for c in queries.candidates(visit)] == [Match.CONCERN]
    visit.needs.all().delete()
    factories.line(visit, operation=discs)
    assert [c.match for c in queries.candidates(visit)] == [Match.SYSTEM]
    factories.line(visit, operation=original.operation)
    assert [c.match for c in queries.candidates(visit)] == [Match.OPERATION]


@pytest.mark.parametrize(
    ("days", "km", "guarantee", "found", "covered"),
    [
        (5, 8_500, (10, 2000), True, True),
        (10, 8_500, (10, 2000), True, True),  # the last day
        (11, 8_500, (10, 2000), True, False),  # over, but within the figure's 30 days
        (5, 10_003, (10, 2000), True, True),  # exactly 2,000 km
        (5, 10_004, (10, 2000), True, False),  # the distance came first
        (30, 8_500, (10, 2000), True, False),
        (31, 8_500, (10, 2000), False, None),
        (99, 8_500, (100, 20_000), True, True),
        (101, 8_500, (100, 20_000), False, None),
        (5, None, (10, 2000), True, True),  # an unknown distance ends nothing
    ],
)
def test_the_guarantee_ends_with_days_or_kilometres_whichever_comes_first(
    earlier, back, days, km, guarantee, found, covered
):
    original = earlier(days=days, guarantee=guarantee)
    visit = back(km=km)
    factories.line(visit, operation=original.operation)

    rows = queries.candidates(visit)

    assert [(row.covered, row.days) for row in rows] == ([(covered, days)] if found else [])


def test_words_and_lines_wake_the_radar_and_it_suggests_once(earlier, back, staff):
    original, visit, advisor = earlier(), back(), staff("advisor")
    visits.add_need(visit, kind="fault", words="刹车还是有吱吱异响", by=advisor)
    drain()
    comeback = Comeback.objects.get()
    assert (comeback.match, comeback.line, comeback.covered, comeback.root) == (Match.CONCERN, None, True, original)

    line = orders.add_line(visit, by=advisor, operation=original.operation)
    drain()
    drain()

    comeback.refresh_from_db()
    assert (Comeback.objects.count(), comeback.line) == (1, line)
    assert Event.objects.filter(name="guarantees.comeback_suggested", visit_id=visit.pk).count() == 1


def test_confirmed_it_is_a_rework_visit_the_store_pays_and_shows_who_did_it(earlier, back, staff):
    original, visit, advisor = earlier(), back(need="刹车还是有吱吱异响"), staff("advisor")
    comeback = guarantees.look(visit)[0]

    done = guarantees.confirm(comeback, by=advisor)

    line = visit.lines.get()
    assert (line.pay_type, line.operation, line.concern) == (PayType.INTERNAL, original.operation, "刹车还是有吱吱异响")
    assert (done.state, done.line, done.failures, done.decided_by) == (ComebackState.CONFIRMED, line, 1, advisor)
    assert visit.order.category == RepairCategory.REWORK
    people = queries.of_visit(visit)[0].people
    assert [row.get_level_display() for row in people.checked] and len(people.checked) == 3
    with pytest.raises(Conflict):
        guarantees.confirm(comeback, by=advisor)
    assert queries.first_time_fix(clock.now() - timedelta(days=90), clock.now()) == (1, 1)


def test_an_offered_line_becomes_the_stores_and_beyond_the_guarantee_it_does_not(earlier, back, staff):
    original, visit, advisor = earlier(days=20), back(), staff("advisor")
    line = orders.add_line(visit, by=advisor, operation=original.operation)
    comeback = guarantees.look(visit)[0]
    assert not comeback.covered

    guarantees.confirm(comeback, by=advisor)
    line.refresh_from_db()
    assert line.pay_type == PayType.CUSTOMER


def test_a_second_failure_of_the_first_work_is_flagged(earlier, back, staff, make_visit):
    original, first, advisor = earlier(days=25, guarantee=(100, 20_000)), back(), staff("advisor")
    orders.add_line(first, by=advisor, operation=original.operation)
    rework = guarantees.confirm(guarantees.look(first)[0], by=advisor).line
    left = clock.now() - timedelta(days=3)
    Visit.objects.filter(pk=first.pk).update(
        stage=Stage.CLOSED, arrived_at=left, ready_at=left, handed_over_at=left, released_at=left, ended_at=left
    )
    type(rework).objects.filter(pk=rework.pk).update(
        consent_state="approved", consent=factories.consent(first), work="done", work_done_at=left
    )
    second = back()
    orders.add_line(second, by=advisor, operation=original.operation)

    found = guarantees.look(second)
    done = guarantees.confirm(next(row for row in found if row.original == rework), by=advisor)

    assert (done.root, done.failures) == (original, 2)
    assert [row.pk for row in queries.second_failures()] == [done.pk]
    assert [row.visit for row in queries.chain(done)] == [first, second]
    for row in found:
        if row.original == original:
            with pytest.raises(Conflict):
                guarantees.confirm(row, by=advisor)


def test_dismissed_needs_a_reason_and_marked_by_hand_needs_an_earlier_line(earlier, back, staff, make_visit):
    original, visit, advisor = earlier(concern="底盘松旷"), back(need="空调不凉"), staff("advisor")
    assert guarantees.look(visit) == []
    with pytest.raises(DomainError):
        guarantees.mark(visit, original=make_visit(Stage.CLOSED).lines.first(), by=advisor, reason="x")
    with pytest.raises(DomainError):
        guarantees.mark(visit, original=original, by=advisor, reason=" ")
    comeback = guarantees.mark(visit, original=original, by=advisor, reason="技师判断同一故障")
    assert (comeback.match, comeback.covered) == (Match.HAND, True)

    with pytest.raises(DomainError):
        guarantees.dismiss(comeback, by=advisor, reason="")
    done = guarantees.dismiss(comeback, by=advisor, reason="新的部位")

    assert (done.state, done.reason) == (ComebackState.DISMISSED, "新的部位")
    assert queries.first_time_fix(clock.now() - timedelta(days=90), clock.now())[0] == 0


def test_a_rework_of_a_warranty_repair_goes_on_counting_its_problem(earlier, back, staff, car):
    original = earlier(pay_type=PayType.WARRANTY)
    guarantees.keep(original.visit)
    visit, advisor = back(), staff("advisor")
    line = orders.add_line(visit, by=advisor, operation=original.operation)
    guarantees.confirm(guarantees.look(visit)[0], by=advisor)
    line.refresh_from_db()
    assert line.pay_type == PayType.INTERNAL
    type(line).objects.filter(pk=line.pk).update(consent_state="approved", consent=factories.consent(visit))

    repair = guarantees.keep(visit)

    assert GuaranteeRepair.objects.count() == 2
    assert queries.car(car).standing.times == {repair.problems.get().problem_id: 2}
