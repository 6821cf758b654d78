"""交车检查表 on paper."""

from __future__ import annotations

import base64

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core import clock
from core.qr import qr_svg
from handover import queries
from orders import queries as orders
from stores.access import requires
from visits.models import Visit


@require_GET
@requires("desk.view_visit")
def print_handover(request: HttpRequest, visit_pk: int) -> HttpResponse:
    """What was shown, explained and agreed at handover, the bill beside the estimate, with the customer's signature. 404
    before the handover was begun."""
    visit = get_object_or_404(Visit.objects.select_related("vehicle", "customer", "advisor", "store"), pk=visit_pk)
    sheet = queries.handover_of(visit)
    if sheet is None:
        raise Http404
    settlement = orders.current_settlement(visit)
    order = orders.order_of(visit)
    context = {
        "visit": visit,
        "store": visit.store,
        "sheet": sheet,
        "order": order,
        "settlement": settlement,
        "rows": queries.bill_rows(visit),
        "declined": queries.declined_lines(visit),
        "needs": visit.needs.all(),
        "kept": queries.kept(visit),
        "results": sheet.run.results.select_related("item").order_by("item__position") if sheet.run_id else [],
        "signature": _image(sheet.signature) if sheet.signature_id else "",
        "number": visit.number,
        "qr": qr_svg(reverse("desk:visit", args=[visit.pk])),
        "printed_at": clock.now().astimezone(visit.store.tz),
    }
    return render(request, "handover/print_handover.html", context)


def _image(signature) -> str:
    """The drawn signature as a data address: the sheet stays whole when it is saved."""
    if not signature.image:
        return ""
    with signature.image.open("rb") as file:
        return "data:image/png;base64," + base64.b64encode(file.read()).decode()
