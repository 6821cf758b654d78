"""Promises to customers: what is in danger and owed now, what stands behind the figures, and the promises themselves."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from commitments import domain as commitments
from commitments import queries, rules
from commitments.choices import OUTCOMES, Code, RemedyState
from commitments.forms import DefinitionForm, MeasuredFilter, RemedyForm
from commitments.models import Commitment
from core import clock, web
from stores.access import requires

VIEW, REMEDY, EDIT = "commitments.view", "commitments.remedy", "commitments.edit"
SHOWN = 50


@requires(VIEW)
def promises(request):
    """What is in danger now, what is owed, and how often each promise was kept in twelve months."""
    current = {row.code: row for row in queries.in_force()}
    figures = queries.last_year(request.staff.store)
    context = {
        "at_risk": queries.at_risk()[:SHOWN],
        "owed": queries.owed()[:SHOWN],
        "figures": [(current.get(code), figure) for code, figure in figures.items() if code in current or figure.n],
        "may_settle": request.staff.may(REMEDY),
        "may_edit": request.staff.may(EDIT),
        "now": clock.now(),
    }
    return render(request, "commitments/list.html", context)


@requires(VIEW)
def measured(request):
    """The visits and cases behind a figure."""
    form = MeasuredFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = queries.measured(code=chosen.get("code", ""), state=chosen.get("state", ""))
    return render(request, "commitments/measured.html", {"form": form, "page": web.page_of(request, rows, SHOWN)})


@requires(REMEDY)
def settle(request, pk):
    """One remedy: given, declined, or not given."""
    remedy = get_object_or_404(queries.remedies(), pk=pk)
    allowed = [outcome for outcome in OUTCOMES if not rules.refusal(request.staff, outcome)]
    form = RemedyForm(request.POST or None, allowed=allowed, initial={"outcome": RemedyState.GIVEN})
    return web.handle(
        request,
        form,
        lambda data: commitments.settle(remedy, by=request.staff, **data),
        template="commitments/remedy.html",
        context={"remedy": remedy, "measurement": remedy.measurement, "frame": web.frame(request)},
        done=reverse("commitments:list"),
    )


@requires(EDIT)
def definitions(request):
    """Every promise with its version in force, its draft and the versions before."""
    return render(request, "commitments/definitions.html", {"rows": queries.overview()})


@requires(EDIT)
def definition(request, code):
    """The draft of a promise's next version, begun from the one in force."""
    code = _code(code)
    row = next(row for row in queries.overview() if row["code"] == code)
    shown = row["draft"] or row["current"] or next(iter(row["earlier"]), None)
    form = DefinitionForm(request.POST or None, code=code, shown=shown)
    return web.handle(
        request,
        form,
        lambda data: commitments.write(code, by=request.staff, **form.terms()),
        template="commitments/definition.html",
        context=row,
        done=reverse("commitments:definition", args=[code]),
    )


@requires(EDIT)
def publish(request, pk):
    draft = _row(pk)
    done = reverse("commitments:definitions")
    return web.act(request, lambda: commitments.publish(draft, by=request.staff), done=done)


@requires(EDIT)
def discard(request, pk):
    draft = _row(pk)
    done = reverse("commitments:definition", args=[draft.code])
    return web.act(request, lambda: commitments.discard(draft, by=request.staff), done=done)


@requires(EDIT)
def withdraw(request, pk):
    row = _row(pk)
    done = reverse("commitments:definitions")
    return web.act(request, lambda: commitments.withdraw(row, by=request.staff), done=done)


def _code(text: str) -> Code:
    if text not in Code.values:
        raise Http404
    return Code(text)


def _row(pk: int) -> Commitment:
    return get_object_or_404(Commitment, pk=pk)
