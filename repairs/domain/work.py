"""The technicians' clocks on a job: start, join, pause, resume, finish; and the car on to inspection.

Times are the server's, never a device's: a phone with a wrong clock changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from journal.domain import record
from orders import domain as orders
from orders.choices import ConsentState, LineWork
from repairs.choices import JobState, PauseReason
from repairs.domain.floor import replan
from repairs.domain.locking import in_repair, lock_job, not_in_state, own, touch, whose
from repairs.domain.shifts import be_here
from repairs.events import JobFinished, JobJoined, JobLeft, JobPaused, JobResumed, JobStarted
from repairs.models import ClockEntry, Job
from repairs.queries.jobs import clocked, missing_steps, running
from repairs.queries.shares import percents
from repairs.queries.signing import unsigned
from repairs.rules import may_finish, may_stop, may_work_on
from stores.models import Staff
from visits import domain as visits
from visits.models import Visit


@transaction.atomic
def start(job: Job, *, by: Staff) -> Job:
    """Begin work: the clock of whoever works on it runs, for one job at a time.

    NotAllowed for anybody who does not work on the job; Conflict when begun already or another job's clock runs (the
    message says which); DomainError when the line is not agreed any more.
    """
    visit, job = lock_job(job)
    own(job, by)
    if job.state != JobState.DISPATCHED:
        raise Conflict(not_in_state(job), code="wrong_state")
    _begin(visit, job, by)
    _journal(JobStarted(job.pk, job.line_id, by.pk), visit, job, by)
    orders.mark_work(job.line, work=LineWork.STARTED, by=by)
    replan(visit)
    return job


@transaction.atomic
def resume(job: Job, *, by: Staff) -> Job:
    """Go on with a paused job; refuses like `start`."""
    visit, job = lock_job(job)
    own(job, by)
    if job.state != JobState.PAUSED:
        raise Conflict(not_in_state(job), code="wrong_state")
    _begin(visit, job, by)
    _journal(JobResumed(job.pk, job.line_id, by.pk), visit, job, by)
    orders.mark_work(job.line, work=LineWork.STARTED, by=by)
    replan(visit)
    return job


@transaction.atomic
def join(job: Job, *, by: Staff) -> Job:
    """Work on a job that is in work already: one's own clock runs beside the others'; refuses like `start`."""
    visit, job = lock_job(job)
    own(job, by)
    if job.state != JobState.STARTED:
        raise Conflict(not_in_state(job), code="wrong_state")
    if job.clock.filter(technician=by, stopped_at=None).exists():
        raise Conflict(not_in_state(job), code="clock_running")
    _begin(visit, job, by)
    _journal(JobJoined(job.pk, job.line_id, by.pk), visit, job, by)
    return job


@transaction.atomic
def pause(job: Job, *, reason: PauseReason | str, by: Staff) -> Job:
    """Stop one's clock with its reason; while another one's runs, the work goes on without him, else it pauses.

    Whoever dispatches stops all of them: somebody forgets and goes home. Conflict when nothing of his runs.
    """
    visit, job = lock_job(job)
    if not may_stop(by, job):
        raise NotAllowed(whose(job))
    if reason not in PauseReason.values:
        raise DomainError(_("Choose why the work pauses."), code="reason_missing")
    if job.state != JobState.STARTED:
        raise Conflict(not_in_state(job), code="wrong_state")
    going = list(job.clock.filter(stopped_at=None))
    mine = [entry for entry in going if entry.technician_id == by.pk] if may_work_on(by, job) else going
    if not mine:
        raise Conflict(_("Your clock does not run on this job."), code="no_clock")
    seconds = _stop(mine, reason)
    if len(mine) < len(going):
        _journal(JobLeft(job.pk, job.line_id, by.pk, str(reason), seconds), visit, job, by)
        return job
    job.state, job.pause_reason = JobState.PAUSED, reason
    touch(job, "state", "pause_reason")
    _journal(JobPaused(job.pk, job.line_id, job.technician_id, str(reason), seconds), visit, job, by)
    orders.mark_work(job.line, work=LineWork.PAUSED, by=by)
    replan(visit)
    return job


@transaction.atomic
def finish(job: Job, *, by: Staff, cause: str = "", correction: str = "") -> Job:
    """End a job that is in work: every required step is filled, key steps carry their second signature, all clocks stop,
    the line is done.

    Only its own technician finishes it. `cause` and `correction` are written to the line where given. DomainError naming
    the steps that are empty or not signed; Conflict when the job is not in work.
    """
    visit, job = lock_job(job)
    in_repair(visit)
    if not may_finish(by, job):
        raise NotAllowed(whose(job))
    if job.state != JobState.STARTED:
        raise Conflict(not_in_state(job), code="wrong_state")
    _steps_done(job)
    _stop(job.clock.filter(stopped_at=None), "")
    job.state, job.finished_at = JobState.DONE, clock.now()
    touch(job, "state", "finished_at")
    if cause.strip() or correction.strip():
        orders.set_cause(job.line, cause=cause.strip(), correction=correction.strip(), by=by)
    orders.mark_work(job.line, work=LineWork.DONE, by=by)
    shares = {str(key): percent for key, percent in percents(job).items()} if job.shares.all() else {}
    finished = JobFinished(
        job.pk,
        job.line_id,
        by.pk,
        int(clocked(job, now=job.finished_at).total_seconds()),
        job.line.hours,
        job.round,
        shares,
    )
    _journal(finished, visit, job, by)
    replan(visit)
    return job


def to_inspection(visit: Visit, *, by: Staff, version: int | None = None) -> Visit:
    """The workshop is through with the car: on to final inspection. GateClosed with what is missing."""
    return visits.advance(visit, to=Stage.INSPECTION, by=by, version=version)


def stop_forgotten(job: Job, *, at: datetime, by: Actor | HasActor) -> Job:
    """Pause a job whose clocks were left running past the end of business, as of `at`, for its own technician."""
    visit, job = lock_job(job)
    if job.state != JobState.STARTED:
        return job
    seconds = _stop(job.clock.filter(stopped_at=None), PauseReason.END_OF_SHIFT, at=at)
    job.state, job.pause_reason = JobState.PAUSED, PauseReason.END_OF_SHIFT
    touch(job, "state", "pause_reason")
    paused = JobPaused(job.pk, job.line_id, job.technician_id, PauseReason.END_OF_SHIFT.value, seconds)
    _journal(paused, visit, job, by)
    orders.mark_work(job.line, work=LineWork.PAUSED, by=by)
    replan(visit)
    return job


def _steps_done(job: Job) -> None:
    if missing := missing_steps(job):
        raise DomainError(
            _("Fill these steps before the job can finish: %(steps)s.")
            % {"steps": _(", ").join(step.name for step in missing)},
            code="steps_missing",
        )
    if waiting := unsigned(job):
        raise DomainError(
            _("A second qualified person has to sign before the job can finish: %(steps)s.")
            % {"steps": _(", ").join(result.step.name for result in waiting)},
            code="signature_missing",
        )


def _journal(evt, visit: Visit, job: Job, by: Actor | HasActor) -> None:
    record(evt, store_id=visit.store_id, subject=job, visit_id=visit.pk, by=by)


def _begin(visit: Visit, job: Job, by: Staff) -> None:
    """Start somebody's clock and put the job in work."""
    in_repair(visit)
    if job.line.consent_state != ConsentState.APPROVED:
        raise DomainError(
            _("The customer's consent to “%(item)s” is not there any more; ask the advisor.")
            % {"item": job.line.title},
            code="no_consent",
        )
    now = clock.now()
    if entry := running(by):
        raise _other_running(entry)
    try:
        with transaction.atomic():
            ClockEntry.objects.create(
                store_id=job.store_id,
                job=job,
                technician=by,
                started_at=now,
            )
    except IntegrityError as error:
        if "repairs_one_clock_running" in str(error) and (entry := running(by)):
            raise _other_running(entry) from error
        raise
    be_here(by, at=now)
    job.state, job.pause_reason, job.started_at = (
        JobState.STARTED,
        "",
        job.started_at or now,
    )
    touch(job, "state", "pause_reason", "started_at")


def _other_running(entry: ClockEntry) -> Conflict:
    line = entry.job.line
    return Conflict(
        _("Your clock runs on %(plate)s, “%(item)s”. Pause or finish that job first.")
        % {"plate": str(line.visit.vehicle), "item": line.title},
        code="clock_running",
    )


def _stop(entries, reason: str, *, at: datetime | None = None) -> int:
    """Stop running clocks; seconds of the stretches that end, together."""
    now, seconds = at or clock.now(), 0
    for entry in entries:
        # A clock set back between two machines must not make time run backwards.
        entry.stopped_at, entry.stop_reason = max(now, entry.started_at), reason
        entry.save(update_fields=["stopped_at", "stop_reason"])
        seconds += int((entry.stopped_at - entry.started_at).total_seconds())
    return seconds
