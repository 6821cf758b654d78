"""The three clocks of a case: when they are due, who is warned as they run out, and by whom a case of a severity is owned.

domain.md 5.1. Hours are opening hours of the store's calendar; a grave case runs round the clock. Days are working days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from complaints import rules
from complaints.choices import CaseState, Clock, Severity
from complaints.domain.locking import journal
from complaints.events import Escalated
from complaints.models import Case, ClockNotice
from core import clock
from core.actors import Actor
from stores.calendar import Calendar
from stores.choices import RoleCode
from stores.models import Staff, Store

CLOCKS = Actor.system("complaints_clocks")


@dataclass(frozen=True)
class Rung:
    """Times a severity allows; an int is working days."""

    role: RoleCode
    times: dict[Clock, timedelta | int]
    round_the_clock: bool = False


def _times(response: timedelta, plan: timedelta, resolution: timedelta | int) -> dict:
    return {Clock.RESPONSE: response, Clock.PLAN: plan, Clock.RESOLUTION: resolution}


HOUR = timedelta(hours=1)
LADDER: dict[Severity, Rung] = {
    Severity.L1: Rung(RoleCode.CUSTOMER_RELATIONS, _times(HOUR / 2, 4 * HOUR, 24 * HOUR)),
    Severity.L2: Rung(RoleCode.SERVICE_MANAGER, _times(HOUR, 24 * HOUR, 72 * HOUR)),
    Severity.L3: Rung(RoleCode.AFTERSALES_DIRECTOR, _times(HOUR, 4 * HOUR, 5)),
    # The statutory warranty allows ten working days for what its plan decides.
    Severity.L4: Rung(RoleCode.GENERAL_MANAGER, _times(HOUR / 2, 2 * HOUR, 10), round_the_clock=True),
}
ROLES = [rung.role for rung in LADDER.values()]
# A warning at each share of a clock's time: to the owner, to the next rung of the ladder, to the one above.
LEVELS = {1: 0.5, 2: 0.8, 3: 1.0}
# (when it is due, when it stopped) of each clock.
FIELDS = {
    Clock.RESPONSE: ("first_response_due_at", "first_response_at"),
    Clock.PLAN: ("plan_due_at", "planned_at"),
    Clock.RESOLUTION: ("resolution_due_at", "resolved_at"),
}
CLOCK_FIELDS = [due for due, _met in FIELDS.values()]


def due(calendar: Calendar, severity: Severity, which: Clock, at: datetime) -> datetime:
    """When a clock that starts at `at` has run out."""
    rung = LADDER[Severity(severity)]
    allowed = rung.times[which]
    if isinstance(allowed, int):
        return calendar.add_days(at, allowed)
    return at + allowed if rung.round_the_clock else calendar.add(at, allowed)


def moment(calendar: Calendar, severity: Severity, start: datetime, until: datetime, share: float) -> datetime:
    """The moment at which `share` of the time between start and due has passed, in the time the clock counts."""
    if share >= 1:
        return until
    if LADDER[Severity(severity)].round_the_clock:
        return start + (until - start) * share
    return calendar.add(start, calendar.between(start, until) * share)


def start_clocks(case: Case, *, at: datetime) -> None:
    """A new round: every clock that has not stopped runs from `at`. Not saved."""
    calendar = Calendar(case.store)
    case.clock_started_at = at
    for which in running(case):
        setattr(case, FIELDS[which][0], due(calendar, case.severity, which, at))
    case.next_notice_at = next_notice(case, calendar)


def hurry_clocks(case: Case, *, at: datetime) -> None:
    """The case became graver at `at`: no clock runs longer than the new severity allows from now. Not saved."""
    calendar = Calendar(case.store)
    for which in running(case):
        field = FIELDS[which][0]
        graver = due(calendar, case.severity, which, at)
        setattr(case, field, min(getattr(case, field) or graver, graver))
    case.next_notice_at = next_notice(case, calendar)


def running(case: Case) -> list[Clock]:
    """Clocks that have not stopped in this round."""
    return [which for which, (_due, met) in FIELDS.items() if getattr(case, met) is None]


def next_notice(case: Case, calendar: Calendar | None = None) -> datetime | None:
    """When somebody has to be warned next; None while no clock runs."""
    if case.state != CaseState.OPEN or case.clock_started_at is None:
        return None
    calendar = calendar or Calendar(case.store)
    given = _given(case)
    waiting = [at for which, level, at in _moments(case, calendar) if (which, level) not in given]
    return min(waiting, default=None)


def _given(case: Case) -> set[tuple[str, int]]:
    rows = ClockNotice.objects.filter(case=case, round=case.round) if case.pk else ClockNotice.objects.none()
    return set(rows.values_list("clock", "level"))


def _moments(case: Case, calendar: Calendar):
    for which in running(case):
        until = getattr(case, FIELDS[which][0])
        if until is None:
            continue
        for level, share in LEVELS.items():
            yield which, level, moment(calendar, case.severity, case.clock_started_at, until, share)


def run_clocks(store: Store, now: datetime | None = None) -> int:
    """Warn whoever has to know of clocks that run out in one store, each level once; returns how many were warned.

    A case that somebody works on at this moment is left to the next run. After a standstill every level that was missed
    is caught up with.
    """
    now = now or clock.now()
    keys = list(
        Case.objects.filter(store=store, next_notice_at__lte=now)
        .order_by("next_notice_at")
        .values_list("pk", flat=True)
    )
    calendar = Calendar(store)
    return sum(_warn(pk, now, calendar) for pk in keys)


@transaction.atomic
def _warn(pk: int, now: datetime, calendar: Calendar) -> int:
    case = (
        Case.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("store", "visit", "owner__role")
        .filter(pk=pk, next_notice_at__lte=now)
        .first()
    )
    if case is None:
        return 0
    given, warned = _given(case), 0
    for which, level, at in _moments(case, calendar) if case.state == CaseState.OPEN else ():
        if at > now or (which, level) in given:
            continue
        told = person_for(case, level)
        notice = ClockNotice(
            store_id=case.store_id,
            case=case,
            clock=which,
            round=case.round,
            level=level,
            due_at=getattr(case, FIELDS[which][0]),
            at=now,
            told=told,
        )
        notice.save()
        case.escalation = max(case.escalation, level)
        journal(case, Escalated(case.number, level, which, told.pk if told else None), by=CLOCKS, at=now)
        warned += 1
    case.next_notice_at = next_notice(case, calendar)
    case.save(update_fields=["escalation", "next_notice_at"])
    return warned


def person_for(case: Case, level: int) -> Staff | None:
    """Whom a warning goes to: the owner first, then the rungs above him; somebody the case is not about."""
    if level == 1 and case.owner_id:
        return case.owner
    rung = ROLES.index(LADDER[Severity(case.severity)].role)
    if case.owner_id and case.owner.role_code in ROLES:
        rung = ROLES.index(case.owner.role_code)
    excluded = rules.complained_about(case)
    return pick(ROLES[min(rung + level - 1, len(ROLES) - 1) :] or ROLES[-1:], excluded) or case.owner


def owner_for(severity: Severity, excluded: set[int]) -> Staff | None:
    """The person of the severity's role with the fewest open cases; the next role of the ladder where there is none."""
    start = ROLES.index(LADDER[Severity(severity)].role)
    return pick([*ROLES[start:], *reversed(ROLES[:start])], excluded)


def pick(roles: list[RoleCode], excluded: set[int]) -> Staff | None:
    """Of the first of `roles` that anybody holds, the person with the fewest open cases."""
    for role in roles:
        person = (
            Staff.objects.filter(role__code=role, active=True)
            .exclude(pk__in=excluded)
            .annotate(busy=Count("cases", filter=~Q(cases__state=CaseState.CLOSED)))
            .select_related("role")
            .order_by("busy", "pk")
            .first()
        )
        if person:
            return person
    return None
