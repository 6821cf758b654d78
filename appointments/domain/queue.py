"""Numbers for who comes without a booking, or waits for his turn: taken, called, at the counter."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.choices import TicketState
from appointments.events import NumberCalled, NumberEnded, NumberTaken
from appointments.models import Ticket
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from core.plates import normalise_plate
from journal.domain import record
from stores.models import Staff, Store
from stores.numbers import next_number
from visits.models import Visit
from visits.tokens import token_hash

# Kind of the counter row; the number itself is what a person reads on the board.
COUNTER = "Q"
VISITOR = Actor.system("number_machine")


@transaction.atomic
def take_number(store: Store, *, plate: str = "", by: Actor | HasActor = VISITOR) -> tuple[Ticket, str]:
    """The next number of the store's day, and the token of the page at which its holder sees his place."""
    now, token = clock.now(), secrets.token_urlsafe(32)
    ticket = Ticket.objects.create(
        store=store,
        day=clock.local_day(store.tz, now),
        number=int(next_number(store, COUNTER, at=now).rpartition("-")[2]),
        plate=normalise_plate(plate)[:12],
        taken_at=now,
        token_hash=token_hash(token),
    )
    _say(ticket, NumberTaken(ticket.number), by)
    return ticket, token


@transaction.atomic
def call_next(store: Store, *, by: Staff) -> Ticket:
    """Call whoever waits longest today. Two counters at once call two people; Conflict when nobody waits."""
    waiting = Ticket.objects.filter(store=store, day=clock.local_day(store.tz), state=TicketState.WAITING)
    ticket = waiting.select_for_update(of=("self",), skip_locked=True).order_by("number").first()
    if ticket is None:
        raise Conflict(_("Nobody is waiting."), code="queue_empty")
    return _call(ticket, by=by)


@transaction.atomic
def call_number(ticket: Ticket, *, by: Staff) -> Ticket:
    """Call this number, also once more, and also one that did not come before. Conflict when it was at the counter or is
    another day's."""
    ticket = _lock(ticket)
    if ticket.state == TicketState.SERVED:
        raise Conflict(_("This number has been at the counter already."), code="ticket_over")
    if ticket.day != clock.local_day(ticket.store.tz):
        raise Conflict(_("This number is of another day."), code="ticket_over")
    ticket.ended_at = None
    return _call(ticket, by=by)


@transaction.atomic
def serve_number(ticket: Ticket, *, by: Staff, visit: Visit | None = None) -> Ticket:
    """Whoever holds the number stands at the counter; `visit`: what was opened for him. Conflict unless it was called."""
    ticket = _lock(ticket)
    if ticket.state != TicketState.CALLED:
        raise Conflict(_("Call this number first."), code="not_called")
    ticket.visit = visit
    return _end(ticket, TicketState.SERVED, by=by)


@transaction.atomic
def end_number(ticket: Ticket, *, by: Actor | HasActor) -> Ticket:
    """Whoever holds the number did not come, or gives it back. Conflict when it is over."""
    ticket = _lock(ticket)
    if ticket.state not in (TicketState.WAITING, TicketState.CALLED):
        raise Conflict(_("This number is over already."), code="ticket_over")
    return _end(ticket, TicketState.LEFT, by=by)


def _call(ticket: Ticket, *, by: Staff) -> Ticket:
    ticket.state, ticket.called_at, ticket.called_by = TicketState.CALLED, clock.now(), by
    ticket.calls += 1
    ticket.save()
    _say(ticket, NumberCalled(ticket.number, _minutes(ticket), ticket.calls), by)
    return ticket


def _end(ticket: Ticket, state: TicketState, *, by: Actor | HasActor) -> Ticket:
    ticket.state, ticket.ended_at = state, clock.now()
    ticket.save()
    _say(ticket, NumberEnded(ticket.number, str(state), _minutes(ticket)), by)
    return ticket


def _minutes(ticket: Ticket) -> int:
    """How long its holder waited until he was called; until now if he never was."""
    return int(((ticket.called_at or clock.now()) - ticket.taken_at).total_seconds() // 60)


def _lock(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",)).select_related("store").get(pk=ticket.pk)


def _say(ticket: Ticket, evt, by: Actor | HasActor) -> None:
    record(evt, store_id=ticket.store_id, subject=ticket, visit_id=ticket.visit_id, by=by)
