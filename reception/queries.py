"""Reads for the reception counter."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from appointments.domain import room_for
from appointments.offers import Need
from catalogue.models import Duration
from core import clock
from core.stages import IN_STORE, Stage
from orders import queries as orders
from orders.choices import LineKind, LineWork
from orders.models import Line, Recommendation
from reception.backtest import Case
from reception.forecast import Estimator, Known, Work
from reception.models import CheckIn, CustomerCall, Greeting
from reception.rules import GREET_WITHIN, topics_of
from stores.calendar import Calendar
from stores.choices import BayKind, Skill
from stores.models import Staff, Store
from symptoms import queries as symptoms
from visits.choices import Origin, PhotoKind
from visits.models import Photo, Visit

# The four corners of the car that the walk-around wants a picture of, in the order one walks.
CORNERS = 4
ROUND_TO = 15  # minutes: nobody promises 16:07
# The longest guarantee anybody promises; older work is not looked at.
GUARANTEE_LOOKBACK = timedelta(days=800)
EARLIER_SHOWN = 4
# Who is before a new car: everything that still has to go through the workshop.
IN_WORK = (Stage.RECEPTION, Stage.REPAIR, Stage.INSPECTION, Stage.WASH)
# Finished cars an estimate is learned from.
LEARN_FROM = timedelta(days=365)
OWN_AT_MOST, OTHERS_AT_MOST = 200, 400
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Earliest:
    """The earliest ready time that may be promised without a reason, and what it rests on.

    `at`: four of five such cars are ready by then, and the workshop has room before; inside opening hours, rounded up to the
    quarter of an hour. `middle` and `late`: half and nine tenths of them. `alike` of `known` finished cars were of the same
    operation; none known = the standard hours alone. `room_at`: when the ledger has room for the work at the earliest.
    """

    at: datetime
    hours: Decimal
    middle: datetime
    late: datetime
    alike: int
    known: int
    room_at: datetime | None = None


def earliest_ready(
    store: Store, lines: Iterable[Line], *, visit: Visit | None = None, now: datetime | None = None
) -> Earliest:
    """When the work on these lines may be promised, beginning now: learned from finished cars like it and from what is free.

    `visit` is not counted among the cars in front of it.
    """
    lines = list(lines)
    now = now or clock.now()
    hours = sum((line.hours for line in lines), Decimal(0))
    work = work_of(lines, cars=_cars_in_front(visit))
    forecast = Estimator(_finished_like(work, now)).forecast(work)
    calendar = Calendar(store)
    soonest = now + timedelta(minutes=ROUND_TO)

    def moment(minutes: float) -> datetime:
        return _quarter(max(calendar.add(now, timedelta(minutes=minutes)), soonest))

    at, middle, late = (moment(minutes) for minutes in (forecast.promise, forecast.middle, forecast.high))
    room = room_for(store, needs_of(lines), begin=now, visit=visit)
    room_at = _quarter(room.ends_at) if room and not room.short and room.pieces else None
    at = max(at, room_at) if room_at else at
    return Earliest(at, hours, middle, max(late, at), forecast.alike, forecast.all, room_at)


def needs_of(lines: Iterable[Line]) -> list[Need]:
    """What the work on these lines takes of the workshop; a job without operation is general work on a lift."""
    return [
        Need(line.operation.skill, line.operation.bay_kind, math.ceil(line.hours * 60))
        if line.operation_id
        else Need(Skill.MECHANICAL, BayKind.LIFT, math.ceil(line.hours * 60))
        for line in lines
        if line.kind == LineKind.JOB and line.hours
    ]


def work_of(lines: Iterable[Line], *, cars: int) -> Work:
    """What the estimator knows of these lines: their standard minutes, and the operation that weighs most."""
    lines = list(lines)
    jobs = [line for line in lines if line.operation_id]
    main = max(jobs, key=lambda line: line.hours, default=None)
    return Work(
        standard=float(sum((line.hours for line in lines), Decimal(0)) * 60),
        cars=cars,
        job=main.operation_id if main else None,
        kin=main.operation.skill if main else None,
    )


def cars_in_work() -> QuerySet[Visit]:
    """Cars in the store that are not ready; those that stand in front of one that comes now."""
    return Visit.objects.filter(stage__in=IN_WORK, ended_at=None, ready_at=None)


def _cars_in_front(visit: Visit | None) -> int:
    cars = cars_in_work()
    return (cars.exclude(pk=visit.pk) if visit else cars).count()


def _finished_like(work: Work, now: datetime) -> list[Known]:
    """The newest finished cars of the operation and of the whole store, two queries."""
    rows = Duration.objects.filter(ended_at__gte=now - LEARN_FROM, ended_at__lte=now).order_by("-ended_at")
    found = {row.pk: row for row in rows[:OTHERS_AT_MOST]}
    if work.job is not None:
        found |= {row.pk: row for row in rows.filter(operation_id=work.job)[:OWN_AT_MOST]}
    return [
        Known(
            Work(row.standard_minutes, row.cars, row.operation_id, row.skill or None),
            row.minutes,
            (now - row.ended_at) / timedelta(days=1),
        )
        for row in found.values()
    ]


def finished_cases(store: Store) -> list[Case]:
    """All finished cars of a store as the backtest reads them, the oldest first."""
    rows = Duration.objects.order_by("ended_at").iterator(chunk_size=5000)
    return [
        Case(
            work=Work(row.standard_minutes, row.cars, row.operation_id, row.skill or None),
            minutes=row.minutes,
            guess=row.guessed_minutes,
            agreed_day=row.agreed_at.timestamp() / SECONDS_A_DAY,
            ended_day=row.ended_at.timestamp() / SECONDS_A_DAY,
            month=_month(row.agreed_at.astimezone(store.tz)),
        )
        for row in rows
    ]


def _month(at: datetime) -> int:
    return at.year * 12 + at.month


def _quarter(moment: datetime) -> datetime:
    step = ROUND_TO * 60
    return datetime.fromtimestamp(math.ceil(moment.timestamp() / step) * step, moment.tzinfo)


def expected(store: Store, *, vehicle_ids: Iterable[int] | None = None) -> QuerySet[Visit]:
    """Booked visits that have not arrived, by time: those of the cars `vehicle_ids`, else those expected within a day
    before and after now."""
    rows = Visit.objects.filter(stage=Stage.BOOKING, ended_at=None).select_related(
        "vehicle", "customer", "advisor", "appointment__parking"
    )
    if vehicle_ids is not None:
        rows = rows.filter(vehicle_id__in=vehicle_ids)
    else:
        now = clock.now()
        rows = rows.filter(
            due_in_at__gte=now - timedelta(hours=24),
            due_in_at__lt=now + timedelta(hours=24),
        )
    return rows.order_by("due_in_at", "id")


def in_house(vehicle_ids: Iterable[int]) -> dict[int, Visit]:
    """{vehicle id: its visit} of those cars that stand in the store."""
    rows = Visit.objects.filter(vehicle_id__in=vehicle_ids, ended_at=None).exclude(
        stage__in=[Stage.BOOKING, Stage.FOLLOW_UP]
    )
    return {visit.vehicle_id: visit for visit in rows}


def sheet_of(visit: Visit) -> CheckIn | None:
    """The visit's walk-around sheet with its advisor, marks and checklist."""
    return (
        CheckIn.objects.filter(visit=visit)
        .select_related("advisor", "run__checklist")
        .prefetch_related("marks")
        .first()
    )


def sheet_photos(visit: Visit) -> QuerySet[Photo]:
    """Pictures of the walk-around and of damage, in the order they were taken."""
    return visit.photos.filter(kind__in=[PhotoKind.WALK_AROUND, PhotoKind.DAMAGE])


def to_greet() -> list[Visit]:
    """Cars at reception whose customer nobody has turned to yet, the longest waiting first; `greet_by` is when one
    has to."""
    of_visit = {"visit": OuterRef("pk")}
    rows = Visit.objects.filter(stage=Stage.RECEPTION, ended_at=None, origin=Origin.LIVE)
    rows = rows.exclude(Exists(Greeting.objects.filter(**of_visit))).exclude(Exists(CheckIn.objects.filter(**of_visit)))
    rows = list(rows.select_related("vehicle", "customer", "advisor", "appointment__parking").order_by("arrived_at"))
    for visit in rows:
        visit.greet_by = visit.arrived_at + GREET_WITHIN
    return rows


# --- What the advisor has at hand ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class About:
    """What is known of car and customer before the walk-around: earlier visits with their lines, work still advised, what
    he answered before he came, and work under guarantee with whether his words sound like it."""

    earlier: list[Visit]
    recommendations: list[Recommendation]
    checks: list[symptoms.Answered]
    under_guarantee: list[Line]
    comebacks: list[Line]

    def __bool__(self) -> bool:
        return bool(self.earlier or self.recommendations or self.checks)


def about(visit: Visit) -> About:
    """Everything at hand about the car of this visit, in a fixed number of queries."""
    done = Line.objects.filter(work=LineWork.DONE).select_related("operation")
    rows = Visit.objects.filter(vehicle_id=visit.vehicle_id, stage__in=[Stage.FOLLOW_UP, Stage.CLOSED])
    earlier = list(
        rows.exclude(pk=visit.pk)
        .select_related("order", "advisor")
        .prefetch_related(Prefetch("lines", done, to_attr="done"))
        .order_by("-opened_at")[:EARLIER_SHOWN]
    )
    guaranteed = [line for one in earlier for line in one.done if under_guarantee(one, line, visit)]
    booked = set(visit.lines.values_list("operation_id", flat=True)) - {None}
    words = topics_of(" ".join(visit.needs.values_list("words", flat=True)))
    return About(
        earlier=earlier,
        recommendations=list(orders.open_recommendations(visit.vehicle)),
        checks=symptoms.of_visit(visit),
        under_guarantee=guaranteed,
        comebacks=[
            line
            for line in guaranteed
            if line.operation_id in booked or words & topics_of(f"{line.title} {line.concern} {line.cause}")
        ],
    )


def under_guarantee(earlier: Visit, line: Line, visit: Visit) -> bool:
    """Whether work of an earlier visit is still guaranteed: by days since the car left and, where both readings are known,
    by kilometres since; whichever comes first ends it (domain.md 4.1)."""
    order = getattr(earlier, "order", None)
    if order is None or earlier.released_at is None or line.kind != LineKind.JOB:
        return False
    since = (visit.arrived_at or clock.now()) - earlier.released_at
    if since > min(timedelta(days=order.guarantee_days), GUARANTEE_LOOKBACK):
        return False
    now_km = visit.mileage_in or visit.vehicle.mileage
    driven = now_km - earlier.mileage_in if now_km and earlier.mileage_in else 0
    return driven <= order.guarantee_km


# --- Those who wait ------------------------------------------------------------------------------------------------------


def open_calls(*, advisor: Staff | None = None, now: datetime | None = None) -> list[CustomerCall]:
    """Calls nobody has answered, the most urgent first, each with `late`; of one advisor's customers, or all."""
    now = now or clock.now()
    rows = CustomerCall.objects.filter(answered_at=None, visit__ended_at=None)
    if advisor:
        rows = rows.filter(visit__advisor=advisor)
    rows = list(rows.select_related("visit__vehicle", "visit__customer", "visit__advisor").order_by("due_at", "id"))
    for row in rows:
        row.late = row.due_at < now
    return rows


def answered_calls(store: Store) -> list[CustomerCall]:
    """Calls answered today, the latest first."""
    midnight = clock.now().astimezone(store.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = CustomerCall.objects.filter(answered_at__gte=midnight)
    return list(rows.select_related("visit__vehicle", "visit__customer", "answered_by").order_by("-answered_at")[:30])


def calls_of(visit: Visit) -> dict[str, CustomerCall]:
    """{kind: the newest call} of a visit."""
    return {call.kind: call for call in visit.calls.order_by("asked_at", "id")}


def waiting_room() -> list[Visit]:
    """Cars in the house whose customer waits in it, by promised time."""
    rows = Visit.objects.filter(waiting=True, ended_at=None, stage__in=IN_STORE, origin=Origin.LIVE)
    return list(rows.select_related("vehicle").order_by("promised_at", "arrived_at", "id")[:60])
