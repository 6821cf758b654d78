"""Reads of the parts counter: what a line still needs, what is asked for, what is in stock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from catalogue.models import Part
from orders.models import LinePart
from repairs.choices import PartRequestStatus
from repairs.models import Job, PartRequest

OPEN = [PartRequestStatus.REQUESTED, PartRequestStatus.ORDERED]
NOTHING = Decimal(0)


@dataclass(frozen=True)
class PartState:
    """One material row of a line: how much of it the technician has, and how much is asked for."""

    line_part: LinePart
    issued: Decimal
    asked: Decimal
    request: PartRequest | None  # the open one

    @property
    def to_ask(self) -> Decimal:
        """What is neither issued nor asked for; the customer's own parts are not the counter's matter."""
        if self.line_part.brought_by_customer:
            return NOTHING
        return max(self.line_part.quantity - self.issued - self.asked, NOTHING)

    @property
    def missing(self) -> Decimal:
        """What the technician does not have in hand yet."""
        return NOTHING if self.line_part.brought_by_customer else max(self.line_part.quantity - self.issued, NOTHING)


def state_of(line_part: LinePart, requests: Iterable[PartRequest]) -> PartState:
    """Counts a material row's requests; a return takes away from what was issued."""
    issued = asked = NOTHING
    open_request = None
    for request in requests:
        if request.status == PartRequestStatus.ISSUED:
            issued += request.quantity
        elif request.status == PartRequestStatus.RETURNED:
            issued -= request.quantity
        elif request.status in OPEN:
            asked += request.quantity
            open_request = request
    return PartState(line_part, issued, asked, open_request)


def parts_of(job: Job) -> list[PartState]:
    """The material of a job's line with its requests; two queries."""
    rows = LinePart.objects.filter(line=job.line_id).select_related("part").prefetch_related("requests")
    return [state_of(row, row.requests.all()) for row in rows]


def _requests() -> QuerySet[PartRequest]:
    return PartRequest.objects.select_related(
        "line_part__part",
        "job__technician",
        "job__bay",
        "job__line__visit__vehicle",
        "requested_by",
        "issued_by",
    )


def open_requests() -> QuerySet[PartRequest]:
    """What technicians wait for, the customer who waits first, then by promised time."""
    return (
        _requests()
        .filter(status__in=OPEN)
        .order_by(
            "-job__line__visit__waiting",
            "job__line__visit__promised_at",
            "requested_at",
            "id",
        )
    )


def returned_quantity(request: PartRequest) -> Decimal:
    """How much of an issued request came back; reads `request.returned.all()`."""
    return sum((row.quantity for row in request.returned.all()), NOTHING)


def issued_since(since) -> QuerySet[PartRequest]:
    """What the counter handed out, newest first, with what came back of it; material still in the workshop can be returned."""
    return (
        _requests()
        .filter(status=PartRequestStatus.ISSUED, issued_at__gte=since)
        .prefetch_related("returned")
        .order_by("-issued_at", "-id")
    )


def stock(text: str = "") -> QuerySet[Part]:
    """Active parts by number or name, those that are out first."""
    rows = Part.objects.filter(active=True)
    if text := text.strip():
        rows = rows.filter(Q(number__icontains=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text))
    return rows.order_by("stock", "number")


def holds_parts(job: Job) -> bool:
    """Material was issued to the job and has not come back."""
    requests = list(job.part_requests.all())
    issued = sum((r.quantity for r in requests if r.status == PartRequestStatus.ISSUED), NOTHING)
    back = sum(
        (r.quantity for r in requests if r.status == PartRequestStatus.RETURNED),
        NOTHING,
    )
    return issued > back
