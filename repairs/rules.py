"""Who may do what to a job."""

from __future__ import annotations

from repairs.models import Job
from stores.models import Staff


def may_work_on(staff: Staff, job: Job) -> bool:
    """Only the technician it was given to runs the clock of a job and fills its steps."""
    return staff.pk == job.technician_id and staff.may("repairs.work")


def may_stop(staff: Staff, job: Job) -> bool:
    """A forgotten clock may also be stopped by whoever dispatches."""
    return may_work_on(staff, job) or staff.may("repairs.dispatch")


def may_ask_for_parts(staff: Staff, job: Job) -> bool:
    return may_work_on(staff, job) or staff.may("repairs.dispatch")


def may_see(staff: Staff, job: Job) -> bool:
    """A technician sees his own jobs; those who dispatch, and the parts counter, see all."""
    return staff.pk == job.technician_id or staff.may("repairs.dispatch") or staff.may("repairs.issue_parts")
