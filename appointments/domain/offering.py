"""What can be booked: the offers of some days, and what is offered instead of a slot that cannot be had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from appointments.choices import ServiceKind
from appointments.domain.backfill import take_in
from appointments.domain.ledger import Frame
from appointments.models import Appointment
from appointments.offers import CODES, DayAnswer, Item, Need, Offer, Plan, Time, Wish
from appointments.queries import HORIZON_DAYS, SEARCH_DAYS
from core import clock
from core.errors import DomainError
from stores.models import Staff, Store


def items_to_needs(store: Store, items: Iterable[Item]) -> tuple[Need, ...]:
    """What services take of the workshop, in their order; DomainError for an unknown service or another store's
    operation."""
    items = list(items)
    if unknown := {item.kind for item in items} - set(ServiceKind.values):
        raise DomainError(
            _("The store does not know this service: %(code)s.") % {"code": ", ".join(sorted(unknown))},
            code="unknown_service",
        )
    if any(item.operation and item.operation.store_id != store.pk for item in items):
        raise DomainError(_("The store does not offer this operation."), code="unknown_operation")
    return Wish.of(items).needs


def offers(
    store: Store,
    wish: Wish,
    *,
    first: date,
    days: int = 7,
    public: bool = False,
    besides: Appointment | None = None,
) -> list[DayAnswer]:
    """An answer for each of `days` from `first`: its offers by time, or why there are none.

    A dozen statements, whatever the number of advisors, slots and bookings. `public` keeps the notice the store wants.
    `besides`: a booking that is to be moved, what it claims counts as free; its own slot is then among the offers.
    """
    today = clock.local_day(store.tz)
    asked = [first + timedelta(days=number) for number in range(days)]
    coming = [day for day in asked if today <= day <= today + timedelta(days=HORIZON_DAYS)]
    answers = {day: DayAnswer(day, code="past" if day < today else "too_far") for day in asked}
    if coming:
        frame = opened(store, coming[0], coming[-1], besides=besides)
        earliest = frame.now + timedelta(minutes=frame.policy.notice_minutes if public else 0)
        house, times = frame.read_times(wish)
        for day in coming:
            answers[day] = _answer(frame, house, wish, day, times.get(day), earliest)
    return list(answers.values())


def opened(store: Store, first: date, last: date | None = None, **more) -> Frame:
    """The frame of some days, laid out; bookings older than the ledger are taken in."""
    frame = Frame(store, first, last, **more)
    take_in(frame, frame.lay_out())
    return frame


def _answer(frame: Frame, house, wish: Wish, day: date, times: list[Time] | None, earliest: datetime) -> DayAnswer:
    if times is None:
        return DayAnswer(day, code="closed")
    answer, nearest = DayAnswer(day), "past" if times else "reception"
    latest = frame.now + timedelta(days=HORIZON_DAYS)
    for time in times:
        if time.start <= frame.now or time.start < earliest:
            continue
        code = "too_far" if time.start > latest else ""
        if not code:
            found = _found(house, wish, day, time)
            if isinstance(found, list):
                answer.offers += found
                continue
            code = found
        nearest = max(nearest, code, key=CODES.index)
    if not answer.offers:
        answer.code = nearest
    return answer


def _found(house, wish: Wish, day: date, time: Time) -> list[Offer] | str:
    if not time.advisors:
        return "reception"
    if not time.parking_free:
        return "parking"
    plan = house.plan(wish, day=day, start=time.start, end=time.end)
    if not isinstance(plan, Plan):
        return plan.code
    own = wish.own_advisor_id
    return [Offer(person, time.start, time.end, person.pk == own, time.parking, plan, wish) for person in time.advisors]


def alternatives(
    store: Store,
    wish: Wish,
    *,
    start: datetime,
    advisor: Staff | None = None,
    limit: int = 4,
    public: bool = False,
    besides: Appointment | None = None,
) -> list[Offer]:
    """Instead of a slot that cannot be had: the offers nearest to `start` on its day (the wished advisor's before the
    others' at the same distance), then the first of the following days; each time once. `public` and `besides` as in `offers`;
    the own slot of `besides` is left out."""
    wish = replace(wish, advisor_id=None)
    day = max(clock.local_day(store.tz, start), clock.local_day(store.tz))
    wished = advisor.pk if advisor else None
    way = {"public": public, "besides": besides}
    here = _flat(offers(store, wish, first=day, days=1, **way), besides)
    near = _each_time(sorted(here, key=lambda offer: (abs(offer.start - start), offer.advisor.pk != wished)))[:limit]
    if len(near) < limit:
        later = offers(store, wish, first=day + timedelta(days=1), days=SEARCH_DAYS, **way)
        near += _each_time(_flat(later, besides))[: limit - len(near)]
    return near


def _each_time(found: list[Offer]) -> list[Offer]:
    """The first offer of each time: four advisors at one time are one choice, not four."""
    return list({offer.start: offer for offer in reversed(found)}.values())[::-1]


def _flat(answers: list[DayAnswer], besides: Appointment | None) -> list[Offer]:
    has = (besides.start, besides.advisor_id) if besides and besides.displaced_at is None else None
    return [offer for answer in answers for offer in answer.offers if (offer.start, offer.advisor.pk) != has]
