"""The second person's page: plans that wait for a yes; and how much each role may promise alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import domain as complaints
from complaints import queries, rules
from complaints.choices import PlanState
from complaints.forms import DecisionForm, LimitForm
from complaints.models import RecoveryPlan
from core import web
from stores.access import requires
from stores.choices import RoleCode


@requires("complaints.approve")
def approvals(request):
    return render(request, "complaints/approvals.html", _context(request))


@requires("complaints.approve")
@require_POST
def decide(request, pk):
    plan = get_object_or_404(RecoveryPlan.objects.select_related("case__visit"), pk=pk)
    form = DecisionForm(request.POST, prefix=f"p{plan.pk}")

    def act(data):
        if data["decision"] == "approve":
            return complaints.approve_plan(plan, by=request.staff)
        return complaints.refuse_plan(plan, reason=data["reason"], by=request.staff)

    def done(decided):
        yes = decided.state == PlanState.APPROVED
        messages.success(
            request, _("Approved; the customer gets the offer.") if yes else _("Refused; the owner sees why.")
        )
        return reverse("complaints:approvals")

    return web.handle(
        request, form, act, template="complaints/approvals.html", context=_context(request, form), done=done
    )


def _context(request, posted: DecisionForm | None = None) -> dict:
    rows = []
    limit = queries.limit_of(request.staff.store, request.staff.role_code)
    plans = list(queries.plans_waiting()[:50])
    promised = queries.promised_of(plan.case for plan in plans)
    for plan in plans:
        form = DecisionForm(prefix=f"p{plan.pk}")
        if posted is not None and posted.prefix == form.prefix:
            form = posted
        spent = promised[plan.case_id]
        rows.append(
            {
                "plan": plan,
                "form": form,
                "spent": sum(spent),
                "own": plan.proposed_by_id == request.staff.pk,
                "above": not rules.within(limit, *spent),
            }
        )
    return {"rows": rows, "limit": limit, "see_case": request.staff.may("complaints.work")}


@requires("complaints.approve")
def limits(request):
    return render(request, "complaints/limits.html", _limits(request))


@requires("complaints.approve")
@require_POST
def set_limit(request, role):
    if role not in rules.DEFAULT_LIMITS:
        raise Http404
    form = LimitForm(request.POST, prefix=role)

    def save(data):
        return complaints.set_limit(
            store=request.staff.store, role=role, cash=data["cash"], equivalent=data["equivalent"], by=request.staff
        )

    return web.handle(
        request,
        form,
        save,
        template="complaints/limits.html",
        context=_limits(request, form),
        done=reverse("complaints:limits"),
    )


def _limits(request, posted: LimitForm | None = None) -> dict:
    rows = []
    for role, cash, equivalent in queries.limits(request.staff.store):
        form = LimitForm(prefix=role, initial={"cash": cash, "equivalent": equivalent})
        if posted is not None and posted.prefix == role:
            form = posted
        rows.append(
            {
                "role": role,
                "label": RoleCode(role).label,
                "form": form,
                "mine": _above(request.staff.role_code, role),
                "cash": cash,
                "equivalent": equivalent,
            }
        )
    return {"rows": rows}


def _above(mine: str, role: str) -> bool:
    ladder = list(rules.DEFAULT_LIMITS)
    return mine in ladder and ladder.index(mine) > ladder.index(role)
