"""The estimate: what is on the order, put there by searching, and what it comes to at every moment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from catalogue.models import Operation, Part
from core.stages import Stage
from core.web import act, handle, is_htmx
from customers.queries import entitlements
from orders import domain as orders
from orders import queries
from orders.choices import ConsentState, LineKind, PayType
from orders.domain.terms import FEE_STAGES, WORK_STAGES
from orders.forms import LineForm, TermsForm
from orders.models import Line, Recommendation
from orders.rules import DISCOUNT
from stores.access import requires
from visits.models import Visit

EDIT = "orders.edit_lines"


def find_visit(visit_pk: int) -> Visit:
    """The visit of this store with what every page of the order names; 404 for another store's."""
    rows = Visit.objects.select_related("store", "vehicle", "customer", "advisor")
    return get_object_or_404(rows, pk=visit_pk)


def order_context(visit: Visit, text: str = "") -> dict:
    """Everything the order's fragment shows, in a fixed number of queries."""
    lines = queries.order_lines(visit)
    standing = [line for line in lines if line.consent_state != ConsentState.DECLINED]
    drafts = [line for line in lines if line.consent_state == ConsentState.DRAFT]
    return {
        "visit": visit,
        "lines": lines,
        "drafts": drafts,
        "totals": queries.totals_of(standing),
        "draft_totals": queries.totals_of(drafts),
        "pack": queries.open_pack(visit),
        "can_add_work": visit.stage in WORK_STAGES,
        "can_add_fee": visit.stage in FEE_STAGES,
        "signs_at_reception": visit.stage == Stage.RECEPTION,
        "max_wrong_tries": orders.MAX_WRONG_TRIES,
        "query": text,
        "operations": queries.find_operations(text) if text else [],
    }


@require_GET
@requires(EDIT)
def lines(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """The estimate of a visit, with the car's open recommendations and the customer's words beside it."""
    visit = find_visit(visit_pk)
    context = order_context(visit, request.GET.get("q", ""))
    context |= {
        "order": queries.order_of(visit),
        "recommendations": list(queries.open_recommendations(visit.vehicle)),
        "needs": list(visit.needs.all()),
        "entitlements": entitlements(visit.vehicle),
        "to_redeem": [
            line
            for line in context["lines"]
            if line.pay_type == PayType.CUSTOMER and line.consent_state != ConsentState.DECLINED
        ],
        "redeemed": [line for line in context["lines"] if line.pay_type == PayType.PACKAGE],
        "settlement": queries.current_settlement(visit),
    }
    return render(request, "orders/lines.html", context)


@require_GET
@requires(EDIT)
def operations(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """What the search for an operation finds, each with the button that adds it."""
    visit = find_visit(visit_pk)
    text = request.GET.get("q", "")
    found = queries.find_operations(text) if text.strip() else []
    return render(
        request,
        "orders/_operations.html",
        {"visit": visit, "operations": found, "query": text},
    )


@require_POST
@requires(EDIT)
def add(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """One click on a found operation puts it on the order with its usual parts."""
    visit = find_visit(visit_pk)
    operation = get_object_or_404(Operation, pk=request.POST.get("operation") or 0, active=True)
    return act(
        request,
        lambda: orders.add_line(visit, operation=operation, by=request.staff),
        done=_back(request, visit),
    )


@requires(EDIT)
def add_item(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """A job that is not in the catalogue, or a fee."""
    visit = find_visit(visit_pk)
    kind = request.POST.get("kind") or request.GET.get("kind") or LineKind.JOB
    is_fee = kind != LineKind.JOB
    form = LineForm(fee=is_fee, version=visit.version, may_price=request.staff.may(DISCOUNT))
    return handle(
        request,
        form,
        lambda data: orders.add_line(visit, by=request.staff, version=data["version"], **data["fields"]),
        template="orders/line.html",
        context={"visit": visit, "parts": _datalist(), "is_fee": is_fee},
        done=_lines_url(visit),
    )


@requires(EDIT)
def change(request: HttpRequest, line_pk: int) -> HttpResponseBase:
    """Change a line. What the customer agreed to before is asked again if it changes."""
    line = get_object_or_404(Line.objects.select_related("operation").prefetch_related("parts"), pk=line_pk)
    visit = find_visit(line.visit_id)
    form = LineForm(line=line, version=visit.version, may_price=request.staff.may(DISCOUNT))
    return handle(
        request,
        form,
        lambda data: orders.change_line(line, by=request.staff, version=data["version"], **data["fields"]),
        template="orders/line.html",
        context={"visit": visit, "line": line, "parts": _datalist()},
        done=_lines_url(visit),
    )


@require_POST
@requires(EDIT)
def remove(request: HttpRequest, line_pk: int) -> HttpResponseBase:
    line = get_object_or_404(Line, pk=line_pk)
    visit = find_visit(line.visit_id)
    return act(
        request,
        lambda: orders.remove_line(line, by=request.staff),
        done=_back(request, visit),
    )


@require_POST
@requires(EDIT)
def revive(request: HttpRequest, visit_pk: int, pk: int) -> HttpResponseBase:
    """Offer again what was declined at an earlier visit of this car."""
    visit = find_visit(visit_pk)
    recommendation = get_object_or_404(Recommendation, pk=pk)
    return act(
        request,
        lambda: orders.revive(recommendation, visit=visit, by=request.staff),
        done=_lines_url(visit),
    )


@requires(EDIT)
def terms(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """What the order is made under: category, tolerance, old parts, way of payment."""
    visit = find_visit(visit_pk)
    order = queries.order_of(visit) or orders.open_order(visit, by=request.staff)
    form = TermsForm(order=order, version=visit.version)

    def save(data: dict):
        changes = {name: value for name, value in data.items() if name != "version" and not form.fields[name].disabled}
        for name in orders.GUARANTEE:
            # Empty, or as it was for another category: what the law sets for this one.
            if changes.get(name) is None or (changes["category"] != order.category and name not in form.changed_data):
                changes.pop(name, None)
        return orders.set_terms(visit, by=request.staff, version=data["version"], **changes)

    return handle(
        request,
        form,
        save,
        template="orders/terms.html",
        context={"visit": visit, "order": order},
        done=_lines_url(visit),
    )


def _lines_url(visit: Visit) -> str:
    return reverse("orders:lines", args=[visit.pk])


def _back(request: HttpRequest, visit: Visit):
    """The order's fragment for htmx, the whole page again without."""

    def done(_result):
        if not is_htmx(request):
            return _lines_url(visit)
        visit.refresh_from_db()
        return render(request, "orders/_order.html", order_context(visit))

    return done


def _datalist() -> list[Part]:
    return list(Part.objects.filter(active=True).order_by("number")[:300])
