"""The day at the booking desk: who comes when and to whom."""

from __future__ import annotations

from datetime import date, timedelta

from django.shortcuts import render
from django.utils.translation import gettext as _

from appointments import queries
from appointments.views.parts import day_of
from core import clock
from stores.access import requires
from stores.models import Store


@requires("appointments.book")
def day(request):
    """Who comes when and to whom, with what is still free."""
    store = request.staff.store
    today = clock.local_day(store.tz)
    shown = day_of(request.GET.get("day"), today)
    sheet = queries.day_sheet(store, shown)
    return render(
        request,
        "appointments/day.html",
        {
            "sheet": sheet,
            "day": shown,
            "day_text": f"{shown:%Y-%m-%d}",
            "today": today,
            "tabs": _day_tabs(request, store, shown, today),
            "before": shown - timedelta(days=1),
            "after": shown + timedelta(days=1),
            "now": clock.now(),
            "may_cancel": request.staff.may("visits.cancel"),
            "may_receive": request.staff.may("reception.check_in"),
        },
    )


def _day_tabs(request, store: Store, shown: date, today: date) -> list[dict]:
    """Today, tomorrow, and the day that is shown if it is another."""
    days = sorted({today, today + timedelta(days=1), shown})
    counts = queries.counts(store, days)
    labels = {today: _("Today"), today + timedelta(days=1): _("Tomorrow")}
    return [
        {
            "url": f"?day={d:%Y-%m-%d}",
            "label": labels.get(d, f"{d:%m-%d}"),
            "active": d == shown,
            "count": counts.get(d, 0),
        }
        for d in days
    ]
