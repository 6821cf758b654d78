"""The house has changed - leave, hours, bays, people: capacity is laid out anew, and what no longer fits finds its way.

Holds end, work in the house moves on, a booking whose advisor is away gets a stand-in. Who loses a place is the newest
booking first; it keeps its time for the customer and waits for the desk to move it (`displaced_at`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from appointments.choices import AppointmentStatus, ClaimSource, DisplacedBy, Side
from appointments.domain import notices
from appointments.domain.layout import Cell, Inputs, Key, digest, fit, lock_days, new_bucket
from appointments.domain.ledger import Frame, claim, judge, slot_pieces, wish_of
from appointments.domain.replacing import find_room
from appointments.domain.winning import receivers, space_of
from appointments.events import AppointmentDisplaced, StandInNamed
from appointments.models import Appointment, Bucket, Claim, Hold, LedgerDay
from appointments.offers import Plan
from core import clock
from core.actors import Actor, HasActor
from journal.domain import record
from stores.models import Staff, Store
from visits import domain as visits
from visits.models import Visit

HOUSE = Actor.system("ledger")
# Work that begins or goes on within so many days of a changed day may claim some of it.
AROUND = timedelta(days=30)


@dataclass(frozen=True)
class Hit:
    """A booking that a change of the house hits: a stand-in receives, or (None) it has lost what `code` says."""

    appointment: Appointment
    code: str
    stand_in: Staff | None = None

    @property
    def what(self) -> str:
        return DisplacedBy(self.code).label


class _Undo(Exception):
    """Ends the savepoint of a preview."""


def preview(store: Store, change: Callable[[], object], *, by: Actor | HasActor = HOUSE) -> list[Hit]:
    """Which coming bookings a change would hit, without making it: it is made, looked at, and taken back.

    Errors of the change itself come through.
    """
    try:
        with transaction.atomic():
            before = _standing(store)
            change()
            relay(store, by=by)
            hits = _differences(before, _standing(store))
            raise _Undo
    except _Undo:
        return hits


def _standing(store: Store) -> dict[int, Appointment]:
    rows = Appointment.objects.filter(
        store=store, status=AppointmentStatus.BOOKED, during__endswith__gt=clock.now(), displaced_at=None
    )
    return {row.pk: row for row in rows.select_related("advisor", "visit__customer", "visit__vehicle")}


def _differences(before: dict[int, Appointment], after: dict[int, Appointment]) -> list[Hit]:
    reasons = dict(
        Appointment.objects.filter(pk__in=before.keys() - after.keys()).values_list("pk", "displaced_reason")
    )
    hits = []
    for pk, was in sorted(before.items(), key=lambda pair: pair[1].start):
        if pk not in after:
            hits.append(Hit(was, reasons.get(pk) or DisplacedBy.HOURS))
        elif after[pk].advisor_id != was.advisor_id:
            hits.append(Hit(was, DisplacedBy.RECEPTION, after[pk].advisor))
    return hits


@transaction.atomic
def relay(store: Store, days: Iterable[date] | None = None, *, by: Actor | HasActor = HOUSE) -> list[Hit]:
    """Lay out days (all coming ones) anew after a change of the house, and settle what no longer fits; the bookings hit."""
    today = clock.local_day(store.tz)
    rows = LedgerDay.objects.filter(store=store, day__gte=today).exclude(inputs="").order_by("day")
    if days is not None:
        rows = rows.filter(day__in=list(days))
    wanted = list(rows.values_list("day", flat=True))
    if not wanted:
        return []
    word, inputs = digest(store), Inputs(store, wanted[0], wanted[-1])
    cells = {day: inputs.cells(day) for day in wanted}
    _lock_bookings(store, _over(store, cells))
    around = LedgerDay.objects.filter(store=store, day__gte=wanted[0] - AROUND, day__lte=wanted[-1] + AROUND)
    list(lock_days(store, around.values_list("day", flat=True)))
    over = _over(store, cells)
    evicted, moved = _evict(over)
    _lay_out(store, cells, word)
    hits = [hit for booking in evicted if (hit := _settle(booking, by))]
    find_room(store, moved)
    return hits


def _over(store: Store, cells: dict[date, dict[Key, Cell]]) -> dict[int, int]:
    """{bucket id: its capacity to come} of the buckets that cannot hold what is claimed of them."""
    rows = Bucket.objects.filter(store=store, ledger_day__day__in=list(cells)).exclude(booked=0, floor=0)
    over = {}
    for pk, day, resource, key, start, total in rows.values_list(
        "pk", "ledger_day__day", "resource", "key", "starts_at", F("booked") + F("floor")
    ):
        cell = cells[day].get((resource, key, start))
        if total > (cell.capacity if cell else 0):
            over[pk] = cell.capacity if cell else 0
    return over


def _lock_bookings(store: Store, over: dict[int, int]) -> None:
    """Visits before days: those whose bookings may have to move."""
    rows = Visit.objects.filter(store=store, appointment__claims__bucket__in=list(over))
    ids = sorted(set(rows.values_list("pk", flat=True)))
    list(Visit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))


def _evict(over: dict[int, int]) -> tuple[list[Appointment], list[Claim]]:
    """Take claims away until every bucket holds what it is to: all holds and floor claims of it, then the newest bookings.

    (bookings that lost everything, the oldest first; floor claims taken away).
    """
    Hold.objects.filter(claims__bucket__in=list(over)).delete()
    rows = list(Claim.objects.filter(bucket__in=list(over)).select_related("bucket__ledger_day", "appointment__visit"))
    # A car that is here has been received already; its work moves on as the floor's does.
    stays = [row for row in rows if row.appointment and row.appointment.status == AppointmentStatus.BOOKED]
    moved = [row for row in rows if row not in stays]
    Claim.objects.filter(pk__in=[row.pk for row in moved]).delete()
    total = dict.fromkeys(over, 0)
    for row in stays:
        total[row.bucket_id] += row.amount
    of_booking: dict[int, list[Claim]] = {}
    for row in stays:
        of_booking.setdefault(row.appointment_id, []).append(row)
    newest = sorted(
        {row.appointment_id: row.appointment for row in stays}.values(), key=lambda a: (a.booked_at, a.pk), reverse=True
    )
    evicted = []
    for booking in newest:
        mine = of_booking[booking.pk]
        if any(total[row.bucket_id] > over[row.bucket_id] for row in mine):
            evicted.append(booking)
            for row in mine:
                total[row.bucket_id] -= row.amount
    Claim.objects.filter(appointment__in=evicted).delete()
    return evicted[::-1], [row for row in moved if row.side == Side.FLOOR]


def _lay_out(store: Store, cells: dict[date, dict[Key, Cell]], word: str) -> None:
    """Write the capacities; every claim fits by now."""
    days = {row.day: row for row in LedgerDay.objects.filter(store=store, day__in=list(cells))}
    there: dict[date, dict[Key, Bucket]] = {day: {} for day in cells}
    for bucket in Bucket.objects.filter(ledger_day__in=days.values()).select_related("ledger_day"):
        there[bucket.ledger_day.day][bucket.resource, bucket.key, bucket.starts_at] = bucket
    new, changed, gone = [], [], []
    for day, wanted in cells.items():
        for key, cell in wanted.items():
            bucket = there[day].get(key)
            if bucket is None:
                new.append(new_bucket(days[day], key, cell))
            elif fit(bucket, cell):
                changed.append(bucket)
        gone += [there[day][key].pk for key in there[day].keys() - wanted.keys()]
    Bucket.objects.filter(pk__in=gone).delete()
    Bucket.objects.bulk_update(changed, ["ends_at", "capacity", "reserve"], batch_size=500)
    Bucket.objects.bulk_create(new, batch_size=2000)
    LedgerDay.objects.filter(pk__in=[row.pk for row in days.values()]).update(inputs=word, laid_out_at=clock.now())


def _settle(booking: Appointment, by: Actor | HasActor) -> Hit | None:
    """Find an evicted booking its place again at its own time: with its advisor, with a stand-in, or not at all."""
    store = booking.store
    day = clock.local_day(store.tz, booking.start)
    frame = Frame(store, day)
    if day not in frame.days:
        return _displace(booking, DisplacedBy.HOURS, by)
    frame.lay_out()
    house, slot = frame.read_slot(_grid_start(booking))
    if not slot.exists:
        return _displace(booking, DisplacedBy.HOURS, by)
    wish = wish_of(booking)
    plan = judge(house, slot, wish, day)
    if not isinstance(plan, Plan):
        return _displace(booking, DisplacedBy(plan.code), by)
    own = booking.visit.customer.preferred_advisor_id
    people = receivers(frame, slot, wish_of(booking, own_advisor_id=own), day)
    people.sort(key=lambda person: person.pk != booking.advisor_id)
    former, parking = booking.advisor_id, space_of(slot)
    for person in people:
        if _sit(booking, person, parking, plan):
            claim(booking, [*slot_pieces(slot, day, person, parking), *plan.pieces], ClaimSource.BOOKING)
            return _stand_in(booking, person, former, by) if person.pk != former else None
    return _displace(booking, DisplacedBy.RECEPTION, by)


def _grid_start(booking: Appointment):
    """The reception time a booking falls into, also after slots have become longer or shorter."""
    inside = Bucket.objects.filter(
        store=booking.store, resource="advisor", starts_at__lt=booking.end, ends_at__gt=booking.start
    )
    starts = list(inside.order_by("starts_at").values_list("starts_at", flat=True)[:1])
    exact = inside.filter(starts_at=booking.start).exists()
    return booking.start if exact or not starts else starts[0]


def _sit(booking: Appointment, person: Staff, parking: int | None, plan: Plan) -> bool:
    booking.advisor, booking.parking_id, booking.expected_ready_at = person, parking, plan.ready_at
    try:
        with transaction.atomic():
            booking.save(update_fields=["advisor", "parking", "expected_ready_at"])
    except IntegrityError as error:
        if "appointments_advisor_free" in str(error):
            return False
        raise
    return True


def _stand_in(booking: Appointment, person: Staff, former: int, by: Actor | HasActor) -> Hit:
    own = booking.stand_in_for_id or former
    booking.stand_in_for_id = None if own == person.pk else own
    booking.save(update_fields=["stand_in_for"])
    booking.visit = visits.give_to_advisor(booking.visit, advisor=person, by=by)
    record(
        StandInNamed(former, person.pk),
        store_id=booking.store_id,
        subject=booking,
        visit_id=booking.visit_id,
        by=by,
    )
    notices.changed(booking, by=by)
    return Hit(booking, DisplacedBy.RECEPTION, person)


def _displace(booking: Appointment, code: DisplacedBy, by: Actor | HasActor) -> Hit:
    booking.displaced_at, booking.displaced_reason, booking.parking = clock.now(), str(code), None
    booking.save(update_fields=["displaced_at", "displaced_reason", "parking"])
    record(
        AppointmentDisplaced(booking.start, str(code)),
        store_id=booking.store_id,
        subject=booking,
        visit_id=booking.visit_id,
        by=by,
    )
    return Hit(booking, str(code))
