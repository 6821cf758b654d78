"""质检单 and 出厂合格证 on paper."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.qr import qr_svg
from inspections import queries
from orders.queries import order_of
from stores.access import requires
from visits.models import Visit


@requires("desk.view_visit")
def print_sheet(request, visit_pk):
    """Every level of every round with what was checked and measured."""
    visit = _visit(visit_pk)
    context = {
        **_sheet(visit, visit.number, [""]),
        "inspections": queries.history(visit),
        "certificate": queries.certificate_of(visit),
        "lines": visit.lines.filter(consent_state="approved"),
    }
    return render(request, "inspections/print_sheet.html", context)


@requires("desk.view_visit")
def print_certificate(request, visit_pk):
    """The exit certificate, owner's and store's part, with the quality guarantee. 404 while there is none."""
    visit = _visit(visit_pk)
    certificate = queries.certificate_of(visit)
    if certificate is None:
        raise Http404
    copies = [_("Owner's part"), _("Store's part")]
    context = {
        **_sheet(visit, certificate.number, copies),
        "certificate": certificate,
        "order": order_of(visit),
    }
    return render(request, "inspections/print_certificate.html", context)


def _sheet(visit: Visit, number: str, copies: list[str]) -> dict:
    return {
        "visit": visit,
        "store": visit.store,
        "number": number,
        "copies": copies,
        "qr": qr_svg(reverse("desk:visit", args=[visit.pk])),
        "printed_at": clock.now(),
    }


def _visit(pk: int) -> Visit:
    return get_object_or_404(Visit.objects.select_related("vehicle", "customer", "advisor", "store"), pk=pk)
