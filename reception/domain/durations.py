"""What finished cars teach: how long they really took, kept for the next promise."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch, Q

from catalogue.models import Duration
from orders.choices import ConsentState, LineKind
from orders.models import Line
from reception.queries import work_of
from stores.calendar import Calendar
from stores.models import Store
from visits.models import Visit

MINUTE = timedelta(minutes=1)
LONGEST = 60 * 24 * 60  # business minutes; what took longer was not a stay in the workshop


@transaction.atomic
def learn(visit_ids: Iterable[int], *, store: Store) -> int:
    """Keep the durations of these visits, those that are known already excepted; returns how many are new.

    A visit counts from the customer's word (the signature, at the earliest his arrival) to the first time the car was ready.
    """
    visits = list(_finished(visit_ids))
    if not visits:
        return 0
    calendar, before = Calendar(store), _Yard(visits)
    rows = [row for visit in visits if (row := _duration(visit, calendar, before))]
    return len(Duration.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000))


def _finished(visit_ids: Iterable[int]):
    agreed = Line.objects.filter(consent_state=ConsentState.APPROVED, kind=LineKind.JOB).select_related("operation")
    return (
        Visit.objects.filter(pk__in=visit_ids, ready_at__isnull=False, arrived_at__isnull=False)
        .select_related("order")
        .prefetch_related(Prefetch("lines", agreed, to_attr="agreed"))
    )


def _duration(visit: Visit, calendar: Calendar, yard: _Yard) -> Duration | None:
    agreed_at = agreed(visit)
    if not visit.agreed or agreed_at >= visit.ready_at:
        return None
    work = work_of(visit.agreed, cars=yard.cars(agreed_at))
    minutes = round(calendar.between(agreed_at, visit.ready_at) / MINUTE)
    if minutes > LONGEST:
        return None
    guess = visit.first_promised_at
    return Duration(
        store_id=visit.store_id,
        visit_key=visit.pk,
        operation_id=work.job,
        skill=work.kin or "",
        standard_minutes=round(work.standard),
        minutes=max(minutes, 1),
        cars=work.cars,
        guessed_minutes=max(round(calendar.between(agreed_at, guess) / MINUTE), 0) if guess else None,
        agreed_at=agreed_at,
        ended_at=visit.ready_at,
    )


def agreed(visit: Visit) -> datetime:
    """When the work could begin: the customer had agreed, and the car was there."""
    signed = visit.order.signed_at if hasattr(visit, "order") else None
    return max(signed or visit.arrived_at, visit.arrived_at)


class _Yard:
    """How many cars stood in the store and were not ready, at any moment of these visits. One query."""

    def __init__(self, visits: list[Visit]):
        first, last = min(map(agreed, visits)), max(map(agreed, visits))
        rows = Visit.objects.filter(Q(ended_at=None) | Q(released_at__gt=first), arrived_at__lte=last)
        stays = [
            (arrived, ready or released or ended)
            for arrived, ready, released, ended in rows.values_list("arrived_at", "ready_at", "released_at", "ended_at")
        ]
        self._came = sorted(arrived for arrived, _left in stays)
        self._left = sorted(left for _arrived, left in stays if left)

    def cars(self, at: datetime) -> int:
        """Other cars in front of one that is agreed `at`."""
        return max(bisect_right(self._came, at) - bisect_right(self._left, at) - 1, 0)
