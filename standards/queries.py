"""Reads of checklists: what is in force, what an inspector fills, what was not in order."""

from __future__ import annotations

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from core.errors import DomainError
from standards.choices import ChecklistUse, ItemState
from standards.models import Checklist, ChecklistItem, ChecklistRun, ItemResult


def in_force(use: ChecklistUse | str) -> Checklist:
    """The published version of the scope's store for `use`. DomainError when the store has none."""
    checklist = Checklist.objects.filter(use=use, published_at__isnull=False, retired_at=None).first()
    if checklist is None:
        raise DomainError(
            _("The store has no checklist in force for “%(use)s”. A manager has to publish one.")
            % {"use": ChecklistUse(use).label},
            code="no_checklist",
        )
    return checklist


def items(checklist: Checklist, *, new_energy: bool | None = None) -> list[ChecklistItem]:
    """Items in their order. `new_energy=False` leaves out those for new-energy cars only; None means all."""
    rows = checklist.items.order_by("position")
    return list(rows.filter(new_energy_only=False) if new_energy is False else rows)


def results(run: ChecklistRun) -> dict[int, ItemResult]:
    """{item id: result} of a run, with the items."""
    return {row.item_id: row for row in run.results.select_related("item").order_by("item__position")}


def failures(run: ChecklistRun) -> list[ItemResult]:
    """Results that are not in order, with their items, in the list's order."""
    return list(run.results.filter(state=ItemState.FAIL).select_related("item").order_by("item__position"))


def run_of(visit_id: int, use: ChecklistUse | str, *, round: int | None = None) -> ChecklistRun | None:
    """The newest run of a checklist for a visit (in a round of rework, where given)."""
    rows = ChecklistRun.objects.filter(visit_ref=visit_id, checklist__use=use).select_related("checklist", "by")
    if round is not None:
        rows = rows.filter(round=round)
    return rows.order_by("-round", "-id").first()


def overview() -> QuerySet[Checklist]:
    """All versions of the scope, newest first within each use, with how many items and runs they have."""
    return Checklist.objects.annotate(
        item_count=Count("items", distinct=True), run_count=Count("runs", distinct=True)
    ).order_by("use", "-version")


def draft_of(use: ChecklistUse | str) -> Checklist | None:
    """The version somebody is working on and that is not in force yet."""
    return Checklist.objects.filter(use=use, published_at=None).order_by("-version").first()


def newest_version(use: ChecklistUse | str) -> int:
    return Checklist.objects.filter(use=use).aggregate(newest=Max("version"))["newest"] or 0
