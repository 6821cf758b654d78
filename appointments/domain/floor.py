"""What the cars in the house take of the days to come: technicians, bays and wash places, also of the reserve that bookings
leave. The floor never displaces a booking; what finds no room is said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from appointments.choices import ClaimSource, Resource, Side
from appointments.domain.ledger import Frame, claim, days_of
from appointments.domain.offering import opened
from appointments.events import FloorPlanned
from appointments.models import Appointment, Claim, LedgerDay
from appointments.offers import MINUTE, FloorPlan, Need, wash, work
from core import clock
from core.actors import Actor, HasActor
from journal.domain import record
from stores.models import Store
from visits import domain as visits
from visits.models import Visit

FLOOR = Actor.system("floor")
# How many open days work in the house is planned ahead; what does not fit in is carried over from day to day.
REACH = 5
POOLS = [Resource.TECHNICIAN, Resource.BAY, Resource.WASH]


@transaction.atomic
def keep_floor(
    visit: Visit,
    needs: Iterable[Need],
    *,
    not_before: datetime | None = None,
    source: ClaimSource | str,
    wash: bool = False,
    by: Actor | HasActor = FLOOR,
) -> FloorPlan:
    """Claim what a car in the house still takes, one need after the other from `not_before` (now) on.

    Replaces the visit's claims of technicians, bays and wash places, also those its booking brought along. Nothing is
    written, and nothing journalled, when it comes out as it was. Locks the visit, then the days.
    """
    needs = [need for need in needs if need.minutes > 0]
    visit = visits.lock(visit)
    begin = max(not_before or clock.now(), clock.now())
    frame = opened(visit.store, clock.local_day(visit.store.tz, begin), reach=REACH)
    booked = Appointment.objects.filter(visit=visit).first()
    held = days_of(*filter(None, [visit, booked]))
    if not frame.days:
        return FloorPlan((), begin, needs)
    if held or needs or wash:
        frame.lock_upto(frame.days[0], held)
    old = _claims(visit, booked)
    while True:
        plan = _plan(frame, old, needs, begin, wash_it=wash)
        last = max([frame.days[0], *(piece.day for piece in plan.pieces)])
        if last in frame.locked or not plan.pieces:
            break
        frame.lock_upto(last, held)
    if _same(old, plan, source):
        return plan
    Claim.objects.filter(pk__in=[row.pk for row in old]).delete()
    frame.sweep()
    claim(visit, plan.pieces, ClaimSource(source))
    record(
        FloorPlanned(
            source=str(source),
            minutes=sum(need.minutes for need in needs),
            ends_at=plan.ends_at,
            short=sum(need.minutes for need in plan.short),
        ),
        store_id=visit.store_id,
        subject=visit,
        visit_id=visit.pk,
        by=by,
    )
    return plan


def room_for(
    store: Store, needs: Iterable[Need], *, begin: datetime, visit: Visit | None = None, wash: bool = False
) -> FloorPlan | None:
    """What `keep_floor` would plan, without keeping it: nothing is locked or written. None where the days are not laid out.

    What `visit` claims already counts as its own.
    """
    frame = Frame(store, clock.local_day(store.tz, begin), reach=REACH)
    frame.rows = {row.day: row for row in LedgerDay.objects.filter(day__in=frame.days)}
    if not frame.days or len(frame.rows) < len(frame.days):
        return None
    booked = Appointment.objects.filter(visit=visit).first() if visit else None
    old = list(_claims(visit, booked)) if visit else []
    return _plan(frame, old, [need for need in needs if need.minutes > 0], begin, wash_it=wash)


@transaction.atomic
def release_floor(visit: Visit) -> None:
    """The car takes nothing of the workshop any more: its claims of technicians, bays and wash places are given back, and
    its loan car for the days after today."""
    visit = visits.lock(visit)
    booked = Appointment.objects.filter(visit=visit).first()
    days = days_of(*filter(None, [visit, booked]))
    if not days:
        return
    frame = Frame(visit.store, days[0], days[-1], reach=1)
    frame.lock(days)
    _claims(visit, booked).delete()
    if booked:
        today = clock.local_day(visit.store.tz)
        lent = Claim.objects.filter(appointment=booked, bucket__resource=Resource.LOAN_CAR)
        lent.filter(bucket__ledger_day__day__gt=today).delete()


def _claims(visit: Visit, booked: Appointment | None):
    """What a visit and its booking claim of the workshop."""
    rows = Claim.objects.filter(visit=visit, bucket__resource__in=POOLS)
    if booked:
        rows = rows | Claim.objects.filter(appointment=booked, bucket__resource__in=POOLS)
    return Claim.objects.filter(pk__in=rows.values_list("pk", flat=True)).select_related("bucket")


def _plan(frame: Frame, old, needs: list[Need], begin: datetime, *, wash_it: bool) -> FloorPlan:
    house = frame.read(Side.FLOOR, but=list(old))
    days = list(house.days.values())
    pieces, cursor, short = work(days, needs, begin, go_on=True)
    if wash_it and days:
        place, cursor = wash(days, cursor) or (None, cursor)
        if place:
            pieces.append(place)
            cursor += frame.policy.wash_minutes * MINUTE
    return FloorPlan(tuple(pieces), cursor, short)


def _same(old, plan: FloorPlan, source: str) -> bool:
    was = {row.bucket_id: (row.amount, row.source, row.side) for row in old}
    will: dict[int, int] = {}
    for piece in plan.pieces:
        will[piece.bucket_id] = will.get(piece.bucket_id, 0) + piece.amount
    return was == {bucket: (amount, str(source), str(Side.FLOOR)) for bucket, amount in will.items()}
