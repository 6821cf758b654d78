"""What a new store starts with: roles, opening hours, public holidays and bays. Everything can be changed afterwards."""

from __future__ import annotations

from datetime import date, time, timedelta

import chinese_calendar
from django.utils import translation

from core import clock
from stores.choices import BayKind, DayKind, RoleCode, default_permissions
from stores.models import Bay, CalendarDay, OpeningPeriod, Role, Store

MORNING = (time(8, 30), time(12, 0))
AFTERNOON = (time(13, 0), time(18, 0))
SUNDAY = (time(9, 0), time(17, 0))
SATURDAY_INDEX, SUNDAY_INDEX = 5, 6
BAYS = {
    BayKind.FAST: ["K1", "K2"],
    BayKind.LIFT: ["J1", "J2", "J3", "J4", "J5", "J6"],
    BayKind.EV: ["E1"],
    BayKind.BODY: ["B1", "B2"],
    BayKind.PAINT: ["P1"],
    BayKind.WASH: ["X1"],
}


def seed(store: Store) -> None:
    """Give a new store its roles, hours, holidays and bays, inside the store's scope. Not for a store that has some."""
    roles(store)
    opening_periods(store)
    for year in known_years():
        holidays(store, year)
    bays(store)


def roles(store: Store) -> list[Role]:
    return Role.objects.bulk_create(
        Role(
            store=store,
            code=code,
            name_zh=_label(code, "zh-hans"),
            name_en=_label(code, "en"),
            permissions=default_permissions(code),
        )
        for code in RoleCode
    )


def _label(code: RoleCode, language: str) -> str:
    with translation.override(language):
        return str(code.label)


def opening_periods(store: Store) -> list[OpeningPeriod]:
    """Monday to Saturday with a lunch break, Sunday through."""
    hours = {day: [MORNING, AFTERNOON] for day in range(SUNDAY_INDEX)}
    hours[SUNDAY_INDEX] = [SUNDAY]
    return OpeningPeriod.objects.bulk_create(
        OpeningPeriod(store=store, weekday=day, opens=opens, closes=closes)
        for day, periods in hours.items()
        for opens, closes in periods
    )


def known_years() -> list[int]:
    """This year and the next, as far as the government has published their holidays."""
    this_year = clock.now().year
    last_known = max(chinese_calendar.holidays).year
    return [year for year in (this_year, this_year + 1) if year <= last_known]


def holidays(store: Store, year: int) -> list[CalendarDay]:
    """Public holidays and working weekends of a year, as the State Council set them; days already entered stay.

    A working weekend is worked as the weekday whose day off it pays for: Saturday as a Friday, Sunday as a Monday.
    ValueError for a year that is not published yet.
    """
    if not any(day.year == year for day in chinese_calendar.holidays):
        raise ValueError(f"the holidays of {year} are not published yet")
    days = [
        CalendarDay(store=store, day=day, kind=DayKind.HOLIDAY, note=_festival(name))
        for day, name in chinese_calendar.holidays.items()
        if day.year == year
    ]
    days += [
        CalendarDay(
            store=store,
            day=day,
            kind=DayKind.WORKING,
            follows_weekday=_worked_as(day),
            note=_festival(name),
        )
        for day, name in chinese_calendar.workdays.items()
        if day.year == year
    ]
    return CalendarDay.objects.bulk_create(days, ignore_conflicts=True)


def _worked_as(day: date) -> int:
    neighbour = -1 if day.weekday() == SATURDAY_INDEX else 1
    return (day + timedelta(days=neighbour)).weekday()


def _festival(name: str) -> str:
    return chinese_calendar.Holiday(name).chinese


def bays(store: Store) -> list[Bay]:
    return Bay.objects.bulk_create(
        Bay(store=store, code=code, kind=kind) for kind, codes in BAYS.items() for code in codes
    )
