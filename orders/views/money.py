"""Money rules at the counter: what an entitlement pays, discounts above one's limit, and the limits themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.money import money
from core.web import act, handle
from customers.models import Entitlement
from orders import domain as orders
from orders import queries
from orders.forms import DiscountForm, LimitsForm
from orders.models import DiscountRequest, Line
from orders.rules import DISCOUNT, discount_limit
from orders.views.estimate import EDIT, find_visit
from stores.access import requires

LIMITS = "stores.manage"


@require_POST
@requires(EDIT)
def redeem(request: HttpRequest, line_pk: int, pk: int) -> HttpResponseBase:
    """An entitlement of the car pays this item."""
    line = get_object_or_404(Line, pk=line_pk)
    entitlement = get_object_or_404(Entitlement, pk=pk)
    return act(
        request,
        lambda: orders.redeem(line, entitlement, by=request.staff),
        done=reverse("orders:lines", args=[line.visit_id]),
    )


@require_POST
@requires(EDIT)
def undo_redemption(request: HttpRequest, line_pk: int) -> HttpResponseBase:
    line = get_object_or_404(Line, pk=line_pk)
    return act(
        request,
        lambda: orders.undo_redemption(line, by=request.staff),
        done=reverse("orders:lines", args=[line.visit_id]),
    )


@requires(EDIT)
def ask_discount(request: HttpRequest, line_pk: int) -> HttpResponseBase:
    """More than one's own limit: another person decides."""
    line = get_object_or_404(Line, pk=line_pk)
    visit = find_visit(line.visit_id)
    gross = orders.gross_of(line)
    own = discount_limit(request.staff, gross=gross, percent=queries.own_limit(request.staff))

    def done(_row):
        messages.success(request, _("Asked. It stands on the managers' home; nothing changes until it is granted."))
        return reverse("orders:lines", args=[visit.pk])

    return handle(
        request,
        DiscountForm(gross=gross, own=own),
        lambda data: orders.ask_discount(line, discount=data["discount"], reason=data["reason"], by=request.staff),
        template="orders/money_form.html",
        context={
            "title": _("Ask for a larger discount"),
            "lead": line.title,
            "button": _("Ask"),
            "back": _lines(visit),
        },
        done=done,
    )


@require_GET
@requires(DISCOUNT)
def discounts(request: HttpRequest) -> HttpResponseBase:
    """Discounts that wait for a second person."""
    rows = list(queries.open_discounts())
    percent = queries.own_limit(request.staff)
    for row in rows:
        row.gross = orders.gross_of(row.line)
        row.share = money(row.discount / row.gross * 100) if row.gross else 0
        row.mine = row.asked_by_id == request.staff.pk
        row.above = row.discount > discount_limit(request.staff, gross=row.gross, percent=percent)
    return render(request, "orders/discounts.html", {"rows": rows, "may_set": request.staff.may(LIMITS)})


@require_POST
@requires(DISCOUNT)
def decide_discount(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(DiscountRequest.objects.select_related("line"), pk=pk)
    granted = request.POST.get("granted") == "1"
    return act(
        request,
        lambda: orders.decide_discount(row, granted=granted, by=request.staff),
        done=reverse("orders:discounts"),
    )


@requires(LIMITS)
def limits(request: HttpRequest) -> HttpResponseBase:
    """What each role may give away by itself."""
    form = LimitsForm(limits=queries.limits())

    def save(data: dict) -> None:
        orders.set_limits({role: data[role] for role in form.roles}, by=request.staff)

    return handle(
        request,
        form,
        save,
        template="orders/money_form.html",
        context={
            "title": _("Discount limits"),
            "lead": _("The share of an item's labour, fee or parts that a role may give away by itself."),
            "button": _("Save"),
            "back": reverse("orders:discounts"),
        },
        done=reverse("orders:discounts"),
    )


def _lines(visit) -> str:
    return reverse("orders:lines", args=[visit.pk])
