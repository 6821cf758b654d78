"""The wash: the queue with its places, and one car to wash, check, or leave unwashed; made for a phone."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import web
from core.stages import Stage
from inspections import domain as inspections
from inspections import queries
from inspections.choices import WashState
from inspections.forms import ToldForm, WaiveForm, WashCheckForm
from stores.access import requires
from visits.models import Visit

WASHERS = ("inspections.wash", "inspections.check_wash", "inspections.waive_wash")


@requires(*WASHERS)
def wash_queue(request):
    """Cars to wash in their order, those being washed, and those somebody has to look at."""
    rows = queries.wash_queue()
    places = queries.wash_places()
    taken = sum(row.step == "washing" for row in rows)
    context = {
        "rows": rows,
        "places": places,
        "taken": taken,
        "per_hour": queries.washes_per_hour(),
        "late": [row for row in rows if row.late],
        "full": places is not None and taken >= places,
        "may_wash": request.staff.may("inspections.wash"),
    }
    return render(request, "inspections/wash_queue.html", context)


@requires(*WASHERS)
def wash(request, visit_pk):
    """One car at the wash. Posting is the check of the washed car by somebody else."""
    visit = _visit(visit_pk)
    context = _context(request, visit)
    if request.method != "POST" and not context["may_check"]:
        return render(request, "inspections/wash.html", context)
    form = WashCheckForm(request.POST or None, request.FILES or None, visit=visit)

    def check(data):
        return inspections.finish_wash_filled(visit, by=request.staff, results=form.cleaned_results())

    def done(wash):
        plate = visit.vehicle.plate or visit.number
        if wash.state == WashState.QUEUED:
            messages.warning(request, _("%(plate)s is washed again.") % {"plate": plate})
        else:
            _say_ready(request, visit)
        return _back(request, visit)

    return web.handle(
        request,
        form,
        check,
        template="inspections/wash.html",
        context=context,
        done=done,
    )


@requires("inspections.wash")
@require_POST
def start_wash(request, visit_pk):
    visit = _visit(visit_pk)
    return web.act(
        request,
        lambda: inspections.start_wash(visit, by=request.staff),
        done=reverse("inspections:wash", args=[visit.pk]),
    )


@requires("inspections.wash")
@require_POST
def mark_washed(request, visit_pk):
    visit = _visit(visit_pk)

    def done(_wash):
        messages.success(request, _("Washed. Somebody else looks at it now."))
        return reverse("inspections:wash_queue")

    return web.act(
        request,
        lambda: inspections.mark_washed(visit, by=request.staff),
        done=done,
    )


@requires("inspections.waive_wash")
@require_POST
def waive_wash(request, visit_pk):
    visit = _visit(visit_pk)
    form = WaiveForm(request.POST)

    def done(_wash):
        _say_ready(request, visit)
        return _back(request, visit)

    return web.handle(
        request,
        form,
        lambda data: inspections.waive_wash(visit, reason=data["reason"], by=request.staff),
        template="inspections/wash.html",
        context=_context(request, visit, waive_form=form),
        done=done,
    )


@requires(*WASHERS)
@require_POST
def tell_ready(request, visit_pk):
    """The customer was told by phone or in person, because no message reaches him."""
    visit = _visit(visit_pk)
    form = ToldForm(request.POST)

    def done(_visit):
        _say_ready(request, visit)
        return _back(request, visit)

    return web.handle(
        request,
        form,
        lambda data: inspections.tell_ready(visit, how=data["how"], by=request.staff),
        template="inspections/wash.html",
        context=_context(request, visit, told_form=form),
        done=done,
    )


def _say_ready(request, visit: Visit) -> None:
    visit.refresh_from_db(fields=["ready_at"])
    words = {"plate": visit.vehicle.plate or visit.number}
    if visit.ready_at:
        messages.success(request, _("%(plate)s is ready and the customer knows.") % words)
    else:
        messages.warning(
            request,
            _("%(plate)s is ready; no message reaches the customer, so call him.") % words,
        )


def _back(request, visit: Visit) -> str:
    """The advisor goes on with the car, everybody else with the queue."""
    if request.staff.may("handover.hand_over"):
        return reverse("desk:visit", args=[visit.pk])
    if request.staff.may("inspections.final"):
        return reverse("inspections:queue")
    return reverse("inspections:wash_queue")


def _visit(pk: int) -> Visit:
    return get_object_or_404(
        Visit.objects.select_related("vehicle", "customer", "advisor", "store", "check_in"),
        pk=pk,
    )


def _context(request, visit: Visit, **forms) -> dict:
    row = queries.wash_of(visit)
    step = queries.wash_step(row) if row and visit.stage == Stage.WASH else ""
    staff = request.staff
    mine = bool(row and row.washer_id == staff.pk)
    return {
        "visit": visit,
        "wash": row,
        "step": step,
        "mine": mine,
        "may_wash": staff.may("inspections.wash"),
        "may_check": step in ("washing", "check") and not mine and staff.may("inspections.check_wash"),
        "waive_form": (forms.get("waive_form") or WaiveForm())
        if step in ("queued", "washing", "check") and staff.may("inspections.waive_wash")
        else None,
        "told_form": (forms.get("told_form") or ToldForm()) if step == "tell" else None,
        "check_form": None,
    }
