"""Honest advice: added work that was sold, and what it rested on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from orders.choices import ConsentState, LineKind, LineOrigin
from orders.models import Line, LinePhoto
from repairs.models import Finding
from visits.choices import Origin


@dataclass(frozen=True)
class Advisor:
    """What one advisor sold beside the first estimate: how many items, and how many of them without anything found."""

    name: str
    sold: int
    unfounded: int


def sold(since: datetime) -> QuerySet[Line]:
    """Added work that customers agreed to since then, each with `founded`: a finding of the workshop with a picture or a reading.

    Without a finding nobody in the workshop said that it is needed; a finding without picture and reading is only a word.
    """
    found = Exists(Finding.objects.filter(line=OuterRef("pk")))
    seen = Exists(LinePhoto.objects.filter(line=OuterRef("pk"))) | Q(measured__isnull=False)
    return (
        Line.objects.filter(
            origin=LineOrigin.ADDED,
            kind=LineKind.JOB,
            consent_state=ConsentState.APPROVED,
            consent__at__gte=since,
            visit__origin=Origin.LIVE,
        )
        .annotate(found=found)
        .annotate(founded=Q(found=True) & seen)
        .select_related("visit__vehicle", "visit__advisor", "found_by", "consent")
        .order_by("-consent__at", "-pk")
    )


def unfounded(since: datetime) -> QuerySet[Line]:
    """Of these, what was sold on nobody's finding, or on a word alone."""
    return sold(since).filter(founded=False)


def replaced_in_range(since: datetime) -> QuerySet[Line]:
    """Agreed work on something whose reading was in range, with the reason that was given."""
    within = (Q(measured_low=None) | Q(measured__gte=F("measured_low"))) & (
        Q(measured_high=None) | Q(measured__lte=F("measured_high"))
    )
    known = Q(measured__isnull=False) & ~Q(measured_low=None, measured_high=None)
    return (
        Line.objects.filter(
            known & within, consent_state=ConsentState.APPROVED, consent__at__gte=since, visit__origin=Origin.LIVE
        )
        .select_related("visit__vehicle", "visit__advisor", "found_by", "consent")
        .order_by("-consent__at", "-pk")
    )


def by_advisor(since: datetime) -> list[Advisor]:
    """Each advisor's added work, the most unfounded first; read as a question, not as a verdict."""
    counts: dict[str, list[int]] = {}
    for name, founded in sold(since).values_list("visit__advisor__name", "founded"):
        row = counts.setdefault(name or "–", [0, 0])
        row[0] += 1
        row[1] += not founded
    rows = [Advisor(name, *row) for name, row in counts.items()]
    return sorted(rows, key=lambda row: (-row.unfounded, -row.sold, row.name))
