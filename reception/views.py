"""The reception counter: the car arrives, is walked around with its customer, and he signs the estimate."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, phones, plates
from core.errors import DomainError
from core.inputs import Answer
from core.limits import client_ip
from core.qr import qr_svg
from core.web import UNPROCESSABLE, act, frame, handle, is_htmx
from customers import queries as customers
from customers.choices import Powertrain
from customers.models import Vehicle
from orders import queries as orders
from orders.choices import ConsentState, OldParts
from reception import domain as reception
from reception import gates, queries
from reception.choices import WashWish
from reception.forms import CheckInForm, LeaveForm, PhotoForm, SignForm, WalkInForm
from reception.models import CheckIn
from standards import queries as standards
from standards.choices import ChecklistUse
from standards.forms import plain
from standards.models import Checklist
from stores.access import requires
from stores.choices import RoleCode
from visits.models import Visit

NEW_ENERGY = (Powertrain.ELECTRIC, Powertrain.PLUG_IN)


@requires("reception.check_in")
def arrive(request):
    """Type the plate's tail, tap once. A POST names the booked visit that has arrived."""
    if request.method == "POST":
        visit = _visit(request.POST.get("visit"))
        version = request.POST.get("version", "")
        return act(
            request,
            lambda: reception.arrive(
                visit,
                by=request.staff,
                version=int(version) if version.isdigit() else None,
            ),
            done=reverse("reception:check_in", args=[visit.pk]),
        )
    query = request.GET.get("q", "").strip()
    context = {"query": query, **_arrivals(request, query)}
    fragment = is_htmx(request)
    return render(
        request,
        "reception/_arrivals.html" if fragment else "reception/arrive.html",
        context,
    )


def _arrivals(request, query: str) -> dict:
    """Booked visits for what was typed, and the cars without booking; without a query everybody expected about now."""
    store = request.staff.store
    if not query:
        return {"expected": queries.expected(store), "cars": []}
    cars = customers.search(query)
    ids = [car.pk for car in cars]
    expected = list(queries.expected(store, vehicle_ids=ids))
    booked = {visit.vehicle_id for visit in expected}
    here = queries.in_house(ids)
    return {
        "expected": expected,
        "cars": [(car, here.get(car.pk)) for car in cars if car.pk not in booked],
    }


@requires("reception.check_in")
def walk_in(request):
    """A customer without booking: who, which car, what for; the walk-around comes next."""
    car = _car(request)
    query = request.GET.get("q", "").strip()
    form = WalkInForm(request.POST or None, car=car, initial=_walk_in_initial(request, query))
    return handle(
        request,
        form,
        lambda data: reception.take_in(
            store=request.staff.store,
            caller=form.caller(),
            vehicle=data["vehicle"],
            advisor=data["advisor"],
            by=request.staff,
            waiting=data["waiting"],
            needs=form.needs(),
            token=data["token"],
        ),
        template="reception/walk_in.html",
        context={"car": car},
        done=lambda visit: reverse("reception:check_in", args=[visit.pk]),
    )


@requires("reception.check_in")
def check_in(request, visit_pk):
    """The walk-around on a tablet; the same page corrects the sheet until the estimate is signed."""
    visit = _visit(visit_pk)
    sheet = queries.sheet_of(visit)
    form = CheckInForm(
        request.POST or None,
        version=visit.version,
        checklist=_checklist(request),
        new_energy=visit.vehicle.powertrain in NEW_ENERGY,
        initial=_sheet_initial(visit, sheet),
    )
    return handle(
        request,
        form,
        lambda data: _check_in(request, visit, form, data),
        template="reception/check_in.html",
        context={
            "visit": visit,
            "sheet": sheet,
            "needs": visit.needs.all(),
            **_photo_context(visit),
        },
        done=reverse("orders:lines", args=[visit.pk]),
    )


def _check_in(request, visit: Visit, form: CheckInForm, data: dict) -> CheckIn:
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
    return reception.check_in(
        visit,
        by=request.staff,
        results=form.results(),
        checklist=form.checklist,
        needs=form.needs(),
        **{name: data[name] for name in same_names},
    )


@requires("reception.check_in")
def photos(request, visit_pk):
    """Pictures are kept as they are taken, so that a slip in the sheet never costs them."""
    visit = _visit(visit_pk)
    if request.method != "POST":
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


@requires("reception.check_in")
def estimate(request, visit_pk):
    """The estimate is made on the order's page."""
    return redirect("orders:lines", visit_pk=_visit(visit_pk).pk)


@requires("reception.check_in")
def sign(request, visit_pk):
    """The whole estimate as the customer reads it, the promised time, and his signature."""
    visit = _visit(visit_pk)
    lines = [line for line in orders.order_lines(visit) if line.consent_state != ConsentState.DECLINED]
    open_lines = [line for line in lines if line.consent_state != ConsentState.APPROVED]
    earliest = queries.earliest_ready(request.staff.store, lines)
    form = SignForm(
        request.POST or None,
        version=visit.version,
        lines=open_lines,
        text=_("I have read the estimate and the notice, and ask for the work ticked above."),
        initial={
            "promised_at": visit.promised_at or earliest.at,
            "signer": _signer(visit),
        },
    )
    declined = form.declined() if form.is_bound else set()
    return handle(
        request,
        form,
        lambda data: _sign(request, visit, data, declined),
        template="reception/sign.html",
        context={
            "visit": visit,
            "lines": lines,
            "declined": declined,
            "totals": orders.totals_of(lines),
            "order": orders.order_of(visit),
            "earliest": earliest,
            "missing": gates.before_signing(visit),
        },
        done=lambda signed: _signed(request, signed),
    )


def _sign(request, visit: Visit, data: dict, declined: set[int]) -> Visit:
    signature = data["signature"]
    return reception.sign_estimate(
        visit,
        by=request.staff,
        signer=data["signer"],
        promised_at=data["promised_at"],
        strokes=signature.strokes,
        png_data_url=request.POST.get("signature_png", "") if signature.png else "",
        ip=client_ip(request) or None,
        device=request.META.get("HTTP_USER_AGENT", ""),
        declined=declined,
        version=data["version"],
    )


def _signed(request, visit: Visit) -> str:
    promised = visit.promised_at.astimezone(request.staff.store.tz)
    messages.success(
        request,
        _("Signed. Ready time promised: %(time)s. The workshop has the car.") % {"time": f"{promised:%m-%d %H:%M}"},
    )
    return reverse("desk:visit", args=[visit.pk])


@requires("reception.check_in")
def leave(request, visit_pk):
    """The customer takes the car away again, with his reason."""
    visit = _visit(visit_pk)
    return handle(
        request,
        LeaveForm(request.POST or None, version=visit.version),
        lambda data: reception.leave_without_service(visit, by=request.staff, **data),
        template="reception/leave.html",
        context={"visit": visit, "frame": frame(request)},
        done=reverse("desk:visit", args=[visit.pk]),
    )


@requires("desk.view_visit")
def print_check_in(request, visit_pk) -> HttpResponse:
    """接车单 on A4, customer's and store's copy."""
    visit = _visit(visit_pk)
    sheet = queries.sheet_of(visit)
    return render(
        request,
        "reception/print_check_in.html",
        {
            "store": request.staff.store,
            "visit": visit,
            "sheet": sheet,
            "needs": visit.needs.all(),
            "results": standards.results(sheet.run).values() if sheet and sheet.run else [],
            "photos": queries.sheet_photos(visit),
            "order": orders.order_of(visit),
            "signature": visit.signatures.filter(purpose="estimate").last(),
            "number": visit.number,
            "qr": qr_svg(reverse("desk:visit", args=[visit.pk])),
            "printed_at": clock.now(),
        },
    )


# --- What the pages share ---------------------------------------------------------------------------------------------


def _visit(pk) -> Visit:
    rows = Visit.objects.select_related("customer", "vehicle", "advisor", "store")
    return get_object_or_404(rows, pk=pk if str(pk).isdigit() else 0)


def _car(request) -> Vehicle | None:
    rows = Vehicle.objects.select_related("owner")
    if request.method == "POST":
        sent = request.POST.get("vehicle", "")
        return rows.filter(pk=sent).first() if sent.isdigit() else None
    asked = request.GET.get("vehicle", "")
    return get_object_or_404(rows, pk=asked if asked.isdigit() else 0) if asked else None


def _walk_in_initial(request, query: str) -> dict:
    staff = request.staff
    initial = {"advisor": staff.pk if staff.role_code == RoleCode.ADVISOR else None}
    if phones.is_phone(phones.normalise_phone(query)):
        initial["phone"] = query
    elif plates.is_plate(query):
        initial["plate"] = plates.normalise_plate(query)
    return initial


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
    )
    initial |= {name: getattr(sheet, name) for name in names}
    initial["marks"] = [
        {
            "zone": mark.zone,
            "kind": mark.kind,
            "x": None if mark.x is None else float(mark.x),
            "y": None if mark.y is None else float(mark.y),
            "note": mark.note,
        }
        for mark in sheet.marks.all()
    ]
    if sheet.run_id:
        initial["checks"] = {
            str(key): Answer(row.state, plain(row.value), row.note) for key, row in standards.results(sheet.run).items()
        }
    return initial


def _signer(visit: Visit) -> str:
    sheet = CheckIn.objects.filter(visit=visit).only("brought_by").first()
    return (sheet.brought_by if sheet else "") or visit.customer.name


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
