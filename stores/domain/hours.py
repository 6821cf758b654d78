"""The store's hours: the periods of each weekday, and the dates that differ from their weekday."""

from __future__ import annotations

from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from journal.domain import record
from stores import seeds
from stores.choices import DayKind
from stores.events import DayChanged, WeekChanged
from stores.models import CalendarDay, OpeningPeriod, Staff, Store


@transaction.atomic
def set_day(
    *,
    store: Store,
    day: date,
    kind: DayKind | str,
    by: Staff,
    follows_weekday: int | None = None,
    opens: time | None = None,
    closes: time | None = None,
    note: str = "",
) -> CalendarDay:
    """Say how a date differs from its weekday: closed (holiday), worked as another weekday, or open at special hours. What
    was said about this date before is replaced. DomainError when the kind lacks what it needs."""
    if kind == DayKind.WORKING and follows_weekday is None:
        raise DomainError(_("Choose the weekday it is worked as."), code="weekday_missing")
    if kind == DayKind.SPECIAL and (opens is None or closes is None or opens >= closes):
        raise DomainError(_("Special hours need a beginning and a later end."), code="hours_missing")
    values = {
        "kind": kind,
        "follows_weekday": follows_weekday if kind == DayKind.WORKING else None,
        "opens": opens if kind == DayKind.SPECIAL else None,
        "closes": closes if kind == DayKind.SPECIAL else None,
        "note": note.strip()[:80],
    }
    row, _made = CalendarDay.objects.update_or_create(store=store, day=day, defaults=values)
    record(DayChanged(day, str(kind)), store_id=store.pk, subject=row, by=by)
    return row


@transaction.atomic
def clear_day(row: CalendarDay, *, by: Staff) -> None:
    """Let a date follow its weekday again."""
    record(DayChanged(row.day, ""), store_id=row.store_id, subject=row, by=by)
    row.delete()


@transaction.atomic
def add_period(*, store: Store, weekday: int, opens: time, closes: time, by: Staff) -> OpeningPeriod:
    """Open on a weekday from `opens` to `closes`. DomainError when it ends before it begins or overlaps another period."""
    if opens >= closes:
        raise DomainError(_("The period ends before it begins."), code="order")
    if OpeningPeriod.objects.filter(store=store, weekday=weekday, opens__lt=closes, closes__gt=opens).exists():
        raise DomainError(_("This period overlaps another one of the same day."), code="overlap")
    row = OpeningPeriod.objects.create(store=store, weekday=weekday, opens=opens, closes=closes)
    record(WeekChanged(weekday), store_id=store.pk, subject=row, by=by)
    return row


@transaction.atomic
def remove_period(row: OpeningPeriod, *, by: Staff) -> None:
    record(WeekChanged(row.weekday), store_id=row.store_id, subject=row, by=by)
    row.delete()


@transaction.atomic
def enter_holidays(*, store: Store, year: int, by: Staff) -> int:
    """Enter a year's public holidays and working weekends as published; returns how many dates were new. Dates entered
    before stay. DomainError while the year is not published (or this version of the product does not know it)."""
    before = CalendarDay.objects.filter(store=store).count()
    try:
        seeds.holidays(store, year)
    except ValueError:
        raise DomainError(
            _(
                "The public holidays of %(year)d are not known to this version yet. Enter them by hand, or after an update."
            )
            % {"year": year},
            code="not_published",
        ) from None
    new = CalendarDay.objects.filter(store=store).count() - before
    if new:
        first = CalendarDay.objects.filter(store=store, day__year=year).order_by("day").first()
        record(DayChanged(first.day, str(first.kind)), store_id=store.pk, subject=first, by=by)
    return new
