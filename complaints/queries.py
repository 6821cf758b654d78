"""Reads of cases and of what customers said."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Reverse

from complaints.choices import CaseState, VoiceKind
from complaints.models import Case, Voice
from core import clock
from core.plates import is_plate, normalise_plate
from core.stages import Stage
from customers.models import Vehicle
from stores.models import Staff
from visits.models import Visit

# What somebody says today is about a visit of these days; older ones are another story.
RECENT = timedelta(days=183)
# Fewer characters of a plate would find a different car every time.
SHORTEST_TAIL = 3


def inbox(*, owner: Staff | None = None) -> QuerySet[Case]:
    """Open cases by their clock: unanswered ones first, the nearest due time on top."""
    cases = (
        Case.objects.filter(state=CaseState.OPEN)
        .select_related("owner", "customer", "vehicle", "visit")
        .annotate(signals=Count("voices"))
        .order_by(
            F("first_response_at").asc(nulls_first=True),
            F("first_response_due_at").asc(nulls_last=True),
            "opened_at",
            "pk",
        )
    )
    return cases.filter(owner=owner) if owner else cases


def closed_cases() -> QuerySet[Case]:
    """Closed cases, the newest first."""
    return (
        Case.objects.filter(state=CaseState.CLOSED)
        .select_related("owner", "customer", "vehicle", "visit")
        .annotate(signals=Count("voices"))
        .order_by("-closed_at", "-pk")
    )


def with_file(pk_filter: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """Cases with everything their page shows: people, car, visit, voices and log."""
    cases = Case.objects.all() if pk_filter is None else pk_filter
    return cases.select_related("owner", "customer", "vehicle", "visit", "visit__advisor").prefetch_related(
        Prefetch(
            "voices",
            Voice.objects.select_related("taken_by", "about").order_by("at", "pk"),
        ),
        "entries__by",
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
