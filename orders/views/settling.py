"""The settlement list for staff: what it will say, what keeps it, issuing and explaining it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import Conflict
from core.web import act
from orders import domain as orders
from orders import queries
from orders.domain.settlement import SETTLED_AT
from orders.views.estimate import EDIT, find_visit
from stores.access import requires

VIEW = "desk.view_visit"


@require_GET
@requires(VIEW)
def settlement(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """The list in force, or what it would be and what is still missing."""
    visit = find_visit(visit_pk)
    current = queries.current_settlement(visit)
    blockers = [] if current else queries.settlement_blockers(visit)
    lines = queries.order_lines(visit)
    return render(
        request,
        "orders/settlement.html",
        {
            "visit": visit,
            "settlement": current,
            "blockers": blockers,
            "lines": [line for line in lines if line.consent_state == "approved"],
            "declined": [line for line in lines if line.consent_state == "declined"],
            "totals": queries.totals_of(line for line in lines if line.consent_state == "approved"),
            "can_issue": visit.stage in SETTLED_AT and request.staff.may(EDIT),
            "may_edit": request.staff.may(EDIT),
            "former": list(visit.settlements.exclude(superseded_at=None).select_related("issued_by")),
        },
    )


@require_POST
@requires(EDIT)
def issue(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    visit = find_visit(visit_pk)
    return act(
        request,
        lambda: orders.issue_settlement(visit, by=request.staff),
        done=reverse("orders:settlement", args=[visit.pk]),
    )


@require_POST
@requires(EDIT)
def explain(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    visit = find_visit(visit_pk)

    def note():
        current = queries.current_settlement(visit)
        if current is None:
            raise Conflict(_("Issue the settlement list first."), code="not_issued")
        orders.explain_settlement(current, by=request.staff)
        messages.success(request, _("Noted: the list was explained."))

    return act(request, note, done=reverse("orders:settlement", args=[visit.pk]))
