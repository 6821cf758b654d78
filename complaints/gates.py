"""May the case be closed? What is still missing, in the order in which it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from complaints import rules
from complaints.choices import CaseState, CloseKind, PlanState, RecheckOutcome
from complaints.models import Case, Recheck, RecoveryPlan, SalesFeedback


@dataclass(frozen=True)
class Missing:
    """A step that is open: `step` names the part of the page where it is done."""

    step: str
    text: str


def close(case: Case, *, procedural: bool = False) -> list[str]:
    """Sentences; empty when the case may be closed."""
    return [gap.text for gap in missing(case, procedural=procedural)]


def missing(case: Case, *, procedural: bool = False) -> list[Missing]:
    """Everything that stands between the case and its end; a case closed by procedure needs neither plan nor re-check."""
    gaps = []
    if case.first_response_at is None:
        gaps.append(Missing("answer", _("Answer the customer first.")))
    if not procedural:
        gaps += _plan(case) or _recheck(case)
    if not (case.cause_code and case.responsible and case.prevention):
        gaps.append(Missing("cause", _("Write down the cause, who is responsible, and what prevents it.")))
    return gaps + _sales(case)


def plan_of_round(case: Case) -> RecoveryPlan | None:
    """The plan that counts: live or carried out since the case's clocks were started."""
    since = Q(proposed_at__gte=case.clock_started_at) if case.clock_started_at else Q()
    live = Q(state__in=[*PlanState.live(), PlanState.EXECUTED])
    return RecoveryPlan.objects.filter(since & live, case=case).order_by("-id").first()


def ending(case: Case) -> CloseKind | None:
    """How this round ended by its re-checks; None while it has not."""
    tries = list(Recheck.objects.filter(case=case, round=case.round))
    if any(row.outcome == RecheckOutcome.SATISFIED for row in tries):
        return CloseKind.SATISFIED
    if days_tried(tries) >= rules.TRIES:
        return CloseKind.UNREACHABLE
    return None


def days_tried(tries: list[Recheck]) -> int:
    """Different days on which the customer was called and not reached."""
    return len({row.on for row in tries if row.outcome == RecheckOutcome.UNREACHABLE})


def _plan(case: Case) -> list[Missing]:
    if case.state == CaseState.EXECUTED:
        return []
    plan = plan_of_round(case)
    if plan is None:
        return [Missing("plan", _("Propose how to make it good."))]
    if plan.state == PlanState.WAITING:
        return [Missing("plan", _("A second person has to approve the plan."))]
    if rules.needs_acceptance(plan) and not plan.customer_answer:
        return [Missing("plan", _("The customer has not answered the offer yet."))]
    return [Missing("plan", _("Carry out what was offered."))]


def _recheck(case: Case) -> list[Missing]:
    if ending(case):
        return []
    tries = days_tried(list(Recheck.objects.filter(case=case, round=case.round)))
    if tries:
        text = _("The customer was not reached on %(n)s of 3 days; try again on another day.") % {"n": tries}
    else:
        text = _("Somebody who did not work on it asks the customer whether it is good now.")
    return [Missing("recheck", text)]


def _sales(case: Case) -> list[Missing]:
    told = SalesFeedback.objects.filter(case=case).first()
    if told is None:
        return [Missing("sales", _("Tell sales about the case."))]
    if told.answered_at is None:
        due = formats.date_format(timezone.localtime(told.due_at), "SHORT_DATETIME_FORMAT")
        return [Missing("sales", _("Sales has not answered yet (until %(due)s).") % {"due": due})]
    return []
