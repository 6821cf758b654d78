"""Reads for the reception counter."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from core import clock
from core.stages import Stage
from orders.models import Line
from reception.models import CheckIn
from stores import calendar
from stores.models import Store
from visits.choices import PhotoKind
from visits.models import Photo, Visit

# The four corners of the car that the walk-around wants a picture of, in the order one walks.
CORNERS = 4
ROUND_TO = 15  # minutes: nobody promises 16:07


@dataclass(frozen=True)
class Earliest:
    """The earliest ready time one can suggest, with what it rests on: `hours` of labour from now on, inside opening
    hours, rounded up to the quarter of an hour."""

    at: datetime
    hours: Decimal


def earliest_ready(store: Store, lines: Iterable[Line], *, now: datetime | None = None) -> Earliest:
    """When the work could be ready if it began now and one after the other was done. Waiting for a bay, parts or the
    wash is not in it: the advisor knows, this is where he starts."""
    hours = sum((line.hours for line in lines), Decimal(0))
    now = now or clock.now()
    ready = calendar.add_business_time(store, now, timedelta(hours=float(hours)))
    return Earliest(_quarter(max(ready, now + timedelta(minutes=ROUND_TO))), hours)


def _quarter(moment: datetime) -> datetime:
    step = ROUND_TO * 60
    return datetime.fromtimestamp(math.ceil(moment.timestamp() / step) * step, moment.tzinfo)


def expected(store: Store, *, vehicle_ids: Iterable[int] | None = None) -> QuerySet[Visit]:
    """Booked visits that have not arrived, by time: those of the cars `vehicle_ids`, else those expected within a day
    before and after now."""
    rows = Visit.objects.filter(stage=Stage.BOOKING, ended_at=None).select_related(
        "vehicle", "customer", "advisor", "appointment"
    )
    if vehicle_ids is not None:
        rows = rows.filter(vehicle_id__in=vehicle_ids)
    else:
        now = clock.now()
        rows = rows.filter(
            due_in_at__gte=now - timedelta(hours=24),
            due_in_at__lt=now + timedelta(hours=24),
        )
    return rows.order_by("due_in_at", "id")


def in_house(vehicle_ids: Iterable[int]) -> dict[int, Visit]:
    """{vehicle id: its visit} of those cars that stand in the store."""
    rows = Visit.objects.filter(vehicle_id__in=vehicle_ids, ended_at=None).exclude(
        stage__in=[Stage.BOOKING, Stage.FOLLOW_UP]
    )
    return {visit.vehicle_id: visit for visit in rows}


def sheet_of(visit: Visit) -> CheckIn | None:
    """The visit's walk-around sheet with its advisor, marks and checklist."""
    return (
        CheckIn.objects.filter(visit=visit)
        .select_related("advisor", "run__checklist")
        .prefetch_related("marks")
        .first()
    )


def sheet_photos(visit: Visit) -> QuerySet[Photo]:
    """Pictures of the walk-around and of damage, in the order they were taken."""
    return visit.photos.filter(kind__in=[PhotoKind.WALK_AROUND, PhotoKind.DAMAGE])
