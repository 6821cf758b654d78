"""Who waits: for a place, for his turn, for a call; and what has to be confirmed before the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Prefetch, QuerySet

from appointments.choices import (
    AppointmentStatus,
    OfferState,
    PreparationSide,
    PreparationState,
    ServiceKind,
    TicketState,
    WaitlistState,
)
from appointments.models import Appointment, BookingTask, Preparation, Ticket, WaitlistEntry, WaitlistOffer
from catalogue.models import Operation
from core import clock
from stores.models import Store
from visits.tokens import token_hash

# How many numbers the board shows as called; the newest stands first.
CALLED_SHOWN = 6

# --- The number board -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Board:
    """What the waiting room sees: numbers only."""

    called: list[Ticket]
    waiting: list[Ticket]

    @property
    def stamp(self) -> str:
        """Changes when the board does."""
        called = "-".join(f"{row.number}.{row.calls}" for row in self.called)
        return f"{called}_{'-'.join(str(row.number) for row in self.waiting)}"


def board(store: Store) -> Board:
    """Today's numbers: those called, newest first, and those that wait, in their order. One query."""
    rows = list(today(store).filter(state__in=[TicketState.WAITING, TicketState.CALLED]))
    called = sorted(
        (row for row in rows if row.state == TicketState.CALLED), key=lambda row: row.called_at, reverse=True
    )
    return Board(called[:CALLED_SHOWN], [row for row in rows if row.state == TicketState.WAITING])


def today(store: Store) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(store=store, day=clock.local_day(store.tz))
    return rows.select_related("called_by").order_by("number")


def ahead_of(ticket: Ticket) -> int:
    """How many numbers are called before this one."""
    return Ticket.objects.filter(day=ticket.day, state=TicketState.WAITING, number__lt=ticket.number).count()


def ticket_of(token: str) -> Ticket | None:
    """The number behind its page's token, whatever the store; the token itself is the right to read."""
    return Ticket._base_manager.filter(token_hash=token_hash(token)).select_related("store", "called_by").first()


# --- The waitlist -----------------------------------------------------------------------------------------------------


def waitlist(store: Store) -> QuerySet[WaitlistEntry]:
    """Who waits for a place, as he is served, with what he was offered."""
    offers = WaitlistOffer.objects.select_related("advisor").order_by("offered_at")
    return (
        WaitlistEntry.objects.filter(store=store, state=WaitlistState.WAITING)
        .select_related("customer", "vehicle", "advisor")
        .prefetch_related(Prefetch("offers", queryset=offers))
        .order_by("last_day", "created_at", "pk")
    )


def with_wants(rows: Iterable[WaitlistEntry]) -> list[WaitlistEntry]:
    """Entries with `wants`, the names of what each waits for; one query."""
    rows = list(rows)
    keys = {item.get("operation") for row in rows for item in row.items}
    known = Operation.objects.in_bulk([pk for pk in keys if pk])
    for row in rows:
        named = [(known.get(item.get("operation")), item["kind"]) for item in row.items]
        row.wants = [operation.name if operation else str(ServiceKind(kind).label) for operation, kind in named]
    return rows


def entry_of(token: str) -> WaitlistEntry | None:
    """The entry behind its page's token, whatever the store."""
    rows = WaitlistEntry._base_manager.select_related("store", "customer", "vehicle", "appointment__advisor")
    return rows.filter(token_hash=token_hash(token)).first()


def offer_of(token: str) -> WaitlistOffer | None:
    """The offer behind the link of its message, whatever the store."""
    rows = WaitlistOffer._base_manager.select_related("store", "advisor", "entry__store", "entry__vehicle")
    return rows.filter(token_hash=token_hash(token)).first()


def open_offer(entry: WaitlistEntry) -> WaitlistOffer | None:
    """What can be answered at this moment."""
    rows = entry.offers.filter(state=OfferState.OFFERED, expires_at__gt=clock.now())
    return rows.select_related("advisor").first()


# --- Tasks and confirmations ------------------------------------------------------------------------------------------


def open_tasks() -> QuerySet[BookingTask]:
    """What the booking desk has to do, oldest first."""
    return (
        BookingTask.objects.filter(done_at=None)
        .select_related(
            "appointment__visit__customer",
            "appointment__visit__vehicle",
            "appointment__advisor",
            "entry__customer",
            "entry__vehicle",
        )
        .order_by("opened_at", "pk")
    )


@dataclass(frozen=True)
class ToPrepare:
    """A booking with what each side says about it."""

    booked: Appointment
    sides: dict[str, Preparation]

    @property
    def rows(self) -> list[Preparation]:
        return [self.sides[side] for side in PreparationSide.values if side in self.sides]

    @property
    def open(self) -> bool:
        return any(row.state == PreparationState.ASKED for row in self.rows)


def to_prepare() -> list[tuple[date, list[ToPrepare]]]:
    """Bookings still to come that workshop and parts were asked about, by day and time. Three queries."""
    sides = Preparation.objects.select_related("answered_by", "bay", "technician")
    coming = (
        Appointment.objects.filter(
            status=AppointmentStatus.BOOKED,
            displaced_at=None,
            during__startswith__gt=clock.now(),
            preparations__isnull=False,
        )
        .distinct()
        .select_related("store", "visit__vehicle", "visit__customer", "advisor")
        .prefetch_related(Prefetch("preparations", queryset=sides), "items__operation")
        .order_by("during", "pk")
    )
    found = [ToPrepare(row, {side.side: side for side in row.preparations.all()}) for row in coming]
    return [(day, list(rows)) for day, rows in groupby(found, key=lambda row: _day(row.booked))]


def unconfirmed(side: PreparationSide | str) -> int:
    """How many bookings still to come wait for this side's word."""
    return Preparation.objects.filter(
        side=side,
        state=PreparationState.ASKED,
        starts_at__gt=clock.now(),
        appointment__status=AppointmentStatus.BOOKED,
    ).count()


def _day(booked: Appointment) -> date:
    return clock.local_day(booked.store.tz, booked.start)
