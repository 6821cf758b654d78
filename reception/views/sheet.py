"""The walk-around: the sheet, its photos, and the sheet on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core import clock
from core.errors import DomainError
from core.inputs import Answer
from core.qr import qr_svg
from core.web import UNPROCESSABLE, handle, is_htmx
from orders import queries as orders
from orders.choices import OldParts
from reception import domain as reception
from reception import queries
from reception.choices import WashWish
from reception.forms import CheckInForm, PhotoForm
from reception.models import CheckIn
from reception.rules import KEYWORDS, said
from reception.views.found import find_visit
from standards import queries as standards
from standards.choices import ChecklistUse
from standards.forms import plain
from standards.models import Checklist
from stores.access import requires
from visits.models import Visit


@requires("reception.check_in")
def check_in(request, visit_pk):
    """The walk-around on a tablet; the same page corrects the sheet until the estimate is signed."""
    visit = find_visit(visit_pk)
    sheet = queries.sheet_of(visit)
    form = sheet_form(request, visit, sheet)
    return handle(
        request,
        form,
        lambda data: keep_sheet(request, visit, form),
        template="reception/check_in.html",
        context={
            "visit": visit,
            "sheet": sheet,
            "needs": visit.needs.all(),
            "about": queries.about(visit),
            "topics": {str(topic): words for topic, words in KEYWORDS.items()},
            **_photo_context(visit),
        },
        done=after_sheet(visit),
    )


def sheet_form(request, visit: Visit, sheet: CheckIn | None) -> CheckInForm:
    """The walk-around sheet as this car needs it, with what was posted or what is kept."""
    return CheckInForm(
        request.POST or None,
        version=visit.version,
        checklist=_checklist(request),
        powertrain=visit.vehicle.powertrain,
        last_km=visit.vehicle.mileage,
        initial=_sheet_initial(visit, sheet),
    )


def after_sheet(visit: Visit) -> str:
    """Where the kept sheet leads."""
    return reverse("orders:lines", args=[visit.pk])


def keep_sheet(request, visit: Visit, form: CheckInForm, *, parcel: reception.Parcel | None = None) -> CheckIn:
    """Write what the valid form says."""
    data = form.cleaned_data
    same_names = (
        "fuel_percent",
        "mileage",
        "mileage_reason",
        "marks",
        "valuables_reminded",
        "valuables",
        "wash",
        "waiting",
        "road_test_with_customer",
        "covers_laid",
        "brought_by",
        "brought_by_phone",
        "old_parts",
        "version",
    )
    new_energy = {name: data[name] for name in ("charge_percent", "high_voltage_warning") if name in data}
    return reception.check_in(
        visit,
        by=request.staff,
        results=form.results(),
        checklist=form.checklist,
        needs=form.needs(),
        concern=form.concern(),
        parcel=parcel,
        **new_energy,
        **{name: data[name] for name in same_names},
    )


@requires("reception.check_in")
def photos(request, visit_pk):
    """Pictures are kept as they are taken, so that a slip in the sheet never costs them."""
    visit = find_visit(visit_pk)
    if request.method != "POST":
        if is_htmx(request):
            return render(request, "reception/_photos.html", {"visit": visit, **_photo_context(visit)})
        return redirect("reception:check_in", visit_pk=visit.pk)
    form = PhotoForm(request.POST, request.FILES)
    problem, status = "", 200
    if form.is_valid():
        try:
            reception.add_photos(
                visit,
                photos=[
                    reception.PhotoInput(upload, form.cleaned_data["kind"]) for upload in form.cleaned_data["photos"]
                ],
                by=request.staff,
            )
        except DomainError as error:
            problem, status = str(error), error.status
    else:
        problem = " ".join(text for texts in form.errors.values() for text in texts)
        status = UNPROCESSABLE
    context = {"visit": visit, "photo_problem": problem, **_photo_context(visit)}
    if is_htmx(request):
        return render(request, "reception/_photos.html", context, status=status)
    if problem:
        return render(request, "reception/photos.html", context, status=status)
    return redirect("reception:check_in", visit_pk=visit.pk)


@requires("desk.view_visit")
def print_check_in(request, visit_pk) -> HttpResponse:
    """接车单 on A4, customer's and store's copy."""
    visit = find_visit(visit_pk)
    sheet = queries.sheet_of(visit)
    return render(
        request,
        "reception/print_check_in.html",
        {
            "store": request.staff.store,
            "visit": visit,
            "sheet": sheet,
            "needs": visit.needs.all(),
            "said": said(sheet.concern) if sheet else [],
            "results": standards.results(sheet.run).values() if sheet and sheet.run else [],
            "photos": queries.sheet_photos(visit),
            "order": orders.order_of(visit),
            "signature": visit.signatures.filter(purpose="estimate").last(),
            "number": visit.number,
            "qr": qr_svg(reverse("desk:visit", args=[visit.pk])),
            "printed_at": clock.now(),
        },
    )


def _checklist(request) -> Checklist | None:
    """The walk-around list the page was made from (a newer one may have been published since), else the one in force."""
    posted = request.POST.get("checklist", "")
    if posted.isdigit():
        rows = Checklist.objects.filter(use=ChecklistUse.WALK_AROUND)
        if shown := rows.filter(pk=posted, published_at__isnull=False).first():
            return shown
    try:
        return standards.in_force(ChecklistUse.WALK_AROUND)
    except DomainError:
        return None


def _sheet_initial(visit: Visit, sheet: CheckIn | None) -> dict:
    order = orders.order_of(visit)
    initial = {
        "wash": WashWish.FULL,
        "old_parts": order.old_parts if order else OldParts.TAKE,
        "waiting": visit.waiting,
        "mileage": visit.mileage_in,
    }
    if sheet is None:
        return initial
    names = (
        "fuel_percent",
        "brought_by",
        "brought_by_phone",
        "valuables_reminded",
        "valuables",
        "wash",
        "covers_laid",
        "road_test_with_customer",
        "charge_percent",
        "high_voltage_warning",
    )
    initial |= {f"concern_{code}": answer for code, answer in sheet.concern.items()}
    initial |= {name: getattr(sheet, name) for name in names}
    initial["marks"] = [
        {
            "zone": mark.zone,
            "kind": mark.kind,
            "x": None if mark.x is None else float(mark.x),
            "y": None if mark.y is None else float(mark.y),
            "note": mark.note,
            "photo": str(mark.photo_token or ""),
            "thumb": reverse("visits:photo", args=[mark.photo_id]) if mark.photo_id else "",
        }
        for mark in sheet.marks.all()
    ]
    if sheet.run_id:
        initial["checks"] = {
            str(key): Answer(row.state, plain(row.value), row.note) for key, row in standards.results(sheet.run).items()
        }
    return initial


def _photo_context(visit: Visit) -> dict:
    rows = list(queries.sheet_photos(visit))
    tiles = {"walk_around": [], "damage": []}
    for photo in rows:
        tiles[photo.kind].append(
            {
                "url": reverse("visits:photo", args=[photo.pk]),
                "alt": photo.get_kind_display(),
                "caption": photo.caption,
                "at": photo.at,
            }
        )
    return {
        "around": tiles["walk_around"],
        "damage_photos": tiles["damage"],
        "corners_missing": max(0, queries.CORNERS - len(tiles["walk_around"])),
    }
