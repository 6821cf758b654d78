"""The five rules nobody may miss (五个不错过, domain.md 5.6), proven from the rows the stages wrote: no flag and no roll-up is believed.

Imported history is not judged: nobody here could have followed it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from complaints.choices import CaseState, CloseKind, PlanState, RecheckOutcome, VoiceKind
from complaints.models import Case, Measure, Recheck, SalesFeedback, Voice
from complaints.rules import TRIES
from followups.choices import CallState
from followups.models import FollowUpCall
from outreach.models import DueCar, NightRun
from reports.choices import RULE_OF, Rule, Violation
from stores.choices import RoleCode
from stores.models import Staff, Store
from surveys.choices import ItemKind
from surveys.models import Answer, Response
from visits.choices import Origin
from visits.models import Visit

# A car has left a moment ago: the reaction that opens its call gets this long.
GRACE = timedelta(minutes=15)
RECHECK_WITHIN = timedelta(hours=72)
# Whoever was here within this time is a customer of ours and is to be contacted again.
ACTIVE = timedelta(days=183)
LOW = 6
ENDED_WITH_CUSTOMER = (CloseKind.SATISFIED, CloseKind.UNREACHABLE)


@dataclass(frozen=True)
class Found:
    """One violation: the row that proves it, whoever has to act, and when it should have been done."""

    violation: Violation
    kind: str
    id: int
    visit_id: int | None
    owner_id: int | None
    due_at: datetime | None = None


@dataclass
class Proof:
    """What was looked at for one rule, and what violates it."""

    rule: Rule
    checked: int
    found: list[Found]


class People:
    """Who acts where no row names anybody: the first active person of a role."""

    def __init__(self) -> None:
        self.ids: dict[str, list[int]] = {}
        for pk, code in Staff.objects.filter(active=True).order_by("pk").values_list("pk", "role__code"):
            self.ids.setdefault(code, []).append(pk)

    def of(self, *roles: str, but: int | None = None) -> int | None:
        return next((pk for role in roles for pk in self.ids.get(role, ()) if pk != but), None)

    def relations(self, but: int | None = None) -> int | None:
        return self.of(RoleCode.CUSTOMER_RELATIONS, RoleCode.SERVICE_MANAGER, but=but)

    def sales(self) -> int | None:
        return self.of(RoleCode.SALES_LIAISON, RoleCode.GENERAL_MANAGER)


def prove(store: Store, now: datetime) -> list[Proof]:
    """All five rules of the scope's store as of `now`, in their order."""
    people = People()
    return [check(store, now, people) for check in CHECKS.values()]


def _cars(now: datetime) -> QuerySet[Visit]:
    return Visit.objects.exclude(origin=Origin.IMPORT).filter(released_at__lte=now - GRACE)


def _followed(store: Store, now: datetime, people: People) -> Proof:
    """Every car that left has its call, no call is overdue, every active customer's car has a date of its next contact."""
    cars = _cars(now)
    wait = timedelta(hours=store.follow_up_hours)
    found = [
        Found(Violation.NO_CALL, "visits.visit", pk, pk, people.relations(but=advisor), released + wait)
        for pk, advisor, released in cars.filter(follow_up=None).values_list("pk", "advisor_id", "released_at")
    ]
    overdue = FollowUpCall.objects.filter(state=CallState.OPEN, due_at__lt=now).exclude(visit__origin=Origin.IMPORT)
    found += [
        Found(Violation.CALL_OVERDUE, "followups.followupcall", pk, visit, owner or people.relations(), due)
        for pk, visit, owner, due in overdue.values_list("pk", "visit_id", "assigned_to_id", "due_at")
    ]
    contacts = list(_no_next_contact(now))
    return Proof(Rule.FOLLOWED, cars.count(), found + contacts)


def _no_next_contact(now: datetime) -> Iterator[Found]:
    # Dates are computed at night: before the first night nobody has one.
    if not NightRun.objects.filter(finished_at__isnull=False).exists():
        return
    dated = DueCar.objects.filter(vehicle=OuterRef("vehicle"), due_on__isnull=False)
    recent = _cars(now).filter(released_at__gte=now - ACTIVE, released_at__lte=now - timedelta(days=1))
    rows = recent.filter(~Exists(dated)).order_by("vehicle_id", "-released_at", "-pk").distinct("vehicle_id")
    for vehicle, visit, advisor in rows.values_list("vehicle_id", "pk", "advisor_id"):
        yield Found(Violation.NO_NEXT_CONTACT, "customers.vehicle", vehicle, visit, advisor)


def _recorded(store: Store, now: datetime, people: People) -> Proof:
    """Every low answer and every problem told has a case: its own, or one of the visit that was open when it was said."""
    low_item = Answer.objects.filter(response=OuterRef("pk"), score__lte=LOW, item__kind=ItemKind.SCALE)
    low = Response.objects.exclude(origin=Origin.IMPORT).filter(
        Q(nps__lte=LOW) | Q(overall__lte=LOW) | Q(problem=True) | Exists(low_item)
    )
    found = [
        Found(Violation.LOW_ANSWER, "surveys.response", pk, visit, taker or people.relations(but=advisor), at)
        for pk, visit, taker, advisor, at in low.filter(~_in_a_case("at")).values_list(
            "pk", "visit_id", "taken_by_id", "advisor_id", "at"
        )
    ]
    told = FollowUpCall.objects.filter(Q(satisfaction__lte=LOW) | Q(problem=True), visit__response=None).exclude(
        visit__origin=Origin.IMPORT
    )
    found += [
        Found(Violation.PROBLEM_CALL, "followups.followupcall", pk, visit, owner or people.relations(), at)
        for pk, visit, owner, at in told.filter(~_in_a_case("completed_at")).values_list(
            "pk", "visit_id", "assigned_to_id", "completed_at"
        )
    ]
    voices = Voice.objects.filter(kind=VoiceKind.PROBLEM)
    found += [
        Found(Violation.PROBLEM_VOICE, "complaints.voice", pk, visit, taker or people.relations(), at)
        for pk, visit, taker, at in voices.filter(case=None).values_list("pk", "visit_id", "taken_by_id", "at")
    ]
    return Proof(Rule.RECORDED, low.count() + told.count() + voices.count(), found)


def _in_a_case(at: str) -> Q:
    """It names its case, or the visit had one that was not over by then."""
    of_visit = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=OuterRef(at)), visit=OuterRef("visit"))
    return Q(case__isnull=False) | Q(Exists(of_visit))


def _cases() -> QuerySet[Case]:
    return Case.objects.exclude(origin=Origin.IMPORT)


def _done_measure() -> Exists:
    return Exists(
        Measure.objects.filter(plan__case=OuterRef("pk"), plan__state=PlanState.EXECUTED, executed_at__isnull=False)
    )


def _solved(store: Store, now: datetime, people: People) -> Proof:
    """Nobody waits longer than his clocks say, and no case is closed without something having been done."""
    cases = _cases()
    open_ = cases.filter(state=CaseState.OPEN)
    late = {
        Violation.ANSWER_LATE: ("first_response_due_at", open_.filter(first_response_at=None)),
        Violation.RESOLUTION_LATE: ("resolution_due_at", open_.filter(resolved_at=None)),
    }
    found = [
        _of_case(violation, row, people)
        for violation, (due, rows) in late.items()
        for row in _facts(rows.filter(**{f"{due}__lt": now}), due)
    ]
    empty = cases.filter(close_kind__in=ENDED_WITH_CUSTOMER).filter(~_done_measure())
    found += [_of_case(Violation.CLOSED_UNSOLVED, row, people) for row in _facts(empty, "closed_at")]
    return Proof(Rule.SOLVED, cases.count(), found)


def _rechecked(store: Store, now: datetime, people: People) -> Proof:
    """What was done is re-checked by somebody else within 72 hours, and nothing is closed without that."""
    done = _cases().filter(Q(state=CaseState.EXECUTED) | Q(close_kind__in=ENDED_WITH_CUSTOMER))
    late = done.filter(~Exists(_checks_by_another()), state=CaseState.EXECUTED, resolved_at__lt=now - RECHECK_WITHIN)
    found = []
    for pk, visit, owner, resolved in _facts(late, "resolved_at"):
        another = people.relations(but=owner) or owner
        found.append(Found(Violation.RECHECK_LATE, "complaints.case", pk, visit, another, resolved + RECHECK_WITHIN))
    closed = done.filter(state=CaseState.CLOSED)
    satisfied = Exists(_checks_by_another().filter(outcome=RecheckOutcome.SATISFIED))
    unproven = closed.filter(~satisfied, close_kind=CloseKind.SATISFIED)
    found += [_of_case(Violation.CLOSED_UNCHECKED, row, people) for row in _facts(unproven, "closed_at")]
    given_up = closed.filter(close_kind=CloseKind.UNREACHABLE)
    tries: dict[int, set] = {}
    called = Recheck.objects.filter(case__in=given_up, outcome=RecheckOutcome.UNREACHABLE, round=F("case__round"))
    for case, day in called.values_list("case_id", "on"):
        tries.setdefault(case, set()).add(day)
    found += [
        _of_case(Violation.CLOSED_UNCHECKED, row, people)
        for row in _facts(given_up, "closed_at")
        if len(tries.get(row[0], ())) < TRIES
    ]
    return Proof(Rule.RECHECKED, done.count(), found)


def _checks_by_another() -> QuerySet[Recheck]:
    """Re-checks of the case's present round by somebody who neither owns it nor carried anything out."""
    own_work = Measure.objects.filter(plan__case=OuterRef("case"), executed_by=OuterRef("by"))
    return Recheck.objects.filter(
        ~Exists(own_work), ~Q(by=OuterRef("owner")) | Q(case__owner=None), case=OuterRef("pk"), round=OuterRef("round")
    )


def _fed_back(store: Store, now: datetime, people: People) -> Proof:
    """Sales is told of every re-checked case and answers within three working days."""
    contented = Recheck.objects.filter(case=OuterRef("pk"), outcome=RecheckOutcome.SATISFIED, round=OuterRef("round"))
    through = _cases().filter(Q(state=CaseState.EXECUTED) & Exists(contented) | Q(close_kind__in=ENDED_WITH_CUSTOMER))
    untold = through.filter(feedback=None)
    found = [_of_case(Violation.SALES_NOT_TOLD, row, people) for row in _facts(untold, "resolved_at")]
    told = SalesFeedback.objects.exclude(case__origin=Origin.IMPORT)
    silent = told.filter(answered_at=None, due_at__lt=now)
    found += [
        Found(Violation.SALES_LATE, "complaints.case", case, visit, reader or people.sales(), due)
        for case, visit, reader, due in silent.values_list("case_id", "case__visit_id", "read_by_id", "due_at")
    ]
    return Proof(Rule.FED_BACK, untold.count() + told.count(), found)


def _facts(cases: QuerySet[Case], at: str):
    return cases.order_by("pk").values_list("pk", "visit_id", "owner_id", at)


def _of_case(violation: Violation, row: tuple, people: People) -> Found:
    pk, visit, owner, due = row
    return Found(violation, "complaints.case", pk, visit, owner or people.relations(), due)


Check = Callable[[Store, datetime, People], Proof]
CHECKS: dict[Rule, Check] = {
    Rule.FOLLOWED: _followed,
    Rule.RECORDED: _recorded,
    Rule.SOLVED: _solved,
    Rule.RECHECKED: _rechecked,
    Rule.FED_BACK: _fed_back,
}
# A rule has its kinds of violation, a kind its rule.
KINDS: dict[Rule, list[Violation]] = {
    rule: [violation for violation, its in RULE_OF.items() if its == rule] for rule in Rule
}
