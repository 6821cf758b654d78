"""The customer reads the estimate and signs it, or leaves."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.limits import client_ip
from core.web import frame, handle
from customers import queries as customers
from orders import queries as orders
from orders.choices import ConsentState
from reception import domain as reception
from reception import gates, queries
from reception.forms import LeaveForm, SignForm
from reception.models import CheckIn
from reception.views.found import find_visit
from stores.access import requires
from visits.models import Visit


@requires("reception.check_in")
def estimate(request, visit_pk):
    """The estimate is made on the order's page."""
    return redirect("orders:lines", visit_pk=find_visit(visit_pk).pk)


@requires("reception.check_in")
def sign(request, visit_pk):
    """The whole estimate as the customer reads it, the promised time, and his signature."""
    visit = find_visit(visit_pk)
    lines = [line for line in orders.order_lines(visit) if line.consent_state != ConsentState.DECLINED]
    open_lines = [line for line in lines if line.consent_state != ConsentState.APPROVED]
    earliest = queries.earliest_ready(request.staff.store, lines, visit=visit)
    brought_by = _brought_by(visit)
    form = SignForm(
        request.POST or None,
        version=visit.version,
        lines=open_lines,
        text=_("I have read the estimate and the notice, and ask for the work ticked above."),
        initial={
            "promised_at": visit.promised_at or earliest.at,
            "signer": brought_by or visit.customer.name,
        },
        asked=not brought_by,
        agreed=() if brought_by else customers.agreed_purposes(visit.customer),
    )
    declined = form.declined() if form.is_bound else set()
    return handle(
        request,
        form,
        lambda data: _sign(request, visit, data, declined, form.wishes_changed()),
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


def _sign(request, visit: Visit, data: dict, declined: set[int], wishes: dict[str, bool]) -> Visit:
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
        wishes=wishes,
        early_reason=data["early_reason"],
        version=data["version"],
    )


def _signed(request, visit: Visit) -> str:
    promised = visit.promised_at.astimezone(request.staff.store.tz)
    messages.success(
        request,
        _("Signed. Ready time promised: %(time)s. The workshop has the car.") % {"time": f"{promised:%m-%d %H:%M}"},
    )
    return reverse("desk:visit", args=[visit.pk])


def _brought_by(visit: Visit) -> str:
    """Who brought the car in the customer's place; empty when he came himself."""
    sheet = CheckIn.objects.filter(visit=visit).only("brought_by").first()
    return sheet.brought_by if sheet else ""


@requires("reception.check_in")
def leave(request, visit_pk):
    """The customer takes the car away again, with his reason."""
    visit = find_visit(visit_pk)
    return handle(
        request,
        LeaveForm(request.POST or None, version=visit.version),
        lambda data: reception.leave_without_service(visit, by=request.staff, **data),
        template="reception/leave.html",
        context={"visit": visit, "frame": frame(request)},
        done=reverse("desk:visit", args=[visit.pk]),
    )
