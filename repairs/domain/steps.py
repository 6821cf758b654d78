"""Work steps: what the technician fills, and the second signature of those that brakes, steering, airbags and high voltage hang on."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.choices import StepKind
from catalogue.models import WorkStep
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from journal.domain import record
from repairs.choices import JobState
from repairs.domain.locking import in_repair, lock_job, not_in_state, own
from repairs.events import StepFilled, StepSigned
from repairs.models import LIVE, Job, StepResult
from repairs.queries.jobs import range_text
from repairs.queries.signing import signing_problem
from stores.models import Staff
from visits import domain as visits
from visits.choices import PhotoKind
from visits.models import Photo, Visit

LARGEST = Decimal(10) ** 8


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
    operation. Filling again corrects the earlier entry. Only while the job is in work or paused, only by who works on it.
    """
    visit, job = lock_job(job)
    in_repair(visit)
    own(job, by)
    if job.state not in (JobState.STARTED, JobState.PAUSED):
        raise Conflict(not_in_state(job), code="wrong_state")
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
            # What was signed is not what stands there now.
            "signed_by": None,
            "signed_at": None,
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


@transaction.atomic
def sign_step(result: StepResult, *, by: Staff) -> StepResult:
    """Sign a filled key step in the process (过程检验): somebody qualified who works on nothing of this job has looked at it.

    The same again is harmless. NotAllowed for whoever filled it, works on the job or holds no certificate for it; Conflict
    once the job is over. A later correction of the entry takes the signature away.
    """
    visit, job = lock_job(result.job)
    in_repair(visit)
    result = StepResult.objects.select_for_update(of=("self",), no_key=True).select_related("step").get(pk=result.pk)
    if result.signed_by_id:
        return result
    if job.state not in LIVE:
        raise Conflict(_("This job is over; nothing is signed on it any more."), code="not_live")
    if not result.step.key_step:
        raise DomainError(_("This step takes no second signature."), code="no_key_step")
    if problem := signing_problem(by, job, result):
        raise NotAllowed(problem)
    result.signed_by, result.signed_at = by, clock.now()
    result.save(update_fields=["signed_by", "signed_at"])
    record(
        StepSigned(job.pk, result.step_id, result.by_id),
        store_id=visit.store_id,
        subject=job,
        visit_id=visit.pk,
        by=by,
    )
    return result


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
