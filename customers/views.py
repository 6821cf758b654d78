"""Correcting what is known of a customer and his cars, and writing down what he agrees to."""

from __future__ import annotations

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock, web
from customers import domain as customers
from customers import queries
from customers.forms import ConsentForm, CustomerForm, EntitlementForm, PreferencesForm, VehicleForm
from customers.models import Customer, Entitlement, Vehicle
from stores.access import requires

EDIT = "customers.edit"
# What was granted is taken back by whoever may give discounts: it is money.
VOID = "orders.discount"


@requires(EDIT)
def edit(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    form = CustomerForm(customer=customer)
    return _form_page(
        request,
        form,
        lambda data: customers.update_customer(customer, by=request.staff, **data),
        title=_("Correct the customer"),
        lead=customer.name,
        customer=customer,
    )


@requires(EDIT)
def preferences(request, pk):
    """Advisor, channel and hours, as a dialog of the customer's file."""
    customer = get_object_or_404(Customer, pk=pk)
    back = reverse("desk:customer", args=[pk])
    return web.handle(
        request,
        PreferencesForm(request.POST or None, customer=customer),
        lambda data: customers.update_customer(customer, by=request.staff, **data),
        template="customers/preferences.html",
        context={"customer": customer, "frame": web.frame(request), "back": back},
        done=back,
    )


@requires(EDIT)
def add_vehicle(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    form = VehicleForm(today=_today(request))

    @transaction.atomic
    def act(data):
        car = customers.register_vehicle(
            store=request.staff.store,
            owner=customer,
            plate=data["plate"],
            vin=data["vin"],
            plate_kind=form.plate_kind(),
            by=request.staff,
            **form.details(),
        )
        _read_mileage(request, car, data)

    return _form_page(request, form, act, title=_("New car"), lead=customer.name, customer=customer)


@requires(EDIT)
def edit_vehicle(request, pk):
    car = get_object_or_404(Vehicle.objects.select_related("owner"), pk=pk)
    form = VehicleForm(vehicle=car, today=_today(request))

    @transaction.atomic
    def act(data):
        customers.update_vehicle(car, vin=data["vin"], by=request.staff, **form.details())
        customers.change_plate(car, plate=data["plate"], plate_kind=form.plate_kind(), by=request.staff)
        _read_mileage(request, car, data)

    lead = car.plate or car.vin
    return _form_page(request, form, act, title=_("Correct the car"), lead=lead, customer=car.owner)


@requires(EDIT)
def consent(request, pk):
    customer = get_object_or_404(Customer, pk=pk)
    form = ConsentForm()

    def act(data):
        say = customers.give_consent if data.pop("allowed") else customers.withdraw_consent
        say(customer, by=request.staff, **data)

    return _form_page(request, form, act, title=_("What the customer agrees to"), lead=customer.name, customer=customer)


def _form_page(request, form, act, *, title: str, lead: str, customer: Customer | None):
    back = reverse("desk:customer", args=[customer.pk]) if customer else reverse("desk:search")
    context = {"title": title, "lead": lead, "back": back}
    return web.handle(request, form, act, template="customers/form.html", context=context, done=back)


def _read_mileage(request, car: Vehicle, data: dict) -> None:
    if data["km"] is not None:
        customers.read_odometer(
            car, km=data["km"], on=_today(request), reason=data["km_reason"], source="customer", by=request.staff
        )


def _today(request):
    return clock.local_day(request.staff.store.zone)


@requires(EDIT)
def entitlements(request, pk):
    """What a car has coming, what became of it, and a form for one more."""
    car = get_object_or_404(Vehicle.objects.select_related("owner", "store"), pk=pk)
    rows = list(car.entitlements.select_related("granted_by").order_by("-granted_at"))
    valid = {row.pk for row in queries.entitlements(car)}
    for row in rows:
        row.valid = row.pk in valid
    back = reverse("desk:customer", args=[car.owner_id]) if car.owner_id else reverse("desk:search")
    return web.handle(
        request,
        EntitlementForm(today=_today(request)),
        lambda data: customers.grant_entitlement(car, by=request.staff, **data),
        template="customers/entitlements.html",
        context={"car": car, "rows": rows, "back": back, "may_void": request.staff.may(VOID)},
        done=reverse("customers:entitlements", args=[car.pk]),
    )


@require_POST
@requires(VOID)
def void_entitlement(request, pk):
    row = get_object_or_404(Entitlement, pk=pk)
    reason = request.POST.get("reason") or _("Entered by mistake")
    return web.act(
        request,
        lambda: customers.void_entitlement(row, reason=reason, by=request.staff),
        done=reverse("customers:entitlements", args=[row.vehicle_id]),
    )
