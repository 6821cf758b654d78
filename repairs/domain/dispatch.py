"""Giving lines to people and places: dispatch, move, withdraw, and again after a failed inspection."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.clock import local_day
from core.durations import short_time
from core.errors import Conflict, DomainError
from journal.domain import record
from orders import domain as orders
from orders.choices import ConsentState, LineKind, LineWork
from orders.models import Line
from repairs.choices import JobState
from repairs.domain.locking import (
    in_repair,
    lock_job,
    lock_line,
    lock_people_and_place,
    touch,
)
from repairs.domain.parts import cancel_request
from repairs.events import JobDispatched, JobMoved, JobReopened, JobWithdrawn
from repairs.models import LIVE, Job
from repairs.queries.free import business_spans, first_gap, plan_of
from repairs.queries.jobs import in_the_way, live_job
from repairs.queries.parts import OPEN, holds_parts
from repairs.queries.people import certificate_problem
from stores.models import Bay, Staff
from visits.models import Visit

# A line without standard hours still takes somebody's time.
SHORTEST_JOB = timedelta(minutes=30)


def work_of(line: Line) -> timedelta:
    """Planned business time of a line: its sold hours, at least half an hour."""
    return max(timedelta(hours=float(line.hours)), SHORTEST_JOB)


@transaction.atomic
def dispatch(
    line: Line,
    *,
    technician: Staff,
    start: datetime,
    end: datetime,
    by: Staff,
    bay: Bay | None = None,
    note: str = "",
    version: int | None = None,
) -> Job:
    """Give an approved line to a technician and a bay for a planned time (派工).

    DomainError: not agreed with the customer, technician without a valid certificate, a time that cannot be. Conflict:
    dispatched already, or technician or bay taken (the message names who and what is there).
    """
    visit, line = lock_line(line, version=version)
    _may_be_dispatched(line)
    job = Job(
        store_id=visit.store_id,
        line=line,
        round=visit.round,
        dispatched_by=by,
        dispatched_at=clock.now(),
        note=note.strip(),
    )
    _plan(visit, job, technician=technician, bay=bay, start=start, end=end)
    _insert(job)
    orders.mark_work(line, work=LineWork.DISPATCHED, by=by)
    record(
        JobDispatched(job.pk, line.pk, job.technician_id, job.bay_id, start, end, job.round),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
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
    note: str | None = None,
    version: int | None = None,
) -> Job:
    """Plan a live job anew: another time, bay or technician. What was filled and clocked stays with the job.

    While somebody works on it the technician stays; pause the job first. Refuses like `dispatch`.
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
    _plan(visit, job, technician=technician, bay=bay, start=start, end=end)
    if note is not None:
        job.note = note.strip()
    try:
        with transaction.atomic():
            touch(job, "technician", "bay", "planned", "note")
    except IntegrityError as error:
        raise _taken(error, job) from error
    record(
        JobMoved(job.pk, job.line_id, job.technician_id, former, job.bay_id, start, end),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
    return job


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
        cancel_request(request, reason=reason, by=by)
    orders.mark_work(job.line, work=LineWork.OPEN, by=by)
    record(
        JobWithdrawn(job.pk, job.line_id, job.technician_id),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
    return job


@transaction.atomic
def reopen(line: Line, *, round: int, by: Staff) -> Job:
    """A finished line comes back from inspection: a new job in `round`, given to who did it, at his next free time.

    The plan is a first one, without a bay; the controller moves it where it suits. The same round again returns the job
    it made. Conflict if the line is not finished or the car is not in repair.
    """
    visit, line = lock_line(line)
    if again := Job.objects.filter(line=line, round=round).exclude(state=JobState.WITHDRAWN).first():
        return again
    last = Job.objects.filter(line=line, state=JobState.DONE).order_by("-round", "-id").first()
    if last is None or line.work != LineWork.DONE:
        raise Conflict(
            _("“%(item)s” is not finished; there is nothing to send back.") % {"item": line.title},
            code="not_done",
        )
    technician, _bay = lock_people_and_place(visit, last.technician, None)
    now = clock.now()
    start, end = first_gap(
        business_spans(visit.store, now),
        plan_of(technician, after=now),
        after=now,
        work=SHORTEST_JOB,
    )
    job = Job(
        store_id=visit.store_id,
        line=line,
        round=round,
        technician=technician,
        planned=DateTimeTZRange(start, end),
        dispatched_by=by,
        dispatched_at=now,
    )
    _insert(job)
    orders.mark_work(line, work=LineWork.DISPATCHED, by=by)
    record(
        JobReopened(job.pk, line.pk, technician.pk, round),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
    return job


def _may_be_dispatched(line: Line) -> None:
    refusal = {
        ConsentState.DRAFT: _("“%(item)s” has not been shown to the customer yet; no work without consent."),
        ConsentState.ASKED: _("The customer has not answered about “%(item)s” yet; no work without consent."),
        ConsentState.DECLINED: _("The customer declined “%(item)s”; it may not be worked on."),
    }.get(line.consent_state)
    if refusal:
        raise DomainError(refusal % {"item": line.title}, code="no_consent")
    if line.kind != LineKind.JOB:
        raise DomainError(
            _("“%(item)s” is a fee; there is no work to dispatch.") % {"item": line.title},
            code="no_work",
        )
    if job := live_job(line):
        raise Conflict(_already(job), code="dispatched")
    if line.work != LineWork.OPEN:
        raise Conflict(_("“%(item)s” is finished already.") % {"item": line.title}, code="done")


def _plan(
    visit: Visit,
    job: Job,
    *,
    technician: Staff,
    bay: Bay | None,
    start: datetime,
    end: datetime,
) -> None:
    """Set who, where and when on `job` after every check; nothing is saved."""
    if start >= end:
        raise DomainError(_("The job must end after it starts."), code="order")
    if end <= clock.now():
        raise DomainError(_("This time is over; plan the job from now on."), code="past")
    technician, bay = lock_people_and_place(visit, technician, bay)
    if not technician.may("repairs.work"):
        raise DomainError(
            _("%(name)s is not a technician at work in this store; choose somebody else.") % {"name": technician.name},
            code="not_a_technician",
        )
    if bay is not None and not bay.active:
        raise DomainError(
            _("Bay %(bay)s is out of use; choose another one.") % {"bay": bay.code},
            code="bay_inactive",
        )
    _certified(visit, job.line, technician, end)
    if other := in_the_way(start, end, technician=technician, but=job):
        raise Conflict(_technician_taken(other), code="technician_taken")
    if bay is not None and (other := in_the_way(start, end, bay=bay, but=job)):
        raise Conflict(_bay_taken(other), code="bay_taken")
    job.technician, job.bay, job.planned = technician, bay, DateTimeTZRange(start, end)


def _certified(visit: Visit, line: Line, technician: Staff, end: datetime) -> None:
    """The hard gate: certified for the operation's skill on the last day of the plan. Nobody can wave it through."""
    operation = line.operation
    if operation is None:
        return
    problem = certificate_problem(technician, operation.skill, on=local_day(visit.store.zone, end))
    if not problem:
        return
    if operation.key_operation:
        problem = _("%(problem)s “%(item)s” is safety-critical.") % {
            "problem": problem,
            "item": line.title,
        }
    raise DomainError(
        _("%(problem)s Choose somebody who is.") % {"problem": problem},
        code="not_certified",
    )


def _insert(job: Job) -> None:
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(error, job) from error


def _taken(error: IntegrityError, job: Job) -> Exception:
    """The constraint that stopped a race, as the same sentence the check would have said."""
    start, end = job.planned.lower, job.planned.upper
    if "repairs_job_once" in str(error):
        other = live_job(job.line)
        return Conflict(
            _already(other) if other else _("This line was dispatched already; reload the board."),
            code="dispatched",
        )
    if "repairs_bay_free" in str(error):
        other = in_the_way(start, end, bay=job.bay, but=job)
        return Conflict(
            _bay_taken(other) if other else _("This bay was just taken; choose another one."),
            code="bay_taken",
        )
    if "repairs_technician_free" in str(error):
        other = in_the_way(start, end, technician=job.technician, but=job)
        return Conflict(
            _technician_taken(other)
            if other
            else _("This technician was just given another job; choose another time."),
            code="technician_taken",
        )
    return error


def _words(job: Job) -> dict[str, str]:
    return {
        "bay": job.bay.code if job.bay else "",
        "technician": job.technician.name,
        "plate": str(job.line.visit.vehicle),
        "item": job.line.title,
        "start": short_time(job.planned.lower),
        "end": short_time(job.planned.upper),
    }


def _already(job: Job) -> str:
    return _("“%(item)s” is dispatched already: %(technician)s, %(start)s to %(end)s.") % _words(job)


def _bay_taken(job: Job) -> str:
    return _(
        "Bay %(bay)s is taken from %(start)s to %(end)s: %(plate)s, “%(item)s”, %(technician)s. Choose another bay or time."
    ) % _words(job)


def _technician_taken(job: Job) -> str:
    return _(
        "%(technician)s has %(plate)s, “%(item)s”, from %(start)s to %(end)s. Choose another time or technician, or move that job first."
    ) % _words(job)
