"""The call list, made for the keyboard; what came of reminders; the store's rules."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock, web
from customers.choices import ConsentChannel, Purpose
from customers.queries import allows
from outreach import domain as outreach
from outreach import queries
from outreach.choices import CallOutcome, DueBy, RateFrom, TaskKind
from outreach.forms import AttemptForm, KindForm, PolicyForm
from outreach.models import Task
from stores.access import requires

PER_PAGE = 50
MONTHS_SHOWN = 365


@requires("outreach.call")
def calls(request):
    """Whom to call now; what waits, is booked, is over, by the address."""
    store = request.staff.store
    today = clock.local_day(store.tz)
    show = request.GET.get("show", "")
    lists = {
        "": lambda: queries.to_call(today),
        "waiting": lambda: queries.waiting(today),
        "booked": queries.booked,
        "over": queries.over,
    }
    rows = lists.get(show, lists[""])()
    filter_form = KindForm(request.GET or None)
    kind = filter_form.data.get("kind", "") if filter_form.is_bound else ""
    if kind in TaskKind.values:
        rows = rows.filter(kind=kind)
    page = web.page_of(request, rows, PER_PAGE)
    context = {
        "page": page,
        "tabs": _tabs(show),
        "show": show if show in lists else "",
        "filter": filter_form,
        "today": today,
        "may_edit": request.staff.may("outreach.edit"),
    }
    return render(request, "outreach/calls.html", context)


def _tabs(show: str) -> list[dict]:
    here = reverse("outreach:calls")
    labels = {"": _("Call now"), "waiting": _("Waiting"), "booked": _("Booked"), "over": _("Over")}
    return [
        {"label": label, "url": f"{here}?show={code}" if code else here, "active": show == code}
        for code, label in labels.items()
    ]


@requires("outreach.call")
def call(request, pk):
    """One reminder with everything to know before dialling; posting records an attempt."""
    task = get_object_or_404(queries.with_file(), pk=pk)
    context = _context(request, task)

    def done(attempt):
        following = queries.next_to_call(task, context["today"])
        messages.success(request, _("Written down: %(outcome)s.") % {"outcome": attempt.get_outcome_display()})
        return reverse("outreach:call", args=[following.pk]) if following else reverse("outreach:calls")

    return web.handle(
        request,
        AttemptForm(request.POST or None),
        lambda data: outreach.record_attempt(task, by=request.staff, **data),
        template="outreach/call.html",
        context=context,
        done=done,
    )


def _context(request, task: Task) -> dict:
    store = request.staff.store
    offer = queries.offers(store, [task.operation_id]).get(task.operation_id) if task.operation_id else None
    may_call = allows(task.customer, Purpose.MARKETING, ConsentChannel.PHONE)
    why = task.why
    return {
        "task": task,
        "offer": offer,
        "why": why,
        "by_km": why.get("by") == DueBy.KM,
        "rate_from": RateFrom(why["rate_from"]).label if why.get("rate_from") in RateFrom.values else "",
        "stays": queries.last_stays(task),
        "declined": queries.declined_lines(task),
        "may_call": may_call,
        "see_phone": request.staff.may("customers.see_phone") and may_call,
        "may_book": request.staff.may("appointments.book"),
        "today": clock.local_day(store.tz),
    }


@requires("outreach.call")
@require_POST
def book(request, pk):
    """“He books”: the call is noted as reached, and the booking page opens for the car. The booking finds its reminder by the
    car, so it keeps its link whoever finishes it."""
    task = get_object_or_404(Task, pk=pk)
    return web.act(
        request,
        lambda: outreach.record_attempt(task, outcome=CallOutcome.BOOK, by=request.staff),
        done=f"{reverse('appointments:book')}?vehicle={task.vehicle_id}",
    )


@requires("outreach.call")
@require_POST
def opt_out(request, pk):
    """The customer said on the telephone that he wants no more reminders."""
    task = get_object_or_404(Task.objects.select_related("customer"), pk=pk)

    def done(customer):
        messages.success(request, _("%(name)s gets no more reminders, on any channel.") % {"name": customer.name})
        return reverse("outreach:calls")

    return web.act(
        request,
        lambda: outreach.opt_out(task.customer, by=request.staff, evidence=f"call of reminder {task.pk}"),
        done=done,
    )


@requires("outreach.call", "outreach.edit")
def results(request):
    """Customers reached, and how many booked and came within 30 days; the nights; how well due dates were forecast."""
    store = request.staff.store
    now = clock.now()
    today = clock.local_day(store.tz, now)
    since = today - timedelta(days=MONTHS_SHOWN)
    context = {
        "rows": queries.success(since=since, until=today, store=store),
        "nights": queries.nights(),
        "error": queries.forecast_error(since=now - timedelta(days=MONTHS_SHOWN)),
        "days": queries.SUCCESS_DAYS,
        "may_edit": request.staff.may("outreach.edit"),
        "may_call": request.staff.may("outreach.call"),
    }
    return render(request, "outreach/results.html", context)


@requires("outreach.edit")
def policy(request):
    """How many days ahead, when to win back, how often at most."""
    store = request.staff.store
    form = PolicyForm(request.POST or None, instance=queries.policy(store))

    def done(changed):
        messages.success(request, _("The rules hold from the next message and the next night on."))
        return reverse("outreach:results")

    return web.handle(
        request,
        form,
        lambda data: outreach.set_policy(store, by=request.staff, **data),
        template="outreach/policy.html",
        done=done,
    )
