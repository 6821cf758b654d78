"""Booking a reception slot and what the work takes. The ledger's days are locked while it is settled (`winning`); the
exclusion constraint `appointments_advisor_free` stands behind it for bookings that are older than the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from appointments import queries
from appointments.choices import BookingChannel, ClaimSource
from appointments.domain import notices
from appointments.domain.holds import days_held, standing, still_good
from appointments.domain.ledger import claim, claims_of
from appointments.domain.offering import items_to_needs
from appointments.domain.winning import Lost, SlotRefused, SlotTaken, Won, frame_for, instead, win
from appointments.events import AppointmentBooked
from appointments.models import Appointment, AppointmentItem, Claim, Hold
from appointments.offers import Item, Wish
from core import clock
from core.actors import Actor, HasActor, actor_of
from core.errors import Conflict
from customers.models import Customer, Vehicle
from journal.domain import record
from stores.models import Staff, Store
from symptoms.models import SymptomCheck
from visits import domain as visits

__all__ = ["SlotRefused", "SlotTaken", "book", "made_by", "refuse_second_booking"]


@dataclass(frozen=True)
class _Order:
    """Everything a booking is made from, checked once."""

    store: Store
    customer: Customer
    vehicle: Vehicle
    start: datetime
    by: Actor | HasActor
    advisor: Staff | None
    items: list[Item]
    wish: Wish
    needs: list[tuple[str, str]]
    token: UUID | None
    hold: UUID | None
    fields: dict

    @property
    def own_advisor_id(self) -> int | None:
        return self.customer.preferred_advisor_id


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
    items: Iterable[Item] = (),
    needs: Iterable[tuple[str, str]] = (),
    waits: bool = False,
    loan_car: bool = False,
    pickup_address: str = "",
    wash: bool = True,
    hold: UUID | None = None,
    symptom_check: SymptomCheck | None = None,
    price_low: Decimal | None = None,
    price_high: Decimal | None = None,
    note: str = "",
    token: UUID | None = None,
) -> Appointment:
    """Book a slot and what the work takes: opens the visit, keeps the customer's needs, tells him at once.

    Without `advisor` the customer's own receives him, else the least booked of those free. `items` are the services;
    a kind named in `services` alone takes what it usually takes. `needs` are (NeedKind, words). With a `hold` that stands
    its claims become the booking's; an expired one is booked anew if still free. `token` is the form's one-time token: the
    same token again returns the booking it made. Raises SlotTaken and SlotRefused (with alternatives), Conflict when the
    car has a booking on that day, DomainError for an unknown service.
    """
    items = _all_items(services, items)
    wish = Wish(
        needs=items_to_needs(store, items),
        waits=waits,
        loan_car=loan_car,
        pickup=bool(pickup_address.strip()),
        wash=wash,
        advisor_id=advisor.pk if advisor else None,
        own_advisor_id=customer.preferred_advisor_id,
    )
    low, high = _price(items)
    fields = {
        "channel": channel,
        "services": list(dict.fromkeys(str(item.kind) for item in items)),
        "waits": waits,
        "loan_car": loan_car,
        "pickup_address": pickup_address.strip(),
        "wash": wash,
        "symptom_check": symptom_check,
        "price_low": low if price_low is None else price_low,
        "price_high": high if price_high is None else price_high,
        "note": note.strip(),
    }
    order = _Order(store, customer, vehicle, start, by, advisor, items, wish, list(needs), token, hold, fields)
    try:
        with transaction.atomic():
            return _book(order)
    except Lost as lost:
        raise instead(store, wish, lost, start=start, advisor=advisor, public=channel == BookingChannel.WEB) from None


def _book(order: _Order) -> Appointment:
    # One booking at a time per car: the second of two equal forms waits here and finds what the first one made.
    Vehicle.objects.select_for_update(no_key=True).get(pk=order.vehicle.pk)
    if order.token and (made := made_by(order.token)):
        return made
    public = order.fields["channel"] == BookingChannel.WEB and not _kept(order)
    frame = frame_for(order.store, order.wish, order.start, advisor=order.advisor, public=public)
    refuse_second_booking(order.vehicle, order.store, order.start, by=order.by)
    appointment = _draft(order)
    if not (order.hold and _take_held(frame, order, appointment)):
        won = win(frame, order.wish, start=order.start)
        if not any(_place(order, appointment, won, person) for person in won.advisors):
            raise Lost("reception")
    for kind, words in order.needs:
        if words.strip():
            visits.add_need(appointment.visit, kind=kind, words=words, by=order.by)
    notices.confirmed(appointment, by=order.by)
    return appointment


def _kept(order: _Order) -> bool:
    """Whether this time is being kept for the form: it was early enough when it was chosen."""
    held = standing(order.hold)
    return bool(held and held.start == order.start and held.expires_at > clock.now())


def made_by(token: UUID) -> Appointment | None:
    """The booking that a form's one-time token has made already."""
    return Appointment.objects.filter(visit__request_token=token).select_related("visit", "advisor").first()


def _all_items(services: Iterable[str], items: Iterable[Item]) -> list[Item]:
    """The services with what they take: kinds that no item speaks of stand for themselves."""
    items = list(items)
    named = {str(item.kind) for item in items}
    return items + [Item(kind) for kind in dict.fromkeys(str(code) for code in services) if kind not in named]


def _price(items: list[Item]) -> tuple[Decimal | None, Decimal | None]:
    """The range of all services; none while one of them has none."""
    if not items or any(item.price_low is None or item.price_high is None for item in items):
        return None, None
    return sum(item.price_low for item in items), sum(item.price_high for item in items)


def _draft(order: _Order) -> Appointment:
    actor, now = actor_of(order.by), clock.now()
    return Appointment(
        store=order.store,
        booked_at=now,
        confirmed_at=now if notices.reachable(order.customer) else None,
        booked_by_kind=actor.kind,
        booked_by_id=actor.id,
        **order.fields,
    )


def _take_held(frame, order: _Order, appointment: Appointment) -> bool:
    """Make a hold that stands this booking; one that does not is given back, and the slot is won as any other."""
    held = standing(order.hold)
    if held is None:
        return False
    # Both what is held and what may have to be won instead, in one go and in their order.
    frame.lock({*days_held(held), *frame.days})
    good = still_good(held, order.wish, order.start, order.advisor)
    if good is None:
        claims_of(held).delete()
        Hold.objects.filter(pk=held.pk).delete()
        return False
    appointment.parking_id = good.wish.get("parking")
    appointment.expected_ready_at = datetime.fromisoformat(good.wish["ready_at"])
    placed = _open(order, appointment, good.advisor, good.start, good.end, own_free=False)
    if placed:
        Claim.objects.filter(hold=good).update(hold=None, appointment=appointment, source=ClaimSource.BOOKING)
    Hold.objects.filter(pk=good.pk).delete()
    return placed


def _place(order: _Order, appointment: Appointment, won: Won, advisor: Staff) -> bool:
    """Take a won slot with one advisor; False, with nothing written, when he has a booking the ledger does not know."""
    appointment.parking_id, appointment.expected_ready_at = won.parking_id, won.plan.ready_at
    own_free = order.own_advisor_id in won.slot.advisors
    if not _open(order, appointment, advisor, won.slot.start, won.slot.end, own_free=own_free):
        return False
    claim(appointment, won.pieces(advisor), ClaimSource.BOOKING)
    return True


def _open(order: _Order, appointment: Appointment, advisor: Staff, start, end, *, own_free: bool) -> bool:
    """Open the visit and write the booking; False, with nothing written, when the advisor is somebody else's."""
    appointment.during = DateTimeTZRange(start.astimezone(order.store.tz), end.astimezone(order.store.tz))
    appointment.pk, appointment.advisor = None, advisor
    appointment.stand_in_for_id = None if own_free else _stood_in_for(order, advisor)
    try:
        # One savepoint with none inside: whoever loses here and tries the next advisor gives back the counter too.
        with transaction.atomic():
            appointment.visit = visits.place_visit(
                store=order.store,
                customer=order.customer,
                vehicle=order.vehicle,
                by=order.by,
                advisor=advisor,
                due_in_at=order.start,
                waiting=appointment.waits,
                token=order.token,
            )
            appointment.save(force_insert=True)
            _write_items(order, appointment)
            _journal(order, appointment)
    except IntegrityError as error:
        if "appointments_advisor_free" in str(error):
            return False
        raise
    return True


def _stood_in_for(order: _Order, advisor: Staff) -> int | None:
    """The customer's own advisor, when he works here still and another one receives in his place."""
    own = order.own_advisor_id
    if own in (None, advisor.pk) or not queries.advisors().filter(pk=own).exists():
        return None
    return own


def _write_items(order: _Order, appointment: Appointment) -> None:
    rows = []
    for position, item in enumerate(order.items, start=1):
        need = item.need
        rows.append(
            AppointmentItem(
                store=order.store,
                appointment=appointment,
                position=position,
                kind=item.kind,
                operation=item.operation,
                words=item.words.strip(),
                skill=need.skill if need else "",
                bay_kind=need.bay_kind if need else "",
                minutes=need.minutes if need else 0,
                price_low=item.price_low,
                price_high=item.price_high,
            )
        )
    if rows:
        AppointmentItem.objects.bulk_create(rows)


def _journal(order: _Order, appointment: Appointment) -> None:
    record(
        AppointmentBooked(
            starts_at=order.start,
            advisor_id=appointment.advisor_id,
            channel=str(appointment.channel),
            services=appointment.services,
            waits=appointment.waits,
            minutes=sum(need.minutes for need in order.wish.needs),
            loan_car=appointment.loan_car,
            pickup=order.wish.pickup,
            wash=appointment.wash,
            expected_ready_at=appointment.expected_ready_at,
        ),
        store_id=appointment.store_id,
        subject=appointment,
        visit_id=appointment.visit_id,
        by=order.by,
    )


def refuse_second_booking(
    vehicle: Vehicle, store: Store, start: datetime, *, by: Actor | HasActor, besides: int | None = None
) -> None:
    """A car comes once a day: a second booking is a slip of the desk or a form sent from two places.

    A customer may have typed anybody's plate: he is not told when that car comes.
    """
    other = queries.open_booking(vehicle, store=store, day=clock.local_day(store.tz, start))
    if other and other.pk != besides:
        if actor_of(by).kind == "customer":
            raise Conflict(
                _(
                    "This car cannot be booked again on that day. Choose another day, or change the booking by the link in its message."
                ),
                code="booked_already",
            )
        raise Conflict(
            _("This car is booked on that day already, at %(time)s. Move that booking instead.")
            % {"time": f"{other.start.astimezone(store.tz):%H:%M}"},
            code="booked_already",
        )
