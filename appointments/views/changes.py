"""What becomes of a booking at the desk: moved, cancelled, missed."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments.domain.ledger import wish_of
from appointments.forms import ReasonForm, RescheduleForm
from appointments.models import Appointment
from appointments.views.parts import slot_context
from core import clock
from core.web import frame, handle
from stores.access import requires


@requires("appointments.book")
def reschedule(request, pk):
    """Another time for a booking: from the grid of times, or dropped onto a time of the day or week page."""
    booked = _appointment(pk)

    form = RescheduleForm(request.POST or None, version=booked.visit.version)
    context = {"booked": booked, **_times(request, booked)}
    if request.method == "POST" and "show_day" in request.POST:
        form = RescheduleForm(version=booked.visit.version)
        return render(request, "appointments/reschedule.html", {**context, "form": form})
    return handle(
        request,
        form,
        lambda data: appointments.reschedule(
            booked,
            start=data["slot"][1],
            advisor=data["slot"][0],
            by=request.staff,
            version=data["version"],
        ),
        template="appointments/reschedule.html",
        context=context,
        done=lambda made: _moved(request, made),
    )


@requires("appointments.book")
def move_slots(request, pk):
    """The times of another day for a booking that is being moved."""
    return render(request, "appointments/_slots.html", _times(request, _appointment(pk)))


def _times(request, booked: Appointment) -> dict:
    store, wish = request.staff.store, wish_of(booked)
    return slot_context(
        request,
        store,
        wish,
        slots_url=reverse("appointments:move_slots", args=[booked.pk]),
        first=booked.advisor_id,
        day=clock.local_day(store.tz, booked.start),
        besides=booked,
    )


def _moved(request, made: Appointment) -> str:
    start = made.start.astimezone(request.staff.store.tz)
    messages.success(
        request,
        _("Moved to %(time)s with %(advisor)s. The customer has been told.")
        % {"time": f"{start:%m-%d %H:%M}", "advisor": made.advisor.name},
    )
    page = "appointments:week" if request.POST.get("view") == "week" else "appointments:day"
    return f"{reverse(page)}?day={start:%Y-%m-%d}"


@requires("visits.cancel")
def cancel(request, pk):
    return _end(
        request,
        _appointment(pk),
        appointments.cancel,
        title=_("Cancel the booking"),
        lead=_("The slot is free again at once and the customer is told."),
        suggestions=[
            _("Customer has no time that day"),
            _("Fault has gone"),
            _("Goes to another workshop"),
            _("Part not in stock yet"),
            _("Booked twice by mistake"),
        ],
    )


@requires("visits.cancel")
def no_show(request, pk):
    return _end(
        request,
        _appointment(pk),
        appointments.mark_no_show,
        title=_("Customer did not come"),
        lead=_("Ask why before you close it: a booking that can be moved is not lost."),
        suggestions=[
            _("Not reached by phone"),
            _("Forgot; will book again"),
            _("Was held up"),
            _("Went to another workshop"),
        ],
    )


def _end(request, booked: Appointment, verb, *, title: str, lead: str, suggestions):
    form = ReasonForm(request.POST or None, version=booked.visit.version, suggestions=suggestions)
    day_page = reverse("appointments:day")
    start = booked.start.astimezone(request.staff.store.tz)
    return handle(
        request,
        form,
        lambda data: verb(booked, by=request.staff, **data),
        template="appointments/end.html",
        context={"booked": booked, "title": title, "lead": lead, "frame": frame(request)},
        done=f"{day_page}?day={start:%Y-%m-%d}",
    )


def _appointment(pk: int) -> Appointment:
    rows = Appointment.objects.select_related("visit__customer", "visit__vehicle", "visit__store", "advisor")
    return get_object_or_404(rows, pk=pk)
