"""May this person and this place have this job at this time? Every check of a plan, each refusal as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from core import clock
from core.clock import local_day
from core.durations import short_time
from core.errors import Conflict, DomainError
from orders.choices import ConsentState, LineKind, LineWork
from orders.models import Line
from repairs.domain.locking import lock_people_and_place
from repairs.models import Job, JobShare
from repairs.queries.jobs import in_the_way, live_job
from repairs.queries.outside import live_sublet
from repairs.queries.people import away, certificate_problem
from stores.choices import Skill
from stores.models import Bay, Staff
from visits.models import Visit


def may_be_dispatched(line: Line) -> None:
    """Refuse a line that is not agreed, no work, with somebody already (in the house or outside), or finished."""
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
    if sublet := live_sublet(line):
        raise Conflict(
            _("“%(item)s” is outside, at %(supplier)s.") % {"item": line.title, "supplier": sublet.supplier},
            code="outside",
        )
    if line.work != LineWork.OPEN:
        raise Conflict(_("“%(item)s” is finished already.") % {"item": line.title}, code="done")


def set_plan(
    visit: Visit,
    job: Job,
    *,
    technician: Staff,
    bay: Bay | None,
    start: datetime,
    end: datetime,
    helpers: Mapping[Staff, int],
) -> dict[int, Staff]:
    """Set who, where and when on `job` after every check; nothing is saved. Returns the helpers' locked rows by id."""
    if start >= end:
        raise DomainError(_("The job must end after it starts."), code="order")
    if end <= clock.now():
        raise DomainError(_("This time is over; plan the job from now on."), code="past")
    _shares(technician, helpers)
    technician, bay, others = lock_people_and_place(visit, technician, bay, helpers)
    for person in (technician, *others.values()):
        _can_work(person, job, start, end, certified=person == technician)
    if bay is not None and not bay.active:
        raise DomainError(
            _("Bay %(bay)s is out of use; choose another one.") % {"bay": bay.code},
            code="bay_inactive",
        )
    if bay is not None and (other := in_the_way(start, end, bay=bay, but=job)):
        raise Conflict(_bay_taken(other), code="bay_taken")
    job.technician, job.bay, job.planned = technician, bay, DateTimeTZRange(start, end)
    return others


def _shares(technician: Staff, helpers: Mapping[Staff, int]) -> None:
    if technician.pk in {person.pk for person in helpers}:
        raise DomainError(
            _("%(name)s is the job's technician; helpers are others.") % {"name": technician.name}, code="helper"
        )
    percents = list(helpers.values())
    if any(not 1 <= percent <= 99 for percent in percents) or sum(percents) > 99:
        raise DomainError(
            _("Each share is at least one percent, and something is left for the job's technician."), code="share"
        )


def _can_work(person: Staff, job: Job, start: datetime, end: datetime, *, certified: bool) -> None:
    if not person.may("repairs.work"):
        raise DomainError(
            _("%(name)s is not a technician at work in this store; choose somebody else.") % {"name": person.name},
            code="not_a_technician",
        )
    _certified(job.line, person, end, store=job.line.visit.store, certified=certified)
    if leave := away(person, start, end):
        words = {"name": person.name, "kind": leave.get_kind_display(), "until": short_time(leave.during.upper)}
        raise DomainError(_("%(name)s is away (%(kind)s) until %(until)s.") % words, code="away")
    if other := in_the_way(start, end, technician=person, but=job):
        raise Conflict(_technician_taken(other, person), code="technician_taken")


def _certified(line: Line, technician: Staff, end: datetime, *, store, certified: bool) -> None:
    """The hard gate: certified for the operation's skill on the last day of the plan. Nobody can wave it through.

    Who helps (`certified` False) may be learning, but not at high voltage and not at what is safety-critical.
    """
    operation = line.operation
    if operation is None or not (certified or operation.key_operation or operation.skill == Skill.HIGH_VOLTAGE):
        return
    problem = certificate_problem(technician, operation.skill, on=local_day(store.zone, end))
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


def insert(job: Job) -> None:
    """Save a new job; the constraint that stops a race comes out as the sentence the check would have said."""
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError as error:
        raise taken(error, job) from error


def save_shares(job: Job, helpers: Mapping[Staff, int], *, live: bool = True) -> None:
    """Make the job's helpers exactly these."""
    job.shares.all().delete()
    try:
        with transaction.atomic():
            JobShare.objects.bulk_create(
                JobShare(
                    store_id=job.store_id, job=job, technician=person, percent=percent, planned=job.planned, live=live
                )
                for person, percent in helpers.items()
            )
    except IntegrityError as error:
        raise taken(error, job) from error


def taken(error: IntegrityError, job: Job) -> Exception:
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
    if "repairs_helper_free" in str(error):
        return Conflict(_("A helper was just given another job; choose another time."), code="technician_taken")
    if "repairs_technician_free" in str(error):
        other = in_the_way(start, end, technician=job.technician, but=job)
        return Conflict(
            _technician_taken(other, job.technician)
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


def _technician_taken(job: Job, person: Staff) -> str:
    words = {**_words(job), "technician": person.name}
    return (
        _(
            "%(technician)s has %(plate)s, “%(item)s”, from %(start)s to %(end)s. Choose another time or technician, or move that job first."
        )
        % words
    )
