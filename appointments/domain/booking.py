"""Booking a reception slot. The exclusion constraint `appointments_advisor_free` decides who gets it: nothing here looks
whether it is free and writes afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from appointments import queries
from appointments.choices import BookingChannel, ServiceKind
from appointments.domain import notices
from appointments.events import AppointmentBooked
from appointments.models import Appointment
from appointments.queries import Slot
from core import clock
from core.actors import Actor, HasActor, actor_of
from core.errors import Conflict, DomainError
from customers.models import Customer, Vehicle
from journal.domain import record
from stores.choices import RoleCode
from stores.models import Staff, Store
from visits import domain as visits


class SlotTaken(Conflict):
    """Somebody else has this slot. `alternatives` are the nearest free ones; the sentence names their times."""

    def __init__(self, store: Store, alternatives: list[Slot]):
        self.alternatives = alternatives
        super().__init__(
            _("This slot is taken. %(free)s") % {"free": _free_times(store, alternatives)},
            "slot_taken",
        )


class SlotRefused(DomainError):
    """A time at which the store receives nobody: past, closed, between two slots. With alternatives, as SlotTaken."""

    def __init__(self, store: Store, message: str, alternatives: list[Slot], code: str):
        self.alternatives = alternatives
        super().__init__(f"{message} {_free_times(store, alternatives)}", code)


@transaction.atomic
def book(
    *,
    store: Store,
    customer: Customer,
    vehicle: Vehicle,
    start: datetime,
    by: Actor | HasActor,
    channel: BookingChannel | str,
    advisor: Staff | None = None,
    services: Iterable[str] = (),
    needs: Iterable[tuple[str, str]] = (),
    waits: bool = False,
    note: str = "",
    token: UUID | None = None,
) -> Appointment:
    """Book a slot: opens the visit, keeps the customer's needs, tells him at once.

    Without `advisor` the least booked of those free at `start` receives him. `needs` are (NeedKind, words). `token` is
    the form's one-time token: the same token again returns the booking it made. Raises SlotTaken and SlotRefused (with
    alternatives), Conflict when the car has a booking on that day, DomainError for an unknown service.
    """
    end = slot_end(store, start, advisor=advisor)
    # One booking at a time per car: the second of two equal forms waits here and finds what the first one made.
    Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle.pk)
    if token and (made := made_by(token)):
        return made
    refuse_second_booking(vehicle, store, start)
    actor, now = actor_of(by), clock.now()
    appointment = Appointment(
        store=store,
        during=DateTimeTZRange(start, end),
        channel=channel,
        services=_known(services),
        waits=waits,
        note=note.strip(),
        booked_at=now,
        confirmed_at=now if notices.reachable(customer) else None,
        booked_by_kind=actor.kind,
        booked_by_id=actor.id,
    )
    wished = [advisor] if advisor else _free_at(store, start)
    if not any(_place(appointment, person, customer, vehicle, by, token) for person in wished):
        raise SlotTaken(store, queries.alternatives(store, start=start, advisor=advisor))
    for kind, words in needs:
        if words.strip():
            visits.add_need(appointment.visit, kind=kind, words=words, by=by)
    notices.confirmed(appointment, by=by)
    return appointment


def made_by(token: UUID) -> Appointment | None:
    """The booking that a form's one-time token has made already."""
    return Appointment.objects.filter(visit__request_token=token).select_related("visit", "advisor").first()


def _known(services: Iterable[str]) -> list[str]:
    services = list(dict.fromkeys(str(code) for code in services))
    if unknown := set(services) - set(ServiceKind.values):
        raise DomainError(
            _("The store does not know this service: %(code)s.") % {"code": ", ".join(sorted(unknown))},
            code="unknown_service",
        )
    return services


def _free_at(store: Store, start: datetime) -> list[Staff]:
    """Advisors free at `start`, the one with most free time first."""
    slots = queries.free_slots(store, day=clock.local_day(store.tz, start))
    free = Counter(slot.advisor.pk for slot in slots)
    people = [slot.advisor for slot in slots if slot.start == start]
    return sorted(people, key=lambda person: -free[person.pk])


def _place(
    appointment: Appointment,
    advisor: Staff,
    customer: Customer,
    vehicle: Vehicle,
    by: Actor | HasActor,
    token: UUID | None,
) -> bool:
    """Open the visit and take the advisor's slot for it; False, with nothing written, when it is somebody else's."""
    try:
        # One savepoint with none inside: whoever loses here and tries the next advisor gives back advisor and counter.
        # A row written in an inner savepoint would let others wait for the end of the whole transaction.
        with transaction.atomic():
            receiving(advisor)
            appointment.visit = visits.place_visit(
                store=appointment.store,
                customer=customer,
                vehicle=vehicle,
                by=by,
                advisor=advisor,
                due_in_at=appointment.start,
                waiting=appointment.waits,
                token=token,
            )
            appointment.pk, appointment.advisor = None, advisor
            appointment.save(force_insert=True)
            record(
                AppointmentBooked(
                    starts_at=appointment.start,
                    advisor_id=advisor.pk,
                    channel=str(appointment.channel),
                    services=appointment.services,
                    waits=appointment.waits,
                ),
                store_id=appointment.store_id,
                subject=appointment,
                visit_id=appointment.visit_id,
                by=by,
            )
    except IntegrityError as error:
        if is_slot_taken(error):
            return False
        raise
    return True


def is_slot_taken(error: IntegrityError) -> bool:
    return "appointments_advisor_free" in str(error)


def receiving(advisor: Staff) -> Staff:
    """The advisor, locked until the transaction ends; DomainError if he receives nobody.

    Two writers of one advisor's day queue here: two who insert at once and then wait for each other's exclusion check
    would end as a deadlock.
    """
    found = (
        Staff.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=advisor.pk, active=True, role__code=RoleCode.ADVISOR)
        .first()
    )
    if found is None:
        raise DomainError(
            _("This person receives no customers; choose another advisor."),
            code="not_receiving",
        )
    return found


def slot_end(store: Store, start: datetime, *, advisor: Staff | None = None) -> datetime:
    """End of the store's reception slot that begins at `start`; SlotRefused with alternatives if there is none."""
    now, day = clock.now(), clock.local_day(store.tz, start)
    grid = queries.times(store, day)
    end = next((finish for begin, finish in grid if begin == start), None)
    if start <= now:
        message, code = _("This time is past."), "past"
    elif start > now + timedelta(days=queries.HORIZON_DAYS):
        message, code = _("Bookings are taken half a year ahead at most."), "too_far"
        start = now
    elif end:
        return end
    elif not grid:
        message, code = _("The store is closed on that day."), "closed"
    elif any(begin < start < finish for begin, finish in grid):
        message, code = _("Reception begins at fixed times."), "off_grid"
    else:
        message, code = _("The store receives nobody at that time."), "out_of_hours"
    others = queries.alternatives(store, start=max(start, now), advisor=advisor)
    raise SlotRefused(store, message, others, code)


def refuse_second_booking(vehicle: Vehicle, store: Store, start: datetime, *, besides: int | None = None) -> None:
    """A car comes once a day: a second booking is a slip of the desk or a form sent from two places."""
    other = queries.open_booking(vehicle, store=store, day=clock.local_day(store.tz, start))
    if other and other.pk != besides:
        raise Conflict(
            _("This car is booked on that day already, at %(time)s. Move that booking instead.")
            % {"time": f"{other.start.astimezone(store.tz):%H:%M}"},
            code="booked_already",
        )


def _free_times(store: Store, slots: list[Slot]) -> str:
    """The sentence that names other times; times only, it is also shown to strangers."""
    if not slots:
        return _("Nothing is free in the next two weeks; please call the store.")
    today = clock.local_day(store.tz)
    texts = []
    for start in dict.fromkeys(slot.start.astimezone(store.tz) for slot in slots):
        texts.append(f"{start:%H:%M}" if start.date() == today else f"{start:%m-%d %H:%M}")
    return _("Free instead: %(times)s.") % {"times": _(", ").join(texts)}
