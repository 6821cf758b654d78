"""The counters of the three guarantees: the cars they run for, and one car's file. Nothing is hidden from a manager."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock, web
from core.qr import qr_svg
from customers.models import Vehicle
from guarantees import domain as guarantees
from guarantees import queries
from guarantees.forms import AlertForm, CarsFilter, CourtesyForm, ExclusionForm, RegroupForm, TowingForm
from guarantees.models import Alert, Courtesy, Exclusion, GuaranteeRepair, RepairProblem
from stores.access import requires

VIEW, EDIT = "guarantees.view", "guarantees.edit"


@requires(VIEW)
def cars(request):
    """Warnings nobody has looked after, loan cars owed, and every car with a repair under the three guarantees."""
    form = CarsFilter(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.counted_cars(text=asked.get("q", ""), only_open=asked.get("open", False))
    # Cars with an open warning first, then those repaired last.
    found = found.annotate(
        warnings=Count("guarantee_alerts", filter=Q(guarantee_alerts__handled_at=None), distinct=True),
        last=Max("guarantee_repairs__agreed_at"),
    ).order_by("-warnings", "-last", "pk")
    page = web.page_of(request, found, per_page=25)
    context = {
        "filter": form,
        "page": page,
        "cars": queries.cars(page.object_list),
        "alerts": queries.open_alerts()[:50],
        "courtesies": _with_days(queries.courtesies_owed()[:50]),
        "may_edit": request.staff.may(EDIT),
        "numbers": queries.numbers(),
    }
    return render(request, "guarantees/cars.html", context)


@requires(VIEW)
def car(request, pk):
    """One car's file: each repair with its days, what was left out and why, problems, warnings, loan cars."""
    vehicle = get_object_or_404(Vehicle.objects.select_related("store", "owner"), pk=pk)
    context = {
        "car": queries.car(vehicle),
        "alerts": Alert.objects.filter(vehicle=vehicle).select_related("repair__visit", "problem", "handled_by"),
        "comebacks": queries.comebacks().filter(vehicle=vehicle)[:30],
        "may_edit": request.staff.may(EDIT),
    }
    return render(request, "guarantees/car.html", context)


def _with_days(rows):
    rows = list(rows)
    for row in rows:
        row.days = queries.courtesy_days(row)
    return rows


@requires(VIEW)
def record(request, pk):
    """The repair record of article 17 on paper, with what is still missing."""
    repair = get_object_or_404(
        GuaranteeRepair.objects.select_related("visit__store", "visit__customer", "visit__vehicle", "vehicle"), pk=pk
    )
    context = {
        "record": queries.record_of(repair),
        "repair": repair,
        "store": repair.visit.store,
        "number": repair.visit.number,
        "copies": [_("Owner's part"), _("Store's part")],
        "qr": qr_svg(reverse("desk:visit", args=[repair.visit_id])),
        "printed_at": clock.now(),
    }
    return render(request, "guarantees/record.html", context)


def _decide(request, form, act, *, vehicle_id: int, title: str, said: str, text: str = ""):
    """A form of its own page, or in the dialog; back to the car's file."""

    def done(_result):
        messages.success(request, said)
        return reverse("guarantees:car", args=[vehicle_id])

    context = {
        "frame": web.frame(request),
        "title": title,
        "text": text,
        "back_url": reverse("guarantees:car", args=[vehicle_id]),
    }
    return web.handle(request, form, act, template="guarantees/decide.html", context=context, done=done)


@requires(EDIT)
def exclude(request, pk):
    repair = get_object_or_404(GuaranteeRepair, pk=pk)
    return _decide(
        request,
        ExclusionForm(request.POST or None),
        lambda data: guarantees.exclude(repair, by=request.staff, **data),
        vehicle_id=repair.vehicle_id,
        title=_("Leave hours out of the repair time"),
        text=_(
            "Only what article 24 names: transport of special parts and traction batteries, and the way of a rescue."
        ),
        said=_("The hours do not count any more; the reason stands beside the repair."),
    )


@requires(EDIT)
@require_POST
def withdraw(request, pk):
    exclusion = get_object_or_404(Exclusion.objects.select_related("repair"), pk=pk)
    return web.act(
        request,
        lambda: guarantees.withdraw_exclusion(exclusion, by=request.staff),
        done=reverse("guarantees:car", args=[exclusion.repair.vehicle_id]),
    )


@requires(EDIT)
def regroup(request, pk):
    row = get_object_or_404(RepairProblem.objects.select_related("repair__vehicle", "line"), pk=pk)
    return _decide(
        request,
        RegroupForm(request.POST or None, vehicle=row.repair.vehicle),
        lambda data: guarantees.regroup(row, by=request.staff, **data),
        vehicle_id=row.repair.vehicle_id,
        title=_("Which problem was repaired?"),
        text=row.line.title,
        said=_("The repair is counted with this problem now; the reason stands beside it."),
    )


@requires(EDIT)
def handle(request, pk):
    alert = get_object_or_404(Alert, pk=pk)
    return _decide(
        request,
        AlertForm(request.POST or None),
        lambda data: guarantees.handle_alert(alert, by=request.staff, **data),
        vehicle_id=alert.vehicle_id,
        title=_("Warning looked after"),
        said=_("Noted. The warning stays in the car's file."),
    )


@requires(VIEW)
def settle(request, pk):
    courtesy = get_object_or_404(Courtesy.objects.select_related("repair"), pk=pk)
    return _decide(
        request,
        CourtesyForm(request.POST or None),
        lambda data: guarantees.settle_courtesy(courtesy, by=request.staff, **data),
        vehicle_id=courtesy.repair.vehicle_id,
        title=_("Loan car or travel costs"),
        said=_("Noted."),
    )


@requires(VIEW)
def towing(request, pk):
    repair = get_object_or_404(GuaranteeRepair, pk=pk)
    return _decide(
        request,
        TowingForm(request.POST or None, initial={"fee": repair.towing_fee}),
        lambda data: guarantees.note_towing(repair, by=request.staff, **data),
        vehicle_id=repair.vehicle_id,
        title=_("Towing costs"),
        said=_("Noted in the repair record."),
    )
