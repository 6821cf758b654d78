"""What staff see across the apps: the homes' lists, the board, the visit page's parts, search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django_scopes import scopes_disabled

from complaints import queries as complaints
from complaints.models import Case
from core import clock
from core.stages import IN_STORE, Stage
from customers.models import Vehicle
from customers.queries import search as customer_search
from followups.choices import CallState
from followups.models import FollowUpCall
from journal.models import SetAside
from messaging.choices import MessageStatus
from messaging.models import Message
from orders.models import ConsentPack
from reception.models import CheckIn, Greeting
from repairs.choices import PartRequestStatus
from repairs.models import PartRequest
from repairs.queries.risks import risks
from stores.access import in_stores
from stores.models import Staff, Store
from visits.choices import Origin
from visits.models import Visit

RISK = timedelta(minutes=30)  # domain.md 1.2: a delay is told at least 30 minutes before the promised time
BOARD_STAGES = (Stage.BOOKING, *IN_STORE)


def _open_pack(visit_ref: str = "pk") -> Exists:
    return Exists(ConsentPack.objects.filter(visit=OuterRef(visit_ref), superseded_at=None, decided_at=None))


def _seen_to() -> Exists:
    """Somebody has turned to the customer: greeted him, or walked around the car with him."""
    of_visit = {"visit": OuterRef("pk")}
    return Exists(Greeting.objects.filter(**of_visit)) | Exists(CheckIn.objects.filter(**of_visit))


def day_bounds(store: Store, *, days: int = 0) -> tuple[datetime, datetime]:
    """Start and end of the store's local day, `days` from today."""
    local = clock.now().astimezone(store.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    start = local + timedelta(days=days)
    return start, start + timedelta(days=1)


def board_visits(store: Store) -> QuerySet[Visit]:
    """Cars in the store and cars expected until tonight, with what a card shows. One query."""
    _start, tonight = day_bounds(store)
    return (
        Visit.objects.filter(ended_at=None, stage__in=BOARD_STAGES)
        .exclude(stage=Stage.BOOKING, due_in_at__gte=tonight)
        .select_related("vehicle", "customer", "advisor")
        .annotate(asked=_open_pack())
        .order_by("promised_at", "due_in_at", "id")
    )


BOARD_STATE = """
    SELECT count(*), sum(version), max(stage_since), max(next_update_due_at), max(id),
        (SELECT count(*) FROM orders_consentpack WHERE store_id = %(store)s AND superseded_at IS NULL AND decided_at IS NULL),
        (SELECT max(id) FROM orders_consentpack WHERE store_id = %(store)s AND superseded_at IS NULL AND decided_at IS NULL)
    FROM visits_visit WHERE store_id = %(store)s AND ended_at IS NULL AND stage = ANY(%(stages)s)
"""


def board_state(store: Store) -> str:
    """A text that changes whenever the board would: one statement over the open visits.

    Every screen asks for it every few seconds, so it is written out: building it took longer than answering it.
    """
    with connection.cursor() as cursor:
        cursor.execute(BOARD_STATE, {"store": store.pk, "stages": [str(stage) for stage in BOARD_STAGES]})
        seen = cursor.fetchone()
    # Promises run out without anybody writing a row, so the half minute is part of the state.
    half_minute = int(clock.now().timestamp()) // 30
    return "-".join(str(part) for part in (store.pk, *seen, half_minute))


def lanes(store: Store) -> list[dict]:
    """The board: a lane per stage from booking to checkout, each with its visits, the nearest promise first."""
    by_stage = defaultdict(list)
    for visit in with_risks(store, board_visits(store)):
        by_stage[visit.stage].append(visit)
    return [{"stage": stage, "label": stage.label, "visits": by_stage[stage]} for stage in BOARD_STAGES]


def with_risks(store: Store, visits: Iterable[Visit]) -> list[Visit]:
    """The visits, each that is promised and in danger with its `risk`; a fixed number of queries more."""
    visits = list(visits)
    found = risks(store, visits)
    for visit in visits:
        visit.risk = found.get(visit.pk)
    return visits


# --- Homes ---------------------------------------------------------------------------------------------------------


def _parts_here() -> Exists:
    """What was ordered for the car has arrived and is not in the workshop yet."""
    arrived = PartRequest.objects.filter(status=PartRequestStatus.REQUESTED, arrived_at__isnull=False)
    return Exists(arrived.filter(job__line__visit=OuterRef("pk")))


def advisor_day(advisor: Staff) -> dict[str, list[Visit]]:
    """The advisor's open cars by what they wait for; a car may stand in several lists."""
    now = clock.now()
    _start, tonight = day_bounds(advisor.store)
    lists: dict[str, list[Visit]] = defaultdict(list)
    mine = (
        Visit.objects.filter(ended_at=None, advisor=advisor)
        .exclude(stage=Stage.FOLLOW_UP)
        .exclude(stage=Stage.BOOKING, due_in_at__gte=tonight)
        .select_related("vehicle", "customer", "advisor")
        .annotate(asked=_open_pack(), greeted=_seen_to(), parts_here=_parts_here())
        .order_by("promised_at", "due_in_at", "id")
    )
    for visit in with_risks(advisor.store, mine):
        if visit.stage == Stage.BOOKING:
            lists["arriving"].append(visit)
            continue
        if visit.stage == Stage.RECEPTION:
            lists["waiting"].append(visit)
        if visit.stage == Stage.HANDOVER:
            lists["handover"].append(visit)
        near = visit.promised_at and not visit.ready_at and visit.promised_at - RISK <= now
        if near or visit.risk:
            lists["at_risk"].append(visit)
        if visit.next_update_due_at and visit.next_update_due_at <= now:
            lists["silence"].append(visit)
        if visit.asked:
            lists["asked"].append(visit)
        if visit.parts_here:
            lists["parts_here"].append(visit)
        lists["all"].append(visit)
    return lists


def arrivals(store: Store, *, days: int = 0) -> list[Visit]:
    """Booked cars of a day that have not arrived, by time."""
    start, end = day_bounds(store, days=days)
    return list(
        Visit.objects.filter(stage=Stage.BOOKING, due_in_at__gte=start, due_in_at__lt=end)
        .select_related("vehicle", "customer", "advisor")
        .order_by("due_in_at", "id")
    )


def calls_due(staff: Staff, *, limit: int = 50) -> list[FollowUpCall]:
    return list(
        FollowUpCall.objects.filter(state=CallState.OPEN, next_try_at__lte=clock.now())
        .exclude(visit__advisor=staff)
        .select_related("visit__vehicle", "visit__customer", "visit__advisor", "assigned_to")
        .order_by("due_at", "id")[:limit]
    )


def open_cases(*, severities: list[str] | None = None, limit: int = 50) -> list[Case]:
    """As in the inbox: whoever waits for his first answer on top, then the nearest clock."""
    cases = complaints.open_cases()
    if severities:
        cases = cases.filter(severity__in=severities)
    return list(cases[:limit])


def store_today(store: Store) -> dict[str, int]:
    """The store in a few figures, today and right now. Numerators and denominators are kept apart."""
    return stores_today([store])[store.pk]


def stores_today(stores: list[Store]) -> dict[int, dict[str, int]]:
    """`store_today` of several stores by store id, in the scope of all of them: two queries for each time zone."""
    figures = {}
    zones = defaultdict(list)
    for store in stores:
        zones[store.zone].append(store)
    for those in zones.values():
        today, here = _today_figures(*day_bounds(those[0])), _now_figures(*day_bounds(those[0]))
        ids = [store.pk for store in those]
        live = _by_store(Visit.objects.filter(origin=Origin.LIVE, store__in=ids), today)
        now = _by_store(Visit.objects.filter(ended_at=None, store__in=ids), here)
        nothing = dict.fromkeys((*today, *here), 0)
        figures |= {pk: nothing | live.get(pk, {}) | now.get(pk, {}) for pk in ids}
    return figures


def _by_store(rows: QuerySet, figures: dict[str, Count]) -> dict[int, dict[str, int]]:
    counted = rows.order_by().values("store_id").annotate(**figures)
    return {row.pop("store_id"): row for row in counted}


def _today_figures(start: datetime, tonight: datetime) -> dict[str, Count]:
    promised = Q(first_promised_at__gte=start, first_promised_at__lt=tonight)
    return {
        "arrived": Count("id", filter=Q(arrived_at__gte=start, arrived_at__lt=tonight)),
        "released": Count("id", filter=Q(released_at__gte=start, released_at__lt=tonight)),
        "promised": Count("id", filter=promised & Q(ready_at__isnull=False)),
        "kept": Count("id", filter=promised & Q(ready_at__lte=F("first_promised_at"))),
    }


def _now_figures(start: datetime, tonight: datetime) -> dict[str, Count]:
    now = clock.now()
    open_promise = Q(ready_at=None, stage__in=IN_STORE)
    return {
        "in_store": Count("id", filter=Q(stage__in=IN_STORE)),
        "expected": Count("id", filter=Q(stage=Stage.BOOKING, due_in_at__gte=start, due_in_at__lt=tonight)),
        "late": Count("id", filter=open_promise & Q(promised_at__lt=now)),
        "at_risk": Count("id", filter=open_promise & Q(promised_at__gte=now, promised_at__lt=now + RISK)),
        "silent": Count("id", filter=Q(next_update_due_at__lte=now)),
    }


def late_visits(store: Store) -> list[Visit]:
    """Cars in the store whose promise is late, runs out within the risk time, or will not hold as things stand."""
    rows = (
        Visit.objects.filter(ended_at=None, stage__in=IN_STORE, ready_at=None, promised_at__isnull=False)
        .select_related("vehicle", "customer", "advisor")
        .annotate(asked=_open_pack())
        .order_by("promised_at", "id")
    )
    soon = clock.now() + RISK
    return [visit for visit in with_risks(store, rows) if visit.risk or visit.promised_at < soon]


def stores_of(user) -> list[dict]:
    """Each store of a group manager with its day."""
    with scopes_disabled():
        rows = list(Staff.objects.filter(user=user, active=True).select_related("store").order_by("store__code"))
    stores = [row.store for row in rows]
    with in_stores([store.pk for store in stores]):
        figures = stores_today(stores)
    return [{"store": store, "today": figures[store.pk]} for store in stores]


# --- Search --------------------------------------------------------------------------------------------------------


def search(text: str, *, limit: int = 12) -> list[dict]:
    """Rows for the search list: cars first by what was typed (plate tail, VIN end), then by their owner; each leads to
    the car's open visit, else its newest one, else the customer. {url, plate, name, detail, icon}."""
    vehicles = customer_search(text, limit=limit)
    visits = newest_visits([vehicle.pk for vehicle in vehicles])
    return [_result(vehicle, visits.get(vehicle.pk)) for vehicle in vehicles]


def newest_visits(vehicle_ids: list[int]) -> dict[int, Visit]:
    """The newest visit of each car."""
    rows = (
        Visit.objects.filter(vehicle_id__in=vehicle_ids)
        .order_by("vehicle_id", "-opened_at", "-id")
        .distinct("vehicle_id")
        .only("id", "vehicle_id", "number", "stage", "ended_at")
    )
    return {visit.vehicle_id: visit for visit in rows}


def _result(vehicle: Vehicle, visit: Visit | None) -> dict:
    owner = vehicle.owner
    if visit:
        url, detail = (
            reverse("desk:visit", args=[visit.pk]),
            f"{visit.number} · {visit.get_stage_display()}",
        )
    elif owner:
        url, detail = reverse("desk:customer", args=[owner.pk]), ""
    else:
        url, detail = reverse("desk:search") + f"?q={vehicle.plate or vehicle.vin}", ""
    return {
        "url": url,
        "plate": vehicle.plate,
        "name": " · ".join(filter(None, [owner.name if owner else "", owner.masked_phone if owner else ""])),
        "detail": " · ".join(filter(None, [vehicle.title, vehicle.vin[-6:], detail])),
        "icon": "car-front",
        "open": bool(visit and visit.is_open),
    }


# --- Set aside -----------------------------------------------------------------------------------------------------


def set_aside(store: Store) -> dict:
    """Unsettled events of this store with the reaction that failed, and messages nobody got."""
    return {
        "asides": list(SetAside.objects.filter(store_id=store.pk, resolved_at=None).order_by("-last_at")[:100]),
        "failed_messages": list(
            Message.objects.filter(status__in=[MessageStatus.FAILED, MessageStatus.UNKNOWN]).order_by("-created_at")[
                :50
            ]
        ),
    }


def aside_of_store(pk: int, store: Store) -> SetAside | None:
    return SetAside.objects.filter(pk=pk, store_id=store.pk).first()
