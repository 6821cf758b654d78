"""Several at the till and at the gate at the same moment, over real connections."""

from collections import Counter
from decimal import Decimal
from uuid import uuid4

import pytest

from checkout import domain as checkout
from checkout import queries
from checkout.models import GatePass, Payment
from core.errors import Conflict, DomainError
from core.stages import Stage
from dealership.opening import open_full_store
from journal.models import Event
from stores.access import in_store
from tests.together import together
from tests.visits_at_stage import Maker
from visits.models import Visit

AT_ONCE = 8


@pytest.fixture
def house(transactional_db):
    """A store whose rows are really committed, with a car at the till."""
    store = open_full_store(code="race", name_zh="赛道店")
    with in_store(store):
        maker = Maker(store)
        visit = maker("checkout")
        yield store, maker, visit, queries.settlement_of(visit)


def kinds(outcomes):
    return Counter(type(outcome).__name__ for outcome in outcomes)


def test_two_cashiers_never_take_more_than_is_owed(house):
    store, maker, _visit, settlement = house
    cashier = maker.person("cashier")
    part = (settlement.payable / 3).quantize(Decimal("0.01"))

    outcomes = together(
        store,
        [
            lambda: checkout.pay(settlement, method="cash", amount=part, by=cashier, token=uuid4())
            for _ in range(AT_ONCE)
        ],
    )

    taken = [row for row in outcomes if isinstance(row, Payment)]
    refused = [row for row in outcomes if isinstance(row, DomainError)]
    assert (len(taken), len(refused)) == (3, AT_ONCE - 3)
    assert sum(row.amount for row in Payment.objects.all()) == part * len(taken) < settlement.payable
    assert queries.balance(settlement) == settlement.payable - part * len(taken)


def test_the_whole_sum_is_taken_once(house):
    store, maker, _visit, settlement = house
    cashier = maker.person("cashier")

    outcomes = together(
        store,
        [
            lambda: checkout.pay(settlement, method="cash", amount=settlement.payable, by=cashier, token=uuid4())
            for _ in range(AT_ONCE)
        ],
    )

    assert kinds(outcomes) == {"Payment": 1, "Conflict": AT_ONCE - 1}
    assert queries.balance(settlement) == 0


def test_one_form_sent_many_times_at_once_is_one_payment(house):
    store, maker, _visit, settlement = house
    cashier, token = maker.person("cashier"), uuid4()

    outcomes = together(
        store,
        [
            lambda: checkout.pay(settlement, method="cash", amount=Decimal(10), by=cashier, token=token)
            for _ in range(AT_ONCE)
        ],
    )

    assert len({row.pk for row in outcomes}) == 1
    assert Payment.objects.count() == Event.objects.filter(name="checkout.paid").count() == 1


def test_the_pass_is_used_once(house):
    store, maker, visit, settlement = house
    checkout.pay(settlement, method="cash", amount=settlement.payable, by=maker.person("cashier"), token=uuid4())
    checkout.issue_gate_pass(visit, by=maker.person("cashier"), content=True)
    keeper, plate = maker.person("gate"), visit.vehicle.plate

    outcomes = together(store, [lambda: checkout.release(plate, by=keeper) for _ in range(AT_ONCE)])

    assert kinds(outcomes) == {"GatePass": 1, "Conflict": AT_ONCE - 1}
    assert {error.code for error in outcomes if isinstance(error, Conflict)} == {"used"}
    assert Visit.objects.get().stage == Stage.FOLLOW_UP
    assert Event.objects.filter(name="visits.released").count() == 1


def test_one_pass_is_issued_however_many_ask(house):
    store, maker, visit, settlement = house
    cashier = maker.person("cashier")
    checkout.pay(settlement, method="cash", amount=settlement.payable, by=cashier, token=uuid4())

    outcomes = together(
        store, [lambda: checkout.issue_gate_pass(visit, by=cashier, content=True) for _ in range(AT_ONCE)]
    )

    assert {row.number for row in outcomes} == {GatePass.objects.get().number}


def test_an_approval_is_booked_once(house):
    store, maker, _visit, settlement = house
    cashier = maker.person("cashier")
    approval = checkout.ask_account(settlement, amount=Decimal(50), debtor="某公司", by=cashier)
    checkout.decide_account(approval, approve=True, by=maker.person("service_manager"))

    outcomes = together(
        store,
        [
            lambda: checkout.pay(settlement, method="account", amount=Decimal(50), by=cashier, token=uuid4())
            for _ in range(4)
        ],
    )

    assert kinds(outcomes) == {"Payment": 1, "DomainError": 3}
