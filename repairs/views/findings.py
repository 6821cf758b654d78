"""Found something: the technician proposes an added item with pictures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.models import Part
from core import web
from repairs import domain as repairs
from repairs.forms import PART_ROWS, ProposeForm
from repairs.models import Job
from repairs.views.access import home_url
from stores.access import requires
from visits.models import Visit


@requires("repairs.propose")
def propose(request: HttpRequest, visit_pk: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("vehicle", "customer", "advisor", "store"), pk=visit_pk)
    job = Job.objects.filter(pk=request.GET.get("job") or 0, line__visit=visit).select_related("line").first()
    where = reverse("repairs:job", args=[job.pk]) if job else home_url(request)
    form = ProposeForm(request.POST or None, request.FILES or None)

    def act(data):
        return repairs.propose(
            visit,
            by=request.staff,
            operation=data["operation"],
            title=data["title"],
            risk=data["risk"],
            concern=data["concern"],
            hours=data["hours"],
            parts=form.parts(lambda number: Part.objects.filter(number__iexact=number, active=True).first()),
            photos=data["photos"],
            job=job,
            token=data["token"],
        )

    def done(_line) -> str:
        messages.success(request, _("Sent to the advisor. Nobody works on it before the customer agrees."))
        return where

    context = {"visit": visit, "job": job, "where": where, "rows": PART_ROWS}
    return web.handle(request, form, act, template="repairs/propose.html", context=context, done=done)
