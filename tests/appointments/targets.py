"""What pages of waiting and preparing are opened on: a queue number, a wish for a full day, an offer, a confirmation, a task."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django_scopes import scopes_disabled

from appointments import domain as appointments
from appointments import waiting
from appointments.choices import TaskKind
from appointments.domain.waitlist import new_token
from appointments.models import Preparation, Ticket, WaitlistEntry, WaitlistOffer
from core import clock
from core.actors import Actor
from tests import factories
from tests.visits_at_stage import Maker
from visits.tokens import token_hash

BY = Actor.system("test")


def number(maker: Maker, *, called: bool = False) -> tuple[Ticket, str]:
    ticket, token = appointments.take_number(maker.store, by=BY)
    if called:
        ticket = appointments.call_number(ticket, by=maker.person("booking_desk"))
    return ticket, token


def waits(maker: Maker) -> WaitlistEntry:
    car = factories.vehicle(maker.store)
    day = clock.local_day(maker.store.tz) + timedelta(days=1)
    return appointments.join_waitlist(
        store=maker.store,
        customer=car.owner,
        vehicle=car,
        first_day=day,
        items=[appointments.Item(kind="maintenance")],
        channel="phone",
        by=BY,
    )


def offered(maker: Maker) -> tuple[WaitlistOffer, str]:
    """A slot of tomorrow offered to somebody, as a round of the clock would have written it."""
    entry, now, token = waits(maker), clock.now(), new_token()
    held = appointments.hold(maker.store, appointments.Wish(), start=first_free(maker), channel="phone", by=BY)
    offer = WaitlistOffer.objects.create(
        store=maker.store,
        entry=entry,
        start=held.start,
        end=held.end,
        advisor_id=held.advisor_id,
        hold_token=held.token,
        offered_at=now,
        expires_at=now + timedelta(minutes=30),
        token_hash=token_hash(token),
    )
    return offer, token


def first_free(maker: Maker) -> datetime:
    """A time some weeks ahead, where no other test's bookings are."""
    maker.person("advisor")
    day = clock.local_day(maker.store.tz) + timedelta(days=20)
    for answer in appointments.offers(maker.store, appointments.Wish(), first=day, days=7):
        if answer.offers:
            return answer.offers[0].start
    raise LookupError("no day with a free slot")


def to_prepare(maker: Maker, side: str = "workshop") -> Preparation:
    booked = maker("booking").appointment
    local = clock.now().astimezone(maker.store.tz)
    late = datetime.combine(local.date(), time(17, 0), maker.store.tz)
    rows = [
        Preparation(store=maker.store, appointment=booked, side=name, starts_at=booked.start, asked_at=late)
        for name in ("workshop", "parts")
    ]
    Preparation.objects.bulk_create(rows)
    return Preparation.objects.get(appointment=booked, side=side)


def task(maker: Maker):
    return appointments.open_task(maker("booking").appointment, TaskKind.LATE)


def entry_token(entry: WaitlistEntry) -> str:
    with scopes_disabled():
        assert waiting.entry_of(appointments.page_token(entry)) == entry
    return appointments.page_token(entry)
