"""Put on the board with the mouse or the arrow keys: a line or a job, a lane and a time; everything else follows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from core import clock, web
from core.clock import local_day
from core.errors import Conflict, DomainError
from repairs import domain as repairs
from repairs.choices import JobState
from repairs.models import Job
from repairs.queries import suggest
from repairs.queries.free import GRID
from repairs.queries.people import bays, technicians
from repairs.views.access import job_for
from repairs.views.board import DISPATCH, board_answer, dispatchable
from stores.access import requires
from stores.calendar import Calendar
from stores.models import Bay, Staff


@requires(DISPATCH)
def place(request: HttpRequest) -> HttpResponse:
    """POST `line` or `job` with `lane` ("technician-12", "bay-3") and `start`; answers the board anew.

    A line dropped on a technician gets the best free bay, one dropped on a bay the best technician who is free then; a job
    keeps what the lane does not say, and its length in business time.
    """

    def done(job: Job) -> HttpResponse:
        words = {
            "item": job.line.title,
            "technician": job.technician.name,
            "start": f"{job.planned.lower.astimezone(request.staff.store.tz):%H:%M}",
        }
        text = _("“%(item)s”: %(technician)s from %(start)s.") % words
        return web.toast(board_answer(request), text, "success")

    return web.act(request, lambda: _place(request), done=done)


def _place(request: HttpRequest) -> Job:
    technician, bay = _lane(request)
    if request.POST.get("job"):
        return _move(request, technician, bay)
    line = get_object_or_404(dispatchable(), pk=_number(request, "line"))
    start = _start(request)
    end = suggest.end_of(line, start, repairs.work_of(line))
    if technician is None:
        technician = suggest.free_at(line, start=start, end=end)
        if technician is None:
            raise Conflict(_("Nobody who may do “%(item)s” is free then.") % {"item": line.title}, code="nobody_free")
    if bay is None:
        bay = _free_bay(line, start, end)
    return repairs.dispatch(line, technician=technician, bay=bay, start=start, end=end, by=request.staff)


def _move(request: HttpRequest, technician: Staff | None, bay: Bay | None) -> Job:
    job = job_for(request, _number(request, "job"))
    store = request.staff.store
    work = Calendar(store).between(job.planned.lower, job.planned.upper) or job.planned.upper - job.planned.lower
    start = _start(request, job)
    end = suggest.end_of(job.line, start, work)
    if bay is None and job.bay:
        taken = next(c.taken_by for c in suggest.places(job.line, start=start, end=end, but=job) if c.bay == job.bay)
        bay = _free_bay(job.line, start, end, job) or job.bay if taken else job.bay
    return repairs.move(
        job,
        technician=technician or job.technician,
        bay=bay,
        start=start,
        end=end,
        by=request.staff,
        version=_number(request, "version"),
    )


def _free_bay(line, start: datetime, end: datetime, but: Job | None = None) -> Bay | None:
    choices = suggest.places(line, start=start, end=end, but=but)
    return next((choice.bay for choice in choices if choice.suits and not choice.taken_by), None)


def _lane(request: HttpRequest) -> tuple[Staff | None, Bay | None]:
    kind, _dash, key = request.POST.get("lane", "").partition("-")
    rows = {"technician": technicians, "bay": bays}.get(kind)
    if rows is None or not key.isdecimal():
        raise DomainError(_("Drop the job on a lane of the board."), code="no_lane")
    owner = get_object_or_404(rows(), pk=int(key))
    return (owner, None) if kind == "technician" else (None, owner)


def _start(request: HttpRequest, job: Job | None = None) -> datetime:
    """The time that was chosen; work that has not begun starts now at the earliest."""
    try:
        start = parse_datetime(request.POST.get("start", ""))
    except ValueError:
        start = None
    if start is None or is_naive(start):
        raise DomainError(_("Drop the job on a lane of the board."), code="no_time")
    begun = job is not None and job.state != JobState.DISPATCHED
    now = clock.now()
    earlier_today = start < now and local_day(request.staff.store.zone, start) == local_day(
        request.staff.store.zone, now
    )
    if earlier_today and not begun:
        return now + GRID - timedelta(minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond)
    return start


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else 0
