"""Things to open the pages of counters and comebacks on; rows of `tests.pages` name them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core import clock
from guarantees import domain as guarantees
from guarantees.models import Comeback, GuaranteeRepair
from orders.choices import PayType
from orders.models import Line
from tests import factories
from tests.visits_at_stage import Maker
from visits.models import Visit


def repair(maker: Maker, *, days: int = 7) -> GuaranteeRepair:
    """A repair that has lasted so many days: warned of, and a loan car owed."""
    agreed = clock.now() - timedelta(days=days)
    car = factories.vehicle(maker.store, invoice_date=clock.now().date() - timedelta(days=300))
    visit = maker("repair", vehicle=car, lines=0, arrived_at=agreed, opened_at=agreed)
    consent = factories.consent(visit, at=agreed)
    factories.line(visit, operation=factories.operation(maker.store), consent=consent, pay_type=PayType.WARRANTY)
    return guarantees.keep(visit)


def exclusion(maker: Maker):
    return guarantees.exclude(
        repair(maker),
        kind="traction_battery",
        hours=Decimal("30"),
        reason="动力电池干线运输30小时",
        by=maker.person("service_manager"),
    )


def earlier(maker: Maker) -> Line:
    """A finished line of a car that left three days ago."""
    visit = maker("closed", lines=1)
    left = clock.now() - timedelta(days=3)
    Visit.objects.filter(pk=visit.pk).update(
        arrived_at=left - timedelta(hours=5), ready_at=left, handed_over_at=left, released_at=left, ended_at=left
    )
    return visit.lines.get()


def again(maker: Maker, *, lines: int = 0) -> tuple[Visit, Line]:
    """The same car at reception again, and the line it left with."""
    original = earlier(maker)
    visit = maker("reception", vehicle=original.visit.vehicle, arrived_at=clock.now(), need="", lines=lines)
    return visit, original


def suggested(maker: Maker) -> Comeback:
    visit, original = again(maker)
    factories.line(visit, operation=original.operation)
    return guarantees.look(visit)[0]
