"""The store's calendar: hours, dates, people's leave, places, and the rules of booking.

Whatever takes capacity away is saved only after the person has seen which bookings it hits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments.domain import HitsBookings
from appointments.forms import BayForm, DayForm, LeaveForm, LoanCarForm, ParkingForm, PeriodForm, PolicyForm, SkillsForm
from appointments.models import BookingPolicy
from core import clock, web
from core.errors import DomainError
from stores import calendar
from stores import domain as stores
from stores.access import requires
from stores.choices import RoleCode, Skill
from stores.models import Bay, CalendarDay, Leave, LoanCar, OpeningPeriod, ParkingSpace, Staff

MANAGE = "stores.manage"
SHOWN = timedelta(days=400)
WITH_SKILLS = [RoleCode.TECHNICIAN, RoleCode.INSPECTOR, RoleCode.WASHER]
SKILL_NAMES = dict(Skill.choices)
PLACES = {"bay": Bay, "parking": ParkingSpace, "loan_car": LoanCar}


# --- Hours ----------------------------------------------------------------------------------------------------------


@requires(MANAGE)
def hours(request):
    """The week, the dates ahead that differ from it, and years whose holidays nobody has entered."""
    store = request.staff.store
    today = clock.local_day(store.tz)
    week = [{"name": name, "periods": []} for name in WEEKDAYS.values()]
    for period in OpeningPeriod.objects.filter(store=store).order_by("weekday", "opens"):
        week[period.weekday]["periods"].append(period)
    days = list(CalendarDay.objects.filter(store=store, day__gte=today, day__lte=today + SHOWN).order_by("day"))
    for row in days:
        row.worked_as = WEEKDAYS.get(row.follows_weekday, "")
    context = {
        "week": week,
        "days": days,
        "unknown_years": calendar.unknown_years(store, today=today),
        "tabs": tabs("hours"),
    }
    return render(request, "appointments/calendar/hours.html", context)


@requires(MANAGE)
def add_period(request):
    store = request.staff.store
    return _form_page(
        request,
        PeriodForm(),
        lambda data: stores.add_period(store=store, by=request.staff, **data),
        title=_("New opening period"),
        back=reverse("appointments:hours"),
    )


@requires(MANAGE)
def remove_period(request, pk):
    row = get_object_or_404(OpeningPeriod, pk=pk)
    title = _("Close on %(day)s from %(opens)s to %(closes)s") % {
        "day": WEEKDAYS[row.weekday],
        "opens": f"{row.opens:%H:%M}",
        "closes": f"{row.closes:%H:%M}",
    }
    return _button(
        request,
        lambda: stores.remove_period(row, by=request.staff),
        title=title,
        back=reverse("appointments:hours"),
    )


@requires(MANAGE)
def set_day(request):
    store = request.staff.store
    return _form_page(
        request,
        DayForm(today=clock.local_day(store.tz)),
        lambda data: stores.set_day(store=store, by=request.staff, **data),
        title=_("A date with other hours"),
        back=reverse("appointments:hours"),
    )


@requires(MANAGE)
def clear_day(request, pk):
    row = get_object_or_404(CalendarDay, pk=pk)
    return _button(
        request,
        lambda: stores.clear_day(row, by=request.staff),
        title=_("%(day)s as usual again") % {"day": f"{row.day:%Y-%m-%d}"},
        back=reverse("appointments:hours"),
    )


@requires(MANAGE)
def enter_holidays(request, year):
    store = request.staff.store
    return _button(
        request,
        lambda: stores.enter_holidays(store=store, year=year, by=request.staff),
        title=_("Enter the holidays of %(year)s") % {"year": year},
        back=reverse("appointments:hours"),
    )


# --- People ---------------------------------------------------------------------------------------------------------


@requires(MANAGE)
def leave(request):
    """Who is away now and later, the soonest first."""
    rows = Leave.objects.filter(during__endswith__gt=clock.now()).select_related("staff__role").order_by("during", "id")
    context = {"page": web.page_of(request, rows, 50), "now": clock.now(), "tabs": tabs("leave")}
    return render(request, "appointments/calendar/leave.html", context)


@requires(MANAGE)
def take_leave(request):
    store = request.staff.store
    form = LeaveForm(zone=store.tz, today=clock.local_day(store.tz))
    return _form_page(
        request,
        form,
        lambda data: stores.take_leave(
            data["staff"], start=data["start"], end=data["end"], kind=data["kind"], note=data["note"], by=request.staff
        ),
        title=_("Enter a leave"),
        back=reverse("appointments:leave"),
    )


@requires(MANAGE)
def end_leave(request, pk):
    row = get_object_or_404(Leave.objects.select_related("staff"), pk=pk)
    return _button(
        request,
        lambda: stores.end_leave(row, by=request.staff),
        title=_("%(name)s works again") % {"name": row.staff.name},
        back=reverse("appointments:leave"),
    )


@requires(MANAGE)
def people(request):
    """Technicians with their skills, and under which one their time is booked."""
    today = clock.local_day(request.staff.store.tz)
    rows = (
        Staff.objects.filter(active=True, role__code__in=WITH_SKILLS)
        .select_related("role")
        .prefetch_related("qualifications")
        .order_by("role__code", "name_pinyin", "id")
    )
    listed = [
        {
            "staff": person,
            "held": _held(person),
            "counts": SKILL_NAMES.get(appointments.counts_under(person, today), ""),
        }
        for person in rows
    ]
    context = {"rows": listed, "today": today, "tabs": tabs("people")}
    return render(request, "appointments/calendar/people.html", context)


def _held(person: Staff) -> list:
    order = {code: place for place, code in enumerate(Skill.values)}
    return sorted(person.qualifications.all(), key=lambda row: order[row.skill])


@requires(MANAGE)
def skills(request, pk):
    person = get_object_or_404(Staff, pk=pk, active=True, role__code__in=WITH_SKILLS)
    held = {row.skill: (row.level, row.valid_until) for row in person.qualifications.all()}
    return _form_page(
        request,
        SkillsForm(held=held),
        lambda data: stores.qualify(person, data["skills"], by=request.staff),
        title=_("Skills of %(name)s") % {"name": person.name},
        back=reverse("appointments:people"),
    )


# --- Places ---------------------------------------------------------------------------------------------------------


@requires(MANAGE)
def places(request):
    """Bays, parking spaces and loan cars, with those out of service."""
    groups = [
        {
            "kind": "bay",
            "title": _("Bays"),
            "add": _("New bay"),
            "rows": [(row, row.code, row.get_kind_display()) for row in Bay.objects.order_by("kind", "code")],
        },
        {
            "kind": "parking",
            "title": _("Arrival parking spaces"),
            "add": _("New parking space"),
            "rows": [(row, row.code, "") for row in ParkingSpace.objects.order_by("code")],
        },
        {
            "kind": "loan_car",
            "title": _("Loan cars"),
            "add": _("New loan car"),
            "rows": [(row, row.plate, row.title) for row in LoanCar.objects.order_by("plate")],
        },
    ]
    return render(request, "appointments/calendar/places.html", {"groups": groups, "tabs": tabs("places")})


@requires(MANAGE)
def add_place(request, kind):
    store, by = request.staff.store, request.staff
    ways = {
        "bay": (BayForm, stores.add_bay, _("New bay")),
        "parking": (ParkingForm, stores.add_parking, _("New parking space")),
        "loan_car": (LoanCarForm, stores.add_loan_car, _("New loan car")),
    }
    if kind not in ways:
        raise Http404
    form, add, title = ways[kind]
    return _form_page(
        request,
        form(),
        lambda data: add(store=store, by=by, **data),
        title=title,
        back=reverse("appointments:places"),
    )


@requires(MANAGE)
def switch_place(request, kind, pk):
    if kind not in PLACES:
        raise Http404
    row = get_object_or_404(PLACES[kind], pk=pk)
    active = request.POST.get("active") == "1"
    title = _("Put %(place)s back into service") if active else _("Take %(place)s out of service")
    return _button(
        request,
        lambda: stores.switch_place(row, active=active, by=request.staff),
        title=title % {"place": row},
        back=reverse("appointments:places"),
    )


# --- Rules of booking -------------------------------------------------------------------------------------------------


@requires(MANAGE)
def policy(request):
    """Reserve, holds, deadlines: how this store takes bookings."""
    store = request.staff.store
    form = PolicyForm(request.POST or None, instance=BookingPolicy.of(store))
    return web.handle(
        request,
        form,
        lambda data: appointments.change_capacity(
            store,
            lambda: appointments.set_policy(store, by=request.staff, **data),
            by=request.staff,
            seen=_seen(request),
        ),
        template="appointments/calendar/policy.html",
        context={"tabs": tabs("policy")},
        done=lambda made: _saved(request, reverse("appointments:policy")),
    )


# --- What takes capacity away is asked twice ---------------------------------------------------------------------------


def _form_page(request, form, change: Callable[[dict], object], *, title: str, back: str):
    return web.handle(
        request,
        form,
        lambda data: appointments.change_capacity(
            request.staff.store, lambda: change(data), by=request.staff, seen=_seen(request)
        ),
        template="appointments/calendar/form.html",
        context={"title": title, "back": back},
        done=lambda made: _saved(request, back),
    )


def _button(request, change: Callable[[], object], *, title: str, back: str):
    """A one-button change; when it hits bookings, a page that names them and asks again (409)."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        appointments.change_capacity(request.staff.store, change, by=request.staff, seen=_seen(request))
    except HitsBookings as error:
        sent = [(name, value) for name, value in request.POST.items() if name not in ("seen", "csrfmiddlewaretoken")]
        context = {"title": title, "back": back, "error": error, "blockers": error.blockers, "sent": sent}
        return render(request, "appointments/calendar/hits.html", context, status=error.status)
    except DomainError as error:
        return web.refuse(request, error)
    return web.htmx_redirect(request, _saved(request, back))


def _seen(request) -> set[int]:
    """The bookings the page named before it was sent."""
    return {int(pk) for pk in request.POST.getlist("seen") if pk.isdigit()}


def _saved(request, back: str) -> str:
    messages.success(request, _("Saved."))
    return back


def tabs(active: str) -> list[dict]:
    """The pages of the calendar as tabs, `active` being one of their names."""
    pages = {
        "hours": _("Opening hours"),
        "leave": _("Leave of staff"),
        "people": _("Skills of staff"),
        "places": _("Bays and places"),
        "policy": _("Booking rules"),
        "menu": _("Booking menu"),
    }
    return [
        {"url": reverse(f"appointments:{name}"), "label": label, "active": name == active}
        for name, label in pages.items()
    ]
