"""The controller's board of a day: a lane per technician or bay, and beside it what waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Sum

from core import clock
from core.clock import local_day
from core.stages import Stage
from orders.choices import ConsentState, LineKind, LineWork
from orders.models import Line, LinePart
from repairs.choices import JobState, PartRequestStatus
from repairs.models import LIVE, Job, PartRequest, ShiftEntry, StepResult, Sublet
from repairs.queries.floor import SHORTEST
from repairs.queries.jobs import jobs
from repairs.queries.outside import outside
from repairs.queries.parts import OPEN
from repairs.queries.people import bays, technicians
from repairs.queries.signing import waiting_for_signature
from stores.calendar import Calendar
from stores.models import Bay, Staff, Store
from visits.models import Visit

# The stylesheet of the lanes has a class for every five minutes of a day of 24 hours.
COLUMN = timedelta(minutes=5)
COLUMNS_PER_HOUR = 12
# Work that has not begun so long after its planned start is marked.
LATE_START = timedelta(minutes=10)
DEFAULT_HOURS = (time(8), time(18))


@dataclass(frozen=True)
class Window:
    """The stretch of a day the board shows, on full hours."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> int:
        return round((self.end - self.start) / timedelta(hours=1))

    @property
    def columns(self) -> int:
        return self.hours * COLUMNS_PER_HOUR

    @property
    def labels(self) -> list[tuple[int, str]]:
        """(column, "09:00") of each full hour."""
        return [
            (1 + hour * COLUMNS_PER_HOUR, f"{self.start + timedelta(hours=hour):%H:%M}") for hour in range(self.hours)
        ]

    def place(self, start: datetime, end: datetime) -> tuple[int, int] | None:
        """Column and width of a stretch of time, cut to the window; None when it lies outside."""
        if end <= self.start or start >= self.end:
            return None
        first = round((max(start, self.start) - self.start) / COLUMN)
        last = round((min(end, self.end) - self.start) / COLUMN)
        first = min(first, self.columns - 1)
        return first + 1, max(last - first, 1)


@dataclass(frozen=True)
class Block:
    """A job drawn in a lane; `late`: its planned time is over and the work is not; `percent`: the lane's owner only helps,
    with that share."""

    job: Job
    column: int
    width: int
    late: bool
    percent: int = 0
    not_begun: bool = False  # its planned start is over

    @property
    def minutes(self) -> int:
        return self.width * round(COLUMN / timedelta(minutes=1))


@dataclass
class Lane:
    """A technician or a bay over the day; `away`: stretches as (column, width); `here`: his shift runs."""

    owner: Staff | Bay
    blocks: list[Block] = field(default_factory=list)
    away: list[tuple[int, int]] = field(default_factory=list)
    here: bool = False

    @property
    def planned(self) -> timedelta:
        return sum((b.job.planned.upper - b.job.planned.lower for b in self.blocks), timedelta())

    @property
    def in_work(self) -> Job | None:
        return next((b.job for b in self.blocks if b.job.state == JobState.STARTED), None)


@dataclass(frozen=True)
class Board:
    day: date
    today: bool
    window: Window
    closed: list[tuple[int, int]]
    now: int | None
    lanes: list[Lane]
    unassigned: list[Line]
    waits: list[PartRequest]
    carry_over: list[Job]
    through: list[Visit]
    outside: list[Sublet]
    to_sign: list[StepResult]


def board(store: Store, day: date, *, by: str = "technician") -> Board:
    """Everything the board of `day` shows; lanes per "technician" or "bay". The number of queries does not grow with rows."""
    now = clock.now()
    today = local_day(store.zone, now)
    midnight = datetime.combine(day, time(), tzinfo=store.tz)
    of_day = list(_jobs_of(midnight, midnight + timedelta(days=1)))
    periods = Calendar(store).periods(day)
    window = _window(periods, of_day, midnight)
    return Board(
        day=day,
        today=day == today,
        window=window,
        closed=_closed(window, periods),
        now=(window.place(now, now + COLUMN) or (None,))[0],
        lanes=_lanes(of_day, window, by=by, now=now),
        unassigned=[_with_length(line) for line in unassigned()],
        waits=list(waiting_for_parts()),
        carry_over=list(carry_over(datetime.combine(today, time(), tzinfo=store.tz))),
        through=list(through()),
        outside=list(outside()),
        to_sign=list(waiting_for_signature()),
    )


# What else is on the board: work outside, who is here, who is away that day, signatures that are missing. The sums tell one
# row from another; a leave is only ever added or taken away.
BESIDE = """
    SELECT outside.n, outside.sums, here.n, here.sums, away.n, away.sums, unsigned.n, unsigned.sums
    FROM (SELECT count(*) AS n, sum(hashtextextended(due_at::text, id)) AS sums
            FROM repairs_sublet WHERE store_id = %(store)s AND state = 'out') AS outside,
        (SELECT count(*) AS n, sum(id) AS sums
            FROM repairs_shiftentry WHERE store_id = %(store)s AND stopped_at IS NULL) AS here,
        (SELECT count(*) AS n, sum(hashtextextended(during::text, id)) AS sums
            FROM stores_leave WHERE store_id = %(store)s AND during && tstzrange(%(start)s, %(end)s)) AS away,
        (SELECT count(*) AS n, sum(result.id) AS sums FROM repairs_job job
            JOIN repairs_stepresult result ON result.job_id = job.id AND result.signed_by_id IS NULL
            JOIN catalogue_workstep step ON step.id = result.step_id AND step.key_step
            WHERE job.store_id = %(store)s AND job.state IN ('dispatched', 'started', 'paused')) AS unsigned
"""


def state(store: Store, day: date) -> str:
    """A text that changes whenever the board would: four statements over what is open."""
    work = Job.objects.filter(Q(state__in=LIVE) | Q(line__visit__stage=Stage.REPAIR)).aggregate(
        n=Count("id"), versions=Sum("version"), last=Max("id")
    )
    cars = Visit.objects.filter(stage=Stage.REPAIR, ended_at=None).aggregate(
        n=Count("id"), versions=Sum("version"), since=Max("stage_since")
    )
    parts = PartRequest.objects.filter(status__in=OPEN).aggregate(
        n=Count("id"),
        last=Max("id"),
        ordered=Count("id", filter=Q(status=PartRequestStatus.ORDERED)),
        due=Max("expected_on"),
    )
    midnight = datetime.combine(day, time(), tzinfo=store.tz)
    with connection.cursor() as cursor:
        cursor.execute(BESIDE, {"store": store.pk, "start": midnight, "end": midnight + timedelta(days=1)})
        beside = cursor.fetchone()
    # The line of the present moves, and planned times run out, without anybody writing a row.
    minute = int(clock.now().timestamp()) // 60
    values = (store.pk, f"{day:%Y%m%d}", *work.values(), *cars.values(), *parts.values(), *beside, minute)
    return "-".join(str(value).replace(" ", "T") for value in values)


def unassigned() -> QuerySet[Line]:
    """Agreed jobs nobody has yet: who waits first, then what came back from inspection, then the nearest promise."""
    return (
        Line.objects.filter(
            visit__stage=Stage.REPAIR, kind=LineKind.JOB, consent_state=ConsentState.APPROVED, work=LineWork.OPEN
        )
        .select_related("operation", "visit__vehicle", "visit__advisor", "visit__check_in")
        .prefetch_related(Prefetch("parts", LinePart.objects.select_related("part")))
        .order_by(
            "-visit__waiting",
            "-visit__round",
            F("visit__promised_at").asc(nulls_last=True),
            "visit__arrived_at",
            "visit",
            "position",
        )
    )


def _with_length(line: Line) -> Line:
    """`line.minutes`: how long its block on a lane is."""
    line.minutes = round(max(timedelta(hours=float(line.hours)), SHORTEST) / timedelta(minutes=1))
    return line


def waiting_for_parts() -> QuerySet[PartRequest]:
    return (
        PartRequest.objects.filter(status__in=OPEN)
        .select_related("line_part", "job__technician", "job__line__visit__vehicle")
        .order_by(F("job__line__visit__promised_at").asc(nulls_last=True), "id")
    )


def carry_over(midnight: datetime) -> QuerySet[Job]:
    """Jobs planned for an earlier day that are not finished: they need a new time."""
    return (
        jobs()
        .filter(state__in=LIVE, line__visit__stage=Stage.REPAIR, planned__endswith__lte=midnight)
        .order_by("planned", "id")
    )


def through() -> QuerySet[Visit]:
    """Cars whose agreed work is done and nothing waits for: on to final inspection. The gate has the last word."""
    lines = Line.objects.filter(visit=OuterRef("pk"))
    agreed = lines.filter(consent_state=ConsentState.APPROVED, kind=LineKind.JOB)
    return (
        Visit.objects.filter(stage=Stage.REPAIR)
        .filter(
            Exists(agreed),
            ~Exists(agreed.exclude(work=LineWork.DONE)),
            ~Exists(lines.filter(consent_state__in=[ConsentState.DRAFT, ConsentState.ASKED])),
            ~Exists(PartRequest.objects.filter(job__line__visit=OuterRef("pk"), status__in=OPEN)),
        )
        .select_related("vehicle")
        .order_by("-waiting", F("promised_at").asc(nulls_last=True), "id")
    )


def _jobs_of(start: datetime, end: datetime) -> QuerySet[Job]:
    return (
        jobs()
        .filter(planned__overlap=(start, end))
        .filter(Q(state=JobState.DONE) | Q(state__in=LIVE, line__visit__stage=Stage.REPAIR))
        .order_by("planned", "id")
    )


def _window(periods: list, of_day: list[Job], midnight: datetime) -> Window:
    """Opening hours, widened to whatever is planned outside them, on full hours of that day."""
    end_of_day = midnight + timedelta(days=1)
    zone = midnight.tzinfo
    opens = [start for start, _end in periods] or [datetime.combine(midnight.date(), DEFAULT_HOURS[0], tzinfo=zone)]
    closes = [end for _start, end in periods] or [datetime.combine(midnight.date(), DEFAULT_HOURS[1], tzinfo=zone)]
    opens += [max(job.planned.lower.astimezone(zone), midnight) for job in of_day]
    closes += [min(job.planned.upper.astimezone(zone), end_of_day) for job in of_day]
    first, last = min(opens), max(closes)
    first = first.replace(minute=0, second=0, microsecond=0)
    if last.minute or last.second or last.microsecond:
        last = last.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return Window(first, last)


def _closed(window: Window, periods: list) -> list[tuple[int, int]]:
    """Stretches of the window outside business hours, as (column, width)."""
    if not periods:
        return []
    edges = [window.start, *(edge for period in periods for edge in period), window.end]
    gaps = [window.place(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
    return [gap for gap in gaps if gap]


def _lanes(of_day: list[Job], window: Window, *, by: str, now: datetime) -> list[Lane]:
    owners = bays() if by == "bay" else technicians()
    here = set() if by == "bay" else set(ShiftEntry.objects.filter(stopped_at=None).values_list("staff_id", flat=True))
    lanes = {owner.pk: Lane(owner, here=owner.pk in here) for owner in owners}
    for job in of_day:
        place = window.place(*_drawn(job, window))
        if not place:
            continue
        late = job.state in LIVE and job.planned.upper < now
        for owner, percent in _owners(job, by):
            lane = lanes.setdefault(owner.pk, Lane(owner))
            lane.blocks.append(Block(job, *place, late=late, percent=percent, not_begun=_not_begun(job, now)))
    if by == "technician":
        for lane in lanes.values():
            spans = [window.place(row.during.lower, row.during.upper) for row in lane.owner.leaves.all()]
            lane.away = [span for span in spans if span]
    return list(lanes.values())


def _drawn(job: Job, window: Window) -> tuple[datetime, datetime]:
    """Planned time; of what is finished the time it really took, so that what was done sooner leaves its lane free."""
    took = job.started_at, job.finished_at
    if job.state == JobState.DONE and window.place(*took):
        return took
    return job.planned.lower, job.planned.upper


def _not_begun(job: Job, now: datetime) -> bool:
    return job.state == JobState.DISPATCHED and now - job.planned.lower >= LATE_START


def _owners(job: Job, by: str) -> list[tuple[Staff | Bay, int]]:
    """Whose lanes a job is drawn in; helpers with their share."""
    if by == "bay":
        return [(job.bay, 0)] if job.bay else []
    return [(job.technician, 0), *((share.technician, share.percent) for share in job.shares.all())]
