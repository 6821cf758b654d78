"""One store with one of everything the API names, for tests that go through all of it."""

from __future__ import annotations

import itertools
from datetime import timedelta

from appointments import domain as appointments
from appointments.offers import Offer
from commitments.models import Commitment, Measurement
from complaints import domain as complaints
from core import clock
from stores.models import Store
from surveys.choices import Channel
from surveys.models import Questionnaire, Response
from tests import factories
from tests.appointments import free
from tests.appointments import targets as waits
from tests.visits_at_stage import Maker

DAY = timedelta(days=1)


class Things:
    def __init__(self, store: Store, make: Maker):
        self.store, self.make = store, make
        self.advisor = make.person("advisor")
        self.visit = make("repair", lines=1)
        self.booked = make("booking", due_in_at=clock.now() + DAY)
        self.case = complaints.open_case(store=store, words="空调不冷", source="phone", by=make.person("cashier"))
        self.car = factories.vehicle(store)
        self.response = answer(store, self.visit)
        self.commitment = published(store)
        self.measurement = measured(self.commitment, self.visit)
        self.entry = waits.offered(make)[0].entry
        self.held = self.hold()
        self._slots = self._free()

    @property
    def slot(self) -> Offer:
        """A free slot that was not given out before."""
        return next(self._slots)

    def _free(self):
        first = clock.local_day(self.store.tz) + 2 * DAY
        for offset in itertools.count():
            yield from free.on(self.store, first + offset * DAY, self.advisor)

    def hold(self):
        """A slot kept for another system."""
        start = waits.first_free(self.make)
        return appointments.hold(
            self.store, appointments.Wish(), start=start, channel="api", by=self.make.person("booking_desk")
        )

    def ids(self) -> dict[str, int]:
        """The id of each thing by the name of its address."""
        return {
            "customer": self.car.owner_id,
            "vehicle": self.car.pk,
            "appointment": self.booked.appointment.pk,
            "reschedule": self.booked.appointment.pk,
            "cancel": self.booked.appointment.pk,
            "release_hold": self.held.pk,
            "waitlist_entry": self.entry.pk,
            "leave_waitlist": self.entry.pk,
            "accept_offer": self.entry.pk,
            "decline_offer": self.entry.pk,
            "visit": self.visit.pk,
            "complaint": self.case.pk,
            "survey_response": self.response.pk,
            "commitment": self.commitment.pk,
            "measurement": self.measurement.pk,
        }


def answer(store: Store, visit) -> Response:
    """A customer's answer about a visit, as another system's history would have left it."""
    asked = Questionnaire.objects.filter(published_at__isnull=False).first()
    now = clock.now()
    asked = asked or Questionnaire.objects.create(store=store, version=1, created_at=now, published_at=now)
    said = {"channel": Channel.LINK, "at": now, "csi": "900.0", "nps": 9, "released_at": now, "origin": "demo"}
    return Response.objects.create(store=store, visit=visit, questionnaire=asked, **said)


def published(store: Store) -> Commitment:
    found = Commitment.objects.filter(code="no_unconsented_billing").exclude(published_at=None).first()
    said = {"code": "no_unconsented_billing", "version": 1, "text_zh": "先同意，后收费", "published_at": clock.now()}
    return found or Commitment.objects.create(store=store, **said)


def measured(commitment: Commitment, visit) -> Measurement:
    return Measurement.objects.create(
        store_id=visit.store_id, commitment=commitment, code=commitment.code, visit=visit, started_at=clock.now()
    )
