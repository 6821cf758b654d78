"""The car stands in the yard: booked or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments.domain import Caller
from appointments.queries import open_booking
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from core.stages import Stage
from customers.models import Customer, Vehicle
from journal.domain import record
from orders import domain as orders
from orders.domain import LineInput
from reception.events import Greeted
from reception.models import Greeting
from stores.models import Staff, Store
from visits import domain as visits
from visits.models import Visit


@transaction.atomic
def arrive(visit: Visit, *, by: Actor | HasActor, version: int | None = None) -> Visit:
    """The booked customer is here: the booking is kept, the visit goes to reception and the silence clock starts."""
    visit = visits.lock(visit, version=version)
    if visit.stage == Stage.BOOKING:
        appointments.arrive(visit, by=by)
    now = clock.now()
    return visits.advance(
        visit,
        to=Stage.RECEPTION,
        by=by,
        stamp={
            "arrived_at": now,
            "next_update_due_at": now + timedelta(minutes=visit.store.update_every_minutes),
        },
    )


@transaction.atomic
def greet(visit: Visit, *, by: Staff) -> Greeting:
    """An advisor turns to the customer who has arrived: stops the clock of the greeting. A second tap keeps the first.

    Conflict before he has arrived and once the visit has left reception.
    """
    visit = visits.lock(visit)
    if made := Greeting.objects.filter(visit=visit).first():
        return made
    if visit.stage == Stage.BOOKING:
        raise Conflict(_("Record the customer's arrival first."), code="not_arrived")
    if visit.stage != Stage.RECEPTION:
        raise Conflict(_("This customer was received already."), code="too_late")
    greeting = Greeting.objects.create(store_id=visit.store_id, visit=visit, by=by, at=clock.now())
    seconds = max(int((greeting.at - visit.arrived_at).total_seconds()), 0)
    record(
        Greeted(seconds, by.pk),
        store_id=visit.store_id,
        subject=visit,
        visit_id=visit.pk,
        by=by,
        at=greeting.at,
    )
    return greeting


@transaction.atomic
def walk_in(
    *,
    store: Store,
    customer: Customer,
    vehicle: Vehicle,
    advisor: Staff,
    by: Actor | HasActor,
    waiting: bool = False,
    needs: Iterable[tuple[str, str]] = (),
    lines: Sequence[LineInput] = (),
    token: UUID | None = None,
) -> Visit:
    """A customer who came without booking: his visit begins at reception. `needs` are (NeedKind, words), `lines` what is
    known of the work already.

    The same `token` returns the visit it made. Conflict when the car is in the store already or booked for today.
    """
    # Two forms for one car queue here, so that the second finds the first one's visit.
    Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle.pk)
    if token and (made := Visit.objects.filter(request_token=token).first()):
        return made
    booked = open_booking(vehicle, store=store, day=clock.local_day(store.tz))
    if booked and booked.is_open:
        raise Conflict(
            _("This car is booked for today at %(time)s; take it in from its booking.")
            % {"time": f"{booked.start.astimezone(store.tz):%H:%M}"},
            code="booked_today",
        )
    visit = visits.place_visit(
        store=store,
        customer=customer,
        vehicle=vehicle,
        by=by,
        stage=Stage.RECEPTION,
        advisor=advisor,
        waiting=waiting,
        token=token,
    )
    if lines:
        orders.first_lines(visit, lines, by=by)
    for kind, words in needs:
        if words.strip():
            visits.add_need(visit, kind=kind, words=words, by=by)
    return visit


@transaction.atomic
def take_in(
    *,
    store: Store,
    caller: Caller,
    by: Actor | HasActor,
    vehicle: Vehicle | None = None,
    token: UUID | None = None,
    **arrival,
) -> Visit:
    """Take down who came with which car, and open the visit, in one transaction. The rest is `walk_in`'s."""
    if token and (made := Visit.objects.filter(request_token=token).first()):
        return made
    customer, vehicle = appointments.who(store=store, caller=caller, by=by, vehicle=vehicle)
    return walk_in(store=store, customer=customer, vehicle=vehicle, by=by, token=token, **arrival)
