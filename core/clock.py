"""Time: stored in UTC, shown in the store's zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

_behind: ContextVar[timedelta] = ContextVar("behind", default=timedelta())


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now() - _behind.get()


@contextmanager
def behind(past: timedelta) -> Iterator[None]:
    """What happens inside happened so long ago: for cars of a demo store that have a past. The clock goes on."""
    token = _behind.set(past)
    try:
        yield
    finally:
        _behind.reset(token)


def local_day(store_zone: str | ZoneInfo, at: datetime | None = None) -> date:
    """The calendar day in the store's zone ("Asia/Shanghai") at a moment (now); ValueError for a time without a zone."""
    at = now() if at is None else at
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    zone = ZoneInfo(store_zone) if isinstance(store_zone, str) else store_zone
    return at.astimezone(zone).date()
