"""What can be booked, slots kept while a booking is prepared, and who waits for a day that is full."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.response import Response

from api.choices import Scope
from api.endpoints import Endpoint, Listing, idempotent
from api.serializers import appointments as booking_shapes
from api.serializers import waiting as shapes
from api.views import appointments as booking
from appointments import domain as appointments
from appointments import queries
from appointments.choices import BookingChannel, OfferState
from appointments.models import Hold, WaitlistEntry
from core.errors import Conflict
from customers.models import Customer, Vehicle
from stores.models import Staff

RIGHTS = {"GET": Scope.APPOINTMENTS_READ, "POST": Scope.APPOINTMENTS_WRITE}


def rows():
    return WaitlistEntry.objects.select_related("store").prefetch_related("offers__advisor")


class Offers(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    query = shapes.OfferQuery
    gives = {"GET": shapes.Offers}
    names = {"GET": "listOffers"}

    def get(self, request):
        """What can be booked from a day on, with the reason why each slot fits and why a day has none."""
        store = self.work_in(code=self.asked.get("store"))
        advisor = self.refer(queries.advisors(), self.asked.get("advisor"), "")
        wish = appointments.Wish.of(
            [appointments.Item(kind) for kind in self.asked.get("services", ())],
            advisor_id=advisor.pk if advisor else None,
            **{name: self.asked[name] for name in ("waits", "loan_car", "pickup", "wash") if name in self.asked},
        )
        found = appointments.offers(store, wish, first=self.asked["first"], days=self.asked.get("days", 7))
        return Response(shapes.Offers({"items": found}).data)


class Holds(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    takes = {"POST": shapes.HoldInput}
    gives = {"POST": shapes.Hold}
    names = {"POST": "holdSlot"}

    @idempotent
    def post(self, request):
        """Keep a slot and what the work takes for some minutes. Book with `hold`, or let it end."""
        said = self.said()
        store = self.work_in(code=said.pop("store", None))
        start = said.pop("start")
        advisor = self.refer(Staff.objects, said.pop("advisor", None), "/advisor")
        wish = appointments.Wish.of(booking.items(self, said), **said)
        held = appointments.hold(store, wish, start=start, advisor=advisor, channel=BookingChannel.API, by=self.caller)
        return self.tell(held)


class ReleaseHold(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    takes = {"POST": shapes.Nothing}
    gives = {"POST": shapes.Hold}
    names = {"POST": "releaseHold"}
    created = False

    @idempotent
    def post(self, request, pk):
        """Give a held slot back before it ends."""
        held = self.find(Hold.objects.filter(channel=BookingChannel.API).select_related("store", "advisor"), pk)
        self.work_in(held.store)
        self.said()
        answer = self.tell(held)
        appointments.release(held)
        return answer


class Waitlist(Listing):
    tag = "appointments"
    scopes = RIGHTS
    query = shapes.WaitlistQuery
    takes = {"POST": shapes.WaitlistInput}
    gives = {"GET": shapes.WaitlistEntry, "POST": shapes.WaitlistEntry}
    names = {"GET": "listWaitlist", "POST": "joinWaitlist"}

    FILTERS = {"state": "state", "vehicle": "vehicle_id", "customer": "customer_id"}

    def get(self, request):
        """Who waits, or waited, for a day that was full."""
        return self.tell_page(rows().filter(**self.wanted()))

    @idempotent
    def post(self, request):
        """Wait for a place. What becomes free is offered to one after the other, and kept for a while for each."""
        said = self.said()
        store = self.work_in(code=said.pop("store", None))
        entry = appointments.join_waitlist(
            store=store,
            customer=self.refer(Customer.objects, said.pop("customer"), "/customer"),
            vehicle=self.refer(Vehicle.objects, said.pop("vehicle"), "/vehicle"),
            advisor=self.refer(Staff.objects, said.pop("advisor", None), "/advisor"),
            items=booking.items(self, said),
            channel=BookingChannel.API,
            by=self.caller,
            **said,
        )
        return self.tell(entry, location=reverse("api:v1:waitlist_entry", args=[entry.pk]))


class OneWaitlistEntry(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    gives = {"GET": shapes.WaitlistEntry}
    names = {"GET": "getWaitlistEntry"}

    def get(self, request, pk):
        """One place on the waitlist, with what was offered."""
        return self.tell(self.find(rows(), pk))


class LeaveWaitlist(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    takes = {"POST": shapes.Nothing}
    gives = {"POST": shapes.WaitlistEntry}
    names = {"POST": "leaveWaitlist"}
    created = False

    @idempotent
    def post(self, request, pk):
        """The customer waits no longer; what was offered to him goes to the next."""
        entry = self.find(rows(), pk)
        self.work_in(entry.store)
        self.said()
        appointments.leave_waitlist(entry, by=self.caller)
        return self.tell(self.find(rows(), pk))


class AcceptOffer(Endpoint):
    tag = "appointments"
    scopes = RIGHTS
    takes = {"POST": shapes.Nothing}
    gives = {"POST": booking_shapes.Appointment}
    names = {"POST": "acceptOffer"}

    @idempotent
    def post(self, request, pk):
        """Book what is offered to this place on the waitlist."""
        entry = self.find(rows(), pk)
        self.work_in(entry.store)
        self.said()
        booked = appointments.accept_offer(_offered(entry), by=self.caller)
        return self.tell(self.find(booking.rows(), booked.pk))


class DeclineOffer(LeaveWaitlist):
    names = {"POST": "declineOffer"}

    @idempotent
    def post(self, request, pk):
        """Not this time: it goes to the next, and this customer goes on waiting."""
        entry = self.find(rows(), pk)
        self.work_in(entry.store)
        self.said()
        appointments.decline_offer(_offered(entry), by=self.caller)
        return self.tell(self.find(rows(), pk))


def _offered(entry: WaitlistEntry):
    offer = entry.offers.filter(state=OfferState.OFFERED).first()
    if offer is None:
        raise Conflict(appointments.NOTHING_OFFERED, code="offer_over")
    return offer
