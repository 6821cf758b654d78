"""The second person's page: amounts that cashiers want to put on account. Made for a phone as well."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checkout import domain as checkout
from checkout import queries
from checkout.forms import DecisionForm
from checkout.models import AccountApproval
from core import web
from stores.access import requires


@requires("checkout.on_account")
def approvals(request):
    return render(request, "checkout/approvals.html", _context())


@requires("checkout.on_account")
@require_POST
def decide(request, pk):
    approval = get_object_or_404(AccountApproval.objects.select_related("settlement"), pk=pk)
    form = DecisionForm(request.POST, prefix=f"a{approval.pk}")

    def done(decided):
        messages.success(
            request,
            _("Approved; the cashier can go on.") if decided.approved else _("Refused; the cashier sees why."),
        )
        return reverse("checkout:approvals")

    return web.handle(
        request,
        form,
        lambda data: checkout.decide_account(
            approval,
            approve=data["decision"] == "approve",
            reason=data["reason"],
            by=request.staff,
        ),
        template="checkout/approvals.html",
        context=_context(form),
        done=done,
    )


def _context(posted: DecisionForm | None = None) -> dict:
    rows = []
    for approval in queries.approvals_waiting():
        form = DecisionForm(prefix=f"a{approval.pk}")
        if posted is not None and posted.prefix == form.prefix:
            form = posted
        rows.append({"approval": approval, "form": form})
    return {"rows": rows}
