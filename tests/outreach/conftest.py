"""Cars that fall due, and customers who may be reminded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core import clock
from core.actors import Actor
from customers import domain as customers
from customers.models import OdometerReading, Vehicle
from outreach.domain import night
from outreach.forecast import add_months
from outreach.models import NightRun, Task
from tests import factories
from tests.outreach.test_due import past_visit

BY = Actor.system("test")


@pytest.fixture
def today(store) -> date:
    return clock.local_day(store.tz)


@pytest.fixture
def due_car(store, today):
    """`due_car(in_days=8)`: a petrol car whose half year is over in so many days, its owner agreeing to `channels`."""

    def make(in_days: int = 8, *, channels=("sms", "phone"), owner=None, **fields) -> Vehicle:
        owner = owner or factories.customer(store)
        car = factories.vehicle(store, owner=owner, invoice_date=today - timedelta(days=900), **fields)
        # In a month that is too short the half year ends up to three days earlier.
        base = add_months(today + timedelta(days=in_days), -6)
        past_visit(car, base, 20_000)
        OdometerReading.objects.create(store=store, vehicle=car, on=base, km=20_000)
        OdometerReading.objects.create(store=store, vehicle=car, on=base - timedelta(days=100), km=18_500)
        for channel in channels:
            customers.give_consent(owner, purpose="marketing", channel=channel, by=BY)
        return car

    return make


@pytest.fixture
def lost_car(store, today):
    """`lost_car(200)`: a car whose last visit lies so many days back."""

    def make(days: int = 200, *, channels=("sms", "phone"), owner=None) -> Vehicle:
        owner = owner or factories.customer(store)
        car = factories.vehicle(store, owner=owner, powertrain="electric")
        past_visit(car, today - timedelta(days=days), 30_000)
        for channel in channels:
            customers.give_consent(owner, purpose="marketing", channel=channel, by=BY)
        return car

    return make


@pytest.fixture
def run(store, today):
    """`run()`: the whole night of today (or of a day), and its row."""

    def go(day: date | None = None) -> NightRun:
        return night.run_night(store, day or today)

    return go


@pytest.fixture
def reminded(due_car, run) -> Task:
    """A car that was reminded tonight."""
    due_car()
    run()
    return Task.objects.get()
