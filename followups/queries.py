"""Which customers have to be called, and what one has to know before dialling."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate

from complaints.models import Case, Voice
from followups.choices import CallState
from followups.models import CallAttempt, FollowUpCall
from stores.choices import RoleCode
from stores.models import Staff, Store
from visits.models import Need, Visit


def open_calls(*, assigned_to: Staff | None = None) -> QuerySet[FollowUpCall]:
    """Calls to make, the earliest due first, with what a row of the queue tells."""
    calls = (
        FollowUpCall.objects.filter(state=CallState.OPEN)
        .select_related("visit__vehicle", "visit__customer", "visit__advisor", "assigned_to")
        .prefetch_related(Prefetch("visit__needs", Need.objects.order_by("pk"), to_attr="asked_for"))
        .annotate(tries=Count("attempts"))
        .order_by("due_at", "next_try_at", "pk")
    )
    return calls.filter(assigned_to=assigned_to) if assigned_to else calls


def ended_calls() -> QuerySet[FollowUpCall]:
    """Calls that are over, the newest first."""
    return (
        FollowUpCall.objects.exclude(state=CallState.OPEN)
        .select_related(
            "visit__vehicle",
            "visit__customer",
            "visit__advisor",
            "assigned_to",
            "case",
        )
        .annotate(tries=Count("attempts"))
        .order_by("-completed_at", "-pk")
    )


def with_file() -> QuerySet[FollowUpCall]:
    """Calls with everything the call page shows: visit, needs, work, handover, attempts, cases and voices."""
    return FollowUpCall.objects.select_related(
        "visit__vehicle",
        "visit__customer",
        "visit__advisor",
        "visit__handover",
        "visit__store",
        "visit__response",
        "visit__invitation",
        "assigned_to",
        "case",
    ).prefetch_related(
        Prefetch("attempts", CallAttempt.objects.select_related("by")),
        Prefetch("visit__needs", Need.objects.order_by("pk"), to_attr="asked_for"),
        Prefetch("visit__lines", to_attr="all_lines"),
        Prefetch("visit__cases", Case.objects.order_by("pk"), to_attr="all_cases"),
        Prefetch("visit__voices", Voice.objects.order_by("pk"), to_attr="all_voices"),
    )


def promise_kept(visit: Visit) -> bool | None:
    """Whether the first promised time was kept; None where nothing was promised."""
    if visit.first_promised_at is None or visit.ready_at is None:
        return None
    return visit.ready_at <= visit.first_promised_at


def days_tried(call: FollowUpCall, store: Store) -> int:
    """On how many different days of the store the customer was tried."""
    return call.attempts.annotate(day=TruncDate("at", tzinfo=store.tz)).values("day").distinct().count()


def next_caller(visit: Visit) -> Staff | None:
    """The person of customer relations with the fewest open calls who did not serve the customer himself."""
    return (
        Staff.objects.filter(role__code=RoleCode.CUSTOMER_RELATIONS, active=True)
        .exclude(pk=visit.advisor_id)
        .annotate(busy=Count("follow_ups", filter=Q(follow_ups__state=CallState.OPEN)))
        .order_by("busy", "pk")
        .first()
    )


def first_try(released_at: datetime, due_at: datetime) -> datetime:
    """When to try first: a day after the car left, when the customer has driven it, and never after the call is due."""
    return min(released_at + timedelta(hours=24), due_at)
