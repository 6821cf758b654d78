"""The handover page: the bill gone through line by line, what was asked for answered, the car shown and signed for."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import web
from core.stages import Stage
from handover import domain as handovers
from handover import gates, queries
from handover.forms import HandoverForm, NeedOutcomeForm, PhotosForm, PrepareForm
from orders import queries as orders
from stores.access import requires
from visits import domain as visits
from visits.models import Visit

PAGE = "handover/handover.html"


@requires("handover.hand_over")
def handover(request, visit_pk):
    """Show the page; posting completes the handover."""
    visit = _visit(visit_pk)
    sheet = queries.handover_of(visit)
    if request.method != "POST" and (visit.stage != Stage.HANDOVER or sheet is None):
        return render(request, PAGE, _context(visit))
    if sheet is None:
        # Posted without preparing: the domain says what is missing.
        sheet = handovers.prepare(visit, by=request.staff)
    form = HandoverForm(request.POST or None, request.FILES or None, visit=visit, handover=sheet)

    def done(_handover):
        messages.success(request, _("The customer has his car explained; the cashier is next."))
        return reverse("desk:visit", args=[visit.pk])

    return web.handle(
        request,
        form,
        lambda data: handovers.complete_filled(
            visit,
            by=request.staff,
            results=form.cleaned_results(),
            **_fields(request, data),
        ),
        template=PAGE,
        context=_context(visit),
        done=done,
    )


def _fields(request, data: dict) -> dict:
    signature = data["signature"]
    png = base64.b64encode(signature.png).decode() if signature.png else ""
    names = (
        "old_parts_shown",
        "settings_reset",
        "mileage_out",
        "next_service",
        "next_service_on",
        "next_service_km",
        "call_preference",
        "advice",
    )
    return {name: data[name] for name in names} | {
        "declined_named": data.get("declined_named", False),
        "belongings_returned": data.get("belongings_returned", False),
        "signer": data["signer"],
        "strokes": signature.strokes,
        "png_data_url": f"data:image/png;base64,{png}" if png else "",
        "ip": request.META.get("REMOTE_ADDR") or None,
        "device": request.headers.get("User-Agent", ""),
    }


@requires("handover.hand_over")
@require_POST
def prepare(request, visit_pk):
    visit = _visit(visit_pk)
    form = PrepareForm(request.POST)
    return _step(
        request,
        visit,
        "prepare_form",
        form,
        lambda data: handovers.prepare(visit, by=request.staff, mileage_out=data["mileage_out"]),
    )


@requires("handover.hand_over")
@require_POST
def explain(request, visit_pk):
    visit = _visit(visit_pk)
    return web.act(
        request,
        lambda: handovers.explain_bill(visit, by=request.staff),
        done=_here(visit, "needs"),
    )


@requires("handover.hand_over")
@require_POST
def photos(request, visit_pk):
    visit = _visit(visit_pk)
    form = PhotosForm(request.POST, request.FILES)
    return _step(
        request,
        visit,
        "photos_form",
        form,
        lambda data: handovers.add_photos(visit, photos=data["photos"], by=request.staff),
        "photos",
    )


@requires("handover.hand_over")
@require_POST
def settle_need(request, visit_pk, need_pk):
    visit = _visit(visit_pk)
    need = get_object_or_404(visit.needs, pk=need_pk)
    form = NeedOutcomeForm(request.POST, prefix=f"need{need.pk}")
    return _step(
        request,
        visit,
        "need_form",
        form,
        lambda data: visits.settle_need(need, outcome=data["outcome"], answer=data["answer"], by=request.staff),
        "needs",
    )


def _step(request, visit: Visit, key: str, form, act, anchor: str = "bill"):
    """One of the page's smaller forms; a refusal shows the whole page with what was typed."""
    return web.handle(
        request,
        form,
        act,
        template=PAGE,
        context=_context(visit, **{key: form}),
        done=_here(visit, anchor),
    )


def _here(visit: Visit, anchor: str) -> str:
    return f"{reverse('handover:handover', args=[visit.pk])}#{anchor}"


def _visit(pk: int) -> Visit:
    return get_object_or_404(Visit.objects.select_related("vehicle", "customer", "advisor", "store"), pk=pk)


def _context(visit: Visit, **forms) -> dict:
    sheet = queries.handover_of(visit)
    settlement = orders.current_settlement(visit)
    before, after = queries.photos(visit)
    return {
        "visit": visit,
        "sheet": sheet,
        "settlement": settlement,
        "outdated": bool(settlement) and queries.out_of_date(visit, settlement),
        "rows": queries.bill_rows(visit),
        "declined": queries.declined_lines(visit),
        "totals": orders.totals_of(orders.billable_lines(visit)),
        "needs": _needs(visit, forms.get("need_form")),
        "before": [_tile(photo) for photo in before],
        "after": [_tile(photo) for photo in after],
        "missing": gates.missing(visit, sheet) if visit.stage == Stage.HANDOVER else [],
        "prepare_form": forms.get("prepare_form") or PrepareForm(initial=_read(visit, sheet)),
        "photos_form": forms.get("photos_form") or PhotosForm(),
        "at_handover": visit.stage == Stage.HANDOVER,
    }


def _read(visit: Visit, sheet) -> dict:
    return {"mileage_out": sheet.mileage_out if sheet and sheet.mileage_out else visit.mileage_in}


def _needs(visit: Visit, posted=None) -> list[dict]:
    rows = []
    for need in visit.needs.select_related("settled_by"):
        form = NeedOutcomeForm(prefix=f"need{need.pk}")
        if posted is not None and posted.prefix == form.prefix:
            form = posted
        rows.append({"need": need, "form": form})
    return rows


def _tile(photo) -> dict:
    label = photo.caption or photo.get_kind_display()
    return {
        "url": reverse("visits:photo", args=[photo.pk]),
        "alt": label,
        "caption": label,
        "at": photo.at,
    }
