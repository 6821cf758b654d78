"""The queue of cars to inspect, and one level's checklist with its verdict; made for a phone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import web
from core.stages import Stage
from inspections import domain as inspections
from inspections import queries
from inspections.choices import Level, Verdict
from inspections.forms import SAVE, InspectForm
from stores.access import requires
from visits.models import Visit

INSPECTORS = ("inspections.final", "inspections.cross", "inspections.self")


@requires(*INSPECTORS)
def queue(request):
    """Cars at the final inspection: what this person may do first, then what waits for others."""
    turns = queries.turns(request.staff)
    context = {
        "mine": [turn for turn in turns if not turn.why_not],
        "others": [turn for turn in turns if turn.why_not],
    }
    return render(request, "inspections/queue.html", context)


@requires(*INSPECTORS)
@require_POST
def begin(request, visit_pk, level):
    """The checklist is begun from the queue, so that colleagues see it and its duration is known."""
    visit, level = _visit(visit_pk), _level(level)
    return web.act(
        request,
        lambda: inspections.begin(visit, level=level, by=request.staff),
        done=reverse("inspections:inspect", args=[visit.pk, level]),
    )


@requires(*INSPECTORS)
def inspect(request, visit_pk, level):
    """Fill the checklist of a level and pass the car, or send it back with a reason."""
    visit, level = _visit(visit_pk), _level(level)
    context = _context(request, visit, level)
    if context["why_not"] and request.method != "POST":
        return render(request, "inspections/inspect.html", context)
    form = InspectForm(request.POST or None, request.FILES or None, visit=visit, level=level)

    def carry_out(data):
        if data["verdict"] == SAVE:
            return inspections.save_filled(visit, level=level, results=form.cleaned_results(), by=request.staff)
        return inspections.inspect_filled(
            visit,
            level=level,
            results=form.cleaned_results(),
            verdict=data["verdict"],
            by=request.staff,
            reason=data["reason"],
            line=data.get("line"),
            photos=data["photos"] if data["verdict"] == Verdict.FAIL else (),
        )

    def done(result):
        messages.success(request, _said(form.cleaned_data["verdict"], visit, level))
        return reverse("inspections:queue")

    return web.handle(
        request,
        form,
        carry_out,
        template="inspections/inspect.html",
        context=context,
        done=done,
    )


def _said(verdict: str, visit: Visit, level: Level) -> str:
    words = {"plate": visit.vehicle.plate or visit.number, "level": level.label}
    if verdict == SAVE:
        return _("Saved. Go on with %(plate)s whenever you like.") % words
    if verdict == Verdict.FAIL:
        return _("%(plate)s is back at repair; the technician sees why.") % words
    if level == Level.FINAL:
        return _("%(plate)s passed the final inspection and waits for the wash.") % words
    return _("%(level)s of %(plate)s passed.") % words


def _visit(pk: int) -> Visit:
    return get_object_or_404(Visit.objects.select_related("vehicle", "customer", "advisor", "store"), pk=pk)


def _level(number: int) -> Level:
    if number not in Level.values:
        raise Http404
    return Level(number)


def _context(request, visit: Visit, level: Level) -> dict:
    history = list(queries.history(visit))
    return {
        "visit": visit,
        "level": level,
        "why_not": _why_not(visit, level, request.staff),
        "lines": visit.lines.filter(consent_state="approved").prefetch_related("parts"),
        "needs": visit.needs.all(),
        "history": [row for row in history if row.round == visit.round],
        "sent_back": [row for row in history if row.verdict == Verdict.FAIL],
    }


def _why_not(visit: Visit, level: Level, staff) -> str:
    if visit.stage != Stage.INSPECTION:
        return _("This car is at “%(stage)s”, not at the final inspection.") % {"stage": Stage(visit.stage).label}
    due = queries.next_level(queries.passed(visit))
    if due != level:
        if due and level > due:
            return _("The %(level)s comes first.") % {"level": due.label}
        return _("The %(level)s of this round is recorded already.") % {"level": level.label}
    return queries.refusal(visit, level, staff)
