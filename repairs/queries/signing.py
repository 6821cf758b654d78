"""Second signatures of key steps: which are missing, and who may give them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.clock import local_day
from core.stages import Stage
from repairs.models import LIVE, Job, StepResult
from repairs.queries.people import certificate_problem
from stores.choices import Skill
from stores.models import Staff


def signing_problem(staff: Staff, job: Job, result: StepResult) -> str:
    """Why `staff` may not sign a key step of `job`, as a sentence; empty if he may.

    Qualified is who holds the operation's own certificate, or the inspector's; for high voltage nothing but the former.
    """
    if not staff.may("repairs.sign_step"):
        return _("Your role signs no work steps.")
    if staff.pk == result.by_id or staff.pk in job.people:
        return _("You work on this job; somebody else has to sign the step.")
    operation = job.line.operation
    day = local_day(staff.store.zone, clock.now())
    problem = certificate_problem(staff, operation.skill, on=day)
    if problem and operation.skill != Skill.HIGH_VOLTAGE and not certificate_problem(staff, Skill.INSPECTION, on=day):
        return ""
    return problem


def unsigned(job: Job) -> list[StepResult]:
    """Filled key steps of a job that nobody else has signed yet."""
    return list(
        StepResult.objects.filter(job=job, step__key_step=True, signed_by=None)
        .select_related("step")
        .order_by("step__position")
    )


def waiting_for_signature() -> QuerySet[StepResult]:
    """Everything in the workshop that waits for a second signature, the nearest promise first."""
    return (
        StepResult.objects.filter(
            step__key_step=True, signed_by=None, job__state__in=LIVE, job__line__visit__stage=Stage.REPAIR
        )
        .select_related(
            "step", "photo", "by", "job__technician", "job__bay", "job__line__operation", "job__line__visit__vehicle"
        )
        .prefetch_related("job__shares")
        .order_by("job__line__visit__promised_at", "at")
    )


def to_sign(staff: Staff) -> list[StepResult]:
    """What `staff` himself may sign now."""
    if not staff.may("repairs.sign_step"):
        return []
    return [row for row in waiting_for_signature() if not signing_problem(staff, row.job, row)]
