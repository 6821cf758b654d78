"""Whom to give a line: every technician with what speaks for or against him, the best first; and the bays beside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core import clock
from core.clock import local_day
from core.durations import short_time, span
from orders.models import Line
from repairs.choices import JobState
from repairs.models import LIVE, Job, ShiftEntry
from repairs.queries.free import business_spans, busy_spans, end_after, first_gap, leave_spans
from repairs.queries.jobs import in_the_way, jobs
from repairs.queries.people import away, bays, certificate_note, certificate_problem, technicians
from stores.choices import BayKind, Skill
from stores.models import Bay, Staff

# Which bays suit work of a skill; product default.
SUITS = {
    Skill.MECHANICAL: (BayKind.LIFT, BayKind.FAST),
    Skill.ELECTRICAL: (BayKind.LIFT, BayKind.FAST, BayKind.EV),
    Skill.HIGH_VOLTAGE: (BayKind.EV,),
    Skill.BODY: (BayKind.BODY,),
    Skill.PAINT: (BayKind.PAINT,),
    Skill.DETAILING: (BayKind.WASH, BayKind.FAST),
    Skill.INSPECTION: (BayKind.LIFT, BayKind.FAST),
}


@dataclass(frozen=True)
class Suggestion:
    """A technician for a line: when he could begin and end, why he stands where he does, and what forbids it (`problem`)."""

    technician: Staff
    start: datetime
    end: datetime
    load: timedelta
    reasons: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True)
class BayChoice:
    bay: Bay
    suits: bool
    taken_by: Job | None


def rank(line: Line, *, work: timedelta, after: datetime | None = None, but: Job | None = None) -> list[Suggestion]:
    """Technicians for `line`: certified ones first, then who is through before the promised time, then by the half hour in
    which they are free; of those who know this car already, who is best qualified and who has least to do.

    `work`: business time to plan; `after`: not before (now); `but`: a job whose own plan does not count (when it is moved).
    """
    after = max(after or clock.now(), clock.now())
    facts = _Facts(
        line,
        spans=business_spans(line.visit.store, after),
        after=after,
        work=work,
        here=set(ShiftEntry.objects.filter(stopped_at=None).values_list("staff_id", flat=True)),
        knows=set(
            Job.objects.filter(line__visit=line.visit_id)
            .exclude(state=JobState.WITHDRAWN)
            .values_list("technician_id", flat=True)
        ),
    )
    planned = _plans(after, but)
    ranked = [_suggestion(facts, person, planned[person.pk]) for person in technicians()]
    return [suggestion for _key, suggestion in sorted(ranked, key=lambda pair: pair[0])]


def _plans(after: datetime, but: Job | None) -> dict[int, list[Job]]:
    """Live jobs by technician, those he helps on included."""
    plans = defaultdict(list)
    rows = Job.objects.filter(state__in=LIVE, planned__endswith__gt=after).prefetch_related("shares")
    for job in rows.only("planned", "technician_id", "store_id"):
        if but is None or job.pk != but.pk:
            for person in job.people:
                plans[person].append(job)
    return plans


@dataclass(frozen=True)
class _Facts:
    """What is the same for every technician."""

    line: Line
    spans: list
    after: datetime
    work: timedelta
    here: set[int]
    knows: set[int]


def _suggestion(facts: _Facts, person: Staff, plan: list[Job]) -> tuple[tuple, Suggestion]:
    """(what it is sorted by, the suggestion)."""
    line, after = facts.line, facts.after
    busy = busy_spans(plan)
    taken = busy + leave_spans(person, after=after)
    start, end = first_gap(facts.spans, taken, after=after, work=facts.work)
    load = sum((upper - max(lower, after) for lower, upper in busy), timedelta())
    skill = line.operation.skill if line.operation else None
    problem = certificate_problem(person, skill, on=local_day(line.visit.store.zone, end)) if skill else ""
    level = next((held.level for held in person.qualifications.all() if held.skill == skill), 0)
    promised = line.visit.promised_at
    late = bool(promised and end > promised)
    reasons = [
        _("free now")
        if start - after < timedelta(minutes=6)
        else _("free from %(time)s") % {"time": short_time(start)},
        _promise_reason(end, promised),
        _("knows this car from this visit") if person.pk in facts.knows else "",
        _("%(time)s planned") % {"time": span(load)} if load else _("nothing planned"),
        certificate_note(person, skill) if skill else "",
        _("level %(level)d") % {"level": level} if level > 1 else "",
        "" if person.pk in facts.here or not facts.here else _("not clocked in"),
    ]
    half_hour = int(start.timestamp()) // 1800
    key = (bool(problem), late, half_hour, person.pk not in facts.knows, -level, start, load, person.name_pinyin)
    return key, Suggestion(person, start, end, load, tuple(filter(None, reasons)), problem)


def _promise_reason(end: datetime, promised: datetime | None) -> str:
    if promised is None:
        return ""
    if end > promised:
        return _("%(time)s after the promised time") % {"time": span(end - promised)}
    return _("%(time)s before the promised time") % {"time": span(promised - end)}


def free_at(line: Line, *, start: datetime, end: datetime) -> Staff | None:
    """The best technician who may do a line and is free from `start` to `end`; None when nobody is."""
    for suggestion in rank(line, work=end - start, after=start):
        person = suggestion.technician
        if not suggestion.problem and not away(person, start, end) and not in_the_way(start, end, technician=person):
            return person
    return None


def places(line: Line, *, start: datetime, end: datetime, but: Job | None = None) -> list[BayChoice]:
    """Every bay for a time: those of the operation's own kind that are free first, then those that suit the work, with what
    is in the others."""
    taken = {}
    for job in jobs().filter(state__in=LIVE, bay__isnull=False, planned__overlap=(start, end)).order_by("planned"):
        if but is None or job.pk != but.pk:
            taken.setdefault(job.bay_id, job)
    kinds = SUITS.get(line.operation.skill, ()) if line.operation else ()
    choices = [BayChoice(bay, not kinds or bay.kind in kinds, taken.get(bay.pk)) for bay in bays()]
    own = line.operation.bay_kind if line.operation else ""
    return sorted(choices, key=lambda c: (c.taken_by is not None, not c.suits, c.bay.kind != own, c.bay.code))


def end_of(line: Line, start: datetime, work: timedelta) -> datetime:
    """When a job of `work` that begins at `start` is over by the store's hours."""
    return end_after(business_spans(line.visit.store, start), start, work)
