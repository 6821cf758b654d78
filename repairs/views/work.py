"""The technician's pages: his jobs on the phone, one job with its steps, the clock."""

from __future__ import annotations

from datetime import datetime, time
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.models import WorkStep
from core import clock, web
from core.clock import local_day
from orders.choices import LineOrigin
from orders.models import Line
from repairs import domain as repairs
from repairs.choices import JobState, PauseReason
from repairs.forms import FinishForm, StepForm
from repairs.models import Job, ShiftEntry, StepResult
from repairs.queries import jobs as reads
from repairs.queries.board import through
from repairs.queries.parts import parts_of
from repairs.queries.shares import days, percents, sold_hours
from repairs.queries.signing import to_sign, unsigned
from repairs.rules import may_ask_for_parts, may_finish, may_stop, may_work_on
from repairs.views.access import back, home_url, job_for
from stores.access import requires
from stores.models import Staff
from visits.models import Visit

WORK = "repairs.work"
SEES_JOBS = (WORK, "repairs.dispatch", "repairs.issue_parts")


@requires(WORK)
def my_jobs(request: HttpRequest) -> HttpResponse:
    return render(request, "repairs/my_jobs.html", {"list_html": _list(request, _mine(request))})


@requires(WORK)
def my_jobs_live(request: HttpRequest) -> HttpResponse:
    """The list, polled: a job given or moved by the controller, or a step to sign, appears by itself."""
    mine = _mine(request)
    seen = [f"{job.pk}.{job.version}.{job.line.visit.version}" for job in mine.jobs]
    seen += [f"v{visit.pk}" for visit in mine.through] + [f"s{row.pk}" for row in mine.to_sign]
    seen.append(f"h{mine.shift.pk if mine.shift else 0}")
    return web.polled(request, f"{'-'.join(seen)}-{_today(request):%d}", lambda: HttpResponse(_list(request, mine)))


class Mine(NamedTuple):
    """A technician's open jobs, the cars he worked on that are ready for inspection, what he may sign, his shift."""

    jobs: list[Job]
    through: list[Visit]
    to_sign: list[StepResult]
    shift: ShiftEntry | None


def _mine(request: HttpRequest) -> Mine:
    staff = request.staff
    ready = through().filter(lines__jobs__technician=staff, lines__jobs__state=JobState.DONE).distinct()
    shift = ShiftEntry.objects.filter(staff=staff, stopped_at=None).first()
    return Mine(list(reads.jobs_of(staff)), list(ready), to_sign(staff), shift)


def _list(request: HttpRequest, mine: Mine) -> str:
    now, staff = clock.now(), request.staff
    midnight = datetime.combine(_today(request), time(), tzinfo=staff.store.tz)
    context = {
        "cards": [_card(job, now, staff) for job in mine.jobs],
        "finished": [_card(job, now, staff) for job in reads.finished_since(staff, midnight)],
        "through": mine.through,
        "to_sign": mine.to_sign,
        "shift": mine.shift,
        "today": days([staff], midnight, now)[0],
        "reasons": PauseReason,
    }
    return render_to_string("repairs/_my_jobs.html", context, request=request)


def _card(job: Job, now: datetime, staff: Staff) -> dict:
    going = [entry for entry in job.clock.all() if entry.stopped_at is None]
    worked = reads.clocked(job, now=now)
    return {
        "job": job,
        "visit": job.line.visit,
        "clocked": worked,
        "since": going[0].started_at if going else None,
        # The page's ticking figure counts on from here by itself: a phone with a wrong clock shows the same.
        "before": int(worked.total_seconds()),
        "rate": len(going),
        "running_mine": any(entry.technician_id == staff.pk for entry in going),
        "helps": staff.pk != job.technician_id and staff.pk in job.people,
    }


def _today(request: HttpRequest):
    return local_day(request.staff.store.zone)


# --- One job --------------------------------------------------------------------------------------------------------


@requires(*SEES_JOBS)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    shown = job_for(request, pk)
    return render(request, "repairs/job.html", {**_job_page(request, shown), "form": _finish_form(shown)})


def _job_page(request: HttpRequest, job: Job) -> dict:
    staff, visit = request.staff, job.line.visit
    mine = may_work_on(staff, job)
    states = reads.steps(job)
    open_to_fill = mine and job.state in (JobState.STARTED, JobState.PAUSED)
    return {
        **_card(job, clock.now(), staff),
        "mine": mine,
        "may_finish": may_finish(staff, job),
        "shares": _shares(job),
        "unsigned": [row.step.name for row in unsigned(job)],
        "may_stop": may_stop(staff, job) and job.state == JobState.STARTED,
        "may_ask": may_ask_for_parts(staff, job),
        "may_dispatch": staff.may("repairs.dispatch"),
        "may_propose": staff.may("repairs.propose"),
        "steps": [_step(job, state, fill=open_to_fill) for state in states],
        "missing": [state.step.name for state in states if state.missing],
        "parts": parts_of(job),
        "needs": list(visit.needs.all()),
        "added": list(
            Line.objects.filter(visit=visit, origin=LineOrigin.ADDED)
            .exclude(pk=job.line_id)
            .select_related("found_by")
            .order_by("position")
        ),
        "reasons": PauseReason,
        "JobState": JobState,
        "home_url": home_url(request),
    }


def _shares(job: Job) -> list[dict]:
    """Who works on it with which share; empty while it is one person's."""
    if not job.shares.all():
        return []
    people = {
        job.technician_id: job.technician,
        **{share.technician_id: share.technician for share in job.shares.all()},
    }
    hours = sold_hours(job)
    return [{"who": people[key], "percent": percent, "hours": hours[key]} for key, percent in percents(job).items()]


def _step(job: Job, state: reads.StepState, *, fill: bool, form: StepForm | None = None) -> dict:
    if fill and form is None:
        form = StepForm(step=state.step, key_operation=job.line.operation.key_operation)
    return {"state": state, "step": state.step, "fill": fill, "form": form}


def _finish_form(job: Job, data=None) -> FinishForm:
    initial = {"cause": job.line.cause, "correction": job.line.correction}
    return FinishForm(data, has_concern=bool(job.line.concern), initial=initial)


@requires(WORK)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_for(request, pk)
    return web.act(request, lambda: repairs.start(job, by=request.staff), done=reverse("repairs:job", args=[pk]))


@requires(WORK)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_for(request, pk)
    return web.act(request, lambda: repairs.resume(job, by=request.staff), done=reverse("repairs:job", args=[pk]))


@requires(WORK)
def join(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_for(request, pk)
    return web.act(request, lambda: repairs.join(job, by=request.staff), done=reverse("repairs:job", args=[pk]))


@requires(WORK)
def come(request: HttpRequest) -> HttpResponse:
    return web.act(request, lambda: repairs.come(by=request.staff), done=reverse("repairs:my_jobs"))


@requires(WORK)
def go(request: HttpRequest) -> HttpResponse:
    return web.act(request, lambda: repairs.go(by=request.staff), done=reverse("repairs:my_jobs"))


@requires(WORK, "repairs.dispatch")
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_for(request, pk)
    reason = request.POST.get("reason", "")
    return web.act(request, lambda: repairs.pause(job, reason=reason, by=request.staff), done=back(request))


@requires(WORK)
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish with cause and correction; a refusal shows the job's page with what is missing and what was typed."""
    job = job_for(request, pk)

    def done(_job) -> str:
        messages.success(request, _("“%(item)s” is finished.") % {"item": job.line.title})
        return reverse("repairs:my_jobs")

    return web.handle(
        request,
        _finish_form(job, request.POST or None),
        lambda data: repairs.finish(job, by=request.staff, **data),
        template="repairs/job.html",
        context=_job_page(request, job),
        done=done,
    )


@requires(WORK)
def step(request: HttpRequest, pk: int, step_pk: int) -> HttpResponse:
    """Fill one work step. htmx gets the step's row anew and the finish box beside it; else back to the job's page."""
    job = job_for(request, pk)
    row = get_object_or_404(WorkStep.objects.all(), pk=step_pk, operation_id=job.line.operation_id)
    form = StepForm(
        request.POST or None, request.FILES or None, step=row, key_operation=job.line.operation.key_operation
    )

    def done(_result) -> str | HttpResponse:
        if not web.is_htmx(request):
            return reverse("repairs:job", args=[pk]) + f"#step-{step_pk}"
        page = _job_page(request, job)
        filled = next(item for item in page["steps"] if item["step"].pk == step_pk)
        return render(request, "repairs/_step_done.html", {**page, "item": filled, "form": _finish_form(job)})

    state = reads.StepState(row, job.steps.filter(step=row).select_related("photo", "by", "signed_by").first())
    return web.handle(
        request,
        form,
        lambda _data: repairs.fill_step(job, row, by=request.staff, **form.entry()),
        template="repairs/step.html",
        fragment="repairs/_step.html",
        context={"job": job, "item": _step(job, state, fill=True, form=form)},
        done=done,
    )


@requires(WORK, "repairs.dispatch")
def request_parts(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_for(request, pk)

    def done(made: list) -> str:
        if made:
            messages.success(request, _("The parts counter has your request."))
        else:
            messages.info(request, _("Everything is asked for or issued already."))
        return reverse("repairs:job", args=[pk]) + "#parts"

    return web.act(request, lambda: repairs.request_parts(job, by=request.staff), done=done)
