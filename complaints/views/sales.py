"""What sales learns from cases: read, answer within three working days."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import domain as complaints
from complaints import queries
from complaints.forms import TextForm
from complaints.models import SalesFeedback
from core import web
from stores.access import requires


@requires("complaints.answer_as_sales")
def sales(request):
    return render(request, "complaints/sales.html", _context(request))


@requires("complaints.answer_as_sales")
@require_POST
def read(request, pk):
    row = get_object_or_404(SalesFeedback.objects.select_related("case"), pk=pk)
    return web.act(
        request,
        lambda: complaints.sales_read(row, by=request.staff),
        done=f"{reverse('complaints:sales')}#f{row.pk}",
    )


@requires("complaints.answer_as_sales")
@require_POST
def answer(request, pk):
    row = get_object_or_404(SalesFeedback.objects.select_related("case"), pk=pk)
    form = _form(row, request.POST)
    return web.handle(
        request,
        form,
        lambda data: complaints.sales_answer(row, answer=data["text"], by=request.staff),
        template="complaints/sales.html",
        context=_context(request, form),
        done=reverse("complaints:sales"),
    )


def _form(row: SalesFeedback, data=None) -> TextForm:
    return TextForm(data, label=_("What sales does with it"), prefix=f"f{row.pk}")


def _context(request, posted: TextForm | None = None) -> dict:
    rows = []
    for row in queries.waiting_for_sales()[:50]:
        form = _form(row)
        if posted is not None and posted.prefix == form.prefix:
            form = posted
        rows.append({"feedback": row, "form": form})
    return {"rows": rows, "page": web.page_of(request, queries.answered_by_sales(), 25)}
