"""The traffic-light inspection on the technician's phone: measure, colour, photograph, propose with one tap."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import web
from inspections import domain as inspections
from inspections import queries
from inspections.domain.lights import STAGES
from inspections.forms import LightsForm
from standards.models import ItemResult
from stores.access import requires
from visits.models import Visit

PROPOSE = "repairs.propose"


@requires(PROPOSE)
def lights(request, visit_pk):
    """Fill the list, all at once or bit by bit; below it what is red and yellow, each with its one tap."""
    visit = get_object_or_404(Visit.objects.select_related("vehicle", "customer", "advisor", "store"), pk=visit_pk)
    run = queries.lights_run(visit)
    form = LightsForm(request.POST or None, request.FILES or None, visit=visit)
    finish = request.POST.get("finish") == "yes"
    context = {
        "visit": visit,
        "run": run,
        "counts": queries.light_counts(run) if run else None,
        "found": queries.lights(run),
        "open": visit.stage in STAGES and not (run and run.completed_at),
        "may_propose": visit.stage == "repair",
    }

    def save(_data):
        return inspections.save_lights(
            visit,
            results=form.cleaned_results(),
            photos=form.cleaned_photos(),
            by=request.staff,
            finish=finish,
            checklist=form.checklist,
        )

    def done(_run):
        messages.success(request, _("Finished.") if finish else _("Saved. Go on whenever you like."))
        return reverse("inspections:lights", args=[visit.pk]) + "#found"

    return web.handle(request, form, save, template="inspections/lights.html", context=context, done=done)


@requires(PROPOSE)
@require_POST
def propose_light(request, pk):
    """One tap: the item goes to the advisor as an added item with its measured value and picture."""
    result = get_object_or_404(ItemResult.objects.select_related("run"), pk=pk)

    def done(line):
        messages.success(
            request, _("“%(title)s” is proposed; the advisor prices it and asks the customer.") % {"title": line.title}
        )
        return reverse("inspections:lights", args=[result.run.visit_ref]) + "#found"

    return web.act(request, lambda: inspections.propose_light(result, by=request.staff), done=done)
