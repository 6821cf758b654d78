"""Satisfied before leaving: the question at the till, and the manager at the car."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checkout import domain as checkout
from checkout.choices import Leaving
from checkout.forms import LeavingForm
from checkout.models import LeavingAnswer
from checkout.views.till import CASHIER, PAGE, car, pay_context
from core import web
from stores.access import requires


@requires(CASHIER)
@require_POST
def ask_leaving(request, visit_pk):
    """The customer is not content, or nobody was there to ask."""
    visit, settlement = car(visit_pk)
    form = LeavingForm(request.POST)

    def done(row):
        if row.answer == Leaving.NOT_CONTENT:
            messages.warning(
                request, _("A manager is called to the car. Ask the customer to wait a moment, if he likes.")
            )
        return reverse("checkout:pay", args=[visit.pk])

    return web.handle(
        request,
        form,
        lambda data: checkout.ask_before_leaving(visit, by=request.staff, **data),
        template=PAGE,
        context=pay_context(request, visit, settlement, leaving_form=form),
        done=done,
    )


@requires("complaints.approve")
@require_POST
def meet(request, pk):
    """A manager is with the customer."""
    row = get_object_or_404(LeavingAnswer, pk=pk)

    def done(_row):
        messages.success(request, _("Noted: you are with the customer."))
        return reverse("desk:visit", args=[row.visit_id])

    return web.act(request, lambda: checkout.meet_customer(row, by=request.staff), done=done)
