"""Entitlements redeemed once, discounts above one's limit decided by another, readings before parts."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from core import clock
from core.actors import Actor
from core.errors import Conflict, DomainError, NotAllowed
from customers import domain as customers
from customers.models import Entitlement
from customers.queries import entitlements
from journal.testing import drain
from orders import domain as orders
from orders import queries
from orders.domain import Measured, PartInput
from orders.models import DiscountRequest, Line, Redemption
from stores.access import in_store
from tests import factories
from visits import domain as visits


@pytest.fixture
def package(visit, advisor):
    return customers.grant_entitlement(
        visit.vehicle, kind="package", name="保养套餐", payer="prepaid", reference="HT-1", quantity=1, by=advisor
    )


@pytest.fixture
def line(visit, advisor):
    return orders.add_line(visit, title="小保养", hours=1, hour_rate=180, by=advisor)


def test_a_redeemed_line_is_not_the_customers_and_counts_once(visit, advisor, package, line):
    other = orders.add_line(visit, title="另一项", hours=1, hour_rate=180, by=advisor)

    orders.redeem(line, package, by=advisor)

    package.refresh_from_db()
    assert (package.used, package.left, entitlements(visit.vehicle)) == (1, 0, [])
    assert queries.totals(visit).payable == Decimal("180.00")
    assert queries.totals(visit).total == Decimal("360.00")
    with pytest.raises(Conflict) as again:
        orders.redeem(line, package, by=advisor)
    with pytest.raises(Conflict) as used_up:
        orders.redeem(other, package, by=advisor)
    assert (again.value.code, used_up.value.code) == ("not_his", "used_up")


@pytest.mark.parametrize("how", ["remove", "decline", "leave", "undo"])
def test_what_was_not_done_on_its_account_is_the_cars_again(visit, advisor, package, line, how):
    orders.redeem(line, package, by=advisor)

    if how == "remove":
        orders.remove_line(line, by=advisor)
    elif how == "decline":
        pack = orders.ask_consent(visit, by=advisor)
        orders.decide(
            pack,
            decisions={line.pk: False},
            method="link",
            decided_by="客户",
            by=Actor.customer(visit.customer_id),
        )
    elif how == "leave":
        visits.advance(visit, to="left_without_service", by=advisor, reason="等待时间")
        drain()
    else:
        orders.undo_redemption(line, by=advisor)

    package.refresh_from_db()
    assert (package.used, entitlements(visit.vehicle)) == (0, [package])
    assert Redemption.objects.filter(undone_at=None).count() == 0
    if how != "remove":
        line.refresh_from_db()
        assert line.pay_type == "customer"


@pytest.mark.parametrize("wrong", ["other_car", "other_work", "out_of_date", "voided"])
def test_what_it_is_not_good_for_is_refused(visit, advisor, line, make_visit, wrong):
    car = make_visit("reception").vehicle if wrong == "other_car" else visit.vehicle
    today = clock.local_day(visit.store.tz)
    given = customers.grant_entitlement(
        car,
        kind="free_inspection",
        name="免费检测",
        payer="maker",
        operation_code="X999" if wrong == "other_work" else "",
        valid_from=today - timedelta(days=9),
        valid_until=today - timedelta(days=1) if wrong == "out_of_date" else None,
        by=advisor,
    )
    if wrong == "voided":
        customers.void_entitlement(given, reason="录入有误", by=advisor)

    with pytest.raises(Conflict) as refused:
        orders.redeem(line, given, by=advisor)

    assert refused.value.code == wrong
    assert Redemption.objects.count() == 0


def test_a_package_is_redeemed_not_chosen(visit, advisor, line):
    with pytest.raises(DomainError):
        orders.add_line(visit, title="项目", hours=1, pay_type="package", by=advisor)
    with pytest.raises(Conflict):
        orders.change_line(line, pay_type="package", by=advisor)


def test_he_who_agreed_to_pay_nothing_is_asked_again(visit, advisor, package, line):
    orders.redeem(line, package, by=advisor)
    pack = orders.ask_consent(visit, by=advisor)
    orders.decide(
        pack, decisions={line.pk: True}, method="link", decided_by="客户", by=Actor.customer(visit.customer_id)
    )

    orders.undo_redemption(line, by=advisor)

    line.refresh_from_db()
    assert (line.consent_state, line.pay_type) == ("draft", "customer")
    assert queries.consented_amount(visit) == 0


@pytest.mark.django_db(transaction=True)
def test_two_tills_redeem_one_entitlement_once(visit, advisor):
    given = customers.grant_entitlement(visit.vehicle, kind="voucher", name="券", payer="store", by=advisor)
    lines = [factories.line(visit) for _n in range(2)]
    outcomes, gate = [], threading.Barrier(2)

    def redeem(line: Line) -> None:
        try:
            gate.wait()
            with in_store(visit.store):
                orders.redeem(line, given, by=advisor)
            outcomes.append("redeemed")
        except Conflict as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=redeem, args=[line]) for line in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["redeemed", "used_up"]
    assert Entitlement.objects.get().used == 1


# --- Discounts ------------------------------------------------------------------------------------------------------


def test_each_role_gives_away_what_the_store_allows_it(visit, staff, line):
    director = staff("aftersales_director")
    orders.set_limits({"service_manager": Decimal(30)}, by=director)
    advisor, manager = staff("advisor"), staff("service_manager")

    with pytest.raises(NotAllowed):
        orders.change_line(line, discount=Decimal("18.01"), by=advisor)
    orders.change_line(line, discount=Decimal("18.00"), by=advisor)
    with pytest.raises(NotAllowed):
        orders.change_line(line, discount=Decimal("54.01"), by=manager)
    orders.change_line(line, discount=Decimal("54.00"), by=manager)
    orders.change_line(line, discount=Decimal("180.00"), by=director)


def test_a_part_below_its_price_is_a_discount_too(visit, staff, store):
    part = factories.part(store, price=Decimal("100.00"))
    advisor = staff("advisor")

    with pytest.raises(NotAllowed):
        orders.add_line(
            visit, title="项目", hours=1, parts=[PartInput(part=part, unit_price=Decimal("89.99"))], by=advisor
        )
    made = orders.add_line(
        visit, title="项目", hours=1, parts=[PartInput(part=part, unit_price=Decimal("90.00"))], by=advisor
    )

    assert made.material == Decimal("90.00")


def test_above_the_limit_another_person_decides(visit, advisor, staff, line):
    manager = staff("service_manager")
    asked = orders.ask_discount(line, discount=Decimal("60.00"), reason="老客户", by=advisor)
    with pytest.raises(Conflict):
        orders.ask_discount(line, discount=Decimal("70.00"), reason="再问", by=advisor)
    with pytest.raises(NotAllowed):
        orders.decide_discount(asked, granted=True, by=advisor)
    line.refresh_from_db()
    assert line.discount == 0

    orders.decide_discount(asked, granted=True, by=manager)

    line.refresh_from_db()
    assert (line.discount, line.labour) == (Decimal("60.00"), Decimal("120.00"))
    with pytest.raises(Conflict):
        orders.decide_discount(asked, granted=False, by=manager)
    row = DiscountRequest.objects.get()
    assert (row.decided_by, row.granted) == (manager, True)


def test_a_refused_discount_changes_nothing_and_may_be_asked_again(visit, advisor, staff, line):
    asked = orders.ask_discount(line, discount=Decimal("60.00"), reason="老客户", by=advisor)

    orders.decide_discount(asked, granted=False, by=staff("service_manager"))

    line.refresh_from_db()
    assert line.discount == 0
    assert orders.ask_discount(line, discount=Decimal("30.00"), reason="少一些", by=advisor).pk != asked.pk


# --- Honest advice --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "low", "high", "refused"),
    [
        ("6.50", "3.00", "14.00", True),
        ("3.00", "3.00", "14.00", True),  # a limit itself is in range
        ("2.99", "3.00", "14.00", False),
        ("14.01", None, "14.00", False),
        ("1.00", None, None, False),  # nobody knows what is right
    ],
)
def test_a_part_whose_reading_is_in_range_needs_a_reason(visit, advisor, value, low, high, refused):
    reading = Measured(Decimal(value), "mm", low and Decimal(low), high and Decimal(high))
    pads = [PartInput(name="刹车片", unit_price=388)]
    line = orders.add_line(visit, title="更换刹车片", hours=1, parts=pads, measured=reading, by=advisor)

    if refused:
        with pytest.raises(DomainError) as answer:
            orders.ask_consent(visit, by=advisor)
        assert answer.value.code == "in_range"
        orders.change_line(line, replace_reason="偏磨，客户要求成对更换", by=advisor)
    pack = orders.ask_consent(visit, by=advisor)

    shown = pack.content["lines"][0]["measured"]
    assert (shown["value"], shown["unit"], shown["in_range"]) == (value, "mm", refused)
    assert shown["replace_reason"] == ("偏磨，客户要求成对更换" if refused else "")
