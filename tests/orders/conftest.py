"""An advisor, and visits with something to ask."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orders import domain as orders
from orders.domain import PartInput


@pytest.fixture
def advisor(staff):
    return staff("advisor")


@pytest.fixture
def visit(make_visit):
    return make_visit("reception")


@pytest.fixture
def asked(make_visit, advisor):
    """A visit at repair, promised, whose customer is asked about two added items; gives (visit, pack, lines)."""
    visit = make_visit("repair", lines=1, job="done")
    brakes = orders.add_line(
        visit,
        title="更换前刹车片",
        hours=Decimal(1),
        hour_rate=Decimal(200),
        parts=[PartInput(name="刹车片", unit_price=Decimal("388.50"))],
        risk="safety",
        by=advisor,
    )
    wiper = orders.add_line(
        visit,
        title="更换雨刮",
        hours=Decimal("0.3"),
        hour_rate=Decimal(200),
        by=advisor,
    )
    pack = orders.ask_consent(visit, by=advisor)
    return visit, pack, (brakes, wiper)
