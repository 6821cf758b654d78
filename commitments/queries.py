"""Reads of promises: what is in force, what is in danger, what is owed, and how often each was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Value
from django.db.models.functions import Greatest

from commitments.choices import Code, RemedyState, State
from commitments.definitions import Subject
from commitments.models import Commitment, Measurement, Remedy
from core import clock
from customers.models import Customer
from stores.models import Staff, Store
from surveys.statistics import wilson
from visits.models import Visit

# Fewer than these say nothing about a store (domain.md 3.5).
FEWEST = 10
# In danger: the last quarter of the time, a quarter of an hour at least.
LAST_PART, LAST_MINUTES = 4, timedelta(minutes=15)
YEAR = timedelta(days=365)


# --- The promises ------------------------------------------------------------------------------------------------------


def in_force() -> list[Commitment]:
    """What the store promises now, in the order of the customer's day."""
    return _in_order(Commitment.objects.filter(published_at__isnull=False, retired_at=None))


def published() -> list[Commitment]:
    """What customers read: in force and shown in public."""
    return [row for row in in_force() if row.public]


def _in_order(rows: QuerySet[Commitment]) -> list[Commitment]:
    place = {code: number for number, code in enumerate(Code.values)}
    return sorted(rows, key=lambda row: (place[row.code], -row.version))


def overview() -> list[dict]:
    """Per promise {code, label, current, draft, earlier}: one query."""
    rows = {code: {"code": code, "current": None, "draft": None, "earlier": []} for code in Code}
    for row in _in_order(Commitment.objects.all()):
        place = rows[Code(row.code)]
        if row.published_at is None:
            place["draft"] = row
        elif row.in_force:
            place["current"] = row
        else:
            place["earlier"].append(row)
    return list(rows.values())


def draft_of(code: Code | str) -> Commitment | None:
    return Commitment.objects.filter(code=code, published_at=None).first()


def newest_version(code: Code | str) -> int:
    return Commitment.objects.filter(code=code).aggregate(n=Max("version"))["n"] or 0


# --- How they went -----------------------------------------------------------------------------------------------------


def begun_since(code: str, at: datetime) -> list[Subject]:
    rows = Measurement.objects.filter(code=code, started_at__gte=at)
    return [Subject(code, case_id or visit_id) for case_id, visit_id in rows.values_list("case_id", "visit_id")]


def _with_file(rows: QuerySet[Measurement]) -> QuerySet[Measurement]:
    return rows.select_related(
        "commitment", "remedy", "case__customer", "case__vehicle", "visit__customer", "visit__vehicle", "visit__advisor"
    )


def at_risk(*, advisor: Staff | None = None, now: datetime | None = None) -> QuerySet[Measurement]:
    """Running promises whose time is nearly up or just over, the nearest first; of one advisor's visits if given."""
    now = now or clock.now()
    last_part = Greatest(
        ExpressionWrapper((F("due_at") - F("started_at")) / LAST_PART, output_field=DurationField()),
        Value(LAST_MINUTES, output_field=DurationField()),
    )
    danger = ExpressionWrapper(F("due_at") - last_part, output_field=DateTimeField())
    rows = Measurement.objects.filter(state=State.RUNNING, due_at__isnull=False).alias(danger=danger)
    rows = rows.filter(danger__lte=now)
    if advisor:
        rows = rows.filter(visit__advisor=advisor)
    return _with_file(rows).order_by("due_at", "pk")


def remedies() -> QuerySet[Remedy]:
    """Remedies with the promise, the customer and the car they are about."""
    return Remedy.objects.select_related(
        "settled_by",
        "measurement__commitment",
        "measurement__case__customer",
        "measurement__case__vehicle",
        "measurement__visit__customer",
        "measurement__visit__vehicle",
        "measurement__visit__advisor",
    )


def owed(*, advisor: Staff | None = None) -> QuerySet[Remedy]:
    """Remedies owed, the oldest first; those of one advisor's visits if given."""
    rows = remedies().filter(state=RemedyState.OWED)
    if advisor:
        rows = rows.filter(measurement__visit__advisor=advisor)
    return rows.order_by("owed_at", "pk")


def standing(*, advisor: Staff | None = None) -> dict[str, int]:
    """{"at_risk", "owed"}: how many promises are in danger and how many remedies are owed now. Two queries."""
    return {"at_risk": at_risk(advisor=advisor).count(), "owed": owed(advisor=advisor).count()}


def of_visit(visit: Visit) -> list[Measurement]:
    """How our promises went in this visit, its cases included, with remedies. One query."""
    rows = Measurement.objects.filter(visit=visit).select_related("commitment", "remedy")
    return list(rows.order_by("started_at", "pk"))


def of_customer(customer: Customer, *, limit: int = 50) -> list[Measurement]:
    """Promises to a customer that were broken or are running, the newest first, with remedies. One query."""
    rows = Measurement.objects.filter(Q(visit__customer=customer) | Q(case__customer=customer))
    rows = rows.filter(state__in=[State.RUNNING, State.BROKEN]).select_related("commitment", "remedy", "visit", "case")
    return list(rows.order_by("-started_at", "-pk")[:limit])


def measured(*, code: str = "", state: str = "", since: datetime | None = None) -> QuerySet[Measurement]:
    """Measured promises, the newest first: what stands behind the figures."""
    rows = Measurement.objects.all()
    if code:
        rows = rows.filter(code=code)
    if state:
        rows = rows.filter(state=state)
    if since:
        rows = rows.filter(started_at__gte=since)
    return _with_file(rows).order_by("-started_at", "-pk")


# --- Figures -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """How often a promise was kept in a period, by when it began; each counted against what was promised on its day.

    `rate`, `low` and `high` are shares of `n` (0 to 1) with the Wilson interval of 95 %; None where nothing was decided.
    Running and not counted ones are no part of `n`.
    """

    code: str
    kept: int
    broken: int

    @property
    def name(self) -> str:
        return str(Code(self.code).label)

    @property
    def n(self) -> int:
        return self.kept + self.broken

    @property
    def enough(self) -> bool:
        """Whether the figure may be shown to others (domain.md 3.5)."""
        return self.n >= FEWEST

    @property
    def rate(self) -> float | None:
        return self.kept / self.n if self.n else None

    @property
    def low(self) -> float | None:
        return wilson(self.kept, self.n)[0] if self.n else None

    @property
    def high(self) -> float | None:
        return wilson(self.kept, self.n)[1] if self.n else None


def summary(store: Store, since: datetime, until: datetime) -> list[Figure]:
    """A figure for each promise, in the order of the customer's day, over those begun from `since` to before `until`."""
    rows = (
        Measurement.objects.filter(
            store=store, started_at__gte=since, started_at__lt=until, state__in=[State.KEPT, State.BROKEN]
        )
        .order_by()
        .values_list("code", "state")
        .annotate(n=Count("*"))
    )
    counted = {(code, state): n for code, state, n in rows}
    return [
        Figure(code.value, counted.get((code, State.KEPT), 0), counted.get((code, State.BROKEN), 0)) for code in Code
    ]


def last_year(store: Store) -> dict[str, Figure]:
    """Figures of the last twelve months by code."""
    now = clock.now()
    return {figure.code: figure for figure in summary(store, now - YEAR, now)}
