"""A case's page: everything known about it, its clocks, what is missing next, and a form for each step."""

from __future__ import annotations

from collections.abc import Callable

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import domain as complaints
from complaints import gates, queries, rules
from complaints.choices import CaseState, PlanState
from complaints.forms import (
    CauseForm,
    CloseForm,
    GradeForm,
    OfferAnswerForm,
    PlanForm,
    ProofForm,
    RecheckForm,
    TextForm,
)
from complaints.models import Case, Measure, RecoveryPlan
from core import web
from stores.access import requires
from stores.models import Staff


@requires("complaints.work")
def case(request, pk):
    return render(request, "complaints/case.html", _context(request, _case(pk)))


def _case(pk: int) -> Case:
    return get_object_or_404(queries.with_file(), pk=pk)


def _context(request, case: Case, **posted) -> dict:
    """What the page shows. `posted` are forms that came back with an error, by the name of their step."""
    staff: Staff = request.staff
    about = rules.complained_about(case)
    open_ = case.state != CaseState.CLOSED
    may_work = open_ and staff.pk not in about
    gaps = gates.missing(case) if open_ else []
    steps = {gap.step for gap in gaps}
    plan = gates.plan_of_round(case) if open_ else None
    if plan:
        plan = next(row for row in case.plans.all() if row.pk == plan.pk)
    forms = _forms(case, staff, plan, may_work, steps) | posted
    return {
        "case": case,
        "may_work": may_work,
        "about_me": staff.pk in about,
        "see_phone": staff.may("customers.see_phone"),
        "clocks": _clocks(case),
        "gaps": [{"text": gap.text, "url": f"#{gap.step}", "action": _("Go there")} for gap in gaps],
        "steps": steps,
        "plan": plan,
        "old_plans": [row for row in case.plans.all() if plan is None or row.pk != plan.pk],
        "measures": _measures(plan, forms) if plan else [],
        "may_approve": bool(plan) and may_work and _may_approve(plan, staff),
        "may_withdraw": bool(plan) and may_work and _may_withdraw(plan, staff),
        "may_recheck": open_ and case.state == CaseState.EXECUTED and rules.may_recheck(staff, case),
        "forms": forms,
    }


def _clocks(case: Case) -> list[dict]:
    return [
        {"label": _("First answer"), "due": case.first_response_due_at, "met": case.first_response_at},
        {"label": _("Recovery plan"), "due": case.plan_due_at, "met": case.planned_at},
        {"label": _("Resolution"), "due": case.resolution_due_at, "met": case.resolved_at},
    ]


def _forms(case: Case, staff: Staff, plan: RecoveryPlan | None, may_work: bool, steps: set[str]) -> dict:
    """One form for each step this person may do now, by name."""
    if not may_work:
        return {}
    made = {
        "respond": _answer_form(),
        "note": _note_form(),
        "grade": GradeForm(initial={"severity": case.severity, "category": case.category}, prefix="grade"),
        "cause": _cause_form(case),
    }
    if case.state == CaseState.OPEN and plan is None:
        made["plan"] = PlanForm(prefix="plan")
    if plan and plan.state == PlanState.APPROVED and not plan.customer_answer and rules.needs_acceptance(plan):
        made["offer"] = OfferAnswerForm(prefix="offer")
    if plan and plan.state in PlanState.live():
        made["refuse"] = _refuse_form()
    if case.state == CaseState.EXECUTED and "recheck" in steps:
        made["recheck"] = RecheckForm(prefix="recheck")
    if case.cause_code and not hasattr(case, "feedback"):
        made["sales"] = _sales_form()
    if not steps or (staff.may("complaints.approve") and staff.pk != case.owner_id):
        made["close"] = _closing_form(staff)
    return made


def _measures(plan: RecoveryPlan, forms: dict) -> list[dict]:
    """The plan's measures, those to do with the form for their proof."""
    may = complaints.may_carry_out(plan)
    return [
        {
            "measure": row,
            "form": None
            if row.executed_at or not may
            else forms.get(f"measure{row.pk}") or ProofForm(prefix=f"m{row.pk}"),
        }
        for row in plan.measures.all()
    ]


def _may_approve(plan: RecoveryPlan, staff: Staff) -> bool:
    waits = plan.state == PlanState.WAITING and plan.proposed_by_id != staff.pk
    return waits and staff.may("complaints.approve")


def _may_withdraw(plan: RecoveryPlan, staff: Staff) -> bool:
    untouched = plan.state in PlanState.live() and not plan.customer_answer
    return untouched and (plan.proposed_by_id == staff.pk or staff.may("complaints.approve"))


def _answer_form(data=None) -> TextForm:
    return TextForm(data, label=_("What the customer was told"), prefix="respond")


def _note_form(data=None) -> TextForm:
    return TextForm(data, label=_("Note for colleagues"), prefix="note")


def _refuse_form(data=None) -> TextForm:
    return TextForm(data, label=_("Why not"), prefix="refuse")


def _sales_form(data=None) -> TextForm:
    return TextForm(
        data,
        label=_("What sales should know and do"),
        help_text=_("Sales reads this and answers within three working days."),
        prefix="sales",
    )


def _closing_form(staff: Staff, data=None) -> CloseForm:
    return CloseForm(data, manager=staff.may("complaints.approve"), prefix="close")


def _cause_form(case: Case, data=None) -> CauseForm:
    known = {"cause": case.cause_code, "responsible": case.responsible, "prevention": case.prevention}
    return CauseForm(data, initial=known, prefix="cause")


def _work(request, case: Case, key: str, form, act: Callable[[dict], object], done: str = ""):
    """One of the case's forms; a refusal shows the whole page again with what was typed."""
    return web.handle(
        request,
        form,
        act,
        template="complaints/case.html",
        context=_context(request, case, **{key: form}),
        done=done or f"{reverse('complaints:case', args=[case.pk])}#{key}",
    )


def _step(key: str, make_form: Callable, do: Callable):
    """The view of one step: `make_form(request, case)` is what was posted, `do(request, case, form)` carries it out."""

    @requires("complaints.work")
    @require_POST
    def view(request, pk):
        case = _case(pk)
        form = make_form(request, case)
        return _work(request, case, key, form, lambda data: do(request, case, form.cleaned_data))

    return view


respond = _step(
    "respond",
    lambda request, case: _answer_form(request.POST),
    lambda request, case, data: complaints.respond(case, text=data["text"], by=request.staff),
)
note = _step(
    "note",
    lambda request, case: _note_form(request.POST),
    lambda request, case, data: complaints.note(case, text=data["text"], by=request.staff),
)
grade = _step(
    "grade",
    lambda request, case: GradeForm(request.POST, prefix="grade"),
    lambda request, case, data: complaints.grade(case, by=request.staff, **data),
)
cause = _step(
    "cause",
    lambda request, case: _cause_form(case, request.POST),
    lambda request, case, data: complaints.find_cause(case, by=request.staff, **data),
)
recheck = _step(
    "recheck",
    lambda request, case: RecheckForm(request.POST, prefix="recheck"),
    lambda request, case, data: complaints.recheck(case, by=request.staff, **data),
)
tell_sales = _step(
    "sales",
    lambda request, case: _sales_form(request.POST),
    lambda request, case, data: complaints.tell_sales(case, text=data["text"], by=request.staff),
)


@requires("complaints.work")
@require_POST
def plan(request, pk):
    case = _case(pk)
    form = PlanForm(request.POST, prefix="plan")

    def propose(data):
        return complaints.propose_plan(case, text=data["text"], measures=form.measures, by=request.staff)

    return _work(request, case, "plan", form, propose)


@requires("complaints.work")
@require_POST
def close(request, pk):
    case = _case(pk)

    def end(data):
        procedural = data.get("procedural", False)
        return complaints.close_case(case, note=data["text"], by=request.staff, procedural=procedural)

    form = _closing_form(request.staff, request.POST)
    return _work(request, case, "close", form, end, reverse("complaints:inbox"))


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


def _plan_of(pk: int) -> RecoveryPlan:
    return get_object_or_404(RecoveryPlan.objects.select_related("case__visit"), pk=pk)


@requires("complaints.work")
@require_POST
def approve(request, plan_pk):
    """The second person's yes, from the case's page."""
    row = _plan_of(plan_pk)
    done = reverse("complaints:case", args=[row.case_id])
    return web.act(request, lambda: complaints.approve_plan(row, by=request.staff), done=f"{done}#plan")


@requires("complaints.work")
@require_POST
def refuse(request, plan_pk):
    """The second person's no, or the proposer takes it back."""
    row = _plan_of(plan_pk)
    form = _refuse_form(request.POST)

    def say_no(data):
        return complaints.refuse_plan(row, reason=data["text"], by=request.staff)

    done = f"{reverse('complaints:case', args=[row.case_id])}#plan"
    return _work(request, _case(row.case_id), "refuse", form, say_no, done)


@requires("complaints.work")
@require_POST
def offer_answer(request, plan_pk):
    """What the customer said to the offer on the telephone or in the store."""
    row = _plan_of(plan_pk)
    form = OfferAnswerForm(request.POST, prefix="offer")
    done = f"{reverse('complaints:case', args=[row.case_id])}#plan"

    def write_down(data):
        return complaints.answer_plan(row, by=request.staff, **data)

    return _work(request, _case(row.case_id), "offer", form, write_down, done)


@requires("complaints.work")
@require_POST
def measure_done(request, measure_pk):
    row = get_object_or_404(Measure.objects.select_related("plan__case__visit"), pk=measure_pk)
    form = ProofForm(request.POST, prefix=f"m{row.pk}")
    done = f"{reverse('complaints:case', args=[row.plan.case_id])}#plan"

    def carry_out(data):
        return complaints.execute_measure(row, proof=data["proof"], by=request.staff)

    return _work(request, _case(row.plan.case_id), f"measure{row.pk}", form, carry_out, done)
