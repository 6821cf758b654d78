"""Whom to call, what he is told, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, DateField, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, TruncMonth

from catalogue.models import Operation
from core import clock
from core.money import money
from customers.choices import ConsentChannel, Purpose
from customers.models import Consent, Customer
from messaging.choices import MessageStatus
from messaging.models import Message
from orders.models import Line
from outreach.choices import LIVE, CallOutcome, TaskKind, TaskState
from outreach.models import NightRun, Policy, Task
from stores.models import Store
from surveys import statistics
from visits.models import Visit

# Success is a booking, or a visit, within so many days of the contact (招揽成功率, domain.md 2).
SUCCESS_DAYS = 30
# Prices are told as what others paid, if enough of them did.
PRICE_LINES, PRICE_SAMPLE = 20, 500
_NOT_SENT = (MessageStatus.FAILED, MessageStatus.CANCELLED, MessageStatus.SUPPRESSED)


def policy(store: Store) -> Policy:
    """The store's rules of reminders; the defaults, unsaved, until somebody changes them."""
    return Policy.objects.filter(store=store).first() or Policy(store=store)


# --- Before somebody is written to or called ------------------------------------------------------------------------------


def allowed_channels(customer_ids: Collection[int]) -> dict[int, set[str]]:
    """{customer: channels by which he agreed to reminders}; the newest word on each channel counts, none means no."""
    rows = Consent.objects.filter(customer__in=customer_ids, purpose=Purpose.MARKETING)
    newest = rows.order_by("customer", "channel", "-at", "-id").distinct("customer", "channel")
    allowed: dict[int, set[str]] = {}
    for row in newest:
        if row.allowed:
            allowed.setdefault(row.customer_id, set()).add(row.channel)
    return allowed


def written_lately(customer_ids: Collection[int], *, since: datetime) -> dict[int, int]:
    """{customer: reminders and offers written to him since}, without those that never left."""
    rows = Message.objects.filter(customer__in=customer_ids, purpose=Purpose.MARKETING, created_at__gte=since)
    return dict(rows.exclude(status__in=_NOT_SENT).values_list("customer").annotate(Count("pk")).order_by())


def sent_before(message: Message, *, since: datetime) -> int:
    """How many reminders and offers went to the customer of `message` since, this one not counted. Of two that are being
    handed over at the same moment the older one goes first."""
    others = Message.objects.filter(customer=message.customer_id, purpose=Purpose.MARKETING).exclude(pk=message.pk)
    gone = Q(status__in=(MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.UNKNOWN))
    going = Q(status=MessageStatus.SENDING, pk__lt=message.pk)
    return others.filter(gone | going, Q(sent_at__gte=since) | Q(sent_at=None, created_at__gte=since)).count()


def is_expected_or_here(vehicle_id: int) -> bool:
    """Whether the car is booked or in the house."""
    return Visit.objects.filter(vehicle=vehicle_id, ended_at=None, released_at=None).exists()


@dataclass(frozen=True)
class Offer:
    """What is due, as the customer is told: standard hours, and the price as a range (equal ends: one price)."""

    operation: Operation
    hours: Decimal
    low: Decimal
    high: Decimal

    @property
    def price(self) -> str:
        return f"{self.low:.0f}" if f"{self.low:.0f}" == f"{self.high:.0f}" else f"{self.low:.0f}–{self.high:.0f}"


def offers(store: Store, operation_ids: Iterable[int]) -> dict[int, Offer]:
    """{operation: offer}. The range holds 80 % of the newest 500 bills for it; with fewer than 20 it is the list price."""
    found = {}
    operations = Operation.objects.filter(pk__in=list(operation_ids)).prefetch_related("parts__part")
    for operation in operations:
        listed = money(
            operation.hours * store.hour_rate
            + sum((u.quantity * u.part.price for u in operation.parts.all()), Decimal(0))
        )
        low, high = _paid_for(store, operation.pk) or (listed, listed)
        found[operation.pk] = Offer(operation, operation.hours, low, high)
    return found


def _paid_for(store: Store, operation_id: int) -> tuple[Decimal, Decimal] | None:
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT count(*), percentile_disc(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY paid) FROM (
                SELECT labour + material AS paid FROM orders_line
                 WHERE store_id = %s AND operation_id = %s AND consent_state = 'approved' AND pay_type = 'customer'
                   AND labour + material > 0 ORDER BY id DESC LIMIT %s) AS newest
            """,
            [store.pk, operation_id, PRICE_SAMPLE],
        )
        count, ends = sql.fetchone()
    return (money(ends[0]), money(ends[1])) if count >= PRICE_LINES else None


# --- The call list ----------------------------------------------------------------------------------------------------


def live() -> QuerySet[Task]:
    return Task.objects.filter(state__in=LIVE)


def to_call(today: date) -> QuerySet[Task]:
    """Reminders to be called now: their day has come, nobody asked for a later hour, and the customer takes such calls.
    The longest due first, of equal ones the best customer."""
    due = live().filter(Q(next_try_at=None) | Q(next_try_at__lte=clock.now()), call_on__lte=today)
    return _with_rows(_callable(due)).order_by("call_on", "-value", "pk")


def waiting(today: date) -> QuerySet[Task]:
    """Live reminders whose call lies ahead, or who may only be written to."""
    now_due = _callable(live().filter(Q(next_try_at=None) | Q(next_try_at__lte=clock.now()), call_on__lte=today))
    return _with_rows(live().exclude(pk__in=now_due.values("pk"))).order_by("call_on", "pk")


def booked() -> QuerySet[Task]:
    return _with_rows(Task.objects.filter(state=TaskState.BOOKED)).order_by("-booked_at", "-pk")


def over() -> QuerySet[Task]:
    return _with_rows(Task.objects.exclude(ended_at=None)).order_by("-ended_at", "-pk")


def _callable(tasks: QuerySet[Task]) -> QuerySet[Task]:
    said = Consent.objects.filter(
        customer=OuterRef("customer"), purpose=Purpose.MARKETING, channel=ConsentChannel.PHONE
    )
    return tasks.alias(may_call=Subquery(said.order_by("-at", "-id").values("allowed")[:1])).filter(may_call=True)


def _with_rows(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("vehicle", "customer", "operation", "message", "appointment").annotate(
        tries=Count("attempts"), tried_at=Max("attempts__at")
    )


def with_file() -> QuerySet[Task]:
    """Reminders with everything the call page shows."""
    rows = Task.objects.select_related(
        "vehicle", "customer", "operation", "message", "appointment__advisor", "appointment__visit", "visit", "store"
    )
    return rows.prefetch_related("attempts__by")


def last_stays(task: Task, limit: int = 4) -> list[Visit]:
    """The car's last visits with their lines, newest first."""
    rows = Visit.objects.filter(vehicle=task.vehicle_id, released_at__isnull=False).select_related("advisor")
    return list(rows.prefetch_related("lines").order_by("-released_at")[:limit])


def declined_lines(task: Task, limit: int = 5) -> list[Line]:
    """Work the customer declined earlier: a reason to mention it when he comes."""
    rows = Line.objects.filter(visit__vehicle=task.vehicle_id, consent_state="declined").select_related("visit")
    return list(rows.order_by("-pk")[:limit])


def days_tried(task: Task, store: Store) -> int:
    """On how many different days of the store the customer was not reached."""
    missed = task.attempts.filter(outcome__in=(CallOutcome.NO_ANSWER, CallOutcome.OFF, CallOutcome.WRONG))
    return len({clock.local_day(store.tz, at) for at in missed.values_list("at", flat=True)})


def next_to_call(task: Task, today: date) -> Task | None:
    """Whom to call after this one."""
    return to_call(today).exclude(pk=task.pk).first()


# --- What came of it --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Success:
    """Customers truly reached, and how many of them booked and came within 30 days; with the rate's 95 % interval."""

    month: date
    kind: str
    reached: int
    booked: int
    came: int
    low: float
    high: float
    settled: bool  # thirty days have passed since the month's last contact

    @property
    def label(self) -> str:
        return TaskKind(self.kind).label

    @property
    def enough(self) -> bool:
        """Whether a rate may be read out of so few (domain.md 3.5)."""
        return self.reached >= statistics.HIDDEN_BELOW

    @property
    def rate(self) -> float:
        return self.booked / self.reached


def success(*, since: date, until: date, store: Store) -> list[Success]:
    """Per month of the contact and kind. A reminder counts once, a booking too: it belongs to one reminder."""
    within = timedelta(days=SUCCESS_DAYS)
    reached = Task.objects.filter(contacted_at__isnull=False).annotate(
        month=Cast(TruncMonth("contacted_at", tzinfo=store.tz), DateField())
    )
    rows = (
        reached.filter(month__gte=since.replace(day=1), month__lte=until)
        .values("month", "kind")
        .annotate(
            reached=Count("pk"),
            booked=Count("pk", filter=Q(booked_at__gte=F("contacted_at"), booked_at__lte=F("contacted_at") + within)),
            came=Count("pk", filter=Q(came_at__gte=F("contacted_at"), came_at__lte=F("contacted_at") + within)),
        )
        .order_by("-month", "kind")
    )
    settled = (until - within).replace(day=1)
    return [Success(**row, **_interval(row["booked"], row["reached"]), settled=row["month"] < settled) for row in rows]


def _interval(k: int, n: int) -> dict[str, float]:
    low, high = statistics.wilson(k, n)
    return {"low": float(low), "high": float(high)}


@dataclass(frozen=True)
class Error:
    """How well the due dates were forecast: mean absolute and mean error in days (positive: cars came later)."""

    n: int
    absolute: float
    mean: float


def forecast_error(*, since: datetime) -> Error | None:
    """Day of arrival minus the forecast due date, over cars that came after a service reminder; None without any."""
    tasks = Task.objects.filter(kind=TaskKind.MAINTENANCE, state=TaskState.DONE, came_at__gte=since)
    days = [(clock.local_day(t.store.tz, t.came_at) - t.due_on).days for t in tasks.select_related("store")[:20_000]]
    if not days:
        return None
    return Error(len(days), sum(map(abs, days)) / len(days), sum(days) / len(days))


def nights(limit: int = 14) -> QuerySet[NightRun]:
    return NightRun.objects.order_by("-night")[:limit]


def of_customer(customer: Customer) -> QuerySet[Task]:
    """Reminders of a customer, newest first, for his file."""
    return Task.objects.filter(customer=customer).select_related("vehicle", "operation").order_by("-created_at")
