"""Reads of the final inspection and the wash: whose turn it is, and on which car."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Prefetch, QuerySet

from appointments.models import BookingPolicy
from catalogue.choices import CERTIFICATE_CATEGORIES
from core import clock
from core.stages import Stage
from inspections import rules
from inspections.choices import Level, Verdict, WashState
from inspections.models import Certificate, Inspection, Wash
from orders.choices import LineWork
from orders.models import Line, RepairOrder
from repairs.choices import JobState
from repairs.models import Job
from standards import queries as standard_queries
from standards.choices import ChecklistUse, ItemState
from standards.models import ChecklistRun, ItemResult
from stores.choices import BayKind
from stores.models import Bay, Staff
from visits.models import Visit

USE = {
    Level.SELF: ChecklistUse.SELF_CHECK,
    Level.CROSS: ChecklistUse.CROSS_CHECK,
    Level.FINAL: ChecklistUse.FINAL_CHECK,
}


# --- The three levels -------------------------------------------------------------------------------------------------


def passed(visit: Visit, *, round: int | None = None) -> dict[int, Inspection]:
    """Passed inspections of a round (the present one) by level."""
    rows = visit.inspections.filter(round=round or visit.round, verdict=Verdict.PASS)
    return {row.level: row for row in rows.select_related("inspector")}


def next_level(done: dict[int, object]) -> Level | None:
    """The level that is due after those `done`; None when all three are."""
    return next((level for level in Level if level not in done), None)


def workers(visit: Visit) -> set[int]:
    """Ids of everybody who worked on the car in this visit, in any round."""
    pairs = _jobs(visit).values_list("technician_id", "shares__technician_id")
    return {person for pair in pairs for person in pair if person}


def main_technician(visit: Visit) -> Staff | None:
    """Who answers for the work: the most standard hours in the newest round that has work; None if he has left since.

    After a rework that is who did the rework, because he made what is inspected now.
    """
    return _main(list(_jobs(visit).select_related("technician", "line")))


def _jobs(visit: Visit) -> QuerySet[Job]:
    return Job.objects.filter(line__visit=visit).exclude(state=JobState.WITHDRAWN)


def _main(jobs: list[Job]) -> Staff | None:
    if not jobs:
        return None
    newest = max(job.round for job in jobs)
    hours: dict[Staff, float] = {}
    for job in sorted(jobs, key=lambda job: job.pk):
        if job.round == newest:
            hours[job.technician] = hours.get(job.technician, 0) + job.line.hours
    person = max(hours, key=hours.get)
    return person if person.active else None


def refusal(visit: Visit, level: Level, staff: Staff) -> str:
    """Why `staff` may not do `level` of this visit now; empty if he may."""
    return rules.refusal(
        staff,
        level,
        main=main_technician(visit),
        workers=workers(visit),
        inspected_by={level: row.inspector_id for level, row in passed(visit).items()},
    )


@dataclass(frozen=True)
class Turn:
    """A car at the final inspection as one person sees it: the level that is due; `why_not` says why it is not his turn
    (empty: it is). `run` is the checklist somebody has begun."""

    visit: Visit
    level: Level
    why_not: str
    run: ChecklistRun | None


def turns(staff: Staff) -> list[Turn]:
    """Every car at the final inspection, those `staff` may inspect first, the oldest promise on top. Five queries."""
    cars = list(
        Visit.objects.filter(stage=Stage.INSPECTION)
        .select_related("vehicle", "customer", "advisor")
        .prefetch_related(
            Prefetch(
                "inspections",
                Inspection.objects.select_related("inspector"),
                to_attr="inspected",
            ),
            Prefetch(
                "lines",
                Line.objects.prefetch_related(
                    Prefetch(
                        "jobs",
                        Job.objects.exclude(state=JobState.WITHDRAWN).select_related("technician__role"),
                        to_attr="live_jobs",
                    )
                ),
                to_attr="all_lines",
            ),
        )
        .order_by(F("promised_at").asc(nulls_last=True), "stage_since", "pk")
    )
    begun = _begun(cars)
    found = [_turn(visit, staff, begun) for visit in cars]
    return sorted((turn for turn in found if turn), key=lambda turn: bool(turn.why_not))


def _turn(visit: Visit, staff: Staff, begun: dict) -> Turn | None:
    done = {row.level: row for row in visit.inspected if row.round == visit.round and row.verdict == Verdict.PASS}
    level = next_level(done)
    if level is None:
        return None
    jobs = []
    for line in visit.all_lines:
        for job in line.live_jobs:
            job.line = line
            jobs.append(job)
    main = _main(jobs)
    why_not = rules.refusal(
        staff,
        level,
        main=main,
        workers={job.technician_id for job in jobs},
        inspected_by={level: row.inspector_id for level, row in done.items()},
    )
    if why_not and not staff.may(rules.PERMISSION[level]):
        why_not = rules.waits_for(level, main=main)
    return Turn(visit, level, why_not, begun.get((visit.pk, visit.round, USE[level])))


def _begun(cars: list[Visit]) -> dict[tuple, ChecklistRun]:
    runs = (
        ChecklistRun.objects.filter(
            visit_ref__in=[visit.pk for visit in cars],
            checklist__use__in=list(USE.values()),
        )
        .select_related("checklist", "by")
        .order_by("pk")
    )
    return {(run.visit_ref, run.round, run.checklist.use): run for run in runs}


def reworkable(visit: Visit) -> QuerySet[Line]:
    """Lines whose work is finished: one of them goes back when an inspection fails."""
    return visit.lines.filter(work=LineWork.DONE).order_by("position")


def needs_certificate(visit: Visit) -> bool:
    """True for second-level maintenance, assembly and whole-vehicle repair (domain.md 1.4, invariant 3)."""
    return RepairOrder.objects.filter(visit=visit, category__in=CERTIFICATE_CATEGORIES).exists()


def certificate_of(visit: Visit) -> Certificate | None:
    return Certificate.objects.filter(visit=visit).select_related("inspector").first()


def history(visit: Visit) -> QuerySet[Inspection]:
    """Every inspection of the visit, round by round, with its checklist."""
    return visit.inspections.select_related("inspector", "line", "run__checklist").prefetch_related(
        "run__results__item"
    )


# --- The wash ---------------------------------------------------------------------------------------------------------


def wash_places() -> int | None:
    """How many cars can be washed at once; None where the store has no wash places listed, so nothing is counted."""
    return Bay.objects.filter(kind=BayKind.WASH, active=True).count() or None


def washing_now() -> QuerySet[Wash]:
    """Cars that occupy a wash place: being washed and not waiting for the check."""
    return Wash.objects.filter(state=WashState.WASHING, washed_at=None)


@dataclass(frozen=True)
class WashRow:
    """A car at the wash stage; `place` counts the waiting ones from 1. `step`: queued, washing, check or tell.
    `ready_at`: when it should be washed as the queue stands; `late`: that is after its promised time."""

    wash: Wash
    step: str
    place: int | None = None
    ready_at: datetime | None = None

    @property
    def late(self) -> bool:
        promised = self.wash.visit.promised_at
        return bool(self.ready_at and promised and self.ready_at > promised)


def wash_queue() -> list[WashRow]:
    """Cars at the wash stage in the order they are to be done: the oldest promise first, re-washes before all."""
    washes = (
        Wash.objects.filter(visit__stage=Stage.WASH)
        .select_related(
            "visit__vehicle",
            "visit__customer",
            "visit__advisor",
            "visit__check_in",
            "washer",
        )
        .order_by(
            "-rewashes",
            F("visit__promised_at").asc(nulls_last=True),
            "queued_at",
            "pk",
        )
    )
    washes, rows, place = list(washes), [], 0
    ready = _washed_by(washes)
    for wash in washes:
        step = wash_step(wash)
        place += step == "queued"
        rows.append(WashRow(wash, step, place if step == "queued" else None, ready.get(wash.pk)))
    order = ["queued", "washing", "check", "tell"]
    return sorted(rows, key=lambda row: order.index(row.step))


def wash_minutes() -> int:
    """How long one wash takes, as the capacity ledger plans it."""
    policy = BookingPolicy.objects.first()
    return policy.wash_minutes if policy else BookingPolicy._meta.get_field("wash_minutes").default


def washes_per_hour() -> int | None:
    """How many cars the wash places take in an hour; None where no place is listed."""
    places = wash_places()
    return places * 60 // wash_minutes() if places else None


def _washed_by(washes: list[Wash]) -> dict[int, datetime]:
    """{wash id: when it should be done}: those being washed first, then the queue, car after car onto the place that is
    free first. No estimate where no place is listed."""
    places = wash_places()
    if not places or not washes:
        return {}
    lasts, now = timedelta(minutes=wash_minutes()), clock.now()
    being = [wash for wash in washes if wash_step(wash) == "washing"]
    ends = {wash.pk: max(wash.started_at + lasts, now) for wash in being}
    free = sorted([*ends.values(), *[now] * (places - len(being))])[:places] or [now]
    for wash in washes:
        if wash_step(wash) == "queued":
            free.sort()
            ends[wash.pk] = free[0] = free[0] + lasts
    return ends


def wash_step(wash: Wash) -> str:
    """queued, washing, check (washed, not yet looked at) or tell (clean or not to be washed; the customer does not know)."""
    if wash.state == WashState.QUEUED:
        return "queued"
    if wash.state == WashState.WASHING:
        return "check" if wash.washed_at else "washing"
    return "tell"


def wash_of(visit: Visit) -> Wash | None:
    return Wash.objects.filter(visit=visit).select_related("washer", "checked_by").first()


# --- The traffic-light inspection -------------------------------------------------------------------------------------


def lights_run(visit: Visit) -> ChecklistRun | None:
    """The visit's traffic-light inspection, begun or finished; the newest one."""
    return standard_queries.run_of(visit.pk, ChecklistUse.LIGHTS)


def light_counts(run: ChecklistRun) -> dict[str, int]:
    """{"ok", "warn", "fail"}: how many items are green, yellow and red."""
    counts = dict.fromkeys((ItemState.OK.value, ItemState.WATCH.value, ItemState.FAIL.value), 0)
    for state in ItemResult.objects.filter(run=run).values_list("state", flat=True):
        if state in counts:
            counts[state] += 1
    return counts


def lights(run: ChecklistRun | None) -> list[ItemResult]:
    """What is red and yellow, the red first, each with its item, operation, picture and proposed line."""
    if run is None:
        return []
    rows = (
        ItemResult.objects.filter(run=run, state__in=[ItemState.FAIL, ItemState.WATCH])
        .select_related("item__operation", "light__photo", "light__line")
        .order_by("item__position")
    )
    return sorted(rows, key=lambda row: row.state != ItemState.FAIL)
