"""Reads of cases and of what customers said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Case as Case_
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Least, Reverse

from complaints import rules
from complaints.choices import CaseState, Clock, PlanState, VoiceKind
from complaints.models import Case, CaseLink, ClockNotice, Comfort, RecoveryLimit, RecoveryPlan, SalesFeedback, Voice
from core import clock
from core.plates import is_plate, normalise_plate
from core.stages import Stage
from customers.models import Vehicle
from stores.models import Staff, Store
from visits.models import Visit
from visits.tokens import token_hash

# What somebody says today is about a visit of these days; older ones are another story.
RECENT = timedelta(days=183)
# Fewer characters of a plate would find a different car every time.
SHORTEST_TAIL = 3


def inbox(*, owner: Staff | None = None, filters: dict | None = None) -> QuerySet[Case]:
    """Cases that are not closed, by their clock: unanswered ones first, the nearest due time on top. See `filtered`."""
    cases = (
        _listed(Case.objects.exclude(state=CaseState.CLOSED))
        .annotate(due_at=_next_due())
        .order_by(
            F("first_response_at").asc(nulls_first=True),
            F("due_at").asc(nulls_last=True),
            "opened_at",
            "pk",
        )
    )
    return filtered(cases.filter(owner=owner) if owner else cases, filters or {})


def closed_cases(*, filters: dict | None = None) -> QuerySet[Case]:
    """Closed cases, the newest first."""
    return filtered(_listed(Case.objects.filter(state=CaseState.CLOSED)).order_by("-closed_at", "-pk"), filters or {})


def _listed(cases: QuerySet[Case]) -> QuerySet[Case]:
    signals = Voice.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(n=Count("pk")).values("n")
    return cases.select_related("owner", "customer", "vehicle", "visit").annotate(
        signals=Coalesce(Subquery(signals), 0)
    )


def _next_due() -> Case_:
    """The clock that runs first of those that have not stopped; none once the plan was carried out."""
    running = [
        Case_(When(**{f"{met}__isnull": True}, then=F(due)), default=None)
        for due, met in (
            ("first_response_due_at", "first_response_at"),
            ("plan_due_at", "planned_at"),
            ("resolution_due_at", "resolved_at"),
        )
    ]
    return Least(*running)


def filtered(cases: QuerySet[Case], filters: dict) -> QuerySet[Case]:
    """Cases by `severity`, `category`, `source`, `owner`, `state`, `late` ("1": a clock has run out) and `q` (number, plate,
    words); empty values filter nothing."""
    equal = {
        field: filters[field]
        for field in ("severity", "category", "source", "owner", "state", "origin", "close_kind")
        if filters.get(field)
    }
    cases = cases.filter(**equal)
    if filters.get("late"):
        cases = cases.filter(_late(clock.now()))
    if text := (filters.get("q") or "").strip():
        plate = normalise_plate(text)
        cases = cases.filter(
            Q(number__icontains=text)
            | Q(words__icontains=text)
            | (Q(vehicle__plate__icontains=plate) if plate else Q())
        )
    return cases


def _late(now: datetime) -> Q:
    return (
        Q(first_response_at=None, first_response_due_at__lt=now)
        | Q(planned_at=None, plan_due_at__lt=now)
        | Q(resolved_at=None, resolution_due_at__lt=now)
    )


def open_cases(staff: Staff | None = None) -> QuerySet[Case]:
    """Cases that are not closed, of one owner or all: the nearest clock on top."""
    return inbox(owner=staff)


def overdue(now: datetime | None = None) -> QuerySet[Case]:
    """Open cases of which a clock has run out."""
    return inbox().filter(_late(now or clock.now()))


def waiting_for_sales() -> QuerySet[SalesFeedback]:
    """What sales has not answered yet, the nearest due time first."""
    return (
        SalesFeedback.objects.filter(answered_at=None)
        .select_related("case__customer", "case__vehicle", "case__owner", "pushed_by", "read_by")
        .order_by("due_at", "pk")
    )


def answered_by_sales() -> QuerySet[SalesFeedback]:
    """What sales has answered, the newest first."""
    return (
        SalesFeedback.objects.filter(answered_at__isnull=False)
        .select_related("case__customer", "case__vehicle", "pushed_by", "answered_by")
        .order_by("-answered_at", "-pk")
    )


def plans_waiting() -> QuerySet[RecoveryPlan]:
    """Plans that wait for a second person, the oldest first."""
    return (
        RecoveryPlan.objects.filter(state=PlanState.WAITING)
        .select_related("case__customer", "case__vehicle", "case__visit", "case__store", "proposed_by__role")
        .prefetch_related("measures")
        .order_by("proposed_at", "pk")
    )


def warnings_for(staff: Staff) -> QuerySet[ClockNotice]:
    """Clocks this person was warned of and that still run, the most pressing first."""
    still = (
        Q(clock=Clock.RESPONSE, case__first_response_at=None)
        | Q(clock=Clock.PLAN, case__planned_at=None)
        | Q(clock=Clock.RESOLUTION, case__resolved_at=None)
    )
    return (
        ClockNotice.objects.filter(still, told=staff, round=F("case__round"), case__state=CaseState.OPEN)
        .select_related("case__owner", "case__vehicle")
        .order_by("due_at", "-level", "pk")
    )


def limit_of(store: Store, role_code: str) -> tuple[Decimal | None, Decimal | None]:
    """(money, other value) a role may promise alone; None is no limit, nothing for a role that is not named."""
    row = RecoveryLimit.objects.filter(store=store, role=role_code).first()
    if row:
        return row.cash_limit, row.equivalent_limit
    return rules.DEFAULT_LIMITS.get(role_code, (Decimal(0), Decimal(0)))


def comfort_limit(staff: Staff) -> Decimal | None:
    """What this person may give one car on the spot within thirty days, in yuan; None is no limit."""
    limit = limit_of(staff.store, staff.role_code)[1]
    return limit if limit is None else max(limit, rules.COMFORT_LIMIT)


def comforted(vehicle_id: int) -> Decimal:
    """What a car was given on the spot within the last thirty days."""
    since = clock.now() - rules.SPLIT_WINDOW
    return Comfort.objects.filter(vehicle_id=vehicle_id, at__gte=since).aggregate(sum=Sum("amount"))["sum"] or Decimal(
        0
    )


def limits(store: Store) -> list[tuple[str, Decimal | None, Decimal | None]]:
    """(role, money, other value) of every role that may promise anything, the lowest first."""
    own = {row.role: row for row in RecoveryLimit.objects.filter(store=store)}
    return [
        (role, own[role].cash_limit, own[role].equivalent_limit) if role in own else (role, *default)
        for role, default in rules.DEFAULT_LIMITS.items()
    ]


def promised(case: Case, now: datetime | None = None) -> tuple[Decimal, Decimal]:
    """(money, other value) of every plan that stands: of this case, and of the last thirty days for the same car, or the
    same customer where the case has no car."""
    return promised_of([case], now)[case.pk]


def promised_of(cases: Iterable[Case], now: datetime | None = None) -> dict[int, tuple[Decimal, Decimal]]:
    """The same for many cases, in one query: {case id: (money, other value)}."""
    since = (now or clock.now()) - rules.SPLIT_WINDOW
    cases = list(cases)
    cars = {case.vehicle_id for case in cases if case.vehicle_id}
    people = {case.customer_id for case in cases if not case.vehicle_id and case.customer_id}
    lately = Q(proposed_at__gte=since) & (Q(vehicle_id__in=cars) | Q(case__customer_id__in=people))
    plans = list(
        RecoveryPlan.objects.filter(
            Q(case_id__in=[case.pk for case in cases]) | lately, state__in=[*PlanState.live(), PlanState.EXECUTED]
        ).select_related("case")
    )

    def counts(plan: RecoveryPlan, case: Case) -> bool:
        if plan.case_id == case.pk:
            return True
        if plan.proposed_at < since:
            return False
        if case.vehicle_id:
            return plan.vehicle_id == case.vehicle_id
        return case.customer_id is not None and plan.case.customer_id == case.customer_id

    sums = {}
    for case in cases:
        mine = [plan for plan in plans if counts(plan, case)]
        sums[case.pk] = (sum((p.money for p in mine), Decimal(0)), sum((p.kind for p in mine), Decimal(0)))
    return sums


def case_link(token: str) -> CaseLink | None:
    """The link behind a token, whatever the store, revoked or not. The token itself is the right to read."""
    return (
        CaseLink._base_manager.filter(token_hash=token_hash(token))
        .select_related("store", "case__store", "case__vehicle", "case__customer", "case__owner", "case__visit")
        .first()
    )


def with_file(pk_filter: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """Cases with everything their page shows: people, car, visit, voices, log, plans and re-checks."""
    cases = Case.objects.all() if pk_filter is None else pk_filter
    return cases.select_related(
        "store", "owner__role", "about", "customer", "vehicle", "visit", "visit__advisor", "feedback__answered_by"
    ).prefetch_related(
        Prefetch(
            "voices",
            Voice.objects.select_related("taken_by", "about").order_by("at", "pk"),
        ),
        "entries__by",
        Prefetch(
            "plans",
            RecoveryPlan.objects.select_related("proposed_by", "approved_by", "refused_by").order_by("-pk"),
        ),
        "plans__measures__executed_by",
        "rechecks__by",
        Prefetch("notices", ClockNotice.objects.select_related("told").order_by("at", "pk")),
    )


def praise_for(staff: Staff, *, days: int = 30, limit: int = 5) -> list[Voice]:
    """Praise of the last `days` that belongs to this person: named in it, or the advisor of the visit where nobody is."""
    return list(
        Voice.objects.filter(
            Q(about=staff) | Q(about=None, visit__advisor=staff),
            kind=VoiceKind.PRAISE,
            at__gte=clock.now() - timedelta(days=days),
        )
        .select_related("taken_by", "visit__vehicle")
        .order_by("-at", "-pk")[:limit]
    )


def visit_of_plate(text: str) -> Visit | None:
    """The visit somebody means by a plate or its tail (3 or more characters): the newest of the last half year.

    None if no car or more than one fits; a car that stands in the store wins over cars that do not.
    """
    cars = _cars(text)
    if not cars:
        return None
    visits = (
        Visit.objects.filter(vehicle__in=cars, opened_at__gte=clock.now() - RECENT)
        .exclude(stage__in=[Stage.CANCELLED, Stage.NO_SHOW])
        .select_related("store", "customer", "vehicle", "advisor")
        .order_by("-opened_at", "-pk")
    )
    newest: dict[int, Visit] = {}
    for visit in visits:
        newest.setdefault(visit.vehicle_id, visit)
    here = [visit for visit in newest.values() if visit.arrived_at and not visit.released_at and visit.is_open]
    fitting = here or list(newest.values())
    return fitting[0] if len(fitting) == 1 else None


def vehicle_of_plate(text: str) -> Vehicle | None:
    """The one car whose plate this is or ends with; None if there is none or more than one."""
    cars = _cars(text)
    return cars[0] if len(cars) == 1 else None


def _cars(text: str) -> list[Vehicle]:
    plate = normalise_plate(text)
    if len(plate) < SHORTEST_TAIL:
        return []
    if is_plate(plate):
        found = Vehicle.objects.filter(plate=plate)
    else:
        # The index of the tails is over the reversed plate.
        found = Vehicle.objects.annotate(tail=Reverse("plate")).filter(tail__startswith=plate[::-1])
    return list(found.select_related("owner").order_by("pk")[:20])
