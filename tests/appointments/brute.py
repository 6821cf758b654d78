"""What can be booked, found the slow way: the rows of people, places, hours and claims, and the work walked minute by minute.

It shares no code with the product: it follows the definition of the ledger, not its buckets' sums.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache

from appointments.models import BookingPolicy, Claim
from stores.models import (
    Bay,
    CalendarDay,
    Leave,
    LoanCar,
    OpeningPeriod,
    ParkingSpace,
    Qualification,
    Staff,
)

MINUTE = timedelta(minutes=1)
SKILLS = ["mechanical", "electrical", "high_voltage", "body", "paint", "detailing", "inspection"]


class Brute:
    """The store as it is at `now`."""

    def __init__(self, store, now: datetime, *, besides: int | None = None):
        # `besides`: a booking that is to be moved, as if it were not there.
        self.store, self.now = store, now
        self.policy = BookingPolicy.objects.filter(store=store).first() or BookingPolicy(store=store)
        people = list(Staff.objects.filter(store=store, active=True).select_related("role"))
        self.advisors = sorted(
            (p for p in people if p.role.code == "advisor"), key=lambda person: (person.name_pinyin, person.pk)
        )
        self.technicians = [
            (p, rows)
            for p in people
            if p.role.code == "technician" and (rows := list(Qualification.objects.filter(staff=p)))
        ]
        self.leaves = list(Leave.objects.filter(store=store))
        self.bays = list(Bay.objects.filter(store=store, active=True))
        self.spaces = sorted(ParkingSpace.objects.filter(store=store, active=True), key=lambda s: (s.code, s.pk))
        self.lent = LoanCar.objects.filter(store=store, active=True).count()
        # The store stands still while it is searched.
        for asked in ("parts", "capacity", "claimed", "free", "present"):
            setattr(self, asked, cache(getattr(self, asked)))
        self.claims = [
            claim
            for claim in Claim.objects.filter(store=store).select_related("bucket", "hold")
            if (claim.hold is None or claim.hold.expires_at > now)
            and (besides is None or claim.appointment_id != besides)
        ]

    # --- The calendar and what there is ----------------------------------------------------------------------------

    def parts(self, day: date) -> list[tuple[datetime, datetime]]:
        special = CalendarDay.objects.filter(store=self.store, day=day).first()
        weekday = day.weekday()
        if special and special.kind == "holiday":
            return []
        if special and special.kind == "special":
            spans = [(special.opens, special.closes)]
        else:
            if special:
                weekday = special.follows_weekday
            rows = OpeningPeriod.objects.filter(store=self.store, weekday=weekday)
            spans = sorted((row.opens, row.closes) for row in rows)
        zone = self.store.tz
        return [(datetime.combine(day, a, zone), datetime.combine(day, b, zone)) for a, b in spans]

    def present(self, person, start: datetime, end: datetime) -> int:
        """Minutes in which somebody is not away."""
        moment, found = start, 0
        while moment + MINUTE <= end:
            away = any(leave.staff_id == person.pk and moment in leave.during for leave in self.leaves)
            found += not away
            moment += MINUTE
        return found

    def skill(self, rows, day: date) -> str | None:
        good = [row for row in rows if row.valid_until is None or row.valid_until >= day]
        if not good:
            return None
        top = max(row.level for row in good)
        return min((row.skill for row in good if row.level == top), key=SKILLS.index)

    def capacity(self, resource: str, key: str, start: datetime, end: datetime) -> int:
        minutes = (end - start) // MINUTE
        if resource == "technician":
            return sum(
                self.present(person, start, end)
                for person, rows in self.technicians
                if self.skill(rows, start.date()) == key
            )
        if resource == "bay":
            return minutes * sum(bay.kind == key for bay in self.bays)
        if resource == "wash":
            return sum(bay.kind == "wash" for bay in self.bays) * (minutes // self.policy.wash_minutes)
        if resource == "pickup":
            return self.policy.pickup_runs
        raise KeyError(resource)

    def claimed(self, resource: str, key: str, start: datetime, end: datetime) -> tuple[int, int]:
        """(booked, floor) of what begins in a stretch of time."""
        sums = {"booked": 0, "floor": 0}
        for claim in self.claims:
            bucket = claim.bucket
            if (bucket.resource, bucket.key) == (resource, key) and start <= bucket.starts_at < end:
                sums[claim.side] += claim.amount
        return sums["booked"], sums["floor"]

    def free(self, resource: str, key: str, start: datetime, end: datetime) -> int:
        capacity = self.capacity(resource, key, start, end)
        booked, floor = self.claimed(resource, key, start, end)
        if resource == "pickup":
            return capacity - booked - floor
        there = capacity
        if start < self.now < end:
            there = int(
                capacity
                * Fraction((end - self.now) // timedelta(microseconds=1), (end - start) // timedelta(microseconds=1))
            )
        reserve = -(-capacity * self.policy.reserve_percent // 100)
        return min(there - booked - floor, capacity - reserve - booked)

    # --- One wish at one slot ----------------------------------------------------------------------------------------

    def ready(self, wish, day: date, start: datetime, end: datetime) -> datetime | None:
        """When the car would be ready; None if it would not within what the wish allows."""
        days = [day + timedelta(days=n) for n in range(20) if self.parts(day + timedelta(days=n))][:3]
        if wish.waits:
            days = days[:1]
        spans = [part for each in days for part in self.parts(each)]
        left: dict = {}
        at, worked = end, end
        for need in wish.needs:
            todo = need.minutes
            at = worked
            while todo:
                span = next((s for s in spans if s[1] > at), None)
                if span is None:
                    return None
                at = max(at, span[0])
                pools = []
                if self.technicians:
                    pools.append(("technician", need.skill, *span))
                if need.bay_kind and any(bay.kind != "wash" for bay in self.bays):
                    pools.append(("bay", need.bay_kind, *span))
                for pool in pools:
                    left.setdefault(pool, self.free(*pool))
                if at + MINUTE <= span[1] and all(left[pool] > 0 for pool in pools):
                    for pool in pools:
                        left[pool] -= 1
                    todo, at = todo - 1, at + MINUTE
                    worked = at
                else:
                    at = span[1]
        last, at = next(s for s in spans if worked <= s[1]), worked
        if wish.wash and any(bay.kind == "wash" for bay in self.bays):
            places = [s for s in spans if s >= last and self.free("wash", "", *s) > 0]
            if not places:
                return None
            last = places[0]
            at = max(at, last[0]) + self.policy.wash_minutes * MINUTE
        if wish.loan_car and not self._lent_until(days, last[0].date() if last[0].date() > day else day):
            return None
        if wish.pickup:
            here = next(s for s in self.parts(day) if s[0] <= start < s[1])
            if self.free("pickup", "", *here) < 1:
                return None
        return at

    def _lent_until(self, days: list[date], last: date) -> bool:
        for day in days:
            begin = datetime.combine(day, time.min, self.store.tz)
            if day <= last and sum(self.claimed("loan_car", "", begin, begin + timedelta(days=1))) >= self.lent:
                return False
        return True

    def offers(self, wish, day: date) -> list[tuple]:
        """[(start, advisor id, parking id, ready at)] of a day, in the order they are offered."""
        step, found = timedelta(minutes=self.store.slot_minutes), []
        midnight = datetime.combine(day, time.min, self.store.tz)
        load = {
            p.pk: self.claimed("advisor", str(p.pk), midnight, midnight + timedelta(days=1))[0] for p in self.advisors
        }
        people = sorted(self.advisors, key=lambda p: (p.pk != wish.own_advisor_id, load[p.pk]))
        for opens, closes in self.parts(day):
            start = opens
            while start + step <= closes:
                end = start + step
                free = [
                    p
                    for p in people
                    if self.present(p, start, end) == step // MINUTE
                    and not any(self.claimed("advisor", str(p.pk), start, end))
                    and wish.advisor_id in (None, p.pk)
                ]
                spaces = [s for s in self.spaces if not any(self.claimed("parking", str(s.pk), start, end))]
                if start > self.now and free and (spaces or not self.spaces):
                    ready = self.ready(wish, day, start, end)
                    space = spaces[0].pk if spaces else None
                    if ready is not None:
                        found += [(start, p.pk, space, ready) for p in free]
                start += step
        return found
