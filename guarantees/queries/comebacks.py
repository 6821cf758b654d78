"""Which earlier work a visit seems to repeat, who did it, and how often it has failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from core import clock
from core.stages import Stage
from customers.models import Vehicle
from guarantees import rules
from guarantees.choices import ComebackState, Match
from guarantees.models import Comeback
from handover.models import Handover
from inspections.models import Inspection
from orders.choices import ConsentState, LineKind, LineWork
from orders.models import Line, RepairOrder
from repairs.choices import JobState
from repairs.models import Job
from stores.models import Staff
from visits.choices import NeedKind
from visits.models import Need, Visit

# The window of the figure "repaired right first time" (domain.md 2); the quality guarantee may be shorter or longer.
FIGURE_DAYS = 30
# No store promises longer than this; it only bounds the search.
LONGEST_DAYS = 1100
SUREST_FIRST = [Match.OPERATION, Match.CONCERN, Match.SYSTEM]


@dataclass(frozen=True)
class Candidate:
    """An earlier line that this visit seems to repeat, and by what."""

    original: Line
    match: Match
    covered: bool
    days: int
    km: int | None
    line: Line | None = None
    need: Need | None = None


def candidates(visit: Visit) -> list[Candidate]:
    """What the visit seems to repeat: each of its lines and complaints beside the surest earlier line of the car, within the
    quality guarantee or the 30 days of the figure. Each earlier line once, the surest sign first."""
    past = _past(visit)
    if not past:
        return []
    found: dict[int, Candidate] = {}
    for line in visit.lines.exclude(consent_state=ConsentState.DECLINED).select_related("operation"):
        if best := _best(past, line=line):
            _keep(found, best)
    for need in visit.needs.filter(kind=NeedKind.FAULT):
        if best := _best(past, need=need):
            _keep(found, best)
    return sorted(found.values(), key=lambda row: (SUREST_FIRST.index(row.match), row.days))


@dataclass(frozen=True)
class _Past:
    line: Line
    covered: bool
    days: int
    km: int | None
    said: tuple[str, ...]


def _past(visit: Visit) -> list[_Past]:
    """Finished jobs of this car that may still be complained of, the newest first."""
    lines = (
        Line.objects.filter(
            visit__vehicle=visit.vehicle_id,
            visit__released_at__gte=(visit.arrived_at or visit.opened_at) - timedelta(days=LONGEST_DAYS),
            visit__released_at__lte=visit.arrived_at or clock.now(),
            kind=LineKind.JOB,
            consent_state=ConsentState.APPROVED,
            work=LineWork.DONE,
        )
        .exclude(visit=visit)
        .select_related("operation", "visit")
        .order_by("-visit__released_at", "position")
    )
    lines = list(lines)
    visits = {line.visit_id for line in lines}
    terms = {row.visit_id: row for row in RepairOrder.objects.filter(visit__in=visits)}
    out = dict(Handover.objects.filter(visit__in=visits).values_list("visit_id", "mileage_out"))
    said: dict[int, list[str]] = {}
    for key, words in Need.objects.filter(visit__in=visits, kind=NeedKind.FAULT).values_list("visit_id", "words"):
        said.setdefault(key, []).append(words)
    alone = {key for key in visits if sum(line.visit_id == key for line in lines) == 1}
    found = []
    for line in lines:
        order = terms.get(line.visit_id)
        held, days, km = rules.covered(
            visit,
            left=line.visit,
            days=order.guarantee_days if order else 0,
            km=order.guarantee_km if order else 0,
            mileage_out=out.get(line.visit_id),
        )
        if held or days <= FIGURE_DAYS:
            # What was said at the visit belongs to its line where there was only one.
            words = [line.concern, line.title, *(said.get(line.visit_id, []) if line.visit_id in alone else [])]
            found.append(_Past(line, held, days, km, tuple(filter(None, words))))
    return found


def _best(past: list[_Past], *, line: Line | None = None, need: Need | None = None) -> Candidate | None:
    for match in SUREST_FIRST:
        for row in past:
            if _matches(match, row, line, need):
                return Candidate(row.line, match, row.covered, row.days, row.km, line, need)
    return None


def _matches(match: Match, row: _Past, line: Line | None, need: Need | None) -> bool:
    if match == Match.CONCERN:
        words = need.words if need else line.concern
        return bool(words) and any(rules.same_concern(words, said) for said in row.said)
    if line is None:
        return False
    if match == Match.OPERATION:
        return line.operation_id is not None and line.operation_id == row.line.operation_id
    return bool(system := rules.system_of(line.operation)) and system == rules.system_of(row.line.operation)


def _keep(found: dict[int, Candidate], new: Candidate) -> None:
    known = found.get(new.original.pk)
    if known is None or SUREST_FIRST.index(new.match) < SUREST_FIRST.index(known.match):
        found[new.original.pk] = new


def root_of(line: Line) -> Line:
    """The first line of a chain of reworks: the line itself, unless it was a rework."""
    repeated = Comeback.objects.filter(line=line, state=ComebackState.CONFIRMED).select_related("root").first()
    return repeated.root if repeated else line


def failures_of(root: Line) -> int:
    """How many visits repeated this work."""
    return Comeback.objects.filter(root=root, state=ComebackState.CONFIRMED).values("visit").distinct().count()


def comebacks() -> QuerySet[Comeback]:
    """All comebacks of the scope with their cars, newest first."""
    return Comeback.objects.select_related(
        "visit__advisor", "vehicle", "original__visit", "original__operation", "line", "need", "decided_by"
    )


def of_visit(visit: Visit) -> list[Comeback]:
    """What this visit repeats, and who did and checked it then; two more queries for all of them together."""
    rows = list(comebacks().filter(visit=visit))
    people = who_did([row.original for row in rows])
    for row in rows:
        row.people = people[row.original_id]
    return rows


def chain(comeback: Comeback) -> list[Comeback]:
    """Every confirmed repetition of the same first work, the oldest first."""
    return list(comebacks().filter(root=comeback.root_id, state=ComebackState.CONFIRMED).order_by("visit__opened_at"))


def second_failures() -> QuerySet[Comeback]:
    """Work that failed a second time in a visit that is still open: after two repairs without success the store has to pay
    another one (机动车维修管理规定)."""
    return comebacks().filter(state=ComebackState.CONFIRMED, failures__gte=2, visit__ended_at=None)


@dataclass(frozen=True)
class People:
    """Who worked on a line and who inspected its visit, in the round in which it passed."""

    did: tuple[Staff, ...]
    checked: tuple[Inspection, ...]


def who_did(lines: list[Line]) -> dict[int, People]:
    """{line id: who did it and who checked it}. Two queries."""
    jobs: dict[int, list[Staff]] = {}
    for job in Job.objects.filter(line__in=lines).exclude(state=JobState.WITHDRAWN).select_related("technician"):
        people = jobs.setdefault(job.line_id, [])
        if job.technician not in people:
            people.append(job.technician)
    checks: dict[int, list[Inspection]] = {}
    visits = {line.visit_id: line.visit for line in lines}
    for row in Inspection.objects.filter(visit__in=visits, verdict="pass").select_related("inspector"):
        if row.round == visits[row.visit_id].round:
            checks.setdefault(row.visit_id, []).append(row)
    return {line.pk: People(tuple(jobs.get(line.pk, ())), tuple(checks.get(line.visit_id, ()))) for line in lines}


def first_time_fix(start: datetime, end: datetime, *, vehicles: QuerySet[Vehicle] | None = None) -> tuple[int, int]:
    """(visits that had to come back, visits) for 一次修复率 = 1 − comebacks ÷ repaired cars (domain.md 2).

    Visits with finished work that left the store in [start, end); a visit came back when a confirmed comeback within 30 days
    repeats one of its lines, however many of them.
    """
    left = Visit.objects.filter(
        released_at__gte=start,
        released_at__lt=end,
        lines__work=LineWork.DONE,
        stage__in=[Stage.FOLLOW_UP, Stage.CLOSED],
    )
    if vehicles is not None:
        left = left.filter(vehicle__in=vehicles)
    again = Comeback.objects.filter(state=ComebackState.CONFIRMED, days__lte=FIGURE_DAYS, original__visit__in=left)
    return again.values("original__visit").distinct().count(), left.distinct().count()
