"""Lines: what they cost, who may give a discount, and what a change does to the customer's word."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict, DomainError, NotAllowed
from journal.models import Event
from orders import domain as orders
from orders import queries
from orders.choices import ConsentState, LineOrigin, LineWork
from orders.domain import LineInput, PartInput
from orders.models import Line, Settlement
from tests import factories


def test_a_job_costs_hours_times_rate_and_its_parts(visit, advisor):
    line = orders.add_line(
        visit,
        title="更换前刹车片",
        hours=Decimal("1.25"),
        hour_rate=Decimal("180.50"),
        parts=[PartInput(name="刹车片", quantity=Decimal("2"), unit_price=Decimal("199.90"))],
        by=advisor,
    )

    assert line.labour == Decimal("225.63")  # 225.625 rounds half up
    assert line.material == Decimal("399.80")
    assert line.amount == Decimal("625.43")
    assert line.consent_state == ConsentState.DRAFT


def test_rate_of_the_store_is_used_unless_one_is_given(visit, advisor):
    line = orders.add_line(visit, title="检查", hours=Decimal(2), by=advisor)

    assert line.hour_rate == visit.store.hour_rate
    assert line.labour == 2 * visit.store.hour_rate


def test_an_operation_brings_title_hours_and_usual_parts(visit, advisor, store):
    part = factories.part(store, price=Decimal("85.00"))
    operation = factories.operation(store, parts=[part], hours=Decimal("0.60"))

    line = orders.add_line(visit, operation=operation, by=advisor)

    assert line.title == operation.name
    assert line.hours == Decimal("0.60")
    assert [(p.number, p.amount) for p in line.parts.all()] == [(part.number, Decimal("85.00"))]


def test_an_operation_without_parts_when_none_are_wanted(visit, advisor, store):
    operation = factories.operation(store, parts=1)

    line = orders.add_line(visit, operation=operation, parts=[], by=advisor)

    assert line.material == 0
    assert line.parts.count() == 0


def test_a_fee_is_other_and_no_labour(visit, advisor):
    orders.add_line(visit, title="故障诊断", kind="diagnosis", fee=Decimal("150"), by=advisor)
    orders.add_line(visit, title="检查", hours=Decimal(1), hour_rate=100, by=advisor)

    totals = queries.totals(visit)

    assert (totals.labour, totals.other, totals.material) == (100, 150, 0)
    assert totals.total == totals.payable == 250


def test_a_part_the_customer_brought_costs_nothing(visit, advisor):
    line = orders.add_line(
        visit,
        title="装行车记录仪",
        hours=Decimal(1),
        parts=[PartInput(name="行车记录仪", unit_price=Decimal(399), brought_by_customer=True)],
        by=advisor,
    )

    part = line.parts.get()
    assert (part.brought_by_customer, part.unit_price, part.amount) == (True, 0, 0)
    assert line.material == 0


def test_customer_pays_only_his_lines(visit, advisor):
    orders.add_line(visit, title="保养", hours=Decimal(1), hour_rate=200, by=advisor)
    orders.add_line(
        visit,
        title="索赔更换",
        hours=Decimal(1),
        hour_rate=300,
        pay_type="warranty",
        by=advisor,
    )

    totals = queries.totals(visit)

    assert (totals.total, totals.payable) == (500, 200)


def test_an_advisor_may_give_a_tenth_and_a_manager_all(visit, advisor, staff):
    ask = {"title": "保养", "hours": Decimal(1), "hour_rate": Decimal(200)}

    with pytest.raises(NotAllowed):
        orders.add_line(visit, **ask, discount=Decimal("20.01"), by=advisor)
    assert visit.lines.count() == 0

    assert orders.add_line(visit, **ask, discount=Decimal(20), by=advisor).labour == 180
    manager = staff("service_manager")
    assert orders.add_line(visit, **ask, discount=Decimal(200), by=manager).labour == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": "  ", "hours": 1}, "title_missing"),
        ({"title": "检查", "hours": -1}, "out_of_range"),
        ({"title": "检查", "hours": 501}, "out_of_range"),
        ({"title": "检查", "hours": Decimal("0.125")}, "decimals"),
        ({"title": "检查", "hours": 1, "hour_rate": Decimal("1.005")}, "decimals"),
        ({"title": "检查", "hours": 1, "fee": 10}, "job_fee"),
        ({"title": "检查", "kind": "testing"}, "fee_missing"),
        ({"title": "检查", "kind": "testing", "fee": 5, "discount": 6}, "discount_too_large"),
        ({"title": "检查", "hours": 1, "pay_type": "nobody"}, "unknown_choice"),
        ({"title": "检查", "hours": 1, "risk": "grave"}, "unknown_choice"),
        ({"title": "检查", "hours": 1, "parts": [PartInput(name="", unit_price=1)]}, "part_name_missing"),
        ({"title": "检查", "hours": 1, "parts": [PartInput(name="油")]}, "price_missing"),
        ({"title": "检查", "hours": 1, "parts": [PartInput(name="油", quantity=0, unit_price=1)]}, "quantity_missing"),
    ],
)  # fmt: skip
def test_figures_that_make_no_sense_are_refused(visit, advisor, fields, code):
    with pytest.raises(DomainError) as refused:
        orders.add_line(visit, **fields, by=advisor)

    assert refused.value.code == code
    assert visit.lines.count() == 0


def test_what_is_added_at_repair_counts_as_added(make_visit, advisor):
    visit = make_visit("repair")

    line = orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)

    assert line.origin == LineOrigin.ADDED


@pytest.mark.parametrize("stage", ["wash", "handover", "checkout", "closed"])
def test_no_job_after_the_inspection(make_visit, advisor, stage):
    visit = make_visit(stage)

    with pytest.raises(Conflict):
        orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)


def test_a_fee_withdraws_the_settlement_list(make_visit, advisor):
    visit = make_visit("handover", settled=True)

    orders.add_line(visit, title="保管费", kind="other", fee=Decimal(20), by=advisor)

    assert queries.current_settlement(visit) is None
    assert Settlement.objects.get().superseded_at is not None


def test_a_paid_list_keeps_the_order_as_it_is(make_visit, advisor):
    visit = make_visit("handover", settled=True)
    settlement = queries.current_settlement(visit)
    settlement.payments.create(
        store_id=visit.store_id,
        method="cash",
        amount=1,
        token="9b2f8b1e-0000-4000-8000-000000000001",
        by=advisor,
        at=visit.opened_at,
    )

    with pytest.raises(Conflict) as refused:
        orders.add_line(visit, title="保管费", kind="other", fee=Decimal(20), by=advisor)

    assert refused.value.code == "paid"
    assert queries.current_settlement(visit) == settlement


def test_a_stale_form_is_refused(visit, advisor):
    seen = visit.version
    orders.add_line(visit, title="检查", hours=Decimal(1), by=advisor)

    with pytest.raises(Conflict):
        orders.add_line(visit, title="保养", hours=Decimal(1), version=seen, by=advisor)


def test_a_change_reprices_and_keeps_the_rows_that_stay(visit, advisor, store):
    part = factories.part(store, price=Decimal(50))
    line = orders.add_line(
        visit,
        title="保养",
        hours=Decimal(1),
        hour_rate=100,
        parts=[PartInput(part=part), PartInput(name="垫片", unit_price=2)],
        by=advisor,
    )
    first = line.parts.get(part=part)

    line = orders.change_line(line, hours=Decimal(2), parts=[PartInput(part=part, quantity=3)], by=advisor)

    assert (line.labour, line.material) == (200, 150)
    assert [row.pk for row in line.parts.all()] == [first.pk]


def test_a_fee_keeps_its_amount_when_only_its_discount_changes(visit, staff):
    manager = staff("service_manager")
    line = orders.add_line(visit, title="检测", kind="testing", fee=Decimal(80), by=manager)

    line = orders.change_line(line, discount=Decimal(30), by=manager)
    assert line.labour == 50
    assert orders.change_line(line, discount=Decimal(0), by=manager).labour == 80


def test_a_change_of_an_agreed_line_asks_again(make_visit, advisor):
    visit = make_visit("repair", lines=2)
    line, other = visit.lines.all()

    line = orders.change_line(line, hours=Decimal("1.5"), by=advisor)

    assert line.consent_state == ConsentState.DRAFT
    assert (line.consent_id, line.pack_id) == (None, None)
    other.refresh_from_db()
    assert other.consent_state == ConsentState.APPROVED


def test_a_change_of_nothing_leaves_the_customers_word(make_visit, advisor):
    visit = make_visit("repair", lines=1)
    line = visit.lines.get()

    line = orders.change_line(line, hours=line.hours, title=line.title, by=advisor)

    assert line.consent_state == ConsentState.APPROVED
    visit.refresh_from_db()
    assert visit.version == 1


def test_a_change_takes_the_whole_open_question_back(visit, advisor):
    first = orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)
    orders.add_line(visit, title="检查", hours=Decimal(1), by=advisor)
    pack = orders.ask_consent(visit, by=advisor)

    orders.change_line(first, title="大保养", by=advisor)

    pack.refresh_from_db()
    assert pack.superseded_at is not None
    assert set(visit.lines.values_list("consent_state", "pack")) == {("draft", None)}


@pytest.mark.parametrize("job", ["dispatched", "started", "paused", "done"])
def test_no_change_once_the_workshop_has_it(make_visit, advisor, job):
    line = make_visit("repair", lines=1, job=job).lines.get()

    with pytest.raises(Conflict) as refused:
        orders.change_line(line, hours=Decimal(9), by=advisor)

    assert refused.value.code == "work_started"


def test_a_draft_can_be_removed_and_nothing_else(visit, advisor):
    line = orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)
    orders.ask_consent(visit, by=advisor)

    with pytest.raises(Conflict) as refused:
        orders.remove_line(line, by=advisor)
    assert refused.value.code == "asked"

    orders.take_back(queries.open_pack(visit), by=advisor)
    orders.remove_line(line, by=advisor)
    assert not Line.objects.filter(pk=line.pk).exists()


def test_work_needs_the_customers_word(make_visit, advisor):
    visit = make_visit("repair")
    line = orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)

    with pytest.raises(Conflict) as refused:
        orders.mark_work(line, work=LineWork.STARTED, by=advisor)

    assert refused.value.code == "no_consent"


def test_work_done_has_its_time_and_reopened_work_has_none(make_visit, advisor):
    line = make_visit("repair", lines=1, job="started").lines.get()

    line = orders.mark_work(line, work=LineWork.DONE, by=advisor)
    assert line.work_done_at is not None
    assert orders.mark_work(line, work=LineWork.STARTED, by=advisor).work_done_at is None


def test_cause_and_correction_are_kept(make_visit, staff):
    line = make_visit("repair", lines=1, job="started").lines.get()

    line = orders.set_cause(line, cause=" 刹车片磨损 ", correction="已更换", by=staff("technician"))

    assert (line.cause, line.correction) == ("刹车片磨损", "已更换")


def test_guarantee_follows_the_category(visit, advisor):
    order = orders.open_order(visit, category="second_level", by=advisor)
    assert (order.guarantee_days, order.guarantee_km) == (30, 5000)

    order = orders.set_terms(visit, category="assembly", by=advisor)
    assert (order.guarantee_days, order.guarantee_km) == (100, 20000)


def test_signed_terms_stay(make_visit, advisor):
    visit = make_visit("repair")

    with pytest.raises(Conflict):
        orders.set_terms(visit, tolerance_percent=Decimal(10), by=advisor)
    order = orders.set_terms(visit, old_parts="leave", by=advisor)

    assert (order.tolerance_percent, order.old_parts) == (0, "leave")


# --- Several in one go -----------------------------------------------------------------------------------------------


def wanted(**said):
    part = PartInput(name="机油", quantity=Decimal("4"), unit_price=Decimal("60.00"))
    return [
        LineInput(title="更换机油", hours=Decimal("0.50"), hour_rate=Decimal("200"), parts=[part]),
        LineInput(title="检查制动", hours=Decimal("1.00"), hour_rate=Decimal("200"), parts=[part, part]),
        LineInput(title="路试", kind="other", fee=Decimal("50.00"), **said),
    ]


def test_several_lines_at_once_are_what_one_by_one_would_be(visit, advisor):
    first = orders.add_line(visit, title="检查", hours=1, by=advisor)

    rows = orders.add_lines(visit, wanted(), by=advisor)

    assert [(row.position, row.labour, row.material) for row in visit.lines.all()][1:] == [
        (2, Decimal("100.00"), Decimal("240.00")),
        (3, Decimal("200.00"), Decimal("480.00")),
        (4, Decimal("50.00"), Decimal("0.00")),
    ]
    assert [row.parts.count() for row in rows] == [1, 2, 0]
    events = Event.objects.filter(name="orders.line_added", visit_id=visit.pk).order_by("id")
    assert [event.subject_id for event in events] == [first.pk, *(row.pk for row in rows)]


def test_one_bad_line_of_several_leaves_none(visit, advisor):
    with pytest.raises(DomainError):
        orders.add_lines(visit, wanted(discount=Decimal("60.00")), by=advisor)

    assert visit.lines.count() == 0


def test_several_lines_cost_as_many_statements_as_one(visit, advisor):
    orders.open_order(visit, by=advisor)
    with CaptureQueriesContext(connection) as one:
        orders.add_lines(visit, wanted()[:1], by=advisor)
    with CaptureQueriesContext(connection) as three:
        orders.add_lines(visit, wanted(), by=advisor)

    assert len(one) == len(three)


def test_a_stale_form_adds_none_of_several(visit, advisor):
    with pytest.raises(Conflict):
        orders.add_lines(visit, wanted(), by=advisor, version=visit.version + 1)

    assert visit.lines.count() == 0
