"""The settlement list: what was agreed and done, nothing else, frozen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from core.actors import Actor
from core.errors import Conflict, DomainError, GateClosed
from orders import domain as orders
from orders import queries
from orders.models import Line, RepairOrder


def decide(visit, pack, answer: bool):
    return orders.decide(
        pack,
        decisions={view["id"]: answer for view in pack.content["lines"]},
        method="link",
        decided_by=visit.customer.name,
        by=Actor.customer(visit.customer_id),
    )


@pytest.fixture
def ready(make_visit):
    return make_visit("handover", lines=2)


def test_it_bills_the_agreed_lines(ready, advisor):
    settlement = orders.issue_settlement(ready, by=advisor)

    lines = list(ready.lines.all())
    assert settlement.labour == sum(line.labour for line in lines)
    assert settlement.material == sum(line.material for line in lines)
    assert settlement.total == settlement.payable == sum(line.amount for line in lines)
    assert [view["id"] for view in settlement.content["lines"]] == [line.pk for line in lines]
    assert settlement.number.startswith("ST")


def test_parties_and_car_stand_on_it(ready, advisor):
    content = orders.issue_settlement(
        ready, mileage_out=23_452, certificate="HG-1", brought_by="李四", by=advisor
    ).content

    assert content["customer"] == {
        "name": ready.customer.name,
        "phone": ready.customer.phone,
        "brought_by": "李四",
    }
    assert content["vehicle"]["vin"] == ready.vehicle.vin
    assert (content["mileage_in"], content["mileage_out"]) == (23_450, 23_452)
    assert content["certificate"] == "HG-1"
    assert content["store"]["name"] == ready.store.name_zh


def test_six_kinds_of_fee(ready, advisor):
    fees = {"diagnosis": 10, "testing": 20, "processing": 30, "sublet": 40, "other": 50}
    for kind, fee in fees.items():
        orders.add_line(ready, title=kind, kind=kind, fee=Decimal(fee), by=advisor)
    decide(ready, orders.ask_consent(ready, by=advisor), True)

    settlement = orders.issue_settlement(ready, by=advisor)

    shown = {name: Decimal(value) for name, value in settlement.content["fees"].items()}
    assert shown == {
        "diagnosis": 10,
        "testing": 20,
        "processing": 30,
        "other": 90,
        "labour": settlement.labour,
        "material": settlement.material,
    }
    assert settlement.other == 150


def test_the_same_list_again_is_the_same_list(ready, advisor):
    first = orders.issue_settlement(ready, by=advisor)

    assert orders.issue_settlement(ready, by=advisor) == first
    assert ready.settlements.count() == 1


def test_a_changed_order_makes_a_new_version(ready, advisor):
    first = orders.issue_settlement(ready, by=advisor)
    orders.add_line(ready, title="保管费", kind="other", fee=Decimal(20), by=advisor)
    decide(ready, orders.ask_consent(ready, by=advisor), True)

    second = orders.issue_settlement(ready, by=advisor)

    assert (second.version, second.total) == (2, first.total + 20)
    assert queries.current_settlement(ready) == second
    assert first.number != second.number


@pytest.mark.parametrize("asked", [False, True])
def test_an_unanswered_item_keeps_the_list(ready, advisor, asked):
    orders.add_line(ready, title="保管费", kind="other", fee=Decimal(20), by=advisor)
    if asked:
        orders.ask_consent(ready, by=advisor)

    with pytest.raises(GateClosed) as refused:
        orders.issue_settlement(ready, by=advisor)

    assert len(refused.value.blockers) == 1
    assert "保管费" in refused.value.blockers[0]
    assert ready.settlements.count() == 0


def test_agreed_work_that_is_not_done_is_not_billed(make_visit, advisor):
    visit = make_visit("inspection", lines=1)
    visit.lines.update(work="started", work_done_at=None)

    with pytest.raises(GateClosed):
        orders.issue_settlement(visit, by=advisor)


def test_nothing_agreed_nothing_billed(make_visit, advisor):
    visit = make_visit("handover", lines=0)

    with pytest.raises(GateClosed):
        orders.issue_settlement(visit, by=advisor)


@pytest.mark.parametrize("stage", ["reception", "repair", "follow_up"])
def test_not_before_the_inspection_and_not_after_release(make_visit, advisor, stage):
    with pytest.raises(Conflict):
        orders.issue_settlement(make_visit(stage, lines=1), by=advisor)


def test_declined_safety_items_warn_on_the_list(ready, advisor):
    orders.add_line(ready, title="刹车盘磨损", kind="other", fee=Decimal(20), risk="safety", by=advisor)
    pack = orders.ask_consent(ready, by=advisor)
    decide(ready, pack, False)

    content = orders.issue_settlement(ready, by=advisor).content

    assert content["declined"] == [
        {
            "id": pack.content["lines"][0]["id"],
            "title": "刹车盘磨损",
            "risk": "safety",
            "reason": "",
        }
    ]
    assert [line.title for line in queries.declined_safety(ready)] == ["刹车盘磨损"]
    assert "20.00" not in [view["amount"] for view in content["lines"]]


@pytest.mark.parametrize(("percent", "extra", "allowed"), [(0, "0.01", False), (5, "5.00", True), (5, "5.01", False)])
def test_more_than_the_tolerance_needs_the_customers_word(make_visit, advisor, percent, extra, allowed):
    """A hand in the database raises a price after it was agreed: the frozen pack still knows what he said yes to."""
    visit = make_visit("handover", lines=1)
    line = visit.lines.get()
    assert line.amount != 100
    RepairOrder.objects.filter(visit=visit).update(tolerance_percent=percent)
    agreed = queries.consented_amount(visit)
    # the extra is given for an agreed hundred; scale it to what was agreed
    more = (agreed * Decimal(extra) / 100).quantize(Decimal("0.01"))
    if not allowed:
        more += Decimal("0.01")
    Line.objects.filter(pk=line.pk).update(labour=line.labour + more)

    if allowed:
        assert orders.issue_settlement(visit, by=advisor).total == agreed + more
        return
    with pytest.raises(DomainError) as refused:
        orders.issue_settlement(visit, by=advisor)
    assert refused.value.code == "over_estimate"
    assert visit.settlements.count() == 0


def test_explaining_keeps_the_first_time_and_refuses_an_old_list(ready, advisor):
    first = orders.issue_settlement(ready, by=advisor)
    explained = orders.explain_settlement(first, by=advisor).explained_at
    assert orders.explain_settlement(first, by=advisor).explained_at == explained

    orders.add_line(ready, title="保管费", kind="other", fee=Decimal(20), by=advisor)
    with pytest.raises(Conflict):
        orders.explain_settlement(first, by=advisor)


def test_a_paid_list_is_not_replaced(ready, advisor):
    settlement = orders.issue_settlement(ready, by=advisor)
    settlement.payments.create(
        store_id=ready.store_id,
        method="cash",
        amount=1,
        token="9b2f8b1e-0000-4000-8000-000000000002",
        by=advisor,
        at=ready.opened_at,
    )

    with pytest.raises(Conflict) as refused:
        orders.issue_settlement(ready, mileage_out=23_999, by=advisor)

    assert refused.value.code == "paid"
    assert orders.issue_settlement(ready, by=advisor) == settlement


def test_every_figure_is_what_the_database_sums(ready, advisor):
    settlement = orders.issue_settlement(ready, by=advisor)

    with connection.cursor() as sql:
        sql.execute(
            "SELECT sum(p.amount) FROM orders_linepart p JOIN orders_line l ON l.id = p.line_id WHERE l.visit_id = %s",
            [ready.pk],
        )
        assert sql.fetchone()[0] == settlement.material
