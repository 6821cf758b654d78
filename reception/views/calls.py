"""What waiting customers asked for with one tap."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import clock
from core.web import act, back_url
from reception import domain as reception
from reception import queries
from reception.models import CustomerCall
from stores.access import requires


@require_safe
@requires("reception.answer_calls")
def calls(request):
    """Open calls by their clock, and those answered today."""
    now = clock.now()
    return render(
        request,
        "reception/calls.html",
        {"rows": queries.open_calls(now=now), "answered": queries.answered_calls(request.staff.store)},
    )


@requires("reception.answer_calls")
def answer(request, pk):
    """“Done”: one tap when the customer has what he asked for."""
    row = get_object_or_404(CustomerCall, pk=pk)
    return act(
        request, lambda: reception.answer_call(row, by=request.staff), done=back_url(request, "/reception/calls/")
    )
