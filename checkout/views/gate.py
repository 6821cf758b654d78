"""The gate keeper's page: a plate's last characters in, the pass shown big, the car out. Made for a phone."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checkout import domain as checkout
from checkout import queries
from checkout.forms import GateForm
from core import web
from stores.access import requires


@requires("checkout.gate")
def gate(request):
    typed = request.GET.get("plate", "").strip()
    form = GateForm(request.GET) if typed else GateForm()
    cars = queries.at_gate(typed) if typed and form.is_valid() else None
    context = {"form": form, "typed": typed, "cars": cars}
    return render(request, "checkout/gate.html", context)


@requires("checkout.gate")
@require_POST
def release(request):
    plate = request.POST.get("plate", "")

    def done(gate_pass):
        messages.success(
            request,
            _("%(plate)s may drive out. Have a good trip!") % {"plate": plate},
        )
        return reverse("checkout:gate")

    return web.act(request, lambda: checkout.release(plate, by=request.staff), done=done)
