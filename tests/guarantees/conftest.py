from datetime import date, timedelta

import pytest

from core import clock
from core.stages import Stage
from guarantees import domain as guarantees
from guarantees.models import GuaranteeRepair
from inspections.choices import Level, Verdict
from inspections.models import Inspection
from orders.choices import PayType
from tests import factories
from visits.models import Visit


@pytest.fixture
def car(store):
    """A car bought a year ago, so that everything still holds."""
    bought = clock.now().date() - timedelta(days=365)
    return factories.vehicle(store, invoice_date=date(bought.year, bought.month, min(bought.day, 28)))


@pytest.fixture
def repaired(make_visit, car):
    """`repaired(days_ago=40, hours=30, operation=op)`: a visit of the car for a quality problem and its repair, kept.

    `hours=None`: it still lasts. The final inspection passed at the end.
    """

    def make(
        *, days_ago=0, hours=None, operation=None, pay_type=PayType.WARRANTY, km=8_000, vehicle=None
    ) -> GuaranteeRepair:
        agreed = clock.now() - timedelta(days=days_ago)
        ended = hours is not None
        stage = Stage.CLOSED if ended else Stage.REPAIR
        visit = make_visit(
            stage,
            vehicle=vehicle or car,
            lines=0,
            booked=False,
            checked_in=False,
            settled=False,
            mileage_in=km,
            arrived_at=agreed,
            opened_at=agreed,
        )
        Visit.objects.filter(pk=visit.pk).update(**_times(agreed, hours) if ended else {})
        operation = operation or factories.operation(visit.store)
        consent = factories.consent(visit, at=agreed)
        factories.line(
            visit,
            operation=operation,
            consent=consent,
            pay_type=pay_type,
            **({"work": "done", "work_done_at": agreed} if ended else {}),
        )
        if ended:
            final = Inspection.objects.filter(visit=visit, level=Level.FINAL, verdict=Verdict.PASS)
            final.update(at=agreed + timedelta(hours=hours))
        return guarantees.keep(visit)

    return make


def _times(agreed, hours) -> dict:
    left = agreed + timedelta(hours=hours, minutes=30)
    return {"ready_at": left, "handed_over_at": left, "released_at": left, "ended_at": left}
