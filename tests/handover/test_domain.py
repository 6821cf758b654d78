"""Giving a car back: nothing is left unexplained, unanswered or unsigned."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalogue.models import MaintenanceRule
from core import clock
from core.errors import Conflict, DomainError, GateClosed, NotAllowed
from core.stages import Stage
from customers.models import OdometerReading
from handover import domain as handovers
from handover import gates, queries
from handover.models import Handover
from journal.models import Event
from orders import queries as orders
from orders.models import Line
from tests import factories
from tests.checklists import good_results
from tests.pictures import jpeg
from visits import domain as visits
from visits.models import Need


def test_prepare_issues_the_list_and_begins_the_checklist(ready):
    sheet = handovers.prepare(ready.visit, by=ready.advisor, mileage_out=23_452)

    settlement = orders.current_settlement(ready.visit)
    assert settlement.total == orders.totals(ready.visit).total
    assert settlement.content["mileage_out"] == 23_452
    assert sheet.run.checklist.use == "handover"
    assert (sheet.advisor, sheet.bill_explained_at) == (ready.advisor, None)


def test_preparing_twice_changes_nothing(ready):
    first = handovers.prepare(ready.visit, by=ready.advisor, mileage_out=23_452)
    handovers.explain_bill(ready.visit, by=ready.advisor)

    again = handovers.prepare(ready.visit, by=ready.advisor, mileage_out=23_452)

    assert (again.pk, again.run) == (first.pk, first.run)
    assert ready.visit.settlements.count() == 1
    assert again.bill_explained_at is not None


def test_a_list_that_came_out_different_is_explained_again(explained):
    sheet = handovers.prepare(explained.visit, by=explained.advisor, mileage_out=23_460)

    assert explained.visit.settlements.count() == 2
    assert sheet.bill_explained_at is None
    assert len(gates.missing(explained.visit, sheet)) >= 1


def test_complete_hands_over_and_goes_to_the_cashier(explained, give_back):
    sheet = give_back()

    visit = explained.visit
    visit.refresh_from_db()
    assert (visit.stage, visit.handed_over_at) == (Stage.CHECKOUT, sheet.completed_at)
    assert sheet.signature.signer == visit.customer.name
    settlement = orders.current_settlement(visit)
    assert sheet.signature.document_sha256 == orders.digest(settlement.content)
    assert OdometerReading.objects.get(vehicle=visit.vehicle).km == 23_452
    names = list(
        Event.objects.filter(visit_id=visit.pk, name__startswith="handover.")
        .order_by("id")
        .values_list("name", flat=True)
    )
    assert names == ["handover.prepared", "handover.completed"]


def test_a_mileage_read_later_is_printed_on_the_list_that_was_explained(explained, give_back):
    give_back(mileage_out=23_455)

    settlement = orders.current_settlement(explained.visit)
    assert settlement.content["mileage_out"] == 23_455
    assert settlement.explained_at is not None


def test_everything_that_is_missing_is_said_at_once(make_visit, give_back):
    visit = make_visit("handover", need="刹车有异响")

    with pytest.raises(GateClosed) as closed:
        give_back(visit, old_parts_shown=False, settings_reset=False)

    text = str(closed.value)
    assert len(closed.value.blockers) == 4
    assert "刹车有异响" in text
    visit.refresh_from_db()
    assert visit.stage == Stage.HANDOVER
    assert not Handover.objects.filter(visit=visit).exists()


def test_a_need_without_outcome_keeps_the_car(make_visit, give_back):
    visit = make_visit("handover", need="刹车有异响")
    handovers.prepare(visit, by=visit.advisor, mileage_out=23_452)
    handovers.explain_bill(visit, by=visit.advisor)
    with pytest.raises(GateClosed):
        give_back(visit)

    visits.settle_need(Need.objects.get(visit=visit), outcome="answered", answer="制动片余量足够", by=visit.advisor)
    give_back(visit)

    visit.refresh_from_db()
    assert visit.stage == Stage.CHECKOUT


def test_declined_safety_work_is_named_once_more(ready, give_back):
    consent = ready.visit.lines.first().consent
    factories.line(ready.visit, title="更换后制动片", consent_state="declined", risk="safety", pack=consent.pack)
    handovers.prepare(ready.visit, by=ready.advisor, mileage_out=23_452)
    handovers.explain_bill(ready.visit, by=ready.advisor)

    with pytest.raises(GateClosed) as closed:
        give_back()
    assert "更换后制动片" in str(closed.value)
    sheet = give_back(declined_named=True)

    assert sheet.declined_named is True


@pytest.mark.parametrize("mileage", [23_449, 0, 1_000_000])
def test_an_impossible_mileage_is_refused(explained, give_back, mileage):
    with pytest.raises(DomainError) as refused:
        give_back(mileage_out=mileage)

    assert refused.value.code == "mileage"
    explained.visit.refresh_from_db()
    assert explained.visit.stage == Stage.HANDOVER


def test_the_same_mileage_as_at_arrival_is_fine(explained, give_back):
    sheet = give_back(mileage_out=explained.visit.mileage_in)
    assert sheet.mileage_out == explained.visit.mileage_in


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"next_service": ""}, "next_missing"),
        ({"next_service": "booked"}, "not_booked"),
        ({"next_service": "remind", "next_service_km": None}, "next_when"),
        ({"next_service_on": date(2020, 1, 1)}, "next_past"),
    ],
)
def test_the_next_service_is_agreed_and_true(explained, give_back, answers, code):
    with pytest.raises(DomainError) as refused:
        give_back(**answers)
    assert refused.value.code == code


def test_booked_counts_when_an_appointment_exists(explained, give_back, make_visit):
    make_visit("booking", vehicle=explained.visit.vehicle)
    assert give_back(next_service="booked").next_service == "booked"


def test_without_a_name_nothing_is_signed(explained, give_back):
    with pytest.raises(DomainError) as refused:
        give_back(signer=" ")
    assert refused.value.code == "signer_missing"
    assert Handover.objects.get(visit=explained.visit).completed_at is None


def test_the_checklist_has_to_be_whole_and_in_order(explained, give_back):
    with pytest.raises(DomainError):
        give_back(results={})
    with pytest.raises(DomainError) as refused:
        give_back(results=good_results("handover", fail=1))
    assert refused.value.code == "failures"


def test_explaining_needs_a_list(ready):
    with pytest.raises(DomainError) as refused:
        handovers.explain_bill(ready.visit, by=ready.advisor)
    assert refused.value.code == "no_list"


def test_other_roles_and_stages_are_refused(ready, make_visit, staff):
    with pytest.raises(NotAllowed):
        handovers.prepare(ready.visit, by=staff("cashier"))
    with pytest.raises(Conflict):
        handovers.prepare(make_visit("wash"), by=ready.advisor)


def test_a_changed_order_makes_the_list_out_of_date(explained):
    line = explained.visit.lines.first()
    Line.objects.filter(pk=line.pk).update(labour=line.labour + 1)

    missing = gates.leave_handover(explained.visit)

    assert len(missing) >= 1
    with pytest.raises(Conflict):
        handovers.explain_bill(explained.visit, by=explained.advisor)


def test_every_line_stands_beside_the_price_it_was_agreed_at(explained):
    rows = queries.bill_rows(explained.visit)
    assert [(row.agreed, row.billed, row.difference) for row in rows] == [
        (line.amount, line.amount, Decimal("0.00")) for line in explained.visit.lines.all()
    ]


def test_the_next_service_follows_from_the_nearest_rule(ready, store):
    MaintenanceRule.objects.all().delete()
    oil = factories.operation(store)
    MaintenanceRule.objects.create(store=store, operation=oil, km=10_000, months=12)
    MaintenanceRule.objects.create(store=store, operation=oil, brand="大众", km=7_500, months=6)
    MaintenanceRule.objects.create(store=store, operation=factories.operation(store), km=60_000, months=24)
    MaintenanceRule.objects.create(store=store, operation=factories.operation(store), brand="比亚迪", km=500, months=1)

    on, km = queries.suggest_next(ready.visit, mileage=23_452)

    today = clock.local_day(store.zone)
    assert (on, km) == (queries.add_months(today, 6), 30_952)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 21), 14, date(2028, 1, 21)),
    ],
)
def test_months_end_where_months_end(day, months, expected):
    assert queries.add_months(day, months) == expected


def test_pictures_of_now_stand_apart_from_those_of_arrival(ready):
    handovers.add_photos(ready.visit, photos=[jpeg()], by=ready.advisor)
    visits.store_photo(ready.visit, kind="walk_around", upload=jpeg(), by=ready.advisor)

    before, after = queries.photos(ready.visit)
    assert (len(before), len(after)) == (1, 1)
    with pytest.raises(DomainError):
        handovers.add_photos(ready.visit, photos=[], by=ready.advisor)


def test_the_future_is_tomorrow_at_the_earliest(explained, give_back, store):
    today = clock.local_day(store.zone)
    with pytest.raises(DomainError):
        give_back(next_service_on=today)
    assert give_back(next_service_on=today + timedelta(days=1)).next_service_on == today + timedelta(days=1)
