"""A customer with his link, and something he is asked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core import clock
from orders import domain as orders
from orders.domain import PartInput
from visits import domain as visits


@pytest.fixture
def advisor(staff):
    return staff("advisor")


@pytest.fixture
def asked(make_visit, advisor):
    """A visit at repair whose customer is asked about two added items; gives (visit, pack, (brakes, wiper))."""
    visit = make_visit("repair", lines=1, job="started")
    brakes = orders.add_line(
        visit,
        title="更换前刹车片",
        hours=Decimal(1),
        hour_rate=Decimal(200),
        parts=[PartInput(name="刹车片", unit_price=Decimal("388.50"))],
        concern="摩擦片只剩 2 mm",
        risk="safety",
        by=advisor,
    )
    wiper = orders.add_line(visit, title="更换雨刮", hours=Decimal("0.3"), hour_rate=Decimal(200), by=advisor)
    pack = orders.ask_consent(visit, promised_at=clock.now() + timedelta(hours=6), by=advisor)
    visit.refresh_from_db()
    return visit, pack, (brakes, wiper)


@pytest.fixture
def link():
    """The address of a visit's page for its customer."""

    def make(visit) -> str:
        return reverse("portal:visit", args=[visits.make_link(visit)])

    return make
