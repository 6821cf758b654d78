"""Who is on duty, and the vans."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from core import clock, web
from rescue import domain as rescue
from rescue import queries
from rescue.forms import DutyForm, VanForm
from rescue.models import Duty, KitItem, Van
from stores.access import requires

EDIT = "rescue.edit"
PAGE = "rescue/roster.html"


def _context(**forms) -> dict:
    return {
        "duties": queries.duties(clock.now()),
        "vans": Van.objects.order_by("-active", "plate"),
        "kit": KitItem.objects.filter(active=True),
        "van_form": VanForm(),
        **forms,
    }


def _done(_row) -> str:
    return reverse("rescue:roster")


@requires(EDIT)
def roster(request):
    """The duty list; posting puts somebody on it."""
    form = DutyForm(request.POST or None)
    return web.handle(
        request, form, lambda data: rescue.set_duty(**data), template=PAGE, context=_context(duty_form=form), done=_done
    )


@requires(EDIT)
@require_POST
def end_duty(request, pk):
    duty = get_object_or_404(Duty, pk=pk)
    return web.act(request, lambda: rescue.end_duty(duty), done=_done)


@requires(EDIT)
@require_POST
def set_van(request):
    form = VanForm(request.POST)
    return web.handle(
        request,
        form,
        lambda data: rescue.set_van(store=request.staff.store, **data),
        template=PAGE,
        context=_context(van_form=form, duty_form=DutyForm()),
        done=_done,
    )
