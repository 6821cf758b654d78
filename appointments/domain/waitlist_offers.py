"""What becomes free goes to those who wait: offered, kept for a while, taken, or passed on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.choices import OfferState, TaskKind, WaitlistState
from appointments.domain.booking import book
from appointments.domain.holds import hold, release
from appointments.domain.offering import offers
from appointments.domain.tasks import open_task, settle_tasks
from appointments.domain.waitlist import WAITLIST, end_wait, items_of, lock_entry, new_token, suits, wish_of
from appointments.domain.winning import SlotRefused, SlotTaken
from appointments.events import OfferEnded, SlotOffered
from appointments.models import Appointment, BookingPolicy, WaitlistEntry, WaitlistOffer
from appointments.offers import Offer
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from journal.domain import record
from messaging import domain as messaging
from messaging import quiet
from stores.models import Staff, Store
from visits.choices import NeedKind
from visits.tokens import token_hash

# [default] Who did not answer so often on one day is left in peace until the next.
PER_DAY = 3
# [default] So long before the reception time an offer is over at the latest: the customer has to get here.
ROAD = timedelta(minutes=45)
NOTHING_OFFERED = gettext_lazy("Nothing is offered at this moment.")
# [default] The desk is asked to call who still waits at this hour of the day before his last one.
CALL_AT = time(16, 0)


def fill_freed(store: Store, *, first: date | None = None, last: date | None = None) -> list[WaitlistOffer]:
    """Offer what is free from `first` to `last` (default: any day somebody waits for) to those who wait, each at most one
    slot at a time. Nothing goes out at night: the first round of the morning makes up for it."""
    now = clock.now()
    if not quiet.ENDS <= now.astimezone(store.tz).time() < quiet.BEGINS:
        return []
    today = clock.local_day(store.tz, now)
    waiting = WaitlistEntry.objects.filter(
        store=store, state=WaitlistState.WAITING, last_day__gte=max(first or today, today)
    ).exclude(offers__state=OfferState.OFFERED)
    if last:
        waiting = waiting.filter(first_day__lte=last)
    keys = list(waiting.order_by("last_day", "created_at", "pk").values_list("pk", flat=True))
    made = [_offer_to(store, pk, first, last, now) for pk in keys]
    return [offer for offer in made if offer]


@transaction.atomic
def _offer_to(store: Store, pk: int, first: date | None, last: date | None, now: datetime) -> WaitlistOffer | None:
    rows = WaitlistEntry.objects.select_for_update(of=("self",), skip_locked=True)
    entry = rows.select_related("store", "customer", "vehicle", "advisor").filter(pk=pk).first()
    if entry is None or entry.state != WaitlistState.WAITING or _offered_enough(entry, now):
        return None
    today = clock.local_day(store.tz, now)
    begin = max(entry.first_day, today, first or today)
    end = min(entry.last_day, last or entry.last_day)
    if end < begin:
        return None
    policy = BookingPolicy.of(store)
    earliest = now + ROAD + timedelta(minutes=policy.offer_minutes)
    known = set(entry.offers.values_list("start", flat=True))
    answers = offers(store, wish_of(entry), first=begin, days=(end - begin).days + 1)
    for found in (offer for answer in answers for offer in answer.offers):
        if found.start >= earliest and found.start not in known and suits(entry, found.start):
            return _make(entry, found, policy.offer_minutes)
    return None


def _offered_enough(entry: WaitlistEntry, now: datetime) -> bool:
    midnight = datetime.combine(clock.local_day(entry.store.tz, now), time.min, entry.store.tz)
    given = list(entry.offers.filter(offered_at__gte=midnight).values_list("state", flat=True))
    return OfferState.OFFERED in given or given.count(OfferState.EXPIRED) >= PER_DAY


def _make(entry: WaitlistEntry, found: Offer, minutes: int) -> WaitlistOffer | None:
    store = entry.store
    wish, advisor = wish_of(entry), found.advisor
    try:
        held = hold(
            store, wish, start=found.start, advisor=advisor, channel=entry.channel, by=WAITLIST, minutes=minutes
        )
    except (SlotTaken, SlotRefused):
        return None  # somebody was quicker; the next round looks again
    token = new_token()
    offer = WaitlistOffer.objects.create(
        store=store,
        entry=entry,
        start=held.start,
        end=held.end,
        advisor_id=held.advisor_id,
        hold_token=held.token,
        offered_at=clock.now(),
        expires_at=held.expires_at,
        token_hash=token_hash(token),
    )
    evt = SlotOffered(offer.start, offer.expires_at, offer.advisor_id)
    record(evt, store_id=store.pk, subject=entry, by=WAITLIST)
    messaging.send(
        store=store,
        template="waitlist_offer",
        customer=entry.customer,
        params={
            "plate": entry.vehicle.plate or entry.vehicle.title,
            "at": offer.start,
            "until": offer.expires_at,
            "link": f"{settings.PUBLIC_URL.rstrip('/')}/c/offer/{token}/",
        },
        dedupe_key=f"waitlist:offer:{offer.pk}",
        by=WAITLIST,
    )
    return offer


@transaction.atomic
def accept_offer(offer: WaitlistOffer, *, by: Actor | HasActor) -> Appointment:
    """Book what was offered, once. Conflict when the offer or the wish is over; the entry keeps its place then."""
    entry = lock_entry(offer.entry)
    offer = _open(offer)
    booked = book(
        store=entry.store,
        customer=entry.customer,
        vehicle=entry.vehicle,
        start=offer.start,
        advisor=offer.advisor,
        channel=entry.channel,
        items=items_of(entry),
        needs=[(NeedKind.FAULT, entry.words)] if entry.words else (),
        waits=entry.waits,
        loan_car=entry.loan_car,
        pickup_address=entry.pickup_address,
        wash=entry.wash,
        hold=offer.hold_token,
        by=by,
    )
    _end(offer, OfferState.ACCEPTED, by=by)
    settle_tasks(entry)
    end_wait(entry, WaitlistState.BOOKED, by=by, appointment=booked)
    return booked


@transaction.atomic
def decline_offer(offer: WaitlistOffer, *, by: Actor | HasActor) -> WaitlistEntry:
    """Not this time: it goes to the next at once, and the customer goes on waiting for another."""
    entry = lock_entry(offer.entry)
    _end(_open(offer), OfferState.DECLINED, by=by)
    return entry


def expire_offers(store: Store) -> set[date]:
    """Take back what was not answered in time; returns the days on which something is free again."""
    over = WaitlistOffer.objects.filter(store=store, state=OfferState.OFFERED, expires_at__lte=clock.now())
    return {
        clock.local_day(store.tz, row.start)
        for row in over.select_related("entry")
        if take_back(row.entry, OfferState.EXPIRED)
    }


@transaction.atomic
def take_back(entry: WaitlistEntry, state: OfferState = OfferState.WITHDRAWN) -> bool:
    """End what is offered to this entry, if anything is."""
    WaitlistEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    offer = _lock_offer(entry.offers.filter(state=OfferState.OFFERED))
    if offer is None or (state == OfferState.EXPIRED and offer.expires_at > clock.now()):
        return False
    _end(offer, state, by=WAITLIST)
    return True


@transaction.atomic
def leave_waitlist(entry: WaitlistEntry, *, by: Actor | HasActor) -> WaitlistEntry:
    """The customer no longer waits; what was offered to him goes to the next. Conflict when he is off the list already."""
    entry = lock_entry(entry)
    take_back(entry)
    settle_tasks(entry)
    return end_wait(entry, WaitlistState.WITHDRAWN, by=by)


@transaction.atomic
def found_a_place(entry: WaitlistEntry, booked: Appointment) -> None:
    """The customer has booked one of his days by another way: he waits no longer."""
    try:
        entry = lock_entry(entry)
    except Conflict:
        return
    take_back(entry)
    settle_tasks(entry)
    end_wait(entry, WaitlistState.BOOKED, by=WAITLIST, appointment=booked)


def watch_last_days(store: Store) -> int:
    """Have the desk call who has one day left, and end what has none: he is told, and stays on the desk's list until
    somebody has called him. Returns how many tasks are new."""
    now = clock.now()
    local = now.astimezone(store.tz)
    if not quiet.ENDS <= local.time() < quiet.BEGINS:
        return 0
    today = local.date()
    near = today + timedelta(days=local.time() >= CALL_AT)
    waiting = WaitlistEntry.objects.filter(store=store, state=WaitlistState.WAITING, last_day__lte=near)
    waiting = waiting.exclude(offers__state=OfferState.OFFERED).select_related("customer", "vehicle", "store")
    made = 0
    for entry in waiting.order_by("last_day", "created_at"):
        if not entry.tasks.exists():
            made += open_task(entry, TaskKind.NO_PLACE) is not None
        if entry.last_day < today:
            _lapse(entry)
    return made


@transaction.atomic
def _lapse(entry: WaitlistEntry) -> None:
    try:
        entry = lock_entry(entry)
    except Conflict:
        return
    end_wait(entry, WaitlistState.LAPSED, by=WAITLIST)
    messaging.send(
        store=entry.store,
        template="waitlist_lapsed",
        customer=entry.customer,
        params={
            "plate": entry.vehicle.plate or entry.vehicle.title,
            "book_link": f"{settings.PUBLIC_URL.rstrip('/')}/c/book/{entry.store.code}/",
        },
        dedupe_key=f"waitlist:{entry.pk}:lapsed",
        by=WAITLIST,
    )


def _open(offer: WaitlistOffer) -> WaitlistOffer:
    """The offer, locked; Conflict with the reason when it cannot be answered any more."""
    offer = _lock_offer(WaitlistOffer.objects.filter(pk=offer.pk))
    if offer.state != OfferState.OFFERED or offer.expires_at <= clock.now():
        state = OfferState.EXPIRED if offer.state == OfferState.OFFERED else OfferState(offer.state)
        raise Conflict(
            _("This offer is over: %(state)s. You keep your place on the waitlist.") % {"state": state.label},
            code="offer_over",
        )
    return offer


def _lock_offer(rows) -> WaitlistOffer | None:
    return rows.select_for_update(of=("self",)).select_related("advisor", "entry").first()


def _end(offer: WaitlistOffer, state: OfferState, *, by: Actor | HasActor | Staff) -> None:
    offer.state, offer.answered_at = state, clock.now()
    offer.save(update_fields=["state", "answered_at"])
    if state != OfferState.ACCEPTED:
        release(offer.hold_token)
    record(OfferEnded(offer.start, str(state)), store_id=offer.store_id, subject=offer.entry, by=by)
