"""The floor's side of the capacity ledger: after every change of work a car's claims are made anew."""

from __future__ import annotations

from django.db import transaction

from appointments import domain as appointments
from appointments.offers import FloorPlan
from core.stages import IN_WORKSHOP, Stage
from repairs.queries.floor import outlook
from visits import domain as visits
from visits.models import Visit

# Booked cars keep their booking's claims until they leave reception.
LOOKED_AT = (Stage.RECEPTION, *IN_WORKSHOP)


@transaction.atomic
def replan(visit: Visit | int) -> FloorPlan | None:
    """Write what a car in the house still takes into the ledger, in place of what it claimed before; None where it takes
    nothing (any more) or its booking's claims stand.

    Called inside the transaction of every change of work, with the visit locked before any day of the ledger. Capacity
    that is not there is reported in the plan's `short`; nobody is displaced by it.
    """
    visit = visits.lock(visit)
    ahead = outlook(visit)
    if ahead is None:
        if visit.stage not in LOOKED_AT or visit.ended_at:
            appointments.release_floor(visit)
        return None
    if not ahead.needs and not ahead.wash:
        appointments.release_floor(visit)
        return None
    return appointments.keep_floor(
        visit, list(ahead.needs), not_before=ahead.not_before, source=ahead.source, wash=ahead.wash
    )


def replan_all(store) -> int:
    """Plan every car in the house anew, who was promised first before the others, each in its own transaction; how many.

    For the turn of the day and the end of business: what was not done today is work of tomorrow.
    """
    rows = Visit.objects.filter(stage__in=LOOKED_AT, ended_at=None).order_by("promised_at", "pk")
    keys = list(rows.values_list("pk", flat=True))
    for key in keys:
        replan(key)
    return len(keys)
