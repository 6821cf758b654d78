"""The booking desk: the day by time and advisor, booking by keyboard, moving and ending a booking."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments import queries
from appointments.choices import BookingChannel
from appointments.forms import BookingForm, ReasonForm, RescheduleForm
from appointments.models import Appointment
from core import clock, phones, plates
from core.web import frame, handle
from customers import queries as customers
from customers.models import Vehicle
from stores.access import requires
from stores.choices import RoleCode
from stores.models import Store

DAYS_SHOWN = 7
LOOK_AHEAD = 14  # calendar days searched for so many open ones
FIRST_YEAR, LAST_YEAR = 2000, 2100


@requires("appointments.book")
def day(request):
    """Who comes when and to whom, with what is still free."""
    store = request.staff.store
    today = clock.local_day(store.tz)
    shown = _day(request.GET.get("day"), today)
    sheet = queries.day_sheet(store, shown)
    return render(
        request,
        "appointments/day.html",
        {
            "sheet": sheet,
            "day": shown,
            "day_text": f"{shown:%Y-%m-%d}",
            "today": today,
            "tabs": _day_tabs(request, store, shown, today),
            "before": shown - timedelta(days=1),
            "after": shown + timedelta(days=1),
            "now": clock.now(),
            "may_cancel": request.staff.may("visits.cancel"),
            "may_receive": request.staff.may("reception.check_in"),
        },
    )


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


@requires("appointments.book")
def reschedule(request, pk):
    booked = _appointment(pk)
    store = request.staff.store
    form = RescheduleForm(request.POST or None, version=booked.visit.version)
    context = {
        "booked": booked,
        **slot_context(request, store, first=booked.advisor_id, day=clock.local_day(store.tz, booked.start)),
    }
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


def _moved(request, made: Appointment) -> str:
    start = made.start.astimezone(request.staff.store.tz)
    messages.success(
        request,
        _("Moved to %(time)s with %(advisor)s. The customer has been told.")
        % {"time": f"{start:%m-%d %H:%M}", "advisor": made.advisor.name},
    )
    return f"{reverse('appointments:day')}?day={start:%Y-%m-%d}"


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


# --- What the pages share ---------------------------------------------------------------------------------------------


def slot_context(
    request, store: Store, *, first: int | None = None, own: bool = False, day: date | None = None
) -> dict:
    """What `appointments/_slots.html` shows: the next open days with their free slots counted, and one day's grid.

    The day comes from the address or the form, else `day`, else the first one that has a free slot. `first` is the
    advisor whose column comes first, `own` says that he is the customer's own.
    """
    today = clock.local_day(store.tz)
    asked = request.POST.get("show_day") or request.GET.get("day")
    chosen = request.POST.get("slot") or request.GET.get("slot", "")
    open_days = queries.free_days(store, first=today, days=LOOK_AHEAD)[:DAYS_SHOWN]
    first_free = next((d for d, free in open_days if free), today)
    before = _day(request.POST.get("shown"), None)
    shown = _day(asked, None) or queries.day_of_key(store, chosen) or before or day or first_free
    sheet = queries.day_sheet(store, max(shown, today), first=first)
    return {
        "days": [(d, len(free), d == sheet.day) for d, free in open_days],
        "off_strip": sheet.day not in [d for d, _free in open_days],
        "sheet": sheet,
        "today": today,
        "first": first,
        "own": own,
        "chosen": chosen,
    }


def _appointment(pk: int) -> Appointment:
    rows = Appointment.objects.select_related("visit__customer", "visit__vehicle", "visit__store", "advisor")
    return get_object_or_404(rows, pk=pk)


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


def _day(text: str | None, default: date | None) -> date | None:
    """The day an address or a form names; `default` for nonsense, and for a day no calendar of ours reaches."""
    try:
        asked = parse_date(text or "")
    except ValueError:
        asked = None
    return asked if asked and FIRST_YEAR <= asked.year <= LAST_YEAR else default


def _day_tabs(request, store: Store, shown: date, today: date) -> list[dict]:
    """Today, tomorrow, and the day that is shown if it is another."""
    days = sorted({today, today + timedelta(days=1), shown})
    counts = queries.counts(store, days)
    labels = {today: _("Today"), today + timedelta(days=1): _("Tomorrow")}
    return [
        {
            "url": f"?day={d:%Y-%m-%d}",
            "label": labels.get(d, f"{d:%m-%d}"),
            "active": d == shown,
            "count": counts.get(d, 0),
        }
        for d in days
    ]
