"""Booking at the desk: find, ask, choose a time, done."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments.choices import BookingChannel
from appointments.forms import BookingForm
from appointments.models import Appointment
from appointments.views.parts import slot_context
from core import phones, plates
from core.web import handle
from customers import queries as customers
from customers.models import Vehicle
from stores.access import requires
from stores.choices import RoleCode


@requires("appointments.book")
def book(request):
    """One page from the ringing telephone to the confirmation: find, ask, choose a time, done."""
    store = request.staff.store
    query = request.GET.get("q", "").strip()
    found = customers.search(query) if query else []
    car = _car(request)
    if query and not car and (only := _only_car(found)):
        return redirect(f"{reverse('appointments:book')}?{_carry(request, vehicle=only)}")
    form = BookingForm(request.POST or None, car=car, initial=_initial(request, query))
    context = {
        "query": query,
        "found": found,
        "car": car,
        "kept": _kept(request),
        "carry": _carry(request),
        **slot_context(request, store, first=_own_advisor(car), own=True),
    }
    if request.method == "POST" and "show_day" in request.POST:
        form = BookingForm(car=car, initial={**request.POST.dict(), "services": request.POST.getlist("services")})
        return render(request, "appointments/book.html", {**context, "form": form})
    return handle(
        request,
        form,
        lambda data: _book(request, form, data),
        template="appointments/book.html",
        context=context,
        done=lambda made: _booked(request, made),
    )


def _book(request, form: BookingForm, data: dict) -> Appointment:
    advisor, start = data["slot"]
    return appointments.book_for(
        store=request.staff.store,
        caller=form.caller(),
        vehicle=data["vehicle"],
        by=request.staff,
        advisor=advisor,
        start=start,
        channel=data["channel"],
        services=data["services"],
        needs=form.needs(),
        waits=data["waits"],
        note=data["note"],
        token=data["token"],
    )


def _booked(request, made: Appointment) -> str:
    start = made.start.astimezone(request.staff.store.tz)
    values = {"time": f"{start:%m-%d %H:%M}", "advisor": made.advisor.name}
    if made.confirmed_at:
        messages.success(
            request, _("Booked: %(time)s with %(advisor)s. The customer has been sent a confirmation.") % values
        )
    else:
        messages.warning(
            request, _("Booked: %(time)s with %(advisor)s. There is no number to write to: tell the customer.") % values
        )
    return f"{reverse('appointments:day')}?day={start:%Y-%m-%d}"


@requires("appointments.book")
def find(request):
    """Cars for what is being typed in the search box, as links that open the booking for them."""
    query = request.GET.get("q", "").strip()
    context = {
        "query": query,
        "found": customers.search(query) if query else [],
        "carry": _carry(request),
    }
    return render(request, "appointments/_found.html", context)


@requires("appointments.book")
def slots(request):
    """The grid of another day, for the form it stands in."""
    own, first = request.GET.get("own", ""), request.GET.get("first", "")
    number = own or first
    context = slot_context(request, request.staff.store, first=int(number) if number.isdigit() else None, own=bool(own))
    return render(request, "appointments/_slots.html", context)


def _car(request) -> Vehicle | None:
    """The car the page is about: of the address (404 if it is not the store's), or of the form that was sent."""
    rows = Vehicle.objects.select_related("owner__preferred_advisor")
    if request.method == "POST":
        sent = request.POST.get("vehicle", "")
        return rows.filter(pk=sent).first() if sent.isdigit() else None
    asked = request.GET.get("vehicle", "")
    return get_object_or_404(rows, pk=asked if asked.isdigit() else 0) if asked else None


def _only_car(found: list[Vehicle]) -> int | None:
    return found[0].pk if len(found) == 1 else None


def _own_advisor(car: Vehicle | None) -> int | None:
    return car.owner.preferred_advisor_id if car and car.owner else None


def _kept(request) -> dict[str, str]:
    """Day and slot that were chosen before the customer was found."""
    return {key: request.GET[key] for key in ("day", "slot") if request.GET.get(key)}


def _carry(request, **more) -> str:
    return urlencode({**more, **_kept(request)})


def _initial(request, query: str) -> dict:
    """A number or plate that was searched for and not found is the new customer's."""
    desk = {RoleCode.ADVISOR, RoleCode.SERVICE_MANAGER}
    here = request.staff.role_code in desk
    initial = {
        "channel": BookingChannel.DESK if here else BookingChannel.PHONE,
        "slot": request.GET.get("slot", ""),
    }
    if phones.is_phone(phones.normalise_phone(query)):
        initial["phone"] = query
    elif plates.is_plate(query):
        initial["plate"] = plates.normalise_plate(query)
    return initial
