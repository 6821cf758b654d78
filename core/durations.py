"""Times as people at a counter read them: 16:30, in 12 min, 8 min late. In the store's zone (the active time zone)."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """The patterns below, for the script that keeps countdowns current."""
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
    left = due - (now or timezone.now())
    if abs(left) < timedelta(seconds=30):
        return _("now")
    return (_("in %(time)s") if left > timedelta() else _("%(time)s late")) % {"time": span(left)}


def ago(moment: datetime, *, now: datetime | None = None) -> str:
    """12 min ago, or now."""
    passed = (now or timezone.now()) - moment
    if passed < timedelta(seconds=30):
        return _("now")
    return _("%(time)s ago") % {"time": span(passed)}


def promise_state(due: datetime, *, met_at: datetime | None, now: datetime, risk_minutes: int = 30) -> str:
    """fine, at_risk, late (still running), kept or broken (over). Met exactly on time is kept."""
    if met_at is not None:
        return "kept" if met_at <= due else "broken"
    if now > due:
        return "late"
    return "at_risk" if due - now < timedelta(minutes=risk_minutes) else "fine"


def short_time(moment: datetime, *, now: datetime | None = None) -> str:
    """16:30 on the same day, 11-21 16:30 in the same year, else 2025-11-21 16:30."""
    local, today = timezone.localtime(moment), timezone.localtime(now or timezone.now())
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def short_day(day: date, *, now: datetime | None = None) -> str:
    """11-21 in the same year, else 2025-11-21."""
    today = timezone.localtime(now or timezone.now())
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def full_time(moment: datetime) -> str:
    """2026-11-21 16:30, whatever today is."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
