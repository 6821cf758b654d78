"""The waitlist at the desk, and what the desk has to do about bookings."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments import sheets, waiting
from appointments.choices import BookingChannel
from appointments.forms import WishForm
from appointments.forms.waiting import TaskForm, WaitForm
from appointments.models import WaitlistEntry, WaitlistOffer
from appointments.views.parts import day_of
from core import clock
from core.actors import Actor
from core.web import act, frame, handle
from customers.models import Vehicle
from stores.access import requires


@requires("appointments.book")
def waitlist(request):
    """Who waits for a place, in the order in which what is free is offered."""
    rows = waiting.with_wants(waiting.waitlist(request.staff.store))
    return render(request, "appointments/waitlist.html", {"rows": rows, "now": clock.now()})


@requires("appointments.book")
def join(request):
    """Put a customer on the list: his car, his days, what it comes for."""
    store = request.staff.store
    sent = request.POST if request.method == "POST" else request.GET
    asked = sent.get("vehicle", "")
    car = get_object_or_404(Vehicle.objects.select_related("owner"), pk=asked) if asked.isdigit() else None
    # From the booking page, where no time was left: everything that was typed and ticked there comes along.
    comes = request.method == "POST" and "to_waitlist" in request.POST
    day = day_of(request.POST.get("shown") if comes else request.GET.get("day"), None)
    wished = WishForm(sent if "wished" in sent else None, menu=sheets.menu_for(store, car))
    initial = {"first_day": day, "last_day": day}
    if comes:
        typed = ("name", "phone", "plate", "vin", "brand", "model", "fault", "pickup_address")
        initial |= {name: request.POST[name] for name in typed if request.POST.get(name)}
    data = None if comes else request.POST or None
    form = WaitForm(data, car=car, initial=initial, items=wished.items(), wish=wished.wish())
    context = {
        "car": car,
        "plan": sheets.ServicePlan([sheets.row_of(item) for item in wished.items()], []),
        "wish": wished.wish(),
        "carried": wished.carried(),
    }
    if comes:
        return render(request, "appointments/wait.html", {**context, "form": form})
    return handle(
        request,
        form,
        lambda data: _join(request, store, form, data),
        template="appointments/wait.html",
        context=context,
        done=lambda entry: _said(request, _("On the waitlist. The customer has been told.")),
    )


def _join(request, store, form: WaitForm, data: dict) -> WaitlistEntry:
    return appointments.wait_for(
        store=store,
        caller=form.caller(),
        vehicle=data["vehicle"],
        channel=BookingChannel.PHONE,
        by=request.staff,
        **form.wish(),
    )


@requires("appointments.book")
def leave_waitlist(request, pk):
    entry = get_object_or_404(WaitlistEntry, pk=pk)
    return act(
        request,
        lambda: appointments.leave_waitlist(entry, by=request.staff),
        done=lambda _entry: _said(request, _("Taken off the waitlist.")),
    )


@requires("appointments.book")
def accept_offer(request, pk):
    """The customer says yes on the telephone."""
    offer = get_object_or_404(WaitlistOffer.objects.select_related("entry"), pk=pk)
    return act(
        request,
        lambda: appointments.accept_offer(offer, by=request.staff),
        done=lambda made: f"{reverse('appointments:day')}?day={made.start.astimezone(request.staff.store.tz):%Y-%m-%d}",
    )


@requires("appointments.book")
def decline_offer(request, pk):
    offer = get_object_or_404(WaitlistOffer.objects.select_related("entry"), pk=pk)
    return act(
        request,
        lambda: appointments.decline_offer(offer, by=Actor.customer(offer.entry.customer_id)),
        done=lambda _entry: _said(request, _("It goes to the next; this customer goes on waiting.")),
    )


@requires("appointments.book")
def tasks(request):
    """Everything the booking desk has to do about bookings, oldest first."""
    return render(request, "appointments/tasks.html", {"rows": list(waiting.open_tasks())})


@requires("appointments.book")
def finish_task(request, pk):
    """What came of it. A new time is booked or moved on the booking's own pages; then the task is done by itself."""
    task = get_object_or_404(waiting.open_tasks(), pk=pk)
    form = TaskForm(request.POST or None, kind=task.kind)
    return handle(
        request,
        form,
        lambda data: appointments.finish_task(task, by=request.staff, **data),
        template="appointments/task.html",
        context={"task": task, "frame": frame(request)},
        done=reverse("appointments:tasks"),
    )


def _said(request, text: str) -> str:
    messages.success(request, text)
    return reverse("appointments:waitlist")
