"""Giving lines to people and places: dispatch, move, withdraw, and again after a failed inspection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from journal.domain import record
from orders import domain as orders
from orders.choices import LineWork
from orders.models import Line
from repairs.choices import JobState, SubletState
from repairs.domain.floor import replan
from repairs.domain.locking import in_repair, lock_job, lock_line, lock_people_and_place, touch
from repairs.domain.parts import give_up
from repairs.domain.planning import insert, may_be_dispatched, save_shares, set_plan, taken
from repairs.events import JobDispatched, JobMoved, JobReopened, JobShared, JobWithdrawn
from repairs.models import LIVE, Job, Sublet
from repairs.queries.floor import SHORTEST
from repairs.queries.free import business_spans, first_gap, plan_of
from repairs.queries.parts import OPEN, holds_parts
from repairs.queries.shares import percents
from stores.models import Bay, Staff
from visits.models import Visit


def work_of(line: Line) -> timedelta:
    """Planned business time of a line: its sold hours, at least half an hour."""
    return max(timedelta(hours=float(line.hours)), SHORTEST)


@transaction.atomic
def dispatch(
    line: Line,
    *,
    technician: Staff,
    start: datetime,
    end: datetime,
    by: Staff,
    bay: Bay | None = None,
    helpers: Mapping[Staff, int] | None = None,
    note: str = "",
    version: int | None = None,
) -> Job:
    """Give an approved line to a technician and a bay for a planned time (派工); `helpers`: who works with him (辅修), with
    the percent of the sold hours that is his.

    DomainError: not agreed with the customer, technician without a valid certificate or away, a time that cannot be.
    Conflict: dispatched already, or technician, helper or bay taken (the message names who and what is there).
    """
    visit, line = lock_line(line, version=version)
    may_be_dispatched(line)
    job = Job(
        store_id=visit.store_id,
        line=line,
        round=visit.round,
        dispatched_by=by,
        dispatched_at=clock.now(),
        note=note.strip(),
    )
    set_plan(visit, job, technician=technician, bay=bay, start=start, end=end, helpers=helpers or {})
    insert(job)
    orders.mark_work(line, work=LineWork.DISPATCHED, by=by)
    _journal(JobDispatched(job.pk, line.pk, job.technician_id, job.bay_id, start, end, job.round), visit, job, by)
    if helpers:
        save_shares(job, helpers)
        _journal_shares(visit, job, by)
    replan(visit)
    return job


@transaction.atomic
def move(
    job: Job,
    *,
    technician: Staff,
    start: datetime,
    end: datetime,
    by: Staff,
    bay: Bay | None = None,
    helpers: Mapping[Staff, int] | None = None,
    note: str | None = None,
    version: int | None = None,
) -> Job:
    """Plan a live job anew: another time, bay or technician. What was filled and clocked stays with the job.

    `helpers` None keeps who helps (but for him who now has the job himself); they are planned
    with it. While somebody works on it the technician stays; pause the job first. Refuses like `dispatch`.
    """
    visit, job = lock_job(job, version=version)
    in_repair(visit)
    if job.state not in LIVE:
        raise Conflict(
            _("This job is finished or withdrawn; there is nothing left to move."),
            code="not_live",
        )
    if job.state == JobState.STARTED and technician.pk != job.technician_id:
        raise Conflict(
            _("%(technician)s is working on it right now; pause the job before somebody else gets it.")
            % {"technician": job.technician.name},
            code="running",
        )
    former = job.technician_id
    before = {share.technician: share.percent for share in job.shares.all()}
    wanted = before if helpers is None else dict(helpers)
    if helpers is None:
        wanted = {person: percent for person, percent in before.items() if person.pk != technician.pk}
    set_plan(visit, job, technician=technician, bay=bay, start=start, end=end, helpers=wanted)
    if note is not None:
        job.note = note.strip()
    if wanted != before:
        _stays(job, before.keys() - wanted.keys())
        save_shares(job, wanted)
    try:
        with transaction.atomic():
            touch(job, "technician", "bay", "planned", "note")
    except IntegrityError as error:
        raise taken(error, job) from error
    _journal(JobMoved(job.pk, job.line_id, job.technician_id, former, job.bay_id, start, end), visit, job, by)
    if wanted != before:
        _journal_shares(visit, job, by)
    replan(visit)
    return job


def _stays(job: Job, leaving) -> None:
    """Nobody is taken off a job while his clock runs on it."""
    entry = job.clock.filter(technician__in=leaving, stopped_at=None).select_related("technician").first()
    if entry:
        raise Conflict(
            _("%(technician)s is working on it right now; pause the job first.")
            % {"technician": entry.technician.name},
            code="running",
        )


@transaction.atomic
def withdraw(job: Job, *, reason: str, by: Actor | HasActor, version: int | None = None) -> Job:
    """Take a job back from its technician; the line can be dispatched again.

    Refused while the clock runs, after it is finished, and while material issued to it is still in the workshop; open parts
    requests are cancelled with it.
    """
    visit, job = lock_job(job, version=version)
    if not reason.strip():
        raise DomainError(_("Say why the job is withdrawn."), code="reason_missing")
    if job.state not in (JobState.DISPATCHED, JobState.PAUSED):
        raise Conflict(
            _("%(technician)s is working on it right now; pause the job first.") % {"technician": job.technician.name}
            if job.state == JobState.STARTED
            else _("This job is finished or withdrawn already."),
            code="not_withdrawable",
        )
    if holds_parts(job):
        # What is only asked for is cancelled below; what was carried to the car has to come back by hand.
        raise Conflict(
            _("Parts were issued to this job; have them returned to the counter first."),
            code="holds_parts",
        )
    job.state, job.pause_reason, job.withdrawn_reason = (
        JobState.WITHDRAWN,
        "",
        reason.strip()[:200],
    )
    touch(job, "state", "pause_reason", "withdrawn_reason")
    for request in job.part_requests.filter(status__in=OPEN):
        give_up(request, reason=reason, by=by)
    orders.mark_work(job.line, work=LineWork.OPEN, by=by)
    _journal(JobWithdrawn(job.pk, job.line_id, job.technician_id), visit, job, by)
    replan(visit)
    return job


@transaction.atomic
def reopen(line: Line, *, round: int, by: Staff, note: str = "") -> Job | None:
    """A finished line comes back from inspection: a new job in `round`, given to who did it, at his next free time; what
    was done outside waits for dispatch instead (None).

    The plan is a first one, without a bay; the controller moves it where it suits. `note` tells the technician why. The same
    round again returns the job it made. Conflict if the line is not finished or the car is not in repair.
    """
    visit, line = lock_line(line)
    if again := Job.objects.filter(line=line, round=round).exclude(state=JobState.WITHDRAWN).first():
        return again
    last = Job.objects.filter(line=line, state=JobState.DONE).order_by("-round", "-id").first()
    if (
        last is None
        and line.work == LineWork.DONE
        and Sublet.objects.filter(line=line, state=SubletState.BACK).exists()
    ):
        orders.mark_work(line, work=LineWork.OPEN, by=by)
        replan(visit)
        return None
    if last is None or line.work != LineWork.DONE:
        raise Conflict(
            _("“%(item)s” is not finished; there is nothing to send back.") % {"item": line.title},
            code="not_done",
        )
    technician, _bay, _helpers = lock_people_and_place(visit, last.technician, None)
    now = clock.now()
    start, end = first_gap(
        business_spans(visit.store, now),
        plan_of(technician, after=now),
        after=now,
        work=SHORTEST,
    )
    job = Job(
        store_id=visit.store_id,
        line=line,
        round=round,
        technician=technician,
        planned=DateTimeTZRange(start, end),
        dispatched_by=by,
        dispatched_at=now,
        note=note[:200],
    )
    insert(job)
    orders.mark_work(line, work=LineWork.DISPATCHED, by=by)
    _journal(JobReopened(job.pk, line.pk, technician.pk, round), visit, job, by)
    replan(visit)
    return job


def _journal(evt, visit: Visit, job: Job, by: Actor | HasActor) -> None:
    record(evt, store_id=visit.store_id, subject=job, visit_id=visit.pk, by=by)


def _journal_shares(visit: Visit, job: Job, by: Staff) -> None:
    shares = percents(Job.objects.prefetch_related("shares").get(pk=job.pk))
    _journal(JobShared(job.pk, job.line_id, {str(key): percent for key, percent in shares.items()}), visit, job, by)
