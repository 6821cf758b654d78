"""Locked rows of the workshop, always in the order visit, line, job, people and places, stock."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from orders.models import Line
from repairs.choices import JobState
from repairs.models import Job, PartRequest
from repairs.rules import may_work_on
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
        .prefetch_related("shares__technician")
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
        .select_related("line_part__part", "job__line", "issued_by")
        .get(pk=request.pk)
    )
    return visit, locked


def lock_people_and_place(
    visit: Visit, technician: Staff, bay: Bay | None, helpers: Iterable[Staff] = ()
) -> tuple[Staff, Bay | None, dict[int, Staff]]:
    """Technician, bay and helpers (by id), locked, so that who plans for them next sees this plan.

    Exclusion constraints catch whatever slips past; but two transactions that insert at the same moment would wait for
    each other there, and the database would break one off with a deadlock instead of a name. People are locked by id.
    """
    keys = {technician.pk, *(person.pk for person in helpers)}
    rows = Staff.objects.select_related("role").prefetch_related("qualifications", "leaves")
    locked = {
        person.pk: person
        for person in rows.select_for_update(of=("self",), no_key=True)
        .filter(store_id=visit.store_id, pk__in=keys)
        .order_by("pk")
    }
    if keys - locked.keys():
        raise DomainError(_("This technician does not work in this store."), code="other_store")
    if bay is not None:
        bay = (
            Bay.objects.select_for_update(of=("self",), no_key=True).filter(store_id=visit.store_id, pk=bay.pk).first()
        )
        if bay is None:
            raise DomainError(_("This bay is not one of this store."), code="other_store")
    return locked.pop(technician.pk), bay, locked


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


def own(job: Job, by: Staff) -> None:
    """NotAllowed for anybody who does not work on the job."""
    if not may_work_on(by, job):
        raise NotAllowed(whose(job))


def whose(job: Job) -> str:
    return _("This job is %(technician)s's; have the controller move it if somebody else does it.") % {
        "technician": job.technician.name
    }


def not_in_state(job: Job) -> str:
    """Why something cannot be done with a job in its state."""
    return {
        JobState.DISPATCHED: _("This job has not been started; start it first."),
        JobState.STARTED: _("This job is in work already."),
        JobState.PAUSED: _("This job is paused; resume it first."),
        JobState.DONE: _("This job is finished already."),
        JobState.WITHDRAWN: _("This job was withdrawn; look at your list."),
    }[job.state]
