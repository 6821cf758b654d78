"""Booking at the desk: find, ask, choose a time that is held meanwhile, done; then the plan to read out."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments import sheets
from appointments.choices import BookingChannel
from appointments.domain.booking import made_by
from appointments.forms import BookingForm, SlotField, WishForm
from appointments.models import Appointment, Hold
from appointments.offers import Wish
from appointments.views.parts import slot_context
from core import clock, phones, plates
from core.errors import DomainError
from core.web import handle
from customers import queries as customers
from customers.models import Entitlement, Vehicle
from stores.access import requires
from stores.choices import RoleCode
from stores.models import Staff

BOOK = "appointments.book"
TICKS = ("waits", "wash", "loan_car", "pickup")


@requires(BOOK)
def book(request):
    """One page from the ringing telephone to the confirmation: find, ask, choose a time, done."""
    store = request.staff.store
    query = request.GET.get("q", "").strip()
    found = customers.search(query) if query else []
    car = _car(request)
    if query and not car and (only := _only_car(found)):
        return redirect(f"{reverse('appointments:book')}?{_carry(request, vehicle=only)}")
    menu, coming = sheets.menu_for(store, car), customers.entitlements(car) if car else []
    asks_for_day = request.method == "POST" and "show_day" in request.POST
    form = BookingForm(
        None if asks_for_day else request.POST or None,
        car=car,
        menu=menu,
        coming=[_coming(row) for row in coming],
        covered={row.operation_code for row in coming},
        initial=_as_typed(request.POST) if asks_for_day else _initial(request, query),
    )
    context = {
        "query": query,
        "found": found,
        "car": car,
        "kept": _kept(request),
        "carry": _carry(request),
        "follows": True,
        **_times(request, form, car),
    }
    if asks_for_day:
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
    items = form.items()
    return appointments.book_for(
        store=request.staff.store,
        caller=form.caller(),
        vehicle=data["vehicle"],
        by=request.staff,
        advisor=advisor,
        start=start,
        channel=data["channel"],
        items=items,
        services=list(dict.fromkeys([*(item.kind for item in items), *data["services"]])),
        needs=form.needs(),
        waits=data["waits"],
        wash=data["wash"],
        loan_car=data["loan_car"],
        pickup_address=data["pickup_address"].strip() if data["pickup"] else "",
        note=data["note"],
        token=data["token"],
        hold=data["token"],
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
    return reverse("appointments:plan", args=[made.pk])


@requires(BOOK)
def plan(request, pk):
    """What was agreed, to read out at the end of the call: work, time, price, what to bring; also as a sheet on paper."""
    rows = Appointment.objects.select_related(
        "visit__customer", "visit__vehicle", "visit__store", "advisor", "stand_in_for", "parking"
    )
    booked = get_object_or_404(rows, pk=pk)
    context = {
        "booked": booked,
        "plan": sheets.plan_of(booked),
        "lead": _("Read it out before you hang up; the customer has the same by message.")
        if booked.confirmed_at
        else _("Read it out before you hang up; there is no number to send it to."),
        "needs": booked.visit.needs.order_by("id"),
        "day_text": f"{clock.local_day(booked.visit.store.tz, booked.start):%Y-%m-%d}",
    }
    return render(request, "appointments/plan.html", context)


@requires(BOOK)
def find(request):
    """Cars for what is being typed in the search box, as links that open the booking for them."""
    query = request.GET.get("q", "").strip()
    context = {
        "query": query,
        "found": customers.search(query) if query else [],
        "carry": _carry(request),
    }
    return render(request, "appointments/_found.html", context)


@requires(BOOK)
def slots(request):
    """The times of another day (GET), or for other work (POST), for the form they stand in.

    For other work the slot that is held is given back: another wish needs another hold.
    """
    car, sent = _car(request), request.POST if request.method == "POST" else request.GET
    if request.method == "POST" and (token := _token(sent.get("token"))):
        appointments.release(token)
    form = WishForm(sent if "wished" in sent else None, menu=sheets.menu_for(request.staff.store, car))
    return render(request, "appointments/_slots.html", _times(request, form, car))


@requires(BOOK)
def hold(request):
    """Keep the chosen slot under the form's own token while the rest is filled in; what was held for it before is given back."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    store, car, token = request.staff.store, _car(request), _token(request.POST.get("token"))
    try:
        advisor, start = SlotField().clean(request.POST.get("slot", ""))
    except ValidationError as error:
        return render(request, "appointments/_hold.html", {"problem": error.messages[0]}, status=422)
    if token is None or made_by(token):
        return render(request, "appointments/_hold.html", {})
    appointments.release(token)
    wish = WishForm(request.POST, menu=sheets.menu_for(store, car)).wish(own_advisor_id=_own_advisor(car))
    reasons = _reasons(store, wish, start, advisor)
    way = {"start": start, "advisor": advisor, "channel": BookingChannel.DESK, "by": request.staff, "token": token}
    try:
        held = appointments.hold(store, wish, **way)
    except DomainError as error:
        # Nothing is lost: the page puts the sentence, with the times that are left, where the hold would stand.
        return render(request, "appointments/_hold.html", {"problem": str(error)})
    return render(request, "appointments/_hold.html", {"held": held, "reasons": reasons})


# --- What these pages share ---------------------------------------------------------------------------------------------


def _times(request, form: WishForm, car: Vehicle | None) -> dict:
    """The grid for what is ticked, with work and price of it."""
    wish = form.wish(own_advisor_id=_own_advisor(car))
    rows = [sheets.row_of(item) for item in form.items()]
    sent = request.POST if request.method == "POST" else request.GET
    held = _held(sent.get("token"))
    times = slot_context(request, request.staff.store, wish, slots_url=reverse("appointments:slots"), held=held)
    return {
        "held": held,
        **times,
        "hold_url": reverse("appointments:hold"),
        "waitlist_url": reverse("appointments:join"),
        "plan": sheets.ServicePlan(rows, []),
    }


def _coming(row: Entitlement) -> str:
    """An entitlement in a few words."""
    left = row.quantity - row.used
    if row.valid_until:
        return _("%(name)s × %(left)d, until %(day)s") % {
            "name": row.name,
            "left": left,
            "day": f"{row.valid_until:%Y-%m-%d}",
        }
    return _("%(name)s × %(left)d") % {"name": row.name, "left": left}


def _reasons(store, wish: Wish, start, advisor: Staff | None) -> list[str]:
    answer = appointments.offers(store, wish, first=clock.local_day(store.tz, start), days=1)[0]
    fits = (o for o in answer.offers if o.start == start and (advisor is None or o.advisor.pk == advisor.pk))
    offer = next(fits, None)
    return offer.reasons if offer else []


def _held(text: str | None) -> Hold | None:
    token = _token(text)
    return (
        Hold.objects.filter(token=token, expires_at__gt=clock.now()).select_related("advisor").first()
        if token
        else None
    )


def _token(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _as_typed(data) -> dict:
    """A form that is shown again without being judged."""
    ticks = {name: name in data for name in TICKS}
    return {**data.dict(), **ticks, "services": data.getlist("services"), "operations": data.getlist("operations")}


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
