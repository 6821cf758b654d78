"""Pages of `outreach`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from catalogue.models import Operation
from core import clock
from customers import domain as customers
from outreach.models import Task
from tests import factories
from tests.pages.rows import DONE, Page, Target
from tests.visits_at_stage import Maker


def reminder(state: str = "messaged", **data) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        return reminder_of(maker, state, **data)

    return make


def reminder_of(maker: Maker, state: str = "messaged", **data) -> Target:
    """A reminder of a car, its owner taking calls; to be called today."""
    car = factories.vehicle(maker.store)
    today = clock.local_day(maker.store.tz)
    customers.give_consent(car.owner, purpose="marketing", channel="phone", by=maker.person("booking_desk"))
    task = Task.objects.create(
        store=maker.store,
        kind="maintenance",
        vehicle=car,
        customer=car.owner,
        period="2026-01-01",
        due_on=today + timedelta(days=5),
        call_on=today,
        state=state,
        operation=Operation.objects.first(),
        why={"by": "time", "base_on": "2026-01-01", "km_rate": "40.00", "rate_from": "default"},
        created_at=clock.now(),
    )
    return Target({"pk": task.pk}, data=data, words={"customer": car.owner.name})


PAGES = [
    Page("outreach:calls", "booking_desk", heading="招揽电话"),
    Page("outreach:call", "booking_desk", reminder(), "招揽 {customer}"),
    Page("outreach:book", "booking_desk", reminder(), post=True, status=DONE),
    Page("outreach:opt_out", "booking_desk", reminder(), post=True, status=DONE),
    Page("outreach:results", "service_manager", heading="招揽成效"),
    Page("outreach:policy", "service_manager", heading="招揽规则", colleague_role="booking_desk"),
]
