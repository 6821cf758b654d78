"""Winning a reception slot: the days are locked, what is free is read, and what the wish takes is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from appointments import queries
from appointments.choices import Resource
from appointments.domain.ledger import Frame, Slot, judge, slot_pieces
from appointments.domain.offering import alternatives, opened
from appointments.models import Appointment, Bucket
from appointments.offers import Offer, Piece, Plan, Refused, Wish, refusal_of
from core import clock
from core.errors import Conflict, DomainError
from stores.choices import RoleCode
from stores.models import ParkingSpace, Staff, Store


class SlotTaken(Conflict):
    """This slot cannot be had any more. `alternatives` are the nearest offers, the sentence names their times; `why` is one
    of `offers.CODES`."""

    def __init__(self, store: Store, alternatives: list[Offer], why: str = "reception"):
        self.alternatives, self.why = alternatives, why
        taken = why in ("reception", "parking")
        sentence = _("This slot is taken. %(free)s") if taken else "%(why)s %(free)s"
        super().__init__(
            sentence % {"why": refusal_of(why), "free": _free_times(store, alternatives)},
            "slot_taken",
        )


class SlotRefused(DomainError):
    """A time at which the store receives nobody: past, closed, between two slots. With alternatives, as SlotTaken."""

    def __init__(self, store: Store, message: str, alternatives: list[Offer], code: str):
        self.alternatives = alternatives
        super().__init__(f"{message} {_free_times(store, alternatives)}", code)


class Lost(Exception):
    """Inside a transaction that is to end: the slot cannot be had. `instead` turns it into SlotTaken afterwards, when no
    day is locked any more."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Won:
    """A slot that can be had while its days are held: for whom, where to park, and what it takes."""

    advisors: list[Staff]  # who may receive, best first
    slot: Slot
    parking_id: int | None
    plan: Plan
    day: date

    def pieces(self, advisor: Staff) -> list[Piece]:
        return [*slot_pieces(self.slot, self.day, advisor, self.parking_id), *self.plan.pieces]


def win(frame: Frame, wish: Wish, *, start: datetime, also: Iterable[date] = ()) -> Won:
    """Lock the days a wish takes (and `also`), and settle what it takes of them; Lost when it cannot be had."""
    day, also = clock.local_day(frame.store.tz, start), list(also)
    frame.lock_upto(day, also)
    while True:
        house, slot = frame.read_slot(start)
        plan = judge(house, slot, wish, day)
        if isinstance(plan, Refused):
            raise Lost(plan.code)
        last = max([day, *plan.days])
        if last in frame.locked:
            break
        # The work goes on into days nobody else may write while we read them again.
        frame.lock_upto(last, also)
    frame.sweep()
    people = receivers(frame, slot, wish, day)
    return Won(people, slot, space_of(slot), plan, day)


def receivers(frame: Frame, slot: Slot, wish: Wish, day: date) -> list[Staff]:
    """Who may receive: the wished advisor, or all who are free: the customer's own first, then the least booked."""
    if wish.advisor_id:
        return list(queries.advisors().filter(pk=wish.advisor_id))
    people = [person for person in queries.advisors() if person.pk in slot.advisors]
    if len(people) > 1:
        load = dict(
            Bucket.objects.filter(ledger_day=frame.rows[day], resource=Resource.ADVISOR)
            .values_list("key")
            .annotate(Sum("booked"))
        )
        people.sort(key=lambda person: (person.pk != wish.own_advisor_id, load.get(str(person.pk), 0)))
    return people


def space_of(slot: Slot) -> int | None:
    """The parking space kept: the first free one by its number."""
    if not slot.parking:
        return None
    return ParkingSpace.objects.filter(pk__in=slot.parking).order_by("code", "pk").values_list("pk", flat=True)[0]


def frame_for(
    store: Store,
    wish: Wish,
    start: datetime,
    *,
    advisor: Staff | None = None,
    public: bool = False,
    besides: Appointment | None = None,
) -> Frame:
    """The frame a slot is won in. SlotRefused (with alternatives) when the store has no reception time at `start`,
    DomainError when the advisor receives nobody. `public`: the customer himself, who keeps the notice the
    store wants; `besides`: the booking that is to be moved there."""
    day, now = clock.local_day(store.tz, start), clock.now()
    instead_of_it = {"advisor": advisor, "public": public, "besides": besides}
    if start > now + timedelta(days=queries.HORIZON_DAYS):
        refuse(store, wish, now, _("Bookings are taken half a year ahead at most."), "too_far", **instead_of_it)
    if start <= now:
        refuse(store, wish, now, _("This time is past."), "past", **instead_of_it)
    frame = opened(store, day, besides=besides)
    if public and start < now + timedelta(minutes=frame.policy.notice_minutes):
        message = _("This is too soon to book here; please call the store.")
        refuse(store, wish, start, message, "too_soon", **instead_of_it)
    grid = queries.slots_of(frame.calendar, day)
    if not any(begin == start for begin, _finish in grid):
        if not grid:
            message, code = _("The store is closed on that day."), "closed"
        elif any(begin < start < finish for begin, finish in grid):
            message, code = _("Reception begins at fixed times."), "off_grid"
        else:
            message, code = _("The store receives nobody at that time."), "out_of_hours"
        refuse(store, wish, start, message, code, **instead_of_it)
    if advisor:
        receiving(advisor)
    return frame


def refuse(store: Store, wish: Wish, start: datetime, message: str, code: str, **way) -> None:
    """`way`: how `alternatives` are looked for."""
    raise SlotRefused(store, message, alternatives(store, wish, start=start, **way), code)


def instead(store: Store, wish: Wish, lost: Lost, *, start: datetime, **way) -> SlotTaken:
    """What to raise for a lost slot, once its transaction is over; `way`: how `alternatives` are looked for."""
    return SlotTaken(store, alternatives(store, wish, start=start, **way), lost.code)


def receiving(advisor: Staff) -> None:
    """DomainError if this person receives nobody."""
    if not Staff.objects.filter(pk=advisor.pk, active=True, role__code=RoleCode.ADVISOR).exists():
        raise DomainError(
            _("This person receives no customers; choose another advisor."),
            code="not_receiving",
        )


def _free_times(store: Store, slots: list[Offer]) -> str:
    """The sentence that names other times; times only, it is also shown to strangers."""
    if not slots:
        return _("Nothing is free in the next two weeks; please call the store.")
    today = clock.local_day(store.tz)
    texts = []
    for start in dict.fromkeys(slot.start.astimezone(store.tz) for slot in slots):
        texts.append(f"{start:%H:%M}" if start.date() == today else f"{start:%m-%d %H:%M}")
    return _("Free instead: %(times)s.") % {"times": _(", ").join(texts)}
