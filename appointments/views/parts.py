"""What the desk's pages share: the day an address names, the grid of slots."""

from __future__ import annotations

from datetime import date

from django.utils.dateparse import parse_date

from appointments import queries
from core import clock
from stores.models import Store

DAYS_SHOWN = 7
LOOK_AHEAD = 14  # calendar days searched for so many open ones
FIRST_YEAR, LAST_YEAR = 2000, 2100


def slot_context(
    request, store: Store, *, first: int | None = None, own: bool = False, day: date | None = None
) -> dict:
    """What `appointments/_slots.html` shows: the next open days with their free slots counted, and one day's grid.

    The day comes from the address or the form, else `day`, else the first one that has a free slot. `first` is the
    advisor whose column comes first, `own` says that he is the customer's own.
    """
    today = clock.local_day(store.tz)
    asked = request.POST.get("show_day") or request.GET.get("day")
    chosen = request.POST.get("slot") or request.GET.get("slot", "")
    open_days = queries.free_days(store, first=today, days=LOOK_AHEAD)[:DAYS_SHOWN]
    first_free = next((d for d, free in open_days if free), today)
    before = day_of(request.POST.get("shown"), None)
    shown = day_of(asked, None) or queries.day_of_key(store, chosen) or before or day or first_free
    sheet = queries.day_sheet(store, max(shown, today), first=first)
    return {
        "days": [(d, len(free), d == sheet.day) for d, free in open_days],
        "off_strip": sheet.day not in [d for d, _free in open_days],
        "sheet": sheet,
        "today": today,
        "first": first,
        "own": own,
        "chosen": chosen,
    }


def day_of(text: str | None, default: date | None) -> date | None:
    """The day an address or a form names; `default` for nonsense, and for a day no calendar of ours reaches."""
    try:
        asked = parse_date(text or "")
    except ValueError:
        asked = None
    return asked if asked and FIRST_YEAR <= asked.year <= LAST_YEAR else default
