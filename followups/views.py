"""Calls that are due, and one call with its script and everything one should know before dialling."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock, web
from followups import domain as followups
from followups import queries, rules
from followups.choices import CallState
from followups.forms import AttemptForm
from followups.models import FollowUpCall
from orders.choices import ConsentState
from stores.access import requires

PER_PAGE = 50


@requires("followups.call")
def queue(request):
    """Open calls by their clock; those of this person, or those that are over, by the address."""
    show = request.GET.get("show", "")
    rows = {
        "mine": lambda: queries.open_calls(assigned_to=request.staff),
        "over": queries.ended_calls,
    }.get(show, queries.open_calls)()
    here = reverse("followups:queue")
    tabs = [
        {"label": _("To call"), "url": here, "active": show not in ("mine", "over")},
        {"label": _("Mine"), "url": f"{here}?show=mine", "active": show == "mine"},
        {"label": _("Over"), "url": f"{here}?show=over", "active": show == "over"},
    ]
    page = web.page_of(request, rows, PER_PAGE)
    for call in page.object_list:
        call.kept = queries.promise_kept(call.visit)
    context = {"page": page, "tabs": tabs, "show": show, "now": clock.now()}
    return render(request, "followups/queue.html", context)


@requires("followups.call")
def call(request, pk):
    """One call; posting records an attempt."""
    call = get_object_or_404(queries.with_file(), pk=pk)
    context = _context(request, call)
    if request.method != "POST" and not context["may_call"]:
        return render(request, "followups/call.html", context)
    form = AttemptForm(request.POST or None)

    def done(attempt):
        call.refresh_from_db()
        messages.success(request, _said(call))
        return reverse("followups:queue")

    return web.handle(
        request,
        form,
        lambda data: followups.record_attempt(call, by=request.staff, **form.attempt()),
        template="followups/call.html",
        context=context,
        done=done,
    )


def _said(call: FollowUpCall) -> str:
    if call.case_id:
        return _("Written down. The problem is case %(number)s now.") % {"number": call.case.number}
    if call.state == CallState.OPEN:
        return _("Written down; the customer is tried again later.")
    return _("Written down. The visit is closed.")


@requires("followups.call")
@require_POST
def take(request, pk):
    """“I call”: the person in front of the screen makes this call."""
    call = get_object_or_404(FollowUpCall, pk=pk)
    return web.act(
        request,
        lambda: followups.give_call(call, to=request.staff, by=request.staff),
        done=reverse("followups:call", args=[call.pk]),
    )


def _context(request, call: FollowUpCall) -> dict:
    visit = call.visit
    why_not = rules.refusal(request.staff, visit)
    return {
        "call": call,
        "visit": visit,
        "handover": getattr(visit, "handover", None),
        "kept": queries.promise_kept(visit),
        "done_lines": _lines(visit, ConsentState.APPROVED),
        "declined_lines": _lines(visit, ConsentState.DECLINED),
        "why_not": why_not if call.state == CallState.OPEN else "",
        "may_call": call.state == CallState.OPEN and not why_not,
        "response": getattr(visit, "response", None),
        "invitation": getattr(visit, "invitation", None),
        "see_phone": request.staff.may("customers.see_phone"),
        "now": clock.now(),
    }


def _lines(visit, state: str) -> list:
    return [line for line in visit.all_lines if line.consent_state == state]
