"""Customers and their cars."""

from __future__ import annotations

from django.db.models.functions import Reverse
from django.urls import reverse
from rest_framework.exceptions import PermissionDenied

from api.choices import Scope
from api.endpoints import Endpoint, Listing, idempotent
from api.serializers import customers as shapes
from core.phones import normalise_phone
from core.plates import normalise_plate
from core.vin import normalise_vin
from customers import domain as customers
from customers.models import Customer, Vehicle

RIGHTS = {"GET": Scope.CUSTOMERS_READ, "POST": Scope.CUSTOMERS_WRITE, "PATCH": Scope.CUSTOMERS_WRITE}


class Customers(Listing):
    tag = "customers"
    scopes = RIGHTS
    query = shapes.CustomerQuery
    takes = {"POST": shapes.CustomerInput}
    gives = {"GET": shapes.Customer, "POST": shapes.Customer}
    names = {"GET": "listCustomers", "POST": "createCustomer"}

    def get(self, request):
        """Customers of the key's stores."""
        rows = Customer.objects.select_related("store")
        if name := self.asked.get("name"):
            rows = rows.filter(name=name)
        if phone := self.asked.get("phone"):
            if not self.caller.may(Scope.CUSTOMERS_CONTACT):
                # Else a masked number could be found out by asking.
                raise PermissionDenied(code="scope_missing")
            phone = normalise_phone(phone)
            # The index is over the reversed number.
            rows = rows.alias(backwards=Reverse("phone")).filter(backwards__startswith=phone[::-1], phone=phone)
        return self.tell_page(rows)

    @idempotent
    def post(self, request):
        """Enter a customer. The same name with the same phone is the same person and is answered, not doubled."""
        said = self.said()
        store = self.work_in(code=said.pop("store", None))
        customer = customers.register_customer(store=store, by=self.caller, **said)
        return self.tell(customer, location=reverse("api:v1:customer", args=[customer.pk]))


class OneCustomer(Endpoint):
    tag = "customers"
    scopes = RIGHTS
    takes = {"PATCH": shapes.CustomerChange}
    gives = {"GET": shapes.Customer, "PATCH": shapes.Customer}
    names = {"GET": "getCustomer", "PATCH": "changeCustomer"}

    def get(self, request, pk):
        """One customer."""
        return self.tell(self.find(Customer.objects.select_related("store"), pk))

    @idempotent
    def patch(self, request, pk):
        """Correct what is known of a customer; members that are left out stay as they are."""
        customer = self.find(Customer.objects.select_related("store"), pk)
        self.work_in(customer.store)
        return self.tell(customers.update_customer(customer, by=self.caller, **self.said()))


class Vehicles(Listing):
    tag = "vehicles"
    scopes = RIGHTS
    query = shapes.VehicleQuery
    takes = {"POST": shapes.VehicleInput}
    gives = {"GET": shapes.Vehicle, "POST": shapes.Vehicle}
    names = {"GET": "listVehicles", "POST": "registerVehicle"}

    def get(self, request):
        """Cars of the key's stores."""
        rows = Vehicle.objects.select_related("store")
        if plate := self.asked.get("plate"):
            rows = rows.filter(plate=normalise_plate(plate))
        if vin := self.asked.get("vin"):
            rows = rows.filter(vin=normalise_vin(vin))
        if owner := self.asked.get("owner"):
            rows = rows.filter(owner_id=owner)
        return self.tell_page(rows)

    @idempotent
    def post(self, request):
        """Enter a car, or bring the one with this VIN or plate up to date; never a second row for one car."""
        said = self.said()
        store = self.work_in(code=said.pop("store", None))
        owner = self.refer(Customer.objects, said.pop("owner"), "/owner")
        said = {name: value for name, value in said.items() if value is not None}
        vehicle = customers.register_vehicle(store=store, owner=owner, by=self.caller, **said)
        return self.tell(vehicle, location=reverse("api:v1:vehicle", args=[vehicle.pk]))


class OneVehicle(Endpoint):
    tag = "vehicles"
    scopes = RIGHTS
    takes = {"PATCH": shapes.VehicleChange}
    gives = {"GET": shapes.Vehicle, "PATCH": shapes.Vehicle}
    names = {"GET": "getVehicle", "PATCH": "changeVehicle"}

    def get(self, request, pk):
        """One car."""
        return self.tell(self.find(Vehicle.objects.select_related("store"), pk))

    @idempotent
    def patch(self, request, pk):
        """Correct a car's VIN or details; members that are left out stay as they are."""
        vehicle = self.find(Vehicle.objects.select_related("store"), pk)
        self.work_in(vehicle.store)
        return self.tell(customers.update_vehicle(vehicle, by=self.caller, **self.said()))
