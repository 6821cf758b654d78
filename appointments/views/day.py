"""The day and the week at the booking desk: who comes when and to whom, how full the workshop is, what has to be moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments import queries, sheets
from appointments.offers import Wish
from appointments.views.parts import day_of, monday_of
from core import clock
from stores.access import requires
from stores.models import Store

BOOK = "appointments.book"
WEEK = timedelta(days=7)


@requires(BOOK)
def day(request):
    """Who comes when and to whom, with what is still free."""
    store = request.staff.store
    today = clock.local_day(store.tz)
    shown = day_of(request.GET.get("day"), today)
    free = _free(store, [shown], today)
    load = sheets.load(store, [shown])
    away = sheets.away(store, shown)
    sheet = _with_what_is_free(queries.day_sheet(store, shown), free)
    context = {
        "sheet": sheet,
        "away": {
            advisor.pk for advisor in sheet.advisors if all((advisor.pk, start) in away for start, _c in sheet.rows)
        },
        "load": load,
        "day": shown,
        "day_dates": [shown],
        "day_text": f"{shown:%Y-%m-%d}",
        "today": today,
        "tabs": _day_tabs(store, shown, today),
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1),
        "now": clock.now(),
        "displaced": sheets.displaced(store),
        "may_cancel": request.staff.may("visits.cancel"),
        "may_receive": request.staff.may("reception.check_in"),
    }
    return render(request, "appointments/day.html", context)


@requires(BOOK)
def week(request):
    """Seven days from Monday: bookings by time, the load by skill and bay, and what has to be moved first."""
    store = request.staff.store
    today = clock.local_day(store.tz)
    first = monday_of(day_of(request.GET.get("day"), today))
    days = [first + timedelta(days=n) for n in range(7)]
    free = _free(store, days, today)
    shown = sheets.week_sheet(store, first, free=Counter(start for start, _advisor in free))
    context = {
        "sheet": shown,
        "load": sheets.load(store, days),
        "day_dates": [entry.day for entry in shown.days],
        "first": first,
        "last": first + timedelta(days=6),
        "before": first - WEEK,
        "after": first + WEEK,
        "today": today,
        "now": clock.now(),
        "tabs": _day_tabs(store, None, today, week=first),
        "displaced": sheets.displaced(store),
    }
    return render(request, "appointments/week.html", context)


@requires(BOOK)
def day_print(request):
    """The day's arrivals on paper: for the reception desk and for the day the network is down."""
    store = request.staff.store
    shown = day_of(request.GET.get("day"), clock.local_day(store.tz))
    rows = [
        row for row in queries.of_day(store, shown).select_related("parking") if row.status in ("booked", "arrived")
    ]
    context = {
        "store": store,
        "number": f"{shown:%Y-%m-%d}",
        "day": shown,
        "rows": rows,
        "load": sheets.load(store, [shown]),
        "copies": [""],
        "printed_at": clock.now(),
    }
    return render(request, "appointments/day_print.html", context)


def _with_what_is_free(sheet: queries.DaySheet, free: set[tuple]) -> queries.DaySheet:
    """The sheet with no free time that cannot be booked: `free` are (start, advisor id)."""
    rows = [
        (start, [replace(cell, free=cell.free and (start, cell.slot.advisor.pk) in free) for cell in cells])
        for start, cells in sheet.rows
    ]
    return replace(sheet, rows=rows)


def _free(store: Store, days: list[date], today: date) -> set[tuple[datetime, int]]:
    """(start, advisor id) of every reception time of these days that can still be booked; lays the days out where nobody has
    asked for them yet."""
    coming = [shown for shown in days if today <= shown <= today + timedelta(days=queries.HORIZON_DAYS)]
    if not coming:
        return set()
    answers = appointments.offers(store, Wish(wash=False), first=coming[0], days=(coming[-1] - coming[0]).days + 1)
    return {(offer.start, offer.advisor.pk) for answer in answers for offer in answer.offers}


def _day_tabs(store: Store, shown: date | None, today: date, *, week: date | None = None) -> list[dict]:
    """Today, tomorrow, the day that is shown if it is another, and the week."""
    days = sorted({today, today + timedelta(days=1), *([shown] if shown else [])})
    counts = queries.counts(store, days)
    labels = {today: _("Today"), today + timedelta(days=1): _("Tomorrow")}
    day_page, week_page = _pages()
    tabs = [
        {
            "url": f"{day_page}?day={d:%Y-%m-%d}",
            "label": labels.get(d, f"{d:%m-%d}"),
            "active": d == shown,
            "count": counts.get(d, 0),
        }
        for d in days
    ]
    of_week = week or monday_of(shown or today)
    return [
        *tabs,
        {"url": f"{week_page}?day={of_week:%Y-%m-%d}", "label": _("Week"), "active": bool(week), "count": ""},
    ]


def _pages() -> tuple[str, str]:
    return reverse("appointments:day"), reverse("appointments:week")
