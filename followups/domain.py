"""The follow-up call: owed to every released car, made by somebody else than its advisor, with an outcome.

Lock order: the visit, then its call, then its case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.choices import Severity
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from followups import queries, rules
from followups.choices import CallOutcome, CallState
from followups.events import CallAttempted, CallEnded, CallOpened
from followups.models import CallAttempt, FollowUpCall
from journal.domain import record
from stores.models import Staff
from surveys import domain as surveys
from surveys import queries as asked
from surveys.choices import Channel, EndReason
from surveys.models import Questionnaire, Response
from surveys.rules import is_low
from visits import domain as visits
from visits.models import Visit

# After so many different days the customer counts as not reachable (domain.md 1.2).
DAYS_TO_TRY = 5
AGAIN_AFTER = timedelta(days=1)


@transaction.atomic
def open_call(visit: Visit, *, by: Actor | HasActor) -> FollowUpCall | None:
    """Owe the call of a released visit, due within the store's hours. A second opening changes nothing.

    None for a visit that was closed meanwhile, or never left the store.
    """
    visit = visits.lock(visit)
    if made := FollowUpCall.objects.filter(visit=visit).first():
        return made
    if visit.stage != Stage.FOLLOW_UP or visit.released_at is None:
        return None
    due_at = visit.released_at + timedelta(hours=visit.store.follow_up_hours)
    call = FollowUpCall.objects.create(
        store_id=visit.store_id,
        visit=visit,
        due_at=due_at,
        next_try_at=queries.first_try(visit.released_at, due_at),
        assigned_to=queries.next_caller(visit),
    )
    record(
        CallOpened(due_at, call.assigned_to_id),
        store_id=visit.store_id,
        subject=call,
        visit_id=visit.pk,
        by=by,
    )
    return call


@transaction.atomic
def record_attempt(
    call: FollowUpCall,
    *,
    outcome: CallOutcome | str,
    by: Staff,
    note: str = "",
    satisfaction: int | None = None,
    nps: int | None = None,
    words: str = "",
    problem: bool | None = None,
    severity: Severity | str = Severity.L2,
    next_try_at: datetime | None = None,
    answers: Mapping[int, int] | None = None,
    questionnaire: Questionnaire | None = None,
) -> CallAttempt:
    """Write down one attempt and what came of it.

    A completed call (`done`) needs satisfaction (1-10), recommendation (0-10) and whether there is a problem; `answers`
    are the other marks of the questionnaire, by item id, as far as he had time. It is the visit's answer to the
    questionnaire: the link is closed, and a problem, or a score of 6 or less, opens or joins a case with the customer's
    own words. It closes the visit. So does a customer who does not want to be called (nor asked by link), and one who
    could not be reached on five different days. Otherwise the call stays open and is tried again on the next day, or at
    `next_try_at`.

    NotAllowed for the advisor of the visit; Conflict if the call is over already, or if he has just answered by link.
    """
    visit = visits.lock(call.visit_id)
    call = FollowUpCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if call.state != CallState.OPEN:
        raise Conflict(_("This call is over already; somebody was first."))
    if why := rules.refusal(by, visit):
        raise NotAllowed(why)
    if outcome not in CallOutcome.values:
        raise DomainError(_("Say what came of the call."), code="outcome_missing")
    attempt = _attempt(call, outcome, by=by, note=note)
    if outcome == CallOutcome.DONE:
        _answers(call, satisfaction, nps, words, problem, answers or {})
        response = _take(call, visit, answers or {}, questionnaire, by=by, severity=severity)
        call.case = response.case
        _end(call, visit, CallState.DONE, by=by)
    elif outcome == CallOutcome.REFUSED:
        surveys.close_invitation(visit, reason=EndReason.REFUSED, by=by)
        _end(call, visit, CallState.REFUSED, by=by)
    elif outcome != CallOutcome.LATER and queries.days_tried(call, visit.store) >= DAYS_TO_TRY:
        _end(call, visit, CallState.UNREACHABLE, by=by)
    else:
        _try_again(call, outcome, next_try_at)
    return attempt


def _attempt(call: FollowUpCall, outcome: str, *, by: Staff, note: str) -> CallAttempt:
    attempt = CallAttempt.objects.create(
        store_id=call.store_id,
        call=call,
        sequence=call.attempts.count() + 1,
        outcome=outcome,
        by=by,
        at=clock.now(),
        note=note.strip()[:200],
    )
    record(
        CallAttempted(attempt.sequence, str(outcome)),
        store_id=call.store_id,
        subject=call,
        visit_id=call.visit_id,
        by=by,
        at=attempt.at,
    )
    return attempt


def _answers(
    call: FollowUpCall,
    satisfaction: int | None,
    nps: int | None,
    words: str,
    problem: bool | None,
    answers: Mapping[int, int],
) -> None:
    if satisfaction is None or not 1 <= satisfaction <= 10:
        raise DomainError(_("Ask how satisfied he is, from 1 to 10."), code="satisfaction_missing")
    if nps is None or not 0 <= nps <= 10:
        raise DomainError(_("Ask whether he would recommend us, from 0 to 10."), code="nps_missing")
    if problem is None:
        raise DomainError(
            _("Ask whether there is a problem with the car or the service."),
            code="problem_missing",
        )
    if is_low([satisfaction, *answers.values()], nps, problem) and not words.strip():
        raise DomainError(
            _("Write down in the customer's own words what is wrong."),
            code="words_missing",
        )
    call.satisfaction, call.nps, call.words, call.problem = satisfaction, nps, words.strip(), problem


def _take(call: FollowUpCall, visit: Visit, answers, questionnaire, *, by: Staff, severity: str) -> Response:
    """The call as the visit's answer to the questionnaire."""
    questionnaire = questionnaire or asked.in_force()
    core = asked.core_items(asked.items(questionnaire)) if questionnaire else {}
    given = dict(answers)
    for name, value in (("overall", call.satisfaction), ("nps", call.nps)):
        if name in core:
            given[core[name].pk] = value
    return surveys.answer(
        visit,
        answers=given,
        channel=Channel.PHONE,
        by=by,
        questionnaire=questionnaire,
        comment=call.words,
        problem=call.problem,
        severity=severity,
    )


@transaction.atomic
def answered_by_link(visit: Visit, *, by: Actor | HasActor) -> FollowUpCall | None:
    """The customer answered by link: nobody calls him about it again, and the visit is closed. What he said stands on the
    call as if he had been called. None where the call was over, or none was owed; a second time changes nothing."""
    visit = visits.lock(visit)
    response = Response.objects.filter(visit=visit, channel=Channel.LINK).first()
    # Answers may overtake the reaction that opens the call.
    call = response and open_call(visit, by=by)
    if not call:
        return None
    call = FollowUpCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if call.state != CallState.OPEN:
        return None
    call.satisfaction, call.nps, call.words = response.overall, response.nps, response.comment
    call.problem, call.case = response.problem, response.case
    _end(call, visit, CallState.ANSWERED, by=by)
    return call


def _end(call: FollowUpCall, visit: Visit, state: CallState, *, by: Actor | HasActor) -> None:
    call.state, call.completed_at = state, clock.now()
    call.save(
        update_fields=[
            "state",
            "completed_at",
            "satisfaction",
            "nps",
            "words",
            "problem",
            "case",
        ]
    )
    record(
        CallEnded(
            str(state),
            call.completed_at <= call.due_at,
            call.satisfaction,
            call.nps,
            call.problem,
            call.case_id,
        ),
        store_id=call.store_id,
        subject=call,
        visit_id=visit.pk,
        by=by,
        at=call.completed_at,
    )
    visits.advance(visit, to=Stage.CLOSED, by=by)


def _try_again(call: FollowUpCall, outcome: str, next_try_at: datetime | None) -> None:
    now = clock.now()
    if next_try_at and next_try_at <= now:
        raise DomainError(_("The next call lies in the future; choose a later time."), code="past")
    if outcome == CallOutcome.LATER and next_try_at is None:
        raise DomainError(_("Say when the customer wants to be called."), code="when_missing")
    call.next_try_at = next_try_at or now + AGAIN_AFTER
    call.save(update_fields=["next_try_at"])


@transaction.atomic
def give_call(call: FollowUpCall, *, to: Staff, by: Staff) -> FollowUpCall:
    """Another person makes the call; refused for the advisor of the visit."""
    visit = visits.lock(call.visit_id)
    call = FollowUpCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if call.state != CallState.OPEN:
        raise Conflict(_("This call is over already; somebody was first."))
    if why := rules.refusal(to, visit):
        raise NotAllowed(why)
    call.assigned_to = to
    call.save(update_fields=["assigned_to"])
    return call
