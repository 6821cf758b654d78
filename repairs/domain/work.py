"""The technician's clock and work steps: start, pause, resume, fill, finish; and the car on to inspection."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.choices import StepKind
from catalogue.models import WorkStep
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from journal.domain import record
from orders import domain as orders
from orders.choices import ConsentState, LineWork
from repairs.choices import JobState, PauseReason
from repairs.domain.locking import in_repair, lock_job, touch
from repairs.events import JobFinished, JobPaused, JobResumed, JobStarted, StepFilled
from repairs.models import ClockEntry, Job, StepResult
from repairs.queries.jobs import clocked, missing_steps, range_text, running
from repairs.rules import may_stop, may_work_on
from stores.models import Staff
from visits import domain as visits
from visits.choices import PhotoKind
from visits.models import Photo, Visit

LARGEST = Decimal(10) ** 8


@transaction.atomic
def start(job: Job, *, by: Staff) -> Job:
    """Begin work: the technician's clock runs, for one job at a time.

    NotAllowed for anybody but the job's technician; Conflict when begun already or another job's clock runs (the message
    says which); DomainError when the line is not agreed any more.
    """
    visit, job = lock_job(job)
    _own(job, by)
    if job.state != JobState.DISPATCHED:
        raise Conflict(_not_in_state(job), code="wrong_state")
    _begin(visit, job)
    record(
        JobStarted(job.pk, job.line_id, by.pk),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
    orders.mark_work(job.line, work=LineWork.STARTED, by=by)
    return job


@transaction.atomic
def resume(job: Job, *, by: Staff) -> Job:
    """Go on with a paused job; refuses like `start`."""
    visit, job = lock_job(job)
    _own(job, by)
    if job.state != JobState.PAUSED:
        raise Conflict(_not_in_state(job), code="wrong_state")
    _begin(visit, job)
    record(
        JobResumed(job.pk, job.line_id, by.pk),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
    orders.mark_work(job.line, work=LineWork.STARTED, by=by)
    return job


@transaction.atomic
def pause(job: Job, *, reason: PauseReason | str, by: Staff) -> Job:
    """Stop the clock with its reason. Whoever dispatches may do it too: somebody forgets and goes home."""
    visit, job = lock_job(job)
    if not may_stop(by, job):
        raise NotAllowed(_whose(job))
    if reason not in PauseReason.values:
        raise DomainError(_("Choose why the work pauses."), code="reason_missing")
    if job.state != JobState.STARTED:
        raise Conflict(_not_in_state(job), code="wrong_state")
    seconds = _stop_clock(job, reason)
    job.state, job.pause_reason = JobState.PAUSED, reason
    touch(job, "state", "pause_reason")
    record(
        JobPaused(job.pk, job.line_id, job.technician_id, str(reason), seconds),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
    orders.mark_work(job.line, work=LineWork.PAUSED, by=by)
    return job


@transaction.atomic
def finish(job: Job, *, by: Staff, cause: str = "", correction: str = "") -> Job:
    """End a job that is in work: every required step is filled, the clock stops, the line is done.

    `cause` and `correction` are written to the line where given. DomainError naming the steps that are empty; Conflict
    when the job is not in work.
    """
    visit, job = lock_job(job)
    in_repair(visit)
    _own(job, by)
    if job.state != JobState.STARTED:
        raise Conflict(_not_in_state(job), code="wrong_state")
    if missing := missing_steps(job):
        raise DomainError(
            _("Fill these steps before the job can finish: %(steps)s.")
            % {"steps": _(", ").join(step.name for step in missing)},
            code="steps_missing",
        )
    _stop_clock(job, "")
    job.state, job.finished_at = JobState.DONE, clock.now()
    touch(job, "state", "finished_at")
    if cause.strip() or correction.strip():
        orders.set_cause(job.line, cause=cause.strip(), correction=correction.strip(), by=by)
    orders.mark_work(job.line, work=LineWork.DONE, by=by)
    record(
        JobFinished(
            job.pk,
            job.line_id,
            by.pk,
            int(clocked(job, now=job.finished_at).total_seconds()),
            job.line.hours,
            job.round,
        ),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
    return job


@transaction.atomic
def fill_step(
    job: Job,
    step: WorkStep,
    *,
    by: Staff,
    value: Decimal | None = None,
    text: str = "",
    photo=None,
    reason: str = "",
) -> StepResult:
    """Fill a work step by its kind: a tick needs nothing more, the others their value, text or photo (an upload).

    A value outside the range needs `reason`. A step may be left out with `reason` alone, but not one of a safety-critical
    operation. Filling again corrects the earlier entry. Only while the job is in work or paused, only by its technician.
    """
    visit, job = lock_job(job)
    in_repair(visit)
    _own(job, by)
    if job.state not in (JobState.STARTED, JobState.PAUSED):
        raise Conflict(_not_in_state(job), code="wrong_state")
    if step.operation_id != job.line.operation_id:
        raise DomainError(_("This step does not belong to this job."), code="other_step")
    text, reason = text.strip()[:200], reason.strip()[:200]
    before = StepResult.objects.filter(job=job, step=step).first()
    kept = before.photo if before else None
    has_photo = photo is not None or kept is not None
    _check_entry(job, step, value=value, text=text, has_photo=has_photo, reason=reason)
    result, created = StepResult.objects.update_or_create(
        store_id=visit.store_id,
        job=job,
        step=step,
        defaults={
            "value": value,
            "text": text,
            "out_of_range_reason": reason if _needs_excuse(step, value, text, has_photo, reason) else "",
            "photo": _stored(visit, step, photo, by) if photo is not None else kept,
            "by": by,
            "at": clock.now(),
        },
    )
    record(
        StepFilled(job.pk, step.pk, bool(result.out_of_range_reason), not created),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
    return result


def to_inspection(visit: Visit, *, by: Staff, version: int | None = None) -> Visit:
    """The workshop is through with the car: on to final inspection. GateClosed with what is missing."""
    return visits.advance(visit, to=Stage.INSPECTION, by=by, version=version)


def _own(job: Job, by: Staff) -> None:
    if not may_work_on(by, job):
        raise NotAllowed(_whose(job))


def _whose(job: Job) -> str:
    return _("This job is %(technician)s's; have the controller move it if somebody else does it.") % {
        "technician": job.technician.name
    }


def _not_in_state(job: Job) -> str:
    return {
        JobState.DISPATCHED: _("This job has not been started; start it first."),
        JobState.STARTED: _("This job is in work already."),
        JobState.PAUSED: _("This job is paused; resume it first."),
        JobState.DONE: _("This job is finished already."),
        JobState.WITHDRAWN: _("This job was withdrawn; look at your list."),
    }[job.state]


def _begin(visit: Visit, job: Job) -> None:
    """Start the clock and put the job in work."""
    in_repair(visit)
    if job.line.consent_state != ConsentState.APPROVED:
        raise DomainError(
            _("The customer's consent to “%(item)s” is not there any more; ask the advisor.")
            % {"item": job.line.title},
            code="no_consent",
        )
    now = clock.now()
    if entry := running(job.technician):
        raise _other_running(entry)
    try:
        with transaction.atomic():
            ClockEntry.objects.create(
                store_id=job.store_id,
                job=job,
                technician=job.technician,
                started_at=now,
            )
    except IntegrityError as error:
        if "repairs_one_clock_running" in str(error) and (entry := running(job.technician)):
            raise _other_running(entry) from error
        raise
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


def _stop_clock(job: Job, reason: str) -> int:
    """Stop the job's running clock; seconds of the stretch that ends."""
    now, seconds = clock.now(), 0
    for entry in job.clock.filter(stopped_at=None):
        # A clock set back between two machines must not make time run backwards.
        entry.stopped_at, entry.stop_reason = max(now, entry.started_at), reason
        entry.save(update_fields=["stopped_at", "stop_reason"])
        seconds += int((entry.stopped_at - entry.started_at).total_seconds())
    return seconds


def _in_range(step: WorkStep, value: Decimal) -> bool:
    return (step.low is None or value >= step.low) and (step.high is None or value <= step.high)


def _is_empty(step: WorkStep, value: Decimal | None, text: str, has_photo: bool) -> bool:
    return {
        StepKind.TICK: False,
        StepKind.VALUE: value is None,
        StepKind.TEXT: not text,
        StepKind.PHOTO: not has_photo,
    }[step.kind]


def _needs_excuse(step: WorkStep, value: Decimal | None, text: str, has_photo: bool, reason: str) -> bool:
    if step.kind == StepKind.TICK:
        # A tick has no entry of its own: with a reason it says "left out".
        return bool(reason)
    if _is_empty(step, value, text, has_photo):
        return True
    return step.kind == StepKind.VALUE and not _in_range(step, value)


def _check_entry(
    job: Job,
    step: WorkStep,
    *,
    value: Decimal | None,
    text: str,
    has_photo: bool,
    reason: str,
) -> None:
    if value is not None and (abs(value) >= LARGEST or value != round(value, 2)):
        raise DomainError(_("A measured value has at most two decimals."), code="precision")
    if _is_empty(step, value, text, has_photo) or (step.kind == StepKind.TICK and reason):
        _check_left_out(job, step, reason)
    elif step.kind == StepKind.VALUE and not _in_range(step, value) and not reason:
        raise DomainError(
            _("“%(step)s”: %(value)s is outside %(range)s; measure again or say why.")
            % {"step": step.name, "value": value, "range": range_text(step)},
            code="out_of_range",
        )


def _check_left_out(job: Job, step: WorkStep, reason: str) -> None:
    if job.line.operation.key_operation:
        raise DomainError(
            _("“%(item)s” is safety-critical: “%(step)s” cannot be left out.")
            % {"item": job.line.title, "step": step.name},
            code="key_step",
        )
    if not reason:
        raise DomainError(
            _("“%(step)s” is empty: fill it in, or say why it is left out.") % {"step": step.name},
            code="empty",
        )


def _stored(visit: Visit, step: WorkStep, upload, by: Staff) -> Photo:
    return visits.store_photo(visit, kind=PhotoKind.WORK_STEP, upload=upload, by=by, caption=step.name)
