"""How far cases get on the way from the customer's words to what sales makes of them, and how many keep all five rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from complaints.choices import CaseState, RecheckOutcome
from complaints.models import Case, Recheck, SalesFeedback
from followups.choices import CallState
from followups.models import FollowUpCall
from reports.queries.never_miss import RECHECK_WITHIN
from visits.choices import Origin

# Cases of so many days make up the rate and the funnel.
WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Loop:
    """Of n cases: how many reached each step, and how many kept all five rules in time so far."""

    opened: int = 0
    answered: int = 0
    solved: int = 0
    rechecked: int = 0
    told: int = 0
    sales_answered: int = 0
    all_five: int = 0


def loop(now: datetime) -> Loop:
    """The cases opened within the window; imported ones have no steps and stay out."""
    counts = dict.fromkeys(Loop.__dataclass_fields__, 0)
    for case in _cases(now):
        feedback: SalesFeedback | None = getattr(case, "feedback", None)
        steps = {
            "opened": True,
            "answered": case.first_response_at is not None,
            "solved": case.resolved_at is not None,
            "rechecked": _content(case) is not None,
            "told": feedback is not None,
            "sales_answered": feedback is not None and feedback.answered_at is not None,
            "all_five": keeps_all_five(case, now),
        }
        for name, reached in steps.items():
            counts[name] += reached
    return Loop(**counts)


def _cases(now: datetime):
    return (
        Case.objects.exclude(origin=Origin.IMPORT)
        .filter(opened_at__gt=now - WINDOW)
        .select_related("feedback", "visit__follow_up")
        .prefetch_related(Prefetch("rechecks", Recheck.objects.order_by("pk"), to_attr="checks"))
    )


def keeps_all_five(case: Case, now: datetime) -> bool:
    """Whether nothing was missed about a case: each step was done in time, or there is time left to do it.

    `case` comes with `feedback`, `visit.follow_up` and `checks`. Recorded it is, or it would not be here.
    """
    feedback: SalesFeedback | None = getattr(case, "feedback", None)
    recheck = _first_by_another(case)
    recheck_due = case.resolved_at + RECHECK_WITHIN if case.resolved_at else None
    return (
        _followed(case, now)
        and _in_time(case.first_response_at, case.first_response_due_at, now)
        and _in_time(case.resolved_at, case.resolution_due_at, now)
        and (recheck_due is None or _in_time(recheck.at if recheck else None, recheck_due, now))
        and (feedback is not None or (_content(case) is None and case.state != CaseState.CLOSED))
        and (feedback is None or _in_time(feedback.answered_at, feedback.due_at, now))
    )


def _followed(case: Case, now: datetime) -> bool:
    call: FollowUpCall | None = getattr(case.visit, "follow_up", None) if case.visit else None
    if call is None:
        return case.visit is None or case.visit.released_at is None
    return call.state != CallState.OPEN or now <= call.due_at


def _in_time(done: datetime | None, due: datetime | None, now: datetime) -> bool:
    return due is None or (done or now) <= due


def _first_by_another(case: Case) -> Recheck | None:
    return next((row for row in case.checks if row.round == case.round and row.by_id != case.owner_id), None)


def _content(case: Case) -> Recheck | None:
    return next(
        (row for row in case.checks if row.round == case.round and row.outcome == RecheckOutcome.SATISFIED), None
    )
