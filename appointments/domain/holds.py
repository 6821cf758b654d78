"""A slot kept for somebody who fills a form or has an offer. A hold ends by itself: once expired, what it claims is free
for the next, who throws it away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appointments.choices import BookingChannel, ClaimSource
from appointments.domain.ledger import claim, claims_of, days_of, release_claims
from appointments.domain.winning import Lost, Won, frame_for, instead, win
from appointments.models import Hold
from appointments.offers import Wish
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from stores.models import Staff, Store


def hold(
    store: Store,
    wish: Wish,
    *,
    start: datetime,
    advisor: Staff | None = None,
    channel: BookingChannel | str,
    by: Actor | HasActor,
    minutes: int | None = None,
    token: UUID | None = None,
) -> Hold:
    """Keep a slot and everything the wish takes for `minutes` (the store's policy). `book(hold=hold.token)` makes it a
    booking. A form that names its own `token` finds its hold again without having heard the answer; Conflict while it
    has one. Raises SlotTaken and SlotRefused with alternatives, DomainError for somebody who receives nobody.

    Nobody is told and nothing is journalled: whoever walks away leaves no trace.
    """
    wish = replace(wish, advisor_id=advisor.pk) if advisor else wish
    public = channel == BookingChannel.WEB
    try:
        with transaction.atomic():
            frame = frame_for(store, wish, start, advisor=advisor, public=public)
            won = win(frame, wish, start=start)
            return _keep(store, wish, won, channel, minutes or frame.policy.hold_minutes, token)
    except IntegrityError as error:
        if "appointments_hold_token" not in str(error):
            raise
        raise Conflict(_("Another time is being kept for this form already."), code="held_already") from error
    except Lost as lost:
        raise instead(store, wish, lost, start=start, advisor=advisor, public=public) from None


def _keep(store: Store, wish: Wish, won: Won, channel: str, minutes: int, token: UUID | None) -> Hold:
    person = won.advisors[0]
    made = Hold.objects.create(
        store=store,
        token=token or uuid4(),
        channel=channel,
        advisor=person,
        start=won.slot.start,
        end=won.slot.end,
        wish={**wish.as_data(), "ready_at": won.plan.ready_at.isoformat(), "parking": won.parking_id},
        expires_at=clock.now() + timedelta(minutes=minutes),
    )
    claim(made, won.pieces(person), ClaimSource.HOLD)
    return made


@transaction.atomic
def release(held: Hold | UUID) -> None:
    """Give a held slot back; nothing happens to one that is gone or was booked."""
    token = held.token if isinstance(held, Hold) else held
    row = Hold.objects.filter(token=token).select_related("store").first()
    if row:
        release_claims(row)
        row.delete()


def sweep(store: Store) -> int:
    """Throw away the store's expired holds; how many. Each in its own transaction, days in their order."""
    rows = Hold.objects.filter(store=store, expires_at__lte=clock.now()).order_by("start", "pk")
    tokens = list(rows.values_list("token", flat=True))
    for token in tokens:
        release(token)
    return len(tokens)


def standing(token: UUID | None) -> Hold | None:
    """The hold of a form, whether or not it has expired."""
    return Hold.objects.filter(token=token).select_related("advisor").first() if token else None


def days_held(held: Hold | None) -> list:
    return days_of(held) if held else []


def still_good(held: Hold, wish: Wish, start: datetime, advisor: Staff | None) -> Hold | None:
    """The hold, locked, if it may become this very booking: not expired, same time, wish and advisor. Its days are held."""
    fresh = Hold.objects.select_for_update(of=("self",)).select_related("advisor").filter(pk=held.pk).first()
    if fresh is None or fresh.expires_at <= clock.now() or fresh.start != start:
        return None
    if advisor and advisor.pk != fresh.advisor_id:
        return None
    if Wish.from_data(fresh.wish).as_data() != wish.as_data() or not claims_of(fresh).exists():
        return None
    return fresh
