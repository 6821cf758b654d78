"""The store's hours: what the booking page and every clock that runs in business time go by."""

from __future__ import annotations

from datetime import timedelta

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from core import clock, web
from stores import calendar
from stores import domain as stores
from stores.access import requires
from stores.forms import DayForm, PeriodForm
from stores.models import CalendarDay, OpeningPeriod

MANAGE = "stores.manage"
SHOWN = timedelta(days=400)


@requires(MANAGE)
def hours(request):
    """The week, the dates ahead that differ from it, and years whose holidays nobody has entered."""
    store = request.staff.store
    today = clock.local_day(store.zone)
    week = [{"name": name, "periods": []} for name in WEEKDAYS.values()]
    for period in OpeningPeriod.objects.filter(store=store).order_by("weekday", "opens"):
        week[period.weekday]["periods"].append(period)
    days = list(CalendarDay.objects.filter(store=store, day__gte=today, day__lte=today + SHOWN).order_by("day"))
    for row in days:
        row.worked_as = WEEKDAYS.get(row.follows_weekday, "")
    context = {"week": week, "days": days, "unknown_years": calendar.unknown_years(store, today=today)}
    return render(request, "stores/hours.html", context)


@requires(MANAGE)
def add_period(request):
    return _form_page(
        request,
        PeriodForm(),
        lambda data: stores.add_period(store=request.staff.store, by=request.staff, **data),
        _("New opening period"),
    )


@requires(MANAGE)
def remove_period(request, pk):
    row = get_object_or_404(OpeningPeriod, pk=pk)
    return web.act(request, lambda: stores.remove_period(row, by=request.staff), done=reverse("stores:hours"))


@requires(MANAGE)
def set_day(request):
    store = request.staff.store
    return _form_page(
        request,
        DayForm(today=clock.local_day(store.zone)),
        lambda data: stores.set_day(store=store, by=request.staff, **data),
        _("A date with other hours"),
    )


@requires(MANAGE)
def clear_day(request, pk):
    row = get_object_or_404(CalendarDay, pk=pk)
    return web.act(request, lambda: stores.clear_day(row, by=request.staff), done=reverse("stores:hours"))


@requires(MANAGE)
def enter_holidays(request, year):
    store = request.staff.store
    return web.act(
        request,
        lambda: stores.enter_holidays(store=store, year=year, by=request.staff),
        done=reverse("stores:hours"),
    )


def _form_page(request, form, act, title):
    back = reverse("stores:hours")
    return web.handle(
        request, form, act, template="stores/form.html", context={"title": title, "back": back}, done=back
    )
