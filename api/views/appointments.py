"""Free slots and appointments."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.response import Response

from api import problems
from api.choices import Scope
from api.endpoints import Endpoint, Listing, idempotent
from api.serializers import appointments as shapes
from appointments import domain as appointments
from appointments import queries
from appointments.choices import BookingChannel
from appointments.models import Appointment, Hold
from catalogue.models import Operation
from customers.models import Customer, Vehicle
from stores.models import Staff

RIGHTS = {"GET": Scope.APPOINTMENTS_READ, "POST": Scope.APPOINTMENTS_WRITE}


def rows():
    found = Appointment.objects.select_related("store", "visit", "advisor", "parking")
    return found.prefetch_related("items__operation")


def items(endpoint: Endpoint, said: dict) -> list[appointments.Item]:
    """The services that a body names (taken out of it); an operation is named by its code."""
    named = said.pop("items", ())
    found = []
    for place, row in enumerate(named):
        operation, code = None, row.get("operation")
        if code and (operation := Operation.objects.filter(code=code).first()) is None:
            raise problems.NotHere(f"/items/{place}/operation")
        found.append(appointments.Item(row["kind"], operation=operation, words=row.get("words", "")))
    kinds = {row.kind for row in found}
    return found + [appointments.Item(kind) for kind in dict.fromkeys(said.pop("services", ())) if kind not in kinds]


class Advisors(Listing):
    tag = "appointments"
    scopes = RIGHTS
    gives = {"GET": shapes.Advisor}
    names = {"GET": "listAdvisors"}

    def get(self, request):
        """Who receives customers."""
        return self.tell_page(queries.advisors().select_related("store"))


class Slots(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    query = shapes.SlotQuery
    gives = {"GET": shapes.Slots}
    names = {"GET": "listSlots"}

    def get(self, request):
        """Free reception slots of a day."""
        store = self.work_in(code=self.asked.get("store"))
        advisor = self.refer(queries.advisors(), self.asked.get("advisor"), "")
        wish = appointments.Wish(wash=False, advisor_id=advisor.pk if advisor else None)
        (answer,) = appointments.offers(store, wish, first=self.asked["day"], days=1)
        return Response(shapes.Slots({"items": answer.offers}).data)


class Appointments(Listing):
    tag = "appointments"
    scopes = RIGHTS
    query = shapes.AppointmentQuery
    takes = {"POST": shapes.Booking}
    gives = {"GET": shapes.Appointment, "POST": shapes.Appointment}
    names = {"GET": "listAppointments", "POST": "bookAppointment"}

    FILTERS = {
        "status": "status",
        "start_from": "during__startswith__gte",
        "start_before": "during__startswith__lt",
        "customer": "visit__customer_id",
        "vehicle": "visit__vehicle_id",
        "advisor": "advisor_id",
    }

    def get(self, request):
        """Appointments of the key's stores."""
        return self.tell_page(rows().filter(**self.wanted()))

    @idempotent
    def post(self, request):
        """Book a slot: opens the visit and confirms to the customer at once. A slot that is taken answers 409 with the
        nearest free ones in `alternatives`."""
        said = self.said()
        store = self.work_in(code=said.pop("store", None))
        booked = appointments.book(
            store=store,
            customer=self.refer(Customer.objects, said.pop("customer"), "/customer"),
            vehicle=self.refer(Vehicle.objects, said.pop("vehicle"), "/vehicle"),
            advisor=self.refer(Staff.objects, said.pop("advisor", None), "/advisor"),
            items=items(self, said),
            hold=getattr(self.refer(Hold.objects, said.pop("hold", None), "/hold"), "token", None),
            needs=[(need["kind"], need["words"]) for need in said.pop("needs", ())],
            channel=BookingChannel.API,
            by=self.caller,
            **said,
        )
        booked = self.find(rows(), booked.pk)
        return self.tell(booked, location=reverse("api:v1:appointment", args=[booked.pk]))


class OneAppointment(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    gives = {"GET": shapes.Appointment}
    names = {"GET": "getAppointment"}

    def get(self, request, pk):
        """One appointment."""
        return self.tell(self.find(rows(), pk))


class Reschedule(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    takes = {"POST": shapes.Move}
    gives = {"POST": shapes.Appointment}
    names = {"POST": "rescheduleAppointment"}
    created = False

    @idempotent
    def post(self, request, pk):
        """Move an appointment to another slot and tell the customer. The old slot is kept until the new one is won."""
        appointment = self.find(rows(), pk)
        self.work_in(appointment.store)
        said = self.said()
        advisor = self.refer(Staff.objects, said.pop("advisor", None), "/advisor")
        appointments.reschedule(appointment, advisor=advisor, by=self.caller, **said)
        return self.tell(self.find(rows(), pk))


class Cancel(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    takes = {"POST": shapes.Cancellation}
    gives = {"POST": shapes.Appointment}
    names = {"POST": "cancelAppointment"}
    created = False

    @idempotent
    def post(self, request, pk):
        """Call an appointment off with its reason; the slot is free at once and the customer is told."""
        appointment = self.find(rows(), pk)
        self.work_in(appointment.store)
        appointments.cancel(appointment, by=self.caller, **self.said())
        return self.tell(self.find(rows(), pk))
