"""The store's business time: when it is open, and what a clock that runs only then says.

A day has any number of periods. A date of its own (holiday, working weekend, special hours) goes before its weekday.
Times come out in the store's zone; lengths are real time, also over a change of clocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from core.errors import DomainError
from stores.choices import DayKind
from stores.models import CalendarDay, OpeningPeriod, Store

Period = tuple[datetime, datetime]

# Dates are read in windows of this length; a clock that finds nothing open for a year says so instead of running for ever.
WINDOW_DAYS = 60
HORIZON_DAYS = 400


class Calendar:
    """The calendar of one store, read once: the week in one query, special dates in one query per window of 60 days.

    For many questions in a row; the functions below are for one.
    """

    def __init__(self, store: Store):
        self.store, self.zone = store, store.tz
        self._week: dict[int, list[tuple]] | None = None
        self._days: dict[date, CalendarDay] = {}
        self._read: set[int] = set()

    def periods(self, day: date) -> list[Period]:
        """Opening periods [start, end) of a local date, in order; periods that touch or overlap are joined."""
        hours = sorted(self._hours(day))
        joined: list[Period] = []
        for opens, closes in hours:
            start, end = (datetime.combine(day, clock, tzinfo=self.zone) for clock in (opens, closes))
            if joined and _utc(start) <= _utc(joined[-1][1]):
                joined[-1] = (joined[-1][0], max(joined[-1][1], end, key=_utc))
            else:
                joined.append((start, end))
        return joined

    def is_open(self, at: datetime) -> bool:
        return any(_utc(start) <= _utc(at) < _utc(end) for start, end in self.periods(at.astimezone(self.zone).date()))

    def add(self, at: datetime, delta: timedelta) -> datetime:
        """The first moment at which `delta` of business time has passed since `at`; `at` itself for nothing.

        ValueError for a negative length, DomainError if the store does not open again within about a year.
        """
        if delta < timedelta():
            raise ValueError("business time is added, never taken away")
        if not delta:
            return at
        left = delta
        for start, end in self._from(at):
            begin = max(_utc(start), _utc(at))
            length = _utc(end) - begin
            if left <= length:
                return (begin + left).astimezone(self.zone)
            left -= length
        raise _never_open()

    def add_days(self, at: datetime, days: int) -> datetime:
        """Closing time of the `days`-th open day after the local day of `at`, however long those days are; one or more.

        DomainError if the store does not open that often within about a year.
        """
        if days < 1:
            raise ValueError("working days are counted from the next one on")
        left = days
        for offset in range(1, HORIZON_DAYS):
            periods = self.periods(at.astimezone(self.zone).date() + timedelta(days=offset))
            left -= bool(periods)
            if not left:
                return periods[-1][1]
        raise _never_open()

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Business time from `a` to `b`; negative when `b` is earlier."""
        if _utc(b) < _utc(a):
            return -self.between(b, a)
        total = timedelta()
        last = b.astimezone(self.zone).date()
        day = a.astimezone(self.zone).date()
        while day <= last:
            for start, end in self.periods(day):
                total += max(min(_utc(end), _utc(b)) - max(_utc(start), _utc(a)), timedelta())
            day += timedelta(days=1)
        return total

    def _from(self, at: datetime) -> Iterator[Period]:
        """Periods that end after `at`, for as long as anybody could wait."""
        first = at.astimezone(self.zone).date()
        for offset in range(HORIZON_DAYS):
            for start, end in self.periods(first + timedelta(days=offset)):
                if _utc(end) > _utc(at):
                    yield start, end

    def _hours(self, day: date) -> list[tuple]:
        special = self._special(day)
        if special is None:
            return self._weekday(day.weekday())
        if special.kind == DayKind.HOLIDAY:
            return []
        if special.kind == DayKind.WORKING:
            return self._weekday(special.follows_weekday)
        return [(special.opens, special.closes)]

    def _weekday(self, weekday: int) -> list[tuple]:
        if self._week is None:
            self._week = {}
            for period in OpeningPeriod.objects.filter(store=self.store):
                self._week.setdefault(period.weekday, []).append((period.opens, period.closes))
        return self._week.get(weekday, [])

    def _special(self, day: date) -> CalendarDay | None:
        window = day.toordinal() // WINDOW_DAYS
        if window not in self._read:
            first = date.fromordinal(max(window * WINDOW_DAYS, 1))
            last = first + timedelta(days=WINDOW_DAYS)
            rows = CalendarDay.objects.filter(store=self.store, day__gte=first, day__lt=last)
            self._days.update({row.day: row for row in rows})
            self._read.add(window)
        return self._days.get(day)


def periods(store: Store, day: date) -> list[Period]:
    """[(start, end)] aware, in the store's zone: when the store is open on a local date. Two queries."""
    return Calendar(store).periods(day)


def is_open(store: Store, at: datetime) -> bool:
    return Calendar(store).is_open(at)


def add_business_time(store: Store, at: datetime, delta: timedelta) -> datetime:
    """The first moment at which `delta` of business time has passed since `at`; see `Calendar.add`."""
    return Calendar(store).add(at, delta)


def add_working_days(store: Store, at: datetime, days: int) -> datetime:
    """Closing time of the `days`-th open day after the day of `at`; see `Calendar.add_days`."""
    return Calendar(store).add_days(at, days)


def business_minutes(store: Store, a: datetime, b: datetime) -> float:
    """Minutes of business time from `a` to `b`, with fractions; negative when `b` is earlier."""
    return Calendar(store).between(a, b) / timedelta(minutes=1)


def unknown_years(store: Store, *, today: date) -> list[int]:
    """This year and, from October on, the next one, where no date of its own is entered: then every weekday's rule
    applies, also on public holidays, until somebody enters them."""
    wanted = [today.year] + ([today.year + 1] if today.month >= 10 else [])
    known = {day.year for day in CalendarDay.objects.filter(store=store).dates("day", "year")}
    return [year for year in wanted if year not in known]


def _never_open() -> DomainError:
    return DomainError(
        _("The store's calendar has no opening hours for the coming year; a manager has to enter them."),
        code="never_open",
    )


def _utc(at: datetime) -> datetime:
    # Times of one zone are subtracted by the clock on the wall; only UTC knows how long it really took.
    return at.astimezone(UTC)
