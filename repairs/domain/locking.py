"""Locked rows of the workshop, always in the order visit, line, job, people and places, stock."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError
from core.stages import Stage
from orders.models import Line
from repairs.models import Job, PartRequest
from stores.models import Bay, Staff
from visits import domain as visits
from visits.models import Visit


def lock_line(line: Line, *, version: int | None = None) -> tuple[Visit, Line]:
    """Visit and line, locked; Conflict unless the car is in repair."""
    visit = in_repair(visits.lock(line.visit_id, version=version))
    locked = Line.objects.select_for_update(of=("self",), no_key=True).select_related("operation").get(pk=line.pk)
    return visit, locked


def lock_job(job: Job, *, version: int | None = None) -> tuple[Visit, Job]:
    """Visit and job, locked. `version` is the one the person's form was made from: Conflict if the job changed since."""
    visit = visits.lock(job.line.visit_id)
    locked = (
        Job.objects.select_for_update(of=("self",), no_key=True)
        .select_related("line__operation", "line__visit__vehicle", "technician__role", "bay")
        .get(pk=job.pk)
    )
    if version is not None and version != locked.version:
        raise Conflict(
            _("Somebody else changed this job meanwhile. Reload to see it as it is now."),
            code="stale",
        )
    return visit, locked


def lock_request(request: PartRequest) -> tuple[Visit, PartRequest]:
    visit = visits.lock(request.job.line.visit_id)
    locked = (
        PartRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("line_part", "job__line", "issued_by")
        .get(pk=request.pk)
    )
    return visit, locked


def lock_people_and_place(visit: Visit, technician: Staff, bay: Bay | None) -> tuple[Staff, Bay | None]:
    """Technician and bay, locked, so that who plans for them next sees this plan.

    Two exclusion constraints catch whatever slips past; but two transactions that insert at the same moment would wait for
    each other there, and the database would break one off with a deadlock instead of a name.
    """
    technician = _of_store(
        Staff.objects.select_related("role").prefetch_related("qualifications"),
        visit,
        technician,
        _("This technician does not work in this store."),
    )
    bay = bay and _of_store(Bay.objects, visit, bay, _("This bay is not one of this store."))
    return technician, bay


def _of_store(rows, visit: Visit, wanted, refusal: str):
    row = rows.select_for_update(of=("self",), no_key=True).filter(store_id=visit.store_id, pk=wanted.pk).first()
    if row is None:
        raise DomainError(refusal, code="other_store")
    return row


def in_repair(visit: Visit) -> Visit:
    """The visit, if the car is in the workshop's hands; else Conflict with where it is."""
    if visit.stage != Stage.REPAIR:
        raise Conflict(
            _("The car is not in repair; it is at “%(stage)s”.") % {"stage": Stage(visit.stage).label},
            code="not_in_repair",
        )
    return visit


def touch(job: Job, *fields: str) -> None:
    """Save a locked job's changed fields under its next version."""
    job.version += 1
    job.save(update_fields=[*fields, "version"])
