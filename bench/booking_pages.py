"""The pages of booking, as desk and customer ask for them in the full ledger, beside a bare view on the same server."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address
from itertools import count

from django.conf import settings
from django.urls import reverse

from bench.booking import CODE, DESK, WEEK
from bench.pages import page_row, session
from bench.table import Row
from core import clock
from stores.models import Store


def rows(port: int, *, seconds: float) -> list[Row]:
    """One row per page; each of seven days (weeks for the week) in turn."""
    desk = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session(DESK)}"}
    today = clock.local_day(Store.objects.get(code=CODE).tz)
    days = [today + timedelta(days=1 + number) for number in range(WEEK)]
    numbers = count()
    somebody = lambda: {"X-Forwarded-For": str(IPv4Address(0x0A000000 + next(numbers)))}  # noqa: E731 - one line, one use
    pages = {
        "Booking: the day": (_each("appointments:day", days), desk),
        "Booking: the week": (_each("appointments:week", days), desk),
        "Booking: the form with the times of a week": (_each("appointments:book", days), desk),
        "Booking: the times alone": (_each("appointments:slots", days), desk),
        "Public: what for": ([reverse("portal:book", args=[CODE])], somebody),
        "Public: free times": ([reverse("portal:book_time", args=[CODE]) + "?kind=maintenance"], somebody),
    }
    return [page_row(what, port, paths, cookie, seconds) for what, (paths, cookie) in pages.items()]


def _each(name: str, days: list) -> list[str]:
    return [f"{reverse(name)}?day={day:%Y-%m-%d}" for day in days]
