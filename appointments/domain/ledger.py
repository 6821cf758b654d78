"""Reading the ledger's days, locking them, and writing claims.

Whoever writes claims holds the rows of their days (`Frame.lock`), in the order of the days and after visit and vehicle. The
database counts the claims of a bucket itself and refuses what is too much; nothing here relies on that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q, Sum

from appointments import queries
from appointments.choices import ClaimSource, Resource, Side
from appointments.domain.layout import RESERVED, lay_out, lock_days, parts_of, reserve_of
from appointments.models import Appointment, BookingPolicy, Bucket, Claim, Hold, LedgerDay
from appointments.offers import OPEN_DAYS, Day, Free, House, Need, Part, Piece, Plan, Refused, Time, Wish
from core import clock
from stores.calendar import Calendar
from stores.models import ParkingSpace, Staff, Store
from visits.models import Visit

# No festival closes a store for longer; who finds nothing open within it plans with what there is.
CLOSED_AT_MOST = 20
SLOTS = [Resource.ADVISOR, Resource.PARKING]
Owner = Appointment | Hold | Visit


@dataclass(frozen=True)
class Slot:
    """One reception time as rows: who and which space can be had, with their buckets."""

    start: datetime
    end: datetime
    advisors: dict[int, int]  # {advisor id: bucket id} of those who are free
    parking: dict[int, int]  # {space id: bucket id} of the free ones
    parking_planned: bool
    exists: bool


class Frame:
    """Some days of a store's ledger with what does not change while somebody plans in them: hours, policy, the days' rows.

    `first` to `last` and the open days after `last` that work may reach. What `besides` claims counts as free: a booking that
    is to be moved is not in its own way.
    """

    def __init__(
        self,
        store: Store,
        first: date,
        last: date | None = None,
        *,
        reach: int = OPEN_DAYS,
        besides: Appointment | None = None,
    ):
        self.store, self.now, self.calendar, self.besides = store, clock.now(), Calendar(store), besides
        self.policy = BookingPolicy.of(store)
        self.days = self._horizon(first, last or first, reach)
        self.rows: dict[date, LedgerDay] = {}
        self.locked: set[date] = set()
        self._lapsed: dict[int, int] = {}

    def _horizon(self, first: date, last: date, reach: int) -> list[date]:
        """The open days from `first` to `last` and the `reach` - 1 after it."""
        found, beyond, day = [], 0, first
        while day <= last or (beyond < reach - 1 and day <= last + timedelta(days=CLOSED_AT_MOST)):
            if self.calendar.periods(day):
                found.append(day)
                beyond += day > last
            day += timedelta(days=1)
        return found

    def lay_out(self, more: Iterable[date] = ()) -> list[LedgerDay]:
        """Make sure the days are there; those laid out just now."""
        self.rows, new = lay_out(self.store, {*self.days, *more})
        return new

    def lock(self, days: Iterable[date]) -> None:
        """Hold these days until the transaction ends. They must come after every day that is held already."""
        wanted = set(days) - self.locked
        if wanted:
            list(lock_days(self.store, wanted))
            self.locked |= wanted

    def lock_upto(self, last: date, also: Iterable[date] = ()) -> None:
        self.lock([*also, *(day for day in self.days if day <= max([last, *also]))])

    # --- What is free ---------------------------------------------------------------------------------------------

    def read(self, side: Side = Side.BOOKED, *, but: Iterable[Claim] = ()) -> House:
        """Free capacity of the days, without reception slots; two statements. `but`: claims that count as given back."""
        lapsed = dict(self.lapsed())
        for row in but:
            lapsed[row.bucket_id] = lapsed.get(row.bucket_id, 0) + row.amount
        rows = Bucket.objects.filter(ledger_day__in=self._ids()).exclude(resource__in=SLOTS)
        return self._house(rows.values_list(*_COLUMNS), lapsed, side)

    def read_slot(self, start: datetime) -> tuple[House, Slot]:
        """Free capacity of the days and of one reception time; two statements."""
        lapsed = self.lapsed()
        rows = Bucket.objects.filter(ledger_day__in=self._ids())
        rows = list(rows.filter(~Q(resource__in=SLOTS) | Q(starts_at=start)).values_list(*_COLUMNS))
        free: dict[str, dict[int, int]] = {Resource.ADVISOR: {}, Resource.PARKING: {}}
        ends = [row[5] for row in rows if row[2] in free]
        planned = any(row[2] == Resource.PARKING for row in rows)
        for row in rows:
            if row[2] in free and self._amount(row, lapsed, Side.BOOKED) > 0:
                free[row[2]][int(row[3])] = row[0]
        slot = Slot(
            start, ends[0] if ends else start, free[Resource.ADVISOR], free[Resource.PARKING], planned, bool(ends)
        )
        return self._house([row for row in rows if row[2] not in free], lapsed, Side.BOOKED), slot

    def read_times(self, wish: Wish) -> tuple[House, dict[date, list[Time]]]:
        """Free capacity and the reception times of each day, advisors in the order they are offered; five statements."""
        lapsed = self.lapsed()
        house = self._house(
            Bucket.objects.filter(ledger_day__in=self._ids()).exclude(resource__in=SLOTS).values_list(*_COLUMNS),
            lapsed,
            Side.BOOKED,
        )
        free = Q(booked__lt=F("capacity"))
        if lapsed:
            free |= Q(capacity__gt=0, pk__in=list(lapsed))
        rows = (
            Bucket.objects.filter(ledger_day__in=self._ids(), resource__in=SLOTS)
            .values_list("ledger_day_id", "resource", "starts_at", "ends_at")
            .annotate(
                free=ArrayAgg("key", filter=free, default=[]),
                taken=ArrayAgg("key", filter=Q(booked__gt=0) & ~Q(pk__in=list(lapsed)), default=[]),
            )
        )
        return house, _times(self, list(rows), wish)

    def lapsed(self) -> dict[int, int]:
        """{bucket: what holds still claim of it that have expired, and `besides`}: free for whoever comes next."""
        gone = Q(hold__expires_at__lte=self.now)
        if self.besides is not None:
            gone |= Q(appointment=self.besides)
        rows = Claim.objects.filter(gone, bucket__ledger_day__in=self._ids())
        self._lapsed = dict(rows.values_list("bucket_id").annotate(Sum("amount")))
        return self._lapsed

    def sweep(self) -> None:
        """Throw away the claims of expired holds in the days that are held, if the last reading saw any."""
        if not self._lapsed:
            return
        held = [self.rows[day].pk for day in self.locked if day in self.rows]
        Claim.objects.filter(hold__expires_at__lte=self.now, bucket__ledger_day__in=held).delete()

    def _ids(self) -> list[int]:
        return [self.rows[day].pk for day in self.days]

    def _amount(self, row: tuple, lapsed: dict[int, int], side: Side) -> int:
        """What one side may still take of a bucket; of a part in progress no more than the rest of it gives.

        The reserve is that of the policy: the bucket's own gives way to bookings that were there before it shrank.
        """
        pk, _day, resource, _key, start, end, capacity, booked, floor = row
        booked -= lapsed.get(pk, 0)
        there = capacity
        if resource in RESERVED and start < self.now < end:
            there = capacity * (end - self.now) // (end - start)
        free = there - booked - floor
        if side == Side.BOOKED and resource in RESERVED:
            free = min(free, capacity - reserve_of(capacity, self.policy) - booked)
        return max(free, 0)

    def _house(self, rows: Iterable[tuple], lapsed: dict[int, int], side: Side) -> House:
        days = {}
        for day in self.days:
            parts = [Part(day, start, end) for start, end in parts_of(self.calendar, day)]
            days[self.rows[day].pk] = Day(day, parts)
        for row in rows:
            day = days[row[1]]
            day.planned.add(row[2])
            free = Free(row[0], self._amount(row, lapsed, side))
            if row[2] == Resource.LOAN_CAR:
                day.loan_car = free
                continue
            for part in day.parts:
                if part.start == row[4]:
                    part.free[row[2], row[3]] = free
        return House(list(days.values()), wash_minutes=self.policy.wash_minutes)


_COLUMNS = ("pk", "ledger_day_id", "resource", "key", "starts_at", "ends_at", "capacity", "booked", "floor")


def _times(frame: Frame, rows: list[tuple], wish: Wish) -> dict[date, list[Time]]:
    zone = frame.store.tz
    people = {str(person.pk): person for person in queries.advisors()}
    spaces = {str(space.pk): space for space in ParkingSpace.objects.filter(active=True).order_by("code", "pk")}
    day_of = {row.pk: day for day, row in frame.rows.items()}
    load: dict[date, dict[str, int]] = {}
    parking: dict[datetime, list[str]] = {}
    for ledger_day, resource, start, _end, free, taken in rows:
        if resource == Resource.PARKING:
            parking[start] = free
            continue
        counts = load.setdefault(day_of[ledger_day], {})
        for key in taken:
            counts[key] = counts.get(key, 0) + 1
    order: dict[date, list[str]] = {
        day: sorted(people, key=lambda key: (int(key) != wish.own_advisor_id, counts.get(key, 0)))
        for day, counts in load.items()
    }
    if wish.advisor_id:
        order = {day: [key for key in keys if int(key) == wish.advisor_id] for day, keys in order.items()}
    found: dict[date, list[Time]] = {day: [] for day in frame.days}
    for ledger_day, resource, start, end, free, _taken in sorted(rows, key=lambda row: row[2]):
        if resource == Resource.ADVISOR:
            day, here = day_of[ledger_day], set(free)
            left = set(parking.get(start, ()))
            space = next((space for key, space in spaces.items() if key in left), None)
            found[day].append(
                Time(
                    start.astimezone(zone),
                    end.astimezone(zone),
                    [people[key] for key in order[day] if key in here],
                    space,
                    space is not None or start not in parking,
                )
            )
    return found


# --- Claims -----------------------------------------------------------------------------------------------------------


def slot_pieces(slot: Slot, day: date, advisor: Staff, parking: int | None) -> list[Piece]:
    """The slot itself as pieces: the advisor and, where the store has any, the parking space."""
    pieces = [Piece(slot.advisors[advisor.pk], Resource.ADVISOR, str(advisor.pk), day, 1)]
    if parking:
        pieces.append(Piece(slot.parking[parking], Resource.PARKING, str(parking), day, 1))
    return pieces


def claim(owner: Owner, pieces: Iterable[Piece], source: ClaimSource) -> None:
    """Write an owner's claims; pieces of one bucket become one claim. The days are held by the caller."""
    amounts: dict[int, int] = {}
    for piece in pieces:
        amounts[piece.bucket_id] = amounts.get(piece.bucket_id, 0) + piece.amount
    side = Side.BOOKED if source in (ClaimSource.BOOKING, ClaimSource.HOLD) else Side.FLOOR
    field = {Appointment: "appointment", Hold: "hold", Visit: "visit"}[type(owner)]
    Claim.objects.bulk_create(
        Claim(
            store_id=owner.store_id,
            bucket_id=bucket,
            side=side,
            source=source,
            amount=amount,
            **{f"{field}_id": owner.pk},
        )
        for bucket, amount in sorted(amounts.items())
    )


def claims_of(owner: Owner):
    field = {Appointment: "appointment", Hold: "hold", Visit: "visit"}[type(owner)]
    return Claim.objects.filter(**{field: owner})


def days_of(*owners: Owner) -> list[date]:
    """The days in which somebody has claims, in order; one statement each."""
    days: set[date] = set()
    for owner in owners:
        days |= set(claims_of(owner).values_list("bucket__ledger_day__day", flat=True))
    return sorted(days)


def release_claims(owner: Owner) -> list[date]:
    """Give back everything somebody has claimed; the days it was in."""
    days = days_of(owner)
    if days:
        list(lock_days(owner.store, days))
        claims_of(owner).delete()
    return days


def needs_of(appointment: Appointment) -> tuple[Need, ...]:
    """What a booking's services take of the workshop."""
    rows = appointment.items.exclude(skill="").filter(minutes__gt=0).order_by("position")
    return tuple(Need(*row) for row in rows.values_list("skill", "bay_kind", "minutes"))


def wish_of(appointment: Appointment, **more) -> Wish:
    """What a booking wishes, as far as capacity goes."""
    return Wish(
        needs=needs_of(appointment),
        waits=appointment.waits,
        loan_car=appointment.loan_car,
        pickup=bool(appointment.pickup_address),
        wash=appointment.wash,
        **more,
    )


def judge(house: House, slot: Slot, wish: Wish, day: date) -> Plan | Refused:
    """Whether a reception time can be had for a wish; what it takes beyond the slot itself."""
    wished = {wish.advisor_id} if wish.advisor_id else set(slot.advisors)
    if not wished & slot.advisors.keys():
        return Refused("reception")
    if slot.parking_planned and not slot.parking:
        return Refused("parking")
    return house.plan(wish, day=day, start=slot.start, end=slot.end)
