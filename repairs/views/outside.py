"""Work given to a supplier: send it out, take it back, later or not at all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core import web
from repairs import domain as repairs
from repairs.forms import ReasonForm, ReceivedForm, SendOutForm, SubletDueForm
from repairs.models import Sublet
from repairs.views.board import DISPATCH, dispatchable
from stores.access import requires


@requires(DISPATCH)
def send_out(request: HttpRequest, line_pk: int) -> HttpResponse:
    line = get_object_or_404(dispatchable(), pk=line_pk)
    form = SendOutForm(request.POST or None, initial={"cost": 0})
    return _dialog(
        request,
        form,
        lambda data: repairs.send_out(line, by=request.staff, **data),
        line=line,
        title=_("Give it outside"),
        button=_("Give it outside"),
        said=_("“%(item)s” is with the supplier."),
    )


@requires(DISPATCH)
def sublet(request: HttpRequest, pk: int) -> HttpResponse:
    """It is back: who takes it says what was checked."""
    row = _sublet(pk)
    return _dialog(
        request,
        ReceivedForm(request.POST or None),
        lambda data: repairs.receive_back(row, by=request.staff, **data),
        line=row.line,
        title=_("Work outside is back"),
        button=_("It is back"),
        said=_("“%(item)s” is back and done."),
        others=[
            {
                "url": reverse("repairs:sublet_due", args=[pk]),
                "label": _("Later or another price"),
                "icon": "calendar-event",
            },
            {"url": reverse("repairs:sublet_off", args=[pk]), "label": _("Call it off"), "icon": "x-lg"},
        ],
    )


@requires(DISPATCH)
def sublet_due(request: HttpRequest, pk: int) -> HttpResponse:
    row = _sublet(pk)
    return _dialog(
        request,
        SubletDueForm(request.POST or None, initial={"due_at": row.due_at, "cost": row.cost}),
        lambda data: repairs.change_sublet(row, by=request.staff, **data),
        line=row.line,
        title=_("Later or another price"),
        button=_("Save"),
        said=_("“%(item)s”: noted."),
    )


@requires(DISPATCH)
def sublet_off(request: HttpRequest, pk: int) -> HttpResponse:
    row = _sublet(pk)
    return _dialog(
        request,
        ReasonForm(request.POST or None),
        lambda data: repairs.call_off(row, by=request.staff, **data),
        line=row.line,
        title=_("Call off the work outside"),
        button=_("Call it off"),
        said=_("“%(item)s” can be dispatched again."),
    )


def _sublet(pk: int) -> Sublet:
    return get_object_or_404(Sublet.objects.select_related("line__visit__vehicle"), pk=pk)


def _dialog(request: HttpRequest, form, act, *, line, title: str, button: str, said: str, others=()) -> HttpResponse:
    def done(_row) -> str:
        messages.success(request, said % {"item": line.title})
        return reverse("repairs:board")

    context = {
        "frame": web.frame(request),
        "title": title,
        "button": button,
        "lead": f"{line.visit.vehicle} · {line.title}",
        "back": reverse("repairs:board"),
        "others": others,
    }
    return web.handle(request, form, act, template="repairs/reason.html", context=context, done=done)
