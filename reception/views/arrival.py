"""The car comes in: found by its plate, taken in with a tap, with or without a booking."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core import phones, plates
from core.web import act, back_url, handle, is_htmx
from customers import queries as customers
from customers.models import Vehicle
from reception import domain as reception
from reception import queries
from reception.forms import WalkInForm
from reception.views.found import find_visit
from stores.access import requires
from stores.choices import RoleCode


@requires("reception.check_in")
def arrive(request):
    """Type the plate's tail, tap once. A POST names the booked visit that has arrived."""
    if request.method == "POST":
        visit = find_visit(request.POST.get("visit"))
        version = request.POST.get("version", "")
        return act(
            request,
            lambda: reception.arrive(
                visit,
                by=request.staff,
                version=int(version) if version.isdigit() else None,
            ),
            done=reverse("reception:check_in", args=[visit.pk]),
        )
    query = request.GET.get("q", "").strip()
    context = {"query": query, **_arrivals(request, query)}
    fragment = is_htmx(request)
    if not fragment:
        context["to_greet"] = queries.to_greet()
    return render(
        request,
        "reception/_arrivals.html" if fragment else "reception/arrive.html",
        context,
    )


@requires("reception.check_in")
def greet(request, visit_pk):
    """“Greeted”: one tap where the customer stands in the list or above the walk-around."""
    visit = find_visit(visit_pk)
    return act(request, lambda: reception.greet(visit, by=request.staff), done=back_url(request))


def _arrivals(request, query: str) -> dict:
    """Booked visits for what was typed, and the cars without booking; without a query everybody expected about now."""
    store = request.staff.store
    if not query:
        return {"expected": queries.expected(store), "cars": []}
    cars = customers.search(query)
    ids = [car.pk for car in cars]
    expected = list(queries.expected(store, vehicle_ids=ids))
    booked = {visit.vehicle_id for visit in expected}
    here = queries.in_house(ids)
    return {
        "expected": expected,
        "cars": [(car, here.get(car.pk)) for car in cars if car.pk not in booked],
    }


@requires("reception.check_in")
def walk_in(request):
    """A customer without booking: who, which car, what for; the walk-around comes next."""
    car = _car(request)
    query = request.GET.get("q", "").strip()
    form = WalkInForm(request.POST or None, car=car, initial=_walk_in_initial(request, query))
    return handle(
        request,
        form,
        lambda data: reception.take_in(
            store=request.staff.store,
            caller=form.caller(),
            vehicle=data["vehicle"],
            advisor=data["advisor"],
            by=request.staff,
            waiting=data["waiting"],
            needs=form.needs(),
            token=data["token"],
        ),
        template="reception/walk_in.html",
        context={"car": car},
        done=lambda visit: reverse("reception:check_in", args=[visit.pk]),
    )


def _car(request) -> Vehicle | None:
    rows = Vehicle.objects.select_related("owner")
    if request.method == "POST":
        sent = request.POST.get("vehicle", "")
        return rows.filter(pk=sent).first() if sent.isdigit() else None
    asked = request.GET.get("vehicle", "")
    return get_object_or_404(rows, pk=asked if asked.isdigit() else 0) if asked else None


def _walk_in_initial(request, query: str) -> dict:
    staff = request.staff
    initial = {"advisor": staff.pk if staff.role_code == RoleCode.ADVISOR else None}
    if phones.is_phone(phones.normalise_phone(query)):
        initial["phone"] = query
    elif plates.is_plate(query):
        initial["plate"] = plates.normalise_plate(query)
    return initial
