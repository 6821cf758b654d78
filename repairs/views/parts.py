"""The parts counter: what to issue, what is on order, what comes back, what is in stock."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.contrib import messages
from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.models import Part
from core import clock, web
from repairs import domain as repairs
from repairs.choices import PartRequestStatus
from repairs.forms import OrderForm, QuantityForm, ReasonForm, ReturnForm, StockFilter
from repairs.models import PartRequest
from repairs.queries import parts as reads
from repairs.stock import stock
from stores.access import requires

COUNTER = "repairs.issue_parts"
# How long issued material is shown for its return.
ISSUED_FOR = timedelta(days=3)
TABS = ("requests", "issued", "stock")


@requires(COUNTER)
def parts(request: HttpRequest) -> HttpResponse:
    """Requests (polled), what was issued lately, or the stock; the tab lives in the address."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    context = {"tab": tab, "tabs": _tabs(tab)}
    if tab == "requests":
        context["list_html"] = _requests(request)
    elif tab == "issued":
        rows = reads.issued_since(clock.now() - ISSUED_FOR)
        context["page"] = page = web.page_of(request, rows)
        context["rows"] = [{"request": row, "left": row.quantity - reads.returned_quantity(row)} for row in page]
    else:
        context["form"] = form = StockFilter(request.GET)
        text = form.cleaned_data["q"] if form.is_valid() else ""
        context["page"] = web.page_of(request, reads.stock(text))
    return render(request, "repairs/parts.html", context)


def _tabs(tab: str) -> list[dict]:
    labels = {"requests": _("To issue"), "issued": _("Issued and returns"), "stock": _("Stock")}
    return [{"url": _tab_url(key), "label": labels[key], "active": key == tab} for key in TABS]


def _tab_url(tab: str) -> str:
    return reverse("repairs:parts") + ("" if tab == TABS[0] else f"?tab={tab}")


@requires(COUNTER)
def parts_live(request: HttpRequest) -> HttpResponse:
    """Open requests, polled; 304 while nothing changed."""
    seen = PartRequest.objects.filter(status__in=reads.OPEN).aggregate(
        n=Count("id"), last=Max("id"), due=Max("expected_on"), kept=Sum("reserved"), ordered_at=Max("ordered_at")
    )
    ordered = PartRequest.objects.filter(status=PartRequestStatus.ORDERED).count()
    minute = int(clock.now().timestamp()) // 60
    tag = "-".join(str(value).replace(" ", "T") for value in (request.staff.store_id, *seen.values(), ordered, minute))
    return web.polled(request, tag, lambda: HttpResponse(_requests(request)))


def _requests(request: HttpRequest) -> str:
    asked = list(reads.open_requests())
    free = stock().free(row.line_part.part for row in asked if row.line_part.part)
    rows = [_shown(row, free.get(row.line_part.part_id, Decimal(0))) for row in asked]
    return render_to_string("repairs/_requests.html", {"rows": rows, "Status": PartRequestStatus}, request=request)


def _shown(row: PartRequest, free: Decimal) -> dict:
    """A request with what there is for it: what is kept for it, and what nobody has asked for."""
    available = row.reserved + free
    in_stock = row.line_part.part is None or available >= row.quantity
    return {"request": row, "part": row.line_part.part, "available": available, "in_stock": in_stock}


def _request(pk: int) -> PartRequest:
    rows = PartRequest.objects.select_related(
        "line_part__part", "job__line__visit__vehicle", "job__technician", "requested_by"
    )
    return get_object_or_404(rows.prefetch_related("returned"), pk=pk)


@requires(COUNTER)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue all that was asked for with one tap, or another quantity by the form."""
    row = _request(pk)
    if request.method == "POST" and "quantity" not in request.POST:
        return web.act(
            request, lambda: repairs.issue_parts(row, by=request.staff), done=lambda made: _said(request, made)
        )
    free = stock().free([row.line_part.part])[row.line_part.part_id] if row.line_part.part else row.quantity
    initial = {"quantity": min(row.quantity, row.reserved + free)}
    return _dialog(
        request,
        row,
        QuantityForm(request.POST or None, initial=initial),
        lambda data: repairs.issue_parts(row, by=request.staff, **data),
        title=_("Issue part of it"),
        button=_("Issue parts"),
    )


def _said(request: HttpRequest, row: PartRequest) -> str:
    words = {"part": row.line_part.name, "technician": row.job.technician.name}
    messages.success(request, _("“%(part)s” is issued to %(technician)s.") % words)
    return reverse("repairs:parts")


@requires(COUNTER)
def order(request: HttpRequest, pk: int) -> HttpResponse:
    row = _request(pk)
    return _dialog(
        request,
        row,
        OrderForm(
            request.POST or None,
            initial={name: getattr(row, name) for name in ("expected_on", "supplier", "carrier", "tracking_number")},
        ),
        lambda data: repairs.order_parts(row, by=request.staff, **data),
        title=_("Order with the day it will be here"),
        button=_("On order"),
    )


@requires(COUNTER)
def arrived(request: HttpRequest, pk: int) -> HttpResponse:
    row = _request(pk)
    return _dialog(
        request,
        row,
        QuantityForm(request.POST or None, initial={"quantity": row.quantity}),
        lambda data: repairs.parts_arrived(row, by=request.staff, **data),
        title=_("Ordered part is here"),
        button=_("Take into stock"),
    )


@requires(COUNTER)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    row = _request(pk)
    return _dialog(
        request,
        row,
        ReturnForm(request.POST or None, initial={"quantity": row.quantity - reads.returned_quantity(row)}),
        lambda data: repairs.return_parts(row, by=request.staff, **data),
        title=_("Take material back"),
        button=_("Take material back"),
        done=_tab_url("issued"),
    )


@requires(COUNTER)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = _request(pk)
    return _dialog(
        request,
        row,
        ReasonForm(request.POST or None),
        lambda data: repairs.cancel_request(row, by=request.staff, **data),
        title=_("Cancel the request"),
        button=_("Cancel the request"),
    )


def _dialog(
    request: HttpRequest, row: PartRequest, form, act, *, title: str, button: str, done: str = ""
) -> HttpResponse:
    context = {
        "frame": web.frame(request),
        "title": title,
        "button": button,
        "lead": f"{row.line_part.name} · {row.job.line.visit.vehicle} · {row.job.technician.name}",
        "back": done or reverse("repairs:parts"),
    }
    return web.handle(
        request, form, act, template="repairs/reason.html", context=context, done=done or reverse("repairs:parts")
    )


@requires(COUNTER)
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Goods came in that no request waits for."""
    part = get_object_or_404(Part.objects.filter(active=True), pk=pk)
    return web.handle(
        request,
        QuantityForm(request.POST or None),
        lambda data: repairs.receive_stock(part, by=request.staff, **data),
        template="repairs/reason.html",
        context={
            "frame": web.frame(request),
            "title": _("Goods received"),
            "button": _("Take into stock"),
            "lead": str(part),
            "back": _tab_url("stock"),
        },
        done=_tab_url("stock"),
    )
