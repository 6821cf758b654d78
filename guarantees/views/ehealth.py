"""The 13 elements of the vehicle e-health record, for looking at and for taking away."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from core.clock import local_day
from guarantees.forms import DayForm
from guarantees.models import HealthFile
from guarantees.queries import ehealth as health
from stores.access import requires

EXPORT = "reports.export"
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
# Spreadsheets take a file for UTF-8 only when it says so.
BOM = "\ufeff"


@requires(EXPORT)
def ehealth(request):
    """A day's orders with their elements; what is missing stands beside each. Nightly files below."""
    store = request.staff.store
    day = _day(request, store)
    records = health.health_records(store, day)
    context = {
        "form": DayForm({"day": day}),
        "day": day,
        "records": records,
        "incomplete": sum(bool(record.missing) for record in records),
        "files": health.files(store)[:31],
    }
    return render(request, "guarantees/ehealth.html", context)


@requires(EXPORT)
def ehealth_day(request, day, kind):
    """The day as a file, made from what stands now."""
    store = request.staff.store
    form = DayForm({"day": day})
    if not form.is_valid() or kind not in TYPES:
        raise Http404
    day = form.cleaned_data["day"]
    records = health.health_records(store, day)
    text = BOM + health.as_csv(records) if kind == "csv" else health.as_json(store, day, records)
    return _file(text, kind, f"ehealth-{store.code}-{day}")


@requires(EXPORT)
def ehealth_file(request, pk):
    """A nightly file as it was written."""
    row = get_object_or_404(HealthFile, pk=pk)
    return _file(row.content, "json", f"ehealth-{request.staff.store.code}-{row.day}-night")


def _day(request, store):
    form = DayForm(request.GET)
    asked = form.cleaned_data.get("day") if form.is_valid() else None
    return asked or local_day(store.tz) - timedelta(days=1)


def _file(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
