"""Who may do what to a job."""

from __future__ import annotations

from repairs.models import Job
from stores.models import Staff


def may_work_on(staff: Staff, job: Job) -> bool:
    """Only who it was given to, or has a share of it, runs a clock on a job and fills its steps."""
    return staff.pk in job.people and staff.may("repairs.work")


def may_finish(staff: Staff, job: Job) -> bool:
    """The job's own technician answers for it: he says that it is done."""
    return staff.pk == job.technician_id and staff.may("repairs.work")


def may_stop(staff: Staff, job: Job) -> bool:
    """A forgotten clock may also be stopped by whoever dispatches."""
    return may_work_on(staff, job) or staff.may("repairs.dispatch")


def may_ask_for_parts(staff: Staff, job: Job) -> bool:
    return may_work_on(staff, job) or staff.may("repairs.dispatch")


def may_see(staff: Staff, job: Job) -> bool:
    """A technician sees the jobs he works on; those who dispatch, and the parts counter, see all."""
    return staff.pk in job.people or staff.may("repairs.dispatch") or staff.may("repairs.issue_parts")
