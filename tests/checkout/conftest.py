from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest

from checkout import domain as checkout
from checkout import queries


@pytest.fixture
def till(make_visit, staff):
    """A car at the till with its list: `till.visit`, `till.list`, and who stands there."""
    visit = make_visit("checkout")
    return SimpleNamespace(
        visit=visit,
        list=queries.settlement_of(visit),
        cashier=make_visit.person("cashier"),
        manager=staff("service_manager"),
        gate=make_visit.person("gate"),
    )


@pytest.fixture
def take(till):
    """`take(100)`: a payment in cash, unless told otherwise; the whole debt without an amount."""

    def pay(amount=None, method="cash", **fields):
        settlement = fields.pop("settlement", till.list)
        amount = queries.balance(settlement) if amount is None else Decimal(str(amount))
        return checkout.pay(
            settlement,
            **{"method": method, "amount": amount, "by": till.cashier, "token": uuid4(), **fields},
        )

    return pay
