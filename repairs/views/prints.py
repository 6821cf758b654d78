"""The dispatch sheet (派工单) on A4."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core import clock
from core.qr import qr_svg
from repairs.queries.jobs import steps
from repairs.queries.parts import parts_of
from repairs.views.access import job_for
from repairs.views.work import SEES_JOBS
from stores.access import requires


@requires(*SEES_JOBS)
def print_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_for(request, pk)
    visit = job.line.visit
    context = {
        "store": request.staff.store,
        # A job is named by its order, its line and, after rework, its round.
        "number": f"{visit.number}-{job.line.position}" + (f"-R{job.round}" if job.round > 1 else ""),
        "qr": qr_svg(reverse("desk:visit", args=[visit.pk])),
        "copies": [""],
        "printed_at": clock.now(),
        "job": job,
        "line": job.line,
        "visit": visit,
        "steps": steps(job),
        "parts": parts_of(job),
        "clock": list(job.clock.order_by("started_at")),
        "needs": list(visit.needs.all()),
    }
    return render(request, "repairs/print_job.html", context)
