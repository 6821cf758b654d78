"""Which days a page speaks of, and which rows of the roll-ups make them up."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from reports.choices import Grain, Step

LAST_30_DAYS, LAST_90_DAYS, LAST_12_MONTHS, LAST_24_MONTHS = "30d", "90d", "12m", "24m"
PRESETS = (LAST_30_DAYS, LAST_90_DAYS, LAST_12_MONTHS, LAST_24_MONTHS)
# Up to here a trend has a point a week, beyond it a point a month.
WEEKS_UP_TO_DAYS = 120


@dataclass(frozen=True)
class Period:
    """Days from `since` to `until`, both included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def steps(self) -> tuple[Step, ...]:
        """How its trend may be cut, the finest first."""
        if self.days <= WEEKS_UP_TO_DAYS:
            return Step.WEEK, Step.MONTH
        return Step.MONTH, Step.QUARTER

    @property
    def before(self) -> Period:
        """What the period is compared with: the same months a year or two earlier where it begins with a month, else as many days before."""
        if self.since.day == 1 and self.days > WEEKS_UP_TO_DAYS:
            months = months_between(self.since, self.until)
            return Period(add_months(self.since, -months), add_months(self.until, -months))
        return Period(self.since - timedelta(days=self.days), self.since - timedelta(days=1))

    def rows(self, today: date) -> Q:
        """Condition for the roll-up rows that add up to this period: whole months as such, the days around them singly.

        The month of `today` counts as whole when the period reaches it: there is nothing behind today.
        """
        first = self.since if self.since.day == 1 else add_months(self.since.replace(day=1), 1)
        ends = self.until >= min(month_end(self.until), today)
        last = self.until.replace(day=1) if ends else add_months(self.until.replace(day=1), -1)
        if last < first:
            return Q(grain=Grain.DAY, day__range=(self.since, self.until))
        rows = Q(grain=Grain.MONTH, day__range=(first, last))
        if self.since < first:
            rows |= Q(grain=Grain.DAY, day__range=(self.since, first - timedelta(days=1)))
        if not ends:
            rows |= Q(grain=Grain.DAY, day__range=(self.until.replace(day=1), self.until))
        return rows

    def single_days(self) -> Q:
        return Q(grain=Grain.DAY, day__range=(self.since, self.until))


def preset(name: str, today: date) -> Period:
    """The period of a name up to today; of a name nobody knows, the last twelve months."""
    if name == LAST_30_DAYS:
        return Period(today - timedelta(days=29), today)
    if name == LAST_90_DAYS:
        return Period(today - timedelta(days=89), today)
    months = 24 if name == LAST_24_MONTHS else 12
    return Period(add_months(today.replace(day=1), 1 - months), today)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(since: date, until: date) -> int:
    """How many calendar months two days touch."""
    return (until.year - since.year) * 12 + until.month - since.month + 1


def month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)
