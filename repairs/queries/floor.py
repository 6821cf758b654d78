"""What a car in the house still takes of the workshop: minutes by skill and bay, from when on, and what it waits for.

Remaining time of a line is its sold hours (half an hour at least) less what was clocked on it; a line whose time is used up
while somebody still works on it takes another quarter of an hour. Work outside takes nothing of the house.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch

from appointments.choices import ClaimSource
from appointments.offers import Need
from core import clock
from core.clock import local_day
from core.stages import Stage
from orders.choices import ConsentState, LineKind, LineWork
from orders.models import Line
from reception.choices import WashWish
from reception.models import CheckIn
from repairs.choices import JobState, PartRequestStatus, SubletState
from repairs.models import LIVE, Job, PartRequest, Sublet
from stores.choices import BayKind, Skill
from visits.models import Visit

# A line without standard hours still takes somebody's time.
SHORTEST = timedelta(minutes=30)
OVERRUN = timedelta(minutes=15)
ANSWERABLE = [ConsentState.DRAFT, ConsentState.ASKED]


@dataclass(frozen=True)
class Outlook:
    """Needs in the order in which they will be worked, the earliest begin, and why the car is (still) here."""

    needs: tuple[Need, ...]
    not_before: datetime
    source: ClaimSource
    wash: bool


@dataclass(frozen=True)
class _Piece:
    need: Need
    begins: datetime
    source: ClaimSource


def outlook(visit: Visit, *, now: datetime | None = None) -> Outlook | None:
    """What a visit still takes; None where its booking's claims stay as they are (a booked car at reception) or it has
    left the workshop's hands. At most six queries."""
    now = now or clock.now()
    if visit.ended_at or visit.stage not in (Stage.RECEPTION, Stage.REPAIR, Stage.INSPECTION, Stage.WASH):
        return None
    if visit.stage == Stage.RECEPTION and visit.due_in_at:
        return None
    pieces = [] if visit.stage in (Stage.INSPECTION, Stage.WASH) else _pieces(visit, now)
    if not pieces:
        return Outlook((), now, ClaimSource.WORK, _washes(visit))
    pieces.sort(key=lambda piece: piece.begins)
    first = pieces[0]
    source = first.source
    if source == ClaimSource.WORK and local_day(visit.store.zone, visit.arrived_at or now) < local_day(
        visit.store.zone, now
    ):
        source = ClaimSource.CARRY_OVER
    elif source == ClaimSource.WORK and not visit.due_in_at:
        source = ClaimSource.WALK_IN
    return Outlook(_merged(pieces), first.begins, source, _washes(visit))


def _pieces(visit: Visit, now: datetime) -> list[_Piece]:
    lines = (
        Line.objects.filter(visit=visit, kind=LineKind.JOB)
        .exclude(work=LineWork.DONE)
        .exclude(consent_state=ConsentState.DECLINED)
        .select_related("operation")
        .prefetch_related(
            Prefetch(
                "jobs",
                Job.objects.filter(state__in=LIVE)
                .select_related("bay")
                .prefetch_related("clock", Prefetch("part_requests", PartRequest.objects.select_related("line_part"))),
            ),
            Prefetch("sublets", Sublet.objects.filter(state=SubletState.OUT)),
        )
        .order_by("position")
    )
    found = []
    for line in lines:
        if line.sublets.all():
            continue
        job = next(iter(line.jobs.all()), None)
        minutes = remaining(line, job, now=now)
        found.append(_Piece(_need(line, job, minutes), *_begins(visit, line, job, now)))
    return found


def remaining(line: Line, job: Job | None, *, now: datetime) -> timedelta:
    """Technician's time a line still takes; reads `job.clock.all()`."""
    sold = max(timedelta(hours=float(line.hours)), SHORTEST)
    if job is None:
        return sold
    worked = sum(((entry.stopped_at or now) - entry.started_at for entry in job.clock.all()), timedelta())
    return max(sold - worked, OVERRUN)


def _need(line: Line, job: Job | None, work: timedelta) -> Need:
    operation = line.operation
    skill = operation.skill if operation else Skill.MECHANICAL
    if job and job.bay:
        kind = job.bay.kind
    else:
        kind = operation.bay_kind if operation else BayKind.LIFT
    return Need(str(skill), "" if kind == BayKind.WASH else str(kind), math.ceil(work / timedelta(minutes=1)))


def _begins(visit: Visit, line: Line, job: Job | None, now: datetime) -> tuple[datetime, ClaimSource]:
    """From when on a line can be worked, and what it waits for until then."""
    if line.consent_state in ANSWERABLE:
        return now, ClaimSource.APPROVAL_WAIT
    if job is None:
        return now, ClaimSource.WORK
    today = local_day(visit.store.zone, now)
    if due := parts_day(job.part_requests.all(), today=today):
        return max(_opens(visit, due), now), ClaimSource.PARTS_WAIT
    if job.state == JobState.DISPATCHED and job.planned.lower > now:
        return job.planned.lower, ClaimSource.WORK
    return now, ClaimSource.WORK


def parts_day(requests: Iterable[PartRequest], *, today: date) -> date | None:
    """The day by which everything a job waits for is here; None when nothing of it is away.

    What is overdue, or not ordered although the stock does not hold it, is expected tomorrow at the earliest.
    """
    days = []
    for request in requests:
        if request.status == PartRequestStatus.ORDERED:
            days.append(request.expected_on if request.expected_on > today else today + timedelta(days=1))
        elif request.status == PartRequestStatus.REQUESTED and request.lacks:
            days.append(today + timedelta(days=1))
    return max(days, default=None)


def _opens(visit: Visit, day: date) -> datetime:
    """The ledger finds the first opening period from midnight on."""
    return datetime.combine(day, time(), tzinfo=visit.store.tz)


def _merged(pieces: list[_Piece]) -> tuple[Need, ...]:
    """Neighbours of the same kind as one need."""
    needs: list[Need] = []
    for piece in pieces:
        need = piece.need
        if needs and (needs[-1].skill, needs[-1].bay_kind) == (need.skill, need.bay_kind):
            needs[-1] = Need(need.skill, need.bay_kind, needs[-1].minutes + need.minutes)
        else:
            needs.append(need)
    return tuple(needs)


def _washes(visit: Visit) -> bool:
    """Whether the car goes through the wash yet: unless the customer wants none."""
    wish = CheckIn.objects.filter(visit=visit).values_list("wash", flat=True).first()
    return wish != WashWish.NO
