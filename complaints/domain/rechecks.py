"""Proof that it is good now, by somebody else; and what sales learns from it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import rules
from complaints.choices import CaseState, RecheckOutcome, Severity
from complaints.domain import clocks
from complaints.domain.locking import journal, lock_for, lock_open, said
from complaints.events import CaseReopened, Rechecked, SalesAnswered, SalesTold
from complaints.models import Case, Recheck, SalesFeedback
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from stores import calendar
from stores.models import Staff

# Sales answers within three working days (domain.md 5.6).
SALES_DAYS = 3
JUSTICE = ("fair_result", "fair_process", "fair_manner")


@transaction.atomic
def recheck(
    case: Case,
    *,
    outcome: RecheckOutcome | str,
    by: Staff,
    words: str = "",
    fair_result: int | None = None,
    fair_process: int | None = None,
    fair_manner: int | None = None,
) -> Recheck:
    """What the customer says after everything was done, asked by somebody who neither owned the case nor did the work.

    Not satisfied: the case is open again, one rung up, on new clocks. Scores 1 to 10, None where he did not say.
    """
    case = lock_for(case, by=by, permission="complaints.recheck")
    if case.state != CaseState.EXECUTED:
        raise Conflict(_("There is nothing to re-check yet: the plan has not been carried out."))
    if by.pk in rules.worked_on(case):
        raise NotAllowed(_("You worked on this case; somebody else asks the customer."), code="own_work")
    tries = list(Recheck.objects.filter(case=case, round=case.round))
    if any(row.outcome == RecheckOutcome.SATISFIED for row in tries):
        raise Conflict(_("The customer said already that it is good."))
    if outcome not in RecheckOutcome.values:
        raise DomainError(_("Choose what came out of it."), code="outcome")
    if outcome != RecheckOutcome.UNREACHABLE:
        words = said(words, _("Write the customer's own words."))
    now = clock.now()
    row = Recheck.objects.create(
        store_id=case.store_id,
        case=case,
        round=case.round,
        by=by,
        at=now,
        on=clock.local_day(case.store.tz, now),
        outcome=outcome,
        words=words.strip(),
        fair_result=fair_result,
        fair_process=fair_process,
        fair_manner=fair_manner,
    )
    journal(case, Rechecked(case.number, str(outcome), len(tries) + 1), by=by, at=now)
    if outcome == RecheckOutcome.NOT_SATISFIED:
        _reopen(case, by=by)
    return row


def _reopen(case: Case, *, by: Staff) -> None:
    now = clock.now()
    rungs = list(Severity)
    case.severity = rungs[min(rungs.index(Severity(case.severity)) + 1, len(rungs) - 1)]
    case.state, case.round = CaseState.OPEN, case.round + 1
    case.planned_at = case.resolved_at = None
    case.owner = clocks.owner_for(case.severity, rules.complained_about(case)) or case.owner
    clocks.start_clocks(case, at=now)
    case.save(
        update_fields=[
            "severity",
            "state",
            "round",
            "planned_at",
            "resolved_at",
            "owner",
            "clock_started_at",
            "next_notice_at",
            *clocks.CLOCK_FIELDS,
        ]
    )
    journal(case, CaseReopened(case.number, case.severity, case.round, case.owner_id), by=by, at=now)


@transaction.atomic
def tell_sales(case: Case, *, text: str, by: Staff) -> SalesFeedback:
    """Tell sales what came out of a case: they know the customer, and sell the next car with it. Once per case."""
    case = lock_for(case, by=by)
    if not case.cause_code:
        raise DomainError(_("Find the cause first: that is what sales has to know."), code="no_cause")
    if SalesFeedback.objects.filter(case=case).exists():
        raise Conflict(_("Sales was told already."))
    now = clock.now()
    row = SalesFeedback.objects.create(
        store_id=case.store_id,
        case=case,
        text=said(text, _("Write what sales should know and do.")),
        pushed_at=now,
        pushed_by=by,
        due_at=calendar.add_working_days(case.store, now, SALES_DAYS),
    )
    journal(case, SalesTold(case.number, row.due_at), by=by, at=now)
    return row


@transaction.atomic
def sales_read(feedback: SalesFeedback, *, by: Staff) -> SalesFeedback:
    """Sales has read it; the first reader counts."""
    _case, row = _lock(feedback, by=by)
    if row.read_at is None:
        row.read_at, row.read_by = clock.now(), by
        row.save(update_fields=["read_at", "read_by"])
    return row


@transaction.atomic
def sales_answer(feedback: SalesFeedback, *, answer: str, by: Staff) -> SalesFeedback:
    """What sales does with it. Conflict if it was answered already."""
    case, row = _lock(feedback, by=by)
    if row.answered_at:
        raise Conflict(_("Sales has answered this already."))
    now = clock.now()
    row.answer = said(answer, _("Write what sales does with it."))
    row.answered_at, row.answered_by = now, by
    if row.read_at is None:
        row.read_at, row.read_by = now, by
    row.save(update_fields=["answer", "answered_at", "answered_by", "read_at", "read_by"])
    seconds = max(int((now - row.pushed_at).total_seconds()), 0)
    journal(case, SalesAnswered(case.number, seconds, now <= row.due_at), by=by, at=now)
    return row


def _lock(feedback: SalesFeedback, *, by: Staff) -> tuple[Case, SalesFeedback]:
    if not by.may("complaints.answer_as_sales"):
        raise NotAllowed(_("Only sales answers here."))
    case = lock_open(feedback.case)
    return case, SalesFeedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
