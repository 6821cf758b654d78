"""The waitlist: who wants a day that is full is offered what becomes free there, one after the other.

Whose last day comes first goes first, then who has waited longest; a wish that what is free does not suit is passed over
and keeps its place. An offer is a hold with an end: not answered, it goes to the next. Nobody leaves the list but by a
booking, by himself, or when his last day is over, and then the desk calls him.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from appointments import queries
from appointments.choices import BookingChannel, ServiceKind, WaitlistState
from appointments.domain.intake import Caller, stranger, who
from appointments.events import WaitEnded, WaitlistJoined
from appointments.models import Appointment, WaitlistEntry
from appointments.offers import Item, Wish
from catalogue.models import Operation
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from customers.models import Customer, Vehicle
from journal.domain import record
from messaging import domain as messaging
from stores.models import Staff, Store
from visits.tokens import token_hash

WAITLIST = Actor.system("waitlist")
LONGEST = timedelta(days=31)


@transaction.atomic
def join_waitlist(
    *,
    store: Store,
    customer: Customer,
    vehicle: Vehicle,
    first_day: date,
    last_day: date | None = None,
    by: Actor | HasActor,
    channel: BookingChannel | str,
    items: Iterable[Item] = (),
    not_before: time | None = None,
    not_after: time | None = None,
    advisor: Staff | None = None,
    waits: bool = False,
    loan_car: bool = False,
    pickup_address: str = "",
    wash: bool = True,
    words: str = "",
    token: UUID | None = None,
) -> WaitlistEntry:
    """Wait for a place on one of some days; the customer is told, with the link to his place.

    `items` as for `book`; `not_before` and `not_after` by the store's clock. The form's one-time `token` again gives the
    entry it made. Conflict when the car waits already; DomainError for days that are past, too many or too far.
    """
    token = token or uuid4()
    # Two equal forms at once: the second one waits here and finds what the first one made.
    Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle.pk)
    if made := WaitlistEntry.objects.filter(store=store, request_token=token).first():
        return made
    last_day = last_day or first_day
    _check(store, first_day, last_day, not_before, not_after)
    if WaitlistEntry.objects.filter(vehicle=vehicle, state=WaitlistState.WAITING).exists():
        raise Conflict(_("This car is on the waitlist already. Withdraw that wish first."), code="waits_already")
    items = list(items)
    entry = WaitlistEntry.objects.create(
        store=store,
        customer=customer,
        vehicle=vehicle,
        first_day=first_day,
        last_day=last_day,
        not_before=not_before,
        not_after=not_after,
        advisor=advisor,
        services=list(dict.fromkeys(str(item.kind) for item in items)),
        items=[_item_data(item) for item in items],
        waits=waits,
        loan_car=loan_car,
        pickup_address=pickup_address.strip()[:200],
        wash=wash,
        words=words.strip(),
        channel=channel,
        created_at=clock.now(),
        request_token=token,
        token_hash=token_hash(_page_token(token)),
    )
    evt = WaitlistJoined(first_day, last_day, str(channel), entry.services)
    record(evt, store_id=store.pk, subject=entry, by=by)
    _tell_joined(entry, by=by)
    return entry


@transaction.atomic
def wait_for(
    *,
    store: Store,
    caller: Caller,
    by: Actor | HasActor | None = None,
    vehicle: Vehicle | None = None,
    **wish,
) -> WaitlistEntry:
    """Take the caller down and put him on the list in one transaction, as `book_for` does. `by` None: the customer himself
    on the public page."""
    if by is None:
        customer, vehicle = stranger(store=store, caller=caller)
        by = Actor.customer(customer.pk)
    else:
        customer, vehicle = who(store=store, caller=caller, by=by, vehicle=vehicle)
    return join_waitlist(store=store, customer=customer, vehicle=vehicle, by=by, **wish)


def _check(store: Store, first: date, last: date, not_before: time | None, not_after: time | None) -> None:
    today = clock.local_day(store.tz)
    if last < first or (not_before and not_after and not_after <= not_before):
        raise DomainError(_("The end lies before the beginning."), code="order")
    if last < today:
        raise DomainError(_("These days are past."), code="past")
    if last - first > LONGEST:
        raise DomainError(_("One may wait for at most a month at once."), code="too_many_days")
    if last > today + timedelta(days=queries.HORIZON_DAYS):
        raise DomainError(_("Bookings are taken half a year ahead at most."), code="too_far")


def end_wait(
    entry: WaitlistEntry, state: WaitlistState, *, by: Actor | HasActor, appointment: Appointment | None = None
) -> WaitlistEntry:
    """Take a locked entry off the list."""
    entry.state, entry.ended_at, entry.appointment = state, clock.now(), appointment
    entry.save(update_fields=["state", "ended_at", "appointment"])
    waited = int((entry.ended_at - entry.created_at).total_seconds() // 60)
    visit_id = appointment.visit_id if appointment else None
    record(WaitEnded(str(state), waited), store_id=entry.store_id, subject=entry, visit_id=visit_id, by=by)
    return entry


def lock_entry(entry: WaitlistEntry) -> WaitlistEntry:
    """The entry, fresh and locked; Conflict when it is off the list."""
    rows = WaitlistEntry.objects.select_for_update(of=("self",)).select_related("store", "customer", "vehicle")
    entry = rows.get(pk=entry.pk)
    if entry.state != WaitlistState.WAITING:
        raise Conflict(
            _("This wish is over: %(state)s.") % {"state": entry.get_state_display()},
            code="wait_over",
        )
    return entry


# --- What is wanted ---------------------------------------------------------------------------------------------------


def items_of(entry: WaitlistEntry) -> list[Item]:
    """The services as `book` takes them; an operation that is gone meanwhile is a service of its kind."""
    known = Operation.objects.in_bulk([row["operation"] for row in entry.items if row.get("operation")])
    return [
        Item(
            kind=ServiceKind(row["kind"]),
            operation=known.get(row.get("operation")),
            words=row.get("words", ""),
            minutes=row.get("minutes"),
            price_low=_price(row.get("price_low")),
            price_high=_price(row.get("price_high")),
            skill=row.get("skill", ""),
            bay_kind=row.get("bay_kind", ""),
        )
        for row in entry.items
    ]


def wish_of(entry: WaitlistEntry) -> Wish:
    return Wish.of(
        items_of(entry),
        waits=entry.waits,
        loan_car=entry.loan_car,
        pickup=bool(entry.pickup_address),
        wash=entry.wash,
        advisor_id=entry.advisor_id,
        own_advisor_id=entry.customer.preferred_advisor_id,
    )


def suits(entry: WaitlistEntry, start: datetime) -> bool:
    """Whether a time lies within the hours the customer named."""
    local = start.astimezone(entry.store.tz).time()
    return (entry.not_before is None or local >= entry.not_before) and (
        entry.not_after is None or local <= entry.not_after
    )


def _price(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _item_data(item: Item) -> dict:
    # What a fault's check found likely is kept as what it takes.
    likely = item.likely
    return {
        "kind": str(item.kind),
        "operation": item.operation.pk if item.operation else None,
        "words": item.words,
        "minutes": item.minutes,
        "price_low": None if item.price_low is None else str(item.price_low),
        "price_high": None if item.price_high is None else str(item.price_high),
        "skill": str(item.skill or (likely.skill if likely else "")),
        "bay_kind": str(item.bay_kind or (likely.bay_kind if likely else "")),
    }


# --- The customer's page ----------------------------------------------------------------------------------------------


def page_address(entry: WaitlistEntry) -> str:
    """The whole address at which the customer sees his place and withdraws."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/c/wait/{page_token(entry)}/"


def page_token(entry: WaitlistEntry) -> str:
    """The page's token, the same each time; only its hash is stored, so that a copy of the database opens no page."""
    return _page_token(entry.request_token)


def _page_token(request_token: UUID) -> str:
    digest = salted_hmac("appointments.waitlist", request_token.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def new_token() -> str:
    return secrets.token_urlsafe(32)


def _tell_joined(entry: WaitlistEntry, *, by: Actor | HasActor) -> None:
    if not messaging.address_of(entry.customer)[1]:
        return
    messaging.send(
        store=entry.store,
        template="waitlist_joined",
        customer=entry.customer,
        params={
            "plate": entry.vehicle.plate or entry.vehicle.title,
            "day": entry.first_day,
            "link": page_address(entry),
        },
        dedupe_key=f"waitlist:{entry.pk}:joined",
        by=by,
    )
