"""Calls for help: the list, taking one, and one job on a phone from leaving to its end."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appointments.domain import Caller
from core import web
from rescue import domain as rescue
from rescue import queries
from rescue.choices import RescueChannel, RescueState
from rescue.forms import AcceptForm, CallOffForm, DepartForm, FinishForm, RequestForm
from rescue.models import Rescue
from stores.access import requires

TAKE, DRIVE = "rescue.take", "rescue.drive"
PER_PAGE = 30
PAGE = "rescue/job.html"


@requires(TAKE, DRIVE)
def jobs(request):
    """Who waits for help, who is on duty, which vans stand here; and what ended lately. A driver sees his own on top."""
    staff = request.staff
    waiting = list(queries.open_jobs())
    return render(
        request,
        "rescue/jobs.html",
        {
            "jobs": sorted(waiting, key=lambda job: job.driver_id != staff.pk),
            "ended": web.page_of(request, queries.ended_jobs(), PER_PAGE),
            "on_duty": queries.on_duty(),
            "vans": queries.free_vans(),
            "may_take": staff.may(TAKE),
            "may_edit": staff.may("rescue.edit"),
        },
    )


@requires(TAKE)
def take(request):
    """A call by phone, written down while the customer speaks."""
    form = RequestForm(request.POST or None, initial={"phone": request.GET.get("phone", "")})

    def act(data):
        caller = Caller(name=data.pop("name"), phone=data.pop("phone"), plate=data.pop("plate"))
        made = {"channel": RescueChannel.PHONE, "by": request.staff, **data}
        return rescue.request_help(store=request.staff.store, caller=caller, **made)[0]

    return web.handle(
        request,
        form,
        act,
        template="rescue/take.html",
        context={"on_duty": queries.on_duty()},
        done=lambda job: reverse("rescue:job", args=[job.pk]),
    )


def _job(pk: int) -> Rescue:
    return get_object_or_404(queries.jobs(), pk=pk)


def _context(request, job: Rescue, **forms) -> dict:
    version = {"version": job.version}
    staff = request.staff
    mine = staff.pk == job.driver_id or staff.may(TAKE)
    context = {"job": job, "may_take": staff.may(TAKE), "mine": mine, "steps": _steps(job)}
    if not job.is_open:
        return context | {"kit": list(queries.kit_for(job.trouble))}
    context["accept_form"] = AcceptForm(initial=version | {"driver": job.driver_id, "van": job.van_id})
    context["depart_form"] = DepartForm(trouble=job.trouble, initial=version)
    context["finish_form"] = FinishForm(initial=version)
    context["off_form"] = CallOffForm(initial=version)
    return context | forms


def _steps(job: Rescue) -> list[dict]:
    ends = RescueState.TOWED if job.state == RescueState.TOWED else RescueState.FIXED
    times = [
        (RescueState.REQUESTED, job.requested_at),
        (RescueState.ACCEPTED, job.accepted_at),
        (RescueState.DEPARTED, job.departed_at),
        (RescueState.ARRIVED, job.arrived_at),
        (ends, job.ended_at if job.state != RescueState.CANCELLED else None),
    ]
    return [{"label": state.label, "at": at, "state": "done" if at else "todo"} for state, at in times]


@requires(TAKE, DRIVE)
def job(request, pk):
    """One job with its next step."""
    found = _job(pk)
    return render(request, PAGE, _context(request, found))


def _step(request, pk: int, make, act, name: str):
    """Carry out one step of a job; what was typed stays on its page when it is refused."""
    found = _job(pk)
    form = make(found)
    return web.handle(
        request,
        form,
        lambda data: act(found, data),
        template=PAGE,
        context=_context(request, found, **{name: form}),
        done=lambda _job: reverse("rescue:job", args=[pk]),
    )


@requires(TAKE, DRIVE)
@require_POST
def accept(request, pk):
    return _step(
        request,
        pk,
        lambda found: AcceptForm(request.POST),
        lambda found, data: rescue.accept(found, by=request.staff, **data),
        "accept_form",
    )


@requires(TAKE, DRIVE)
@require_POST
def depart(request, pk):
    return _step(
        request,
        pk,
        lambda found: DepartForm(request.POST, trouble=found.trouble),
        lambda found, data: rescue.depart(found, by=request.staff, **data),
        "depart_form",
    )


@requires(TAKE, DRIVE)
@require_POST
def arrive(request, pk):
    found = _job(pk)
    return web.act(
        request,
        lambda: rescue.arrive(found, by=request.staff),
        done=lambda _job: reverse("rescue:job", args=[pk]),
    )


@requires(TAKE, DRIVE)
@require_POST
def finish(request, pk):
    return _step(
        request,
        pk,
        lambda found: FinishForm(request.POST),
        lambda found, data: rescue.finish(found, by=request.staff, **data),
        "finish_form",
    )


@requires(TAKE)
@require_POST
def call_off(request, pk):
    def act(found, data):
        ended = rescue.call_off(found, by=request.staff, **data)
        messages.success(request, _("Called off."))
        return ended

    return _step(request, pk, lambda found: CallOffForm(request.POST), act, "off_form")
