"""Comebacks: what the radar suggests, what was decided, and who did and checked the work the first time."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock, web
from guarantees import domain as guarantees
from guarantees import queries
from guarantees.choices import ComebackState
from guarantees.forms import DismissForm, MarkForm
from guarantees.models import Comeback
from stores.access import requires
from visits.models import Visit

VIEW = "guarantees.view"
FIGURE_PERIOD = timedelta(days=90)


@requires(VIEW)
def comebacks(request):
    """What is to be looked at, what failed twice, and all that was decided; with the share repaired right first time."""
    now = clock.now()
    again, visits = queries.first_time_fix(now - FIGURE_PERIOD, now)
    rows = queries.comebacks()
    context = {
        "suggested": rows.filter(state=ComebackState.SUGGESTED, visit__ended_at=None),
        "twice": queries.second_failures(),
        "page": web.page_of(request, rows.exclude(state=ComebackState.SUGGESTED), per_page=25),
        "again": again,
        "visits": visits,
        "fixed": 1 - again / visits if visits else None,
    }
    return render(request, "guarantees/comebacks.html", context)


@requires(VIEW)
def comeback(request, pk):
    """One comeback beside the work it repeats."""
    row = get_object_or_404(queries.comebacks(), pk=pk)
    context = {
        "comeback": row,
        "people": queries.who_did([row.original])[row.original_id],
        "chain": queries.chain(row),
        "dismiss_form": DismissForm(),
        "open": row.state == ComebackState.SUGGESTED,
    }
    return render(request, "guarantees/comeback.html", context)


@requires(VIEW)
@require_POST
def confirm(request, pk):
    row = get_object_or_404(Comeback, pk=pk)
    # Beyond the guarantee a manager may still let the store pay.
    free = True if "free" in request.POST and request.staff.may("guarantees.edit") else None

    def done(row):
        if row.failures >= 2:
            messages.warning(
                request, _("This work has failed %(count)s times; the manager sees it.") % {"count": row.failures}
            )
        else:
            messages.success(request, _("Rework: the store pays the item, and it is linked to the first repair."))
        return reverse("desk:visit", args=[row.visit_id])

    return web.act(request, lambda: guarantees.confirm(row, by=request.staff, free=free), done=done)


@requires(VIEW)
@require_POST
def dismiss(request, pk):
    row = get_object_or_404(queries.comebacks(), pk=pk)
    form = DismissForm(request.POST)
    context = {
        "comeback": row,
        "people": queries.who_did([row.original])[row.original_id],
        "chain": queries.chain(row),
        "dismiss_form": form,
        "open": row.state == ComebackState.SUGGESTED,
    }
    return web.handle(
        request,
        form,
        lambda data: guarantees.dismiss(row, by=request.staff, reason=data["reason"]),
        template="guarantees/comeback.html",
        context=context,
        done=reverse("desk:visit", args=[row.visit_id]),
    )


@requires(VIEW)
def mark(request, visit_pk):
    """An advisor knows it is the same trouble although nothing on the order says so."""
    visit = get_object_or_404(Visit.objects.select_related("vehicle"), pk=visit_pk)
    return web.handle(
        request,
        MarkForm(request.POST or None, visit=visit),
        lambda data: guarantees.mark(visit, by=request.staff, **data),
        template="guarantees/decide.html",
        context={
            "frame": web.frame(request),
            "title": _("The same trouble again"),
            "text": "",
            "back_url": reverse("desk:visit", args=[visit.pk]),
        },
        done=lambda row: reverse("guarantees:comeback", args=[row.pk]),
    )
