"""The inbox of cases by their clock, and a case with everything one needs to answer it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import domain as complaints
from complaints import queries, rules
from complaints.choices import CaseState
from complaints.forms import TextForm
from complaints.models import Case
from core import web
from stores.access import requires

PER_PAGE = 50


@requires("complaints.work")
def inbox(request):
    """Open cases, those of this person, or closed ones; the nearest clock on top."""
    show = request.GET.get("show", "")
    rows = {
        "mine": lambda: queries.inbox(owner=request.staff),
        "closed": queries.closed_cases,
    }.get(show, queries.inbox)()
    here = reverse("complaints:inbox")
    tabs = [
        {"label": _("Open cases"), "url": here, "active": show not in ("mine", "closed")},
        {"label": _("Mine"), "url": f"{here}?show=mine", "active": show == "mine"},
        {"label": _("Closed"), "url": f"{here}?show=closed", "active": show == "closed"},
    ]
    context = {"page": web.page_of(request, rows, PER_PAGE), "tabs": tabs, "show": show}
    return render(request, "complaints/inbox.html", context)


@requires("desk.home")
def praise(request):
    """What customers praised this person for, as a fragment for homes; empty where there is nothing."""
    return render(
        request,
        "complaints/_praise.html",
        {"praise": queries.praise_for(request.staff)},
    )


@requires("complaints.work")
def case(request, pk):
    return render(request, "complaints/case.html", _context(request, _case(pk)))


def _case(pk: int) -> Case:
    return get_object_or_404(queries.with_file(), pk=pk)


def _context(request, case: Case, **forms) -> dict:
    about = rules.complained_about(case)
    return {
        "case": case,
        "may_work": case.state == CaseState.OPEN and request.staff.pk not in about,
        "about_me": request.staff.pk in about,
        "see_phone": request.staff.may("customers.see_phone"),
        "respond_form": forms.get("respond") or _answer_form(),
        "close_form": forms.get("close") or _closing_form(),
        "note_form": forms.get("note") or _note_form(),
    }


def _answer_form(data=None) -> TextForm:
    return TextForm(data, label=_("What the customer was told"), prefix="respond")


def _closing_form(data=None) -> TextForm:
    return TextForm(data, label=_("How the problem was solved"), prefix="close")


def _note_form(data=None) -> TextForm:
    return TextForm(data, label=_("Note for colleagues"), prefix="note")


def _work(request, pk, key, form, act, done=None):
    """One of the case's three forms; a refusal shows the whole page again with what was typed."""
    case = _case(pk)
    back = reverse("complaints:case", args=[case.pk])
    return web.handle(
        request,
        form,
        lambda data: act(case, data["text"]),
        template="complaints/case.html",
        context=_context(request, case, **{key: form}),
        done=done or back,
    )


@requires("complaints.work")
@require_POST
def respond(request, pk):
    def answer(case, text):
        return complaints.respond(case, text=text, by=request.staff)

    return _work(request, pk, "respond", _answer_form(request.POST), answer)


@requires("complaints.work")
@require_POST
def note(request, pk):
    def write(case, text):
        return complaints.note(case, text=text, by=request.staff)

    return _work(request, pk, "note", _note_form(request.POST), write)


@requires("complaints.work")
@require_POST
def close(request, pk):
    def end(case, text):
        return complaints.close_case(case, note=text, by=request.staff)

    done = reverse("complaints:inbox")
    return _work(request, pk, "close", _closing_form(request.POST), end, done)


@requires("complaints.work")
@require_POST
def take(request, pk):
    """“I take it”: the person in front of the screen owns the case now."""
    case = _case(pk)
    return web.act(
        request,
        lambda: complaints.give_case(case, owner=request.staff, by=request.staff),
        done=reverse("complaints:case", args=[case.pk]),
    )
