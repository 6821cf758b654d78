"""Complaints, and opening one."""

from __future__ import annotations

from django.urls import reverse

from api.choices import Scope
from api.endpoints import Endpoint, Listing, idempotent
from api.serializers import complaints as shapes
from complaints import domain as complaints
from complaints.choices import CaseSource
from complaints.models import Case
from customers.models import Customer, Vehicle
from visits.models import Visit

RIGHTS = {"GET": Scope.COMPLAINTS_READ, "POST": Scope.COMPLAINTS_WRITE}


def rows():
    return Case.objects.select_related("store", "owner")


class Complaints(Listing):
    tag = "complaints"
    scopes = RIGHTS
    query = shapes.ComplaintQuery
    takes = {"POST": shapes.NewComplaint}
    gives = {"GET": shapes.Complaint, "POST": shapes.Complaint}
    names = {"GET": "listComplaints", "POST": "openComplaint"}

    FILTERS = {
        "state": "state",
        "severity": "severity",
        "visit": "visit_id",
        "customer": "customer_id",
        "vehicle": "vehicle_id",
        "opened_from": "opened_at__gte",
        "opened_before": "opened_at__lt",
    }

    def get(self, request):
        """Complaints of the key's stores."""
        return self.tell_page(rows().filter(**self.wanted()))

    @idempotent
    def post(self, request):
        """Open a complaint: it gets an owner and its clock begins. Words about a visit that has an open one join it."""
        said = self.said()
        store = self.work_in(code=said.pop("store", None))
        case = complaints.open_case(
            store=store,
            source=said.pop("source", CaseSource.MAKER),
            visit=self.refer(Visit.objects.select_related("store"), said.pop("visit", None), "/visit"),
            customer=self.refer(Customer.objects, said.pop("customer", None), "/customer"),
            vehicle=self.refer(Vehicle.objects, said.pop("vehicle", None), "/vehicle"),
            by=self.caller,
            **said,
        )
        return self.tell(self.find(rows(), case.pk), location=reverse("api:v1:complaint", args=[case.pk]))


class OneComplaint(Endpoint):
    tag = "complaints"
    scopes = RIGHTS
    gives = {"GET": shapes.Complaint}
    names = {"GET": "getComplaint"}

    def get(self, request, pk):
        """One complaint."""
        return self.tell(self.find(rows(), pk))
