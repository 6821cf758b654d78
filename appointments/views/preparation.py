"""预约内部确认 (F1b): what workshop and parts say about the bookings of the coming days."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from appointments import domain as appointments
from appointments import waiting
from appointments.choices import PreparationState
from appointments.forms.waiting import PreparationForm
from appointments.models import Preparation
from core.web import act, frame, handle
from stores.access import requires


@requires("appointments.prepare")
def preparation(request):
    """The coming bookings by day, with what each side says; one click confirms."""
    mine = appointments.sides_of(request.staff)
    days = waiting.to_prepare()
    context = {"days": days, "mine": mine, "waiting": sum(waiting.unconfirmed(side) for side in mine)}
    return render(request, "appointments/preparation.html", context)


@requires("appointments.prepare")
def confirm(request, pk):
    """Everything is there: one click."""
    row = _row(request, pk)
    return act(
        request,
        lambda: appointments.answer_preparation(row, state=PreparationState.READY, by=request.staff),
        done=reverse("appointments:preparation"),
    )


@requires("appointments.prepare")
def answer(request, pk):
    """With bay and technician, or the day the parts arrive, or what is missing."""
    row = _row(request, pk)
    form = PreparationForm(request.POST or None, row=row)
    return handle(
        request,
        form,
        lambda data: appointments.answer_preparation(row, by=request.staff, **data),
        template="appointments/prepare.html",
        context={"row": row, "booked": row.appointment, "frame": frame(request)},
        done=reverse("appointments:preparation"),
    )


def _row(request, pk) -> Preparation:
    rows = Preparation.objects.select_related(
        "appointment__visit__vehicle", "appointment__visit__customer", "appointment__advisor"
    )
    return get_object_or_404(rows, pk=pk, side__in=appointments.sides_of(request.staff))
