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
from repairs.models import LIVE, Job
from repairs.queries.free import business_spans, busy_spans, end_after, first_gap
from repairs.queries.jobs import jobs
from repairs.queries.people import bays, certificate_note, certificate_problem, technicians
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
    """Technicians for `line`, certified ones first, then by how soon they are free, then by how little they have.

    `work`: business time to plan; `after`: not before (now); `but`: a job whose own plan does not count (when it is moved).
    """
    after = max(after or clock.now(), clock.now())
    spans = business_spans(line.visit.store, after)
    planned = _plans(after, but)
    ranked = [
        _suggestion(line, person, planned[person.pk], spans=spans, after=after, work=work) for person in technicians()
    ]
    return sorted(ranked, key=lambda s: (bool(s.problem), s.start, s.load, s.technician.name_pinyin))


def _plans(after: datetime, but: Job | None) -> dict[int, list[Job]]:
    plans = defaultdict(list)
    rows = Job.objects.filter(state__in=LIVE, planned__endswith__gt=after).only("planned", "technician_id", "store_id")
    for job in rows:
        if but is None or job.pk != but.pk:
            plans[job.technician_id].append(job)
    return plans


def _suggestion(line: Line, person: Staff, plan: list[Job], *, spans, after: datetime, work: timedelta) -> Suggestion:
    start, end = first_gap(spans, busy_spans(plan), after=after, work=work)
    load = sum((upper - max(lower, after) for lower, upper in busy_spans(plan)), timedelta())
    skill = line.operation.skill if line.operation else None
    problem = certificate_problem(person, skill, on=local_day(line.visit.store.zone, end)) if skill else ""
    free = (
        _("free now") if start - after < timedelta(minutes=6) else _("free from %(time)s") % {"time": short_time(start)}
    )
    reasons = [
        free,
        _("%(time)s planned") % {"time": span(load)} if load else _("nothing planned"),
        certificate_note(person, skill) if skill else "",
    ]
    return Suggestion(person, start, end, load, tuple(filter(None, reasons)), problem)


def places(line: Line, *, start: datetime, end: datetime, but: Job | None = None) -> list[BayChoice]:
    """Every bay for a time: those that suit the work and are free first, with what is in the others."""
    taken = {}
    for job in jobs().filter(state__in=LIVE, bay__isnull=False, planned__overlap=(start, end)).order_by("planned"):
        if but is None or job.pk != but.pk:
            taken.setdefault(job.bay_id, job)
    kinds = SUITS.get(line.operation.skill, ()) if line.operation else ()
    choices = [BayChoice(bay, not kinds or bay.kind in kinds, taken.get(bay.pk)) for bay in bays()]
    return sorted(choices, key=lambda c: (c.taken_by is not None, not c.suits, c.bay.code))


def end_of(line: Line, start: datetime, work: timedelta) -> datetime:
    """When a job of `work` that begins at `start` is over by the store's hours."""
    return end_after(business_spans(line.visit.store, start), start, work)
