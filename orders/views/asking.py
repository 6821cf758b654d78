"""Asking the customer, and taking his answer on the phone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Conflict
from core.web import act, handle, refuse
from orders import domain as orders
from orders import queries
from orders.choices import ConsentMethod
from orders.forms import AskForm, PhoneDecisionForm
from orders.views.estimate import EDIT, find_visit, order_context
from stores.access import requires
from visits.models import Visit

APPROVE = "orders.approve"


@requires(EDIT)
def ask(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """Show what would be asked, then freeze it and send the customer his link."""
    visit = find_visit(visit_pk)
    form = AskForm(version=visit.version)

    def send(data: dict):
        pack = orders.ask_by_link(
            visit,
            by=request.staff,
            promised_at=data["promised_at"],
            version=data["version"],
        )
        messages.success(request, _("The customer gets a message with his link."))
        return pack

    context = order_context(visit)
    context["asked"] = list(queries.open_lines(visit).prefetch_related("parts"))
    context["asked_totals"] = queries.totals_of(context["asked"])
    return handle(
        request,
        form,
        send,
        template="orders/ask.html",
        context=context,
        done=_lines_url(visit),
    )


@require_POST
@requires(EDIT)
def take_back(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    visit = find_visit(visit_pk)

    def withdraw():
        return orders.take_back(_pack_of(visit), by=request.staff)

    return act(request, withdraw, done=_lines_url(visit))


@requires(APPROVE)
def decide_by_phone(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """Write down what the customer said on the phone, item by item, with the recording's number."""
    visit = find_visit(visit_pk)
    pack = queries.open_pack(visit)
    if request.method == "POST" and request.POST.get("pack") != str(pack and pack.pk):
        # an answer never lands on another question than the one that was read out
        return refuse(
            request,
            Conflict(
                _("The offer has changed or was answered since. Look at it again."),
                code="superseded",
            ),
        )
    if pack is None:
        return render(request, "orders/nothing_asked.html", {"visit": visit})
    form = PhoneDecisionForm(
        pack=pack,
        initial={"decided_by": visit.customer.name, "phone": visit.customer.phone},
    )

    def decide(data: dict):
        return orders.decide(
            pack,
            decisions=data["decisions"],
            reasons=data["reasons"],
            method=ConsentMethod.PHONE,
            decided_by=data["decided_by"],
            phone=data["phone"],
            evidence=data["evidence"],
            by=request.staff,
        )

    return handle(
        request,
        form,
        decide,
        template="orders/decide_by_phone.html",
        context={"visit": visit, "pack": pack},
        done=_lines_url(visit),
    )


def _pack_of(visit: Visit):
    pack = queries.open_pack(visit)
    if pack is None:
        raise Conflict(_("The customer is not being asked anything at present."), code="decided")
    return pack


def _lines_url(visit: Visit) -> str:
    return reverse("orders:lines", args=[visit.pk])
