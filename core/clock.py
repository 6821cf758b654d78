"""Time: stored in UTC, shown in the store's zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()


def local_day(store_zone: str | ZoneInfo, at: datetime | None = None) -> date:
    """The calendar day in the store's zone ("Asia/Shanghai") at a moment (now); ValueError for a time without a zone."""
    at = now() if at is None else at
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    zone = ZoneInfo(store_zone) if isinstance(store_zone, str) else store_zone
    return at.astimezone(zone).date()
