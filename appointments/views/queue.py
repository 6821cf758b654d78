"""Queue numbers at the counter: give one out, call the next, say what came of it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from segno import make as make_qr

from appointments import domain as appointments
from appointments import waiting
from appointments.choices import TicketState
from appointments.forms.waiting import NumberForm
from appointments.models import Ticket
from core.web import act, handle
from stores.access import requires


@requires("appointments.queue")
def queue(request):
    """Today's numbers, and the next one for whoever stands here."""
    store = request.staff.store
    rows = list(waiting.today(store))
    form = NumberForm(request.POST or None)
    return handle(
        request,
        form,
        lambda data: appointments.take_number(store, plate=data["plate"], by=request.staff),
        template="appointments/queue.html",
        context={
            "waiting": [row for row in rows if row.state == TicketState.WAITING],
            "called": [row for row in rows if row.state == TicketState.CALLED],
            "over": [row for row in rows if row.state in (TicketState.SERVED, TicketState.LEFT)],
            "board": reverse("portal:board", args=[store.code]),
            "take": reverse("portal:take_number", args=[store.code]),
            "may_receive": request.staff.may("reception.check_in"),
        },
        done=lambda made: reverse("appointments:number", args=[made[1]]),
    )


@requires("appointments.queue")
def number(request, token):
    """The slip for a customer: his number, and the way to his place in the queue."""
    ticket = waiting.ticket_of(token)
    ticket = get_object_or_404(Ticket, pk=ticket.pk if ticket else 0)
    address = settings.PUBLIC_URL.rstrip("/") + reverse("portal:ticket", args=[token])
    context = {
        "store": request.staff.store,
        "ticket": ticket,
        "ahead": waiting.ahead_of(ticket),
        "address": address,
        "code": make_qr(address, error="m").svg_inline(scale=4, border=2),
    }
    return render(request, "appointments/number.html", context)


@requires("appointments.queue")
def call_next(request):
    return act(
        request,
        lambda: appointments.call_next(request.staff.store, by=request.staff),
        done=lambda ticket: _say(request, _("Number %(number)d is called.") % {"number": ticket.number}),
    )


@requires("appointments.queue")
def call_number(request, pk):
    ticket = get_object_or_404(Ticket, pk=pk)
    return act(
        request,
        lambda: appointments.call_number(ticket, by=request.staff),
        done=lambda made: _say(request, _("Number %(number)d is called.") % {"number": made.number}),
    )


@requires("appointments.queue")
def serve_number(request, pk):
    """The holder stands at the counter: on to the arrival of his car, where this person may receive it."""
    ticket = get_object_or_404(Ticket, pk=pk)
    return act(
        request,
        lambda: appointments.serve_number(ticket, by=request.staff),
        done=lambda made: _arrival(request, made),
    )


@requires("appointments.queue")
def end_number(request, pk):
    ticket = get_object_or_404(Ticket, pk=pk)
    return act(
        request,
        lambda: appointments.end_number(ticket, by=request.staff),
        done=lambda made: _say(request, _("Number %(number)d did not come.") % {"number": made.number}),
    )


def _say(request, text: str) -> str:
    messages.success(request, text)
    return reverse("appointments:queue")


def _arrival(request, ticket: Ticket) -> str:
    if not request.staff.may("reception.check_in"):
        return _say(request, _("Number %(number)d is at the counter.") % {"number": ticket.number})
    arrival = reverse("reception:arrive")
    return f"{arrival}?{urlencode({'q': ticket.plate})}" if ticket.plate else arrival
