"""The technician's pages: his jobs on the phone, one job with its steps, the clock."""

from __future__ import annotations

from datetime import datetime, time

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
from repairs.models import Job
from repairs.queries import jobs as reads
from repairs.queries.board import through
from repairs.queries.parts import parts_of
from repairs.rules import may_ask_for_parts, may_stop, may_work_on
from repairs.views.access import back, home_url, job_for
from stores.access import requires
from visits.models import Visit

WORK = "repairs.work"
SEES_JOBS = (WORK, "repairs.dispatch", "repairs.issue_parts")


@requires(WORK)
def my_jobs(request: HttpRequest) -> HttpResponse:
    rows, ready = _mine(request)
    return render(request, "repairs/my_jobs.html", {"list_html": _list(request, rows, ready)})


@requires(WORK)
def my_jobs_live(request: HttpRequest) -> HttpResponse:
    """The list, polled: a job given or moved by the controller appears by itself."""
    rows, ready = _mine(request)
    seen = [f"{job.pk}.{job.version}.{job.line.visit.version}" for job in rows] + [f"v{visit.pk}" for visit in ready]
    return web.polled(
        request, f"{'-'.join(seen)}-{_today(request):%d}", lambda: HttpResponse(_list(request, rows, ready))
    )


def _mine(request: HttpRequest) -> tuple[list[Job], list[Visit]]:
    """A technician's open jobs, and the cars he worked on that are ready for inspection."""
    ready = through().filter(lines__jobs__technician=request.staff, lines__jobs__state=JobState.DONE).distinct()
    return list(reads.jobs_of(request.staff)), list(ready)


def _list(request: HttpRequest, rows: list[Job], ready: list[Visit]) -> str:
    now, staff = clock.now(), request.staff
    midnight = datetime.combine(_today(request), time(), tzinfo=staff.store.tz)
    context = {
        "cards": [_card(job, now) for job in rows],
        "finished": [_card(job, now) for job in reads.finished_since(staff, midnight)],
        "through": ready,
        "reasons": PauseReason,
    }
    return render_to_string("repairs/_my_jobs.html", context, request=request)


def _card(job: Job, now: datetime) -> dict:
    running = next((entry for entry in job.clock.all() if entry.stopped_at is None), None)
    return {
        "job": job,
        "visit": job.line.visit,
        "clocked": reads.clocked(job, now=now),
        "since": running.started_at if running else None,
        # what the page's ticking figure starts from
        "before": int(reads.clocked(job, now=running.started_at).total_seconds()) if running else 0,
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
        **_card(job, clock.now()),
        "mine": mine,
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

    state = reads.StepState(row, job.steps.filter(step=row).select_related("photo", "by").first())
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
