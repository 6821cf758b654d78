"""The controller's board: see the day, give lines to people and places, move and withdraw."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from core import clock, web
from core.caching import kept
from core.clock import local_day
from orders.models import Line
from repairs import domain as repairs
from repairs.choices import JobState
from repairs.forms import DispatchForm, ReasonForm
from repairs.models import Job
from repairs.queries import board as boards
from repairs.queries import suggest
from repairs.views.access import back, job_for
from stores.access import requires
from visits.models import Visit

DISPATCH = "repairs.dispatch"
LANES = ("technician", "bay")
# The state names the minute, so what is cached is never older than that.
CACHED_SECONDS = 90


@requires(DISPATCH)
def board(request: HttpRequest) -> HttpResponse:
    day, lanes = _day(request), _lanes(request)
    state = boards.state(request.staff.store, day)
    return render(
        request, "repairs/board.html", {"day": day, "lanes": lanes, "live_html": _live(request, day, lanes, state)}
    )


@requires(DISPATCH)
def board_live(request: HttpRequest) -> HttpResponse:
    """The board's moving part, polled; 304 while nothing changed."""
    day, lanes = _day(request), _lanes(request)
    state = boards.state(request.staff.store, day)
    return web.polled(request, f"{state}-{lanes}", lambda: HttpResponse(_live(request, day, lanes, state)))


def board_answer(request: HttpRequest) -> HttpResponse:
    """The moving part as the answer to a change; day and lanes from the address."""
    day, lanes = _day(request), _lanes(request)
    return HttpResponse(_live(request, day, lanes, boards.state(request.staff.store, day)))


def _live(request: HttpRequest, day: date, lanes: str, state: str) -> str:
    """The same for everybody who looks at this day."""

    def context() -> dict:
        return _board(request, day, lanes)

    return kept(request, f"repairs:board:{state}:{lanes}", "repairs/_board.html", context, seconds=CACHED_SECONDS)


def _board(request: HttpRequest, day: date, lanes: str) -> dict:
    tabs = [
        {"url": _url(day, kind), "label": label, "active": kind == lanes}
        for kind, label in (("technician", _("By technician")), ("bay", _("By bay")))
    ]
    return {
        "board": boards.board(request.staff.store, day, by=lanes),
        "tabs": tabs,
        "urls": {key: _url(day + timedelta(days=step), lanes) for key, step in (("before", -1), ("after", 1))},
        "today_url": _url(None, lanes),
        "lane_kind": lanes,
        "JobState": JobState,
    }


def _url(day: date | None, lanes: str) -> str:
    query = [f"day={day:%Y-%m-%d}"] if day else []
    query += [f"lanes={lanes}"] if lanes != LANES[0] else []
    return reverse("repairs:board") + ("?" + "&".join(query) if query else "")


def _day(request: HttpRequest) -> date:
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked or local_day(request.staff.store.zone)


def _lanes(request: HttpRequest) -> str:
    asked = request.GET.get("lanes", "")
    return asked if asked in LANES else LANES[0]


@requires(DISPATCH)
def dispatch(request: HttpRequest, line_pk: int) -> HttpResponse:
    """Give a line to a technician: the ranked list with reasons, a bay, start and end from the hours."""
    line = get_object_or_404(dispatchable(), pk=line_pk)
    return _plan(request, line, None, lambda data: repairs.dispatch(line, by=request.staff, **data))


@requires(DISPATCH)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a job anew."""
    job = job_for(request, pk)
    line = get_object_or_404(dispatchable(), pk=job.line_id)
    return _plan(request, line, job, lambda data: repairs.move(job, by=request.staff, **data))


def dispatchable():
    """Lines with what a plan for them shows."""
    return Line.objects.select_related(
        "operation", "visit__vehicle", "visit__store", "visit__advisor"
    ).prefetch_related("parts__part")


def _plan(request: HttpRequest, line: Line, job: Job | None, act) -> HttpResponse:
    work = repairs.work_of(line)
    suggestions = suggest.rank(line, work=work, but=job)
    initial = _initial(request, line, job, suggestions, work)
    places = suggest.places(line, start=initial["start"], end=initial["end"], but=job)
    if not initial["bay"] and job is None:
        initial["bay"] = next((c.bay.pk for c in places if c.suits and not c.taken_by), None)
    form = DispatchForm(
        request.POST or None,
        suggestions=suggestions,
        places=places,
        url=request.path,
        helpers=[(share.technician_id, share.percent) for share in job.shares.all()] if job else [],
        initial=initial,
        version=job.version if job else None,
    )
    context = {
        "line": line,
        "visit": line.visit,
        "job": job,
        "work": work,
        "refused": [s for s in suggestions if s.problem],
        "frame": web.frame(request),
        "short": [part for part in line.parts.all() if part.part and part.part.stock < part.quantity],
    }
    if request.method == "GET" and "preview" in request.GET:
        return render(request, "repairs/_plan_form.html", {**context, "form": form})
    return web.handle(
        request, form, act, template="repairs/dispatch.html", context=context, done=lambda made: _planned(request, made)
    )


def _planned(request: HttpRequest, job: Job) -> str:
    words = {"technician": job.technician.name, "item": job.line.title}
    messages.success(request, _("“%(item)s” is planned for %(technician)s.") % words)
    return _url(local_day(request.staff.store.zone, job.planned.lower), LANES[0])


def _initial(request: HttpRequest, line: Line, job: Job | None, suggestions: list, work: timedelta) -> dict:
    """What the form starts with: the job's own plan while it lies ahead, else the best technician at his next free time.

    With `?technician=` and `?start=` (the page asks again when the controller chooses) start and end follow the choice.
    """
    fit = [s for s in suggestions if not s.problem]
    ahead = job is not None and job.planned.upper > clock.now()
    asked = request.GET.get("technician") or (str(job.technician_id) if job else "")
    chosen = next((s for s in fit if str(s.technician.pk) == asked), None) or (fit[0] if fit else None)
    start = _start(request, chosen)
    if ahead and "preview" not in request.GET:
        start, end = job.planned.lower, job.planned.upper
    else:
        end = suggest.end_of(line, start, work)
    return {
        "technician": chosen.technician.pk if chosen else None,
        "bay": request.GET.get("bay") or (job.bay_id if job else None),
        "start": start,
        "end": end,
        "note": request.GET.get("note") or (job.note if job else ""),
    }


def _start(request: HttpRequest, chosen) -> datetime:
    """The start that was typed, if the technician is the same as before; else when the chosen technician is free."""
    try:
        typed = parse_datetime(request.GET.get("start", ""))
    except ValueError:
        typed = None
    if typed and request.GET.get("preview") == "start":
        return timezone.make_aware(typed) if timezone.is_naive(typed) else typed
    return chosen.start if chosen else clock.now()


@requires(DISPATCH)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_for(request, pk)
    form = ReasonForm(request.POST or None, version=job.version)
    return web.handle(
        request,
        form,
        lambda data: repairs.withdraw(job, by=request.staff, **data),
        template="repairs/reason.html",
        context={
            "frame": web.frame(request),
            "title": _("Withdraw the job"),
            "lead": f"{job.line.visit.vehicle} · {job.line.title} · {job.technician.name}",
            "button": _("Withdraw"),
            "back": reverse("repairs:job", args=[job.pk]),
        },
        done=reverse("repairs:board"),
    )


@requires("repairs.dispatch", "repairs.work")
def to_inspection(request: HttpRequest, visit_pk: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("vehicle"), pk=visit_pk)

    def done(_visit) -> str:
        messages.success(request, _("%(plate)s is with final inspection now.") % {"plate": visit.vehicle})
        return back(request)

    return web.act(request, lambda: repairs.to_inspection(visit, by=request.staff), done=done)
