"""The booking desk's home: who comes today and tomorrow, what can still be given, who waits and must be called."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments import waiting
from appointments.sheets import displaced
from core import clock
from desk import queries
from desk.homes.figures import figure, reminder_calls
from desk.homes.sections import cars, if_any
from stores.models import Staff


def booking_desk(staff: Staff) -> dict:
    today, tomorrow = queries.arrivals(staff.store), queries.arrivals(staff.store, days=1)
    # Who is late or did not come, for whom something is missing or no place was found.
    tasks = waiting.open_tasks()[:20]
    return {
        "title": _("Bookings"),
        "primary": {"url": reverse("appointments:book"), "label": _("New booking"), "icon": "calendar-plus"},
        "figures": [
            figure(_("Still to come today"), len(today), url="#today"),
            figure(_("Booked for tomorrow"), len(tomorrow), url="#tomorrow"),
            *_free_slots(staff),
            *_waiting(staff),
            *reminder_calls(staff),
        ],
        "sections": [
            *if_any("displaced", "displaced", _("Move these first"), displaced(staff.store)),
            *if_any("booking_tasks", "booking_tasks", _("To do about bookings"), tasks),
            cars(
                "today",
                _("Still to come today"),
                today,
                _("No more bookings today. The day view shows the free slots."),
            ),
            cars("tomorrow", _("Tomorrow"), tomorrow, _("Nothing is booked for tomorrow yet.")),
        ],
    }


def _waiting(staff: Staff) -> list[dict]:
    """Who waits for a place on a day that is full, and who waits for his turn here."""
    wants, here = waiting.waitlist(staff.store).count(), len(waiting.board(staff.store).waiting)
    return [
        figure(_("Customers on the waitlist"), wants, url=reverse("appointments:waitlist")),
        figure(_("Numbers waiting"), here, "warn", reverse("appointments:queue")),
    ]


def _free_slots(staff: Staff) -> list[dict]:
    """Reception slots that can still be given, today and tomorrow."""
    today = clock.local_day(staff.store.tz)
    answers = appointments.offers(staff.store, appointments.Wish(wash=False), first=today, days=2)
    free = [len(answer.offers) for answer in answers]
    sheet = reverse("appointments:day")
    tomorrow = today + timedelta(days=1)
    return [
        figure(_("Free slots today"), free[0], url=sheet),
        figure(_("Free slots tomorrow"), free[1], url=f"{sheet}?day={tomorrow:%Y-%m-%d}"),
    ]
