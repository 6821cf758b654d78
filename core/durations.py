"""Times as people at a counter read them: 16:30, in 12 min, 8 min late. In the store's zone (the active time zone)."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """The patterns below, in the reader's language; also for the script that keeps countdowns current."""
    return _words(get_language())


@lru_cache(maxsize=8)
def _words(_language: str) -> dict[str, str]:
    # A board says hundreds of times; looking each word up again would take longer than writing the row.
    return {
        "minutes": _("%(m)s min"),
        "hours": _("%(h)s h"),
        "hours_minutes": _("%(h)s h %(m)s min"),
        "days": _("%(d)s d"),
        "days_hours": _("%(d)s d %(h)s h"),
        "in": _("in %(time)s"),
        "late": _("%(time)s late"),
        "ago": _("%(time)s ago"),
        "now": _("now"),
    }


def span(value: timedelta | int | float | Decimal) -> str:
    """Length of time from a timedelta or from minutes, rounded to whole minutes, at most two units: 2 h 5 min."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value) * 60
    minutes = math.floor(abs(seconds) / 60 + 0.5)
    text = words()
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return (text["days_hours"] if hours else text["days"]) % {"d": days, "h": hours}
    if hours:
        return (text["hours_minutes"] if minutes else text["hours"]) % {"h": hours, "m": minutes}
    return text["minutes"] % {"m": minutes}


def until(due: datetime, *, now: datetime | None = None) -> str:
    """in 12 min, now, or 8 min late."""
    left, text = due - (now or timezone.now()), words()
    if abs(left) < timedelta(seconds=30):
        return text["now"]
    return text["in" if left > timedelta() else "late"] % {"time": span(left)}


def ago(moment: datetime, *, now: datetime | None = None) -> str:
    """12 min ago, or now."""
    passed, text = (now or timezone.now()) - moment, words()
    if passed < timedelta(seconds=30):
        return text["now"]
    return text["ago"] % {"time": span(passed)}


def promise_state(due: datetime, *, met_at: datetime | None, now: datetime, risk_minutes: int = 30) -> str:
    """fine, at_risk, late (still running), kept or broken (over). Met exactly on time is kept."""
    if met_at is not None:
        return "kept" if met_at <= due else "broken"
    if now > due:
        return "late"
    return "at_risk" if due - now < timedelta(minutes=risk_minutes) else "fine"


def short_time(moment: datetime, *, now: datetime | None = None) -> str:
    """16:30 on the same day, 11-21 16:30 in the same year, else 2025-11-21 16:30."""
    return short_and_full(moment, now=now)[0]


def short_and_full(moment: datetime, *, now: datetime | None = None) -> tuple[str, str]:
    """Both ways to write a moment: as short as today allows, and complete (2026-11-21 16:30)."""
    zone = timezone.get_current_timezone()
    local, today = moment.astimezone(zone), (now or timezone.now()).astimezone(zone)
    full = f"{local:%Y-%m-%d %H:%M}"
    if local.year != today.year:
        return full, full
    return (full[11:] if local.date() == today.date() else full[5:]), full


def short_day(day: date, *, now: datetime | None = None) -> str:
    """11-21 in the same year, else 2025-11-21."""
    today = timezone.localtime(now or timezone.now())
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"
