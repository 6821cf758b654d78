"""The second signature of key steps: what waits for it, with what was measured, and one tap."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import web
from repairs import domain as repairs
from repairs.models import StepResult
from repairs.queries.jobs import range_text
from repairs.queries.signing import signing_problem, waiting_for_signature
from stores.access import requires

SIGN = "repairs.sign_step"


@requires(SIGN)
def signing(request: HttpRequest) -> HttpResponse:
    """Everything that waits for a second signature; what this person may not sign says why."""
    rows = [
        {"result": row, "range": range_text(row.step), "problem": signing_problem(request.staff, row.job, row)}
        for row in waiting_for_signature()
    ]
    return render(request, "repairs/signing.html", {"rows": sorted(rows, key=lambda row: bool(row["problem"]))})


@requires(SIGN)
def sign_step(request: HttpRequest, pk: int) -> HttpResponse:
    result = get_object_or_404(StepResult.objects.select_related("step", "job__line"), pk=pk)

    def done(_result) -> str:
        messages.success(request, _("“%(step)s” is signed.") % {"step": result.step.name})
        return reverse("repairs:signing")

    return web.act(request, lambda: repairs.sign_step(result, by=request.staff), done=done)
