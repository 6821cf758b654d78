"""Visits, and opening one for a customer who came without booking."""

from __future__ import annotations

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from api.choices import Scope
from api.endpoints import Endpoint, Listing, idempotent
from api.problems import NotHere
from api.serializers import visits as shapes
from appointments import queries as desk
from catalogue.models import Operation
from core.errors import DomainError
from customers.models import Customer, Vehicle
from orders.domain import LineInput, PartInput
from orders.models import Line
from reception import domain as reception
from visits.models import Visit

RIGHTS = {"GET": Scope.VISITS_READ, "POST": Scope.VISITS_WRITE}


def lines() -> Prefetch:
    """A visit's lines with their parts, in two queries for any number of visits."""
    return Prefetch("lines", Line.objects.select_related("operation").prefetch_related("parts").order_by("position"))


def rows():
    return Visit.objects.select_related("store", "advisor").prefetch_related(lines())


class Visits(Listing):
    tag = "visits"
    scopes = RIGHTS
    query = shapes.VisitQuery
    takes = {"POST": shapes.WalkIn}
    gives = {"GET": shapes.Visit, "POST": shapes.Visit}
    names = {"GET": "listVisits", "POST": "openVisit"}

    FILTERS = {
        "stage": "stage",
        "number": "number",
        "customer": "customer_id",
        "vehicle": "vehicle_id",
        "opened_from": "opened_at__gte",
        "opened_before": "opened_at__lt",
    }

    def get(self, request):
        """Visits of the key's stores with their lines."""
        wanted = self.wanted()
        if self.asked["open"] is not None:
            wanted["ended_at__isnull"] = self.asked["open"]
        return self.tell_page(rows().filter(**wanted))

    @idempotent
    def post(self, request):
        """Open a visit at reception for a customer who came without booking, with what is known of the work. The lines are
        drafts: the customer has to agree to them before work begins."""
        said = self.said()
        store = self.work_in(code=said.pop("store", None))
        vehicle = self.refer(Vehicle.objects.select_related("owner"), said.pop("vehicle"), "/vehicle")
        customer = self.refer(Customer.objects, said.pop("customer", None), "/customer") or vehicle.owner
        if customer is None:
            raise DomainError(_("This car has no owner on file: say who brings it."), code="customer_missing")
        visit = reception.walk_in(
            store=store,
            customer=customer,
            vehicle=vehicle,
            advisor=self.refer(desk.advisors(), said.pop("advisor"), "/advisor"),
            by=self.caller,
            lines=_lines(said.pop("lines", ())),
            needs=[(need["kind"], need["words"]) for need in said.pop("needs", ())],
            **said,
        )
        prefetch_related_objects([visit], lines())
        return self.tell(visit, location=reverse("api:v1:visit", args=[visit.pk]))


class OneVisit(Endpoint):
    tag = "visits"
    scopes = RIGHTS
    gives = {"GET": shapes.Visit}
    names = {"GET": "getVisit"}

    def get(self, request, pk):
        """One visit with its lines."""
        return self.tell(self.find(rows(), pk))


def _lines(said: list[dict]) -> list[LineInput]:
    """What the body says of the work, with the operations it names, in one query."""
    codes = {line["operation"] for line in said if "operation" in line}
    known = {row.code: row for row in Operation.objects.filter(code__in=codes, active=True)} if codes else {}
    found = []
    for place, line in enumerate(said):
        code, parts = line.pop("operation", None), line.pop("parts", None)
        if code and code not in known:
            raise NotHere(f"/lines/{place}/operation")
        materials = None if parts is None and code else [PartInput(**part) for part in parts or ()]
        found.append(LineInput(operation=known.get(code), parts=materials, **line))
    return found
