"""One carrying-out of a checklist: started, filled (also bit by bit), completed. A run keeps the version it began with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from journal.domain import record
from standards import queries
from standards.choices import ChecklistUse, ItemKind, ItemState
from standards.events import RunCompleted
from standards.models import Checklist, ChecklistItem, ChecklistRun, ItemResult
from stores.models import Staff

Result = Mapping[str, object]


@transaction.atomic
def record_run(
    *,
    use: ChecklistUse | str,
    visit_id: int,
    results: Mapping[int, Result],
    by: Staff,
    round: int = 1,
    checklist: Checklist | None = None,
) -> ChecklistRun:
    """Start, fill and complete a run in one go, for a form that is sent as a whole. Errors as for the three."""
    run = start_run(use=use, visit_id=visit_id, by=by, round=round, checklist=checklist)
    fill(run, results, by=by)
    return complete(run, by=by)


@transaction.atomic
def start_run(
    *, use: ChecklistUse | str, visit_id: int, by: Staff, round: int = 1, checklist: Checklist | None = None
) -> ChecklistRun:
    """Begin the list in force for a visit, or go on with the run that was begun in this round and is not completed.

    `checklist`: the version the person's form was made from, if a new one was published meanwhile. DomainError when
    the store has no list in force.
    """
    begun = (
        ChecklistRun.objects.filter(visit_ref=visit_id, round=round, completed_at=None, checklist__use=use)
        .select_related("checklist")
        .order_by("-id")
        .first()
    )
    if begun and (checklist is None or begun.checklist_id == checklist.pk):
        return begun
    checklist = checklist or queries.in_force(use)
    if checklist.use != use or checklist.published_at is None:
        raise DomainError(_("This version of the checklist is not in force."), code="not_in_force")
    return ChecklistRun.objects.create(
        store_id=checklist.store_id, checklist=checklist, visit_ref=visit_id, round=round, by=by, started_at=clock.now()
    )


@transaction.atomic
def fill(run: ChecklistRun, results: Mapping[int, Result], *, by: Staff) -> ChecklistRun:
    """Write what was found: `{item id: {"state": "ok"|"fail"|"na", "value": Decimal|None, "note": str}}`.

    Items not named keep what they have; an empty state takes a result away again. DomainError for an item of another
    list or an unknown state, Conflict once the run is completed.
    """
    run = _lock(run)
    items = {item.pk: item for item in run.checklist.items.all()}
    if set(results) - set(items):
        raise DomainError(
            _("The checklist has changed since this page was opened. Reload it; your entries are kept."),
            code="items_changed",
        )
    known = {row.item_id: row for row in run.results.all()}
    new, changed, gone = [], [], []
    for item_id, result in results.items():
        row = known.get(item_id)
        if not result.get("state"):
            gone += [row.pk] if row else []
            continue
        target = row or ItemResult(store_id=run.store_id, run=run, item=items[item_id])
        _write(target, result)
        (changed if row else new).append(target)
    ItemResult.objects.bulk_create(new)
    ItemResult.objects.bulk_update(changed, ["state", "value", "note"])
    if gone:
        ItemResult.objects.filter(pk__in=gone).delete()
    if run.by_id != by.pk:
        # Who filled it last answers for it: an inspection's run is its inspector's.
        run.by = by
        run.save(update_fields=["by"])
    return run


def _write(row: ItemResult, result: Result) -> None:
    state, value = result.get("state"), result.get("value")
    if state not in ItemState.values:
        raise DomainError(_("Choose one of the answers."), code="state_unknown")
    row.state = str(state)
    row.value = None if value in (None, "") else Decimal(str(value))
    row.note = str(result.get("note") or "").strip()[:200]


@transaction.atomic
def complete(run: ChecklistRun, *, by: Staff) -> ChecklistRun:
    """Close a run for good. DomainError that names the required items still empty, and measured values outside their
    range without a note; completing twice is refused (Conflict).

    Items for new-energy cars are required as soon as one of them is filled: then the car has such a drive.
    """
    run = _lock(run)
    found = queries.results(run)
    items = list(run.checklist.items.order_by("position"))
    electric = any(item.new_energy_only and item.pk in found for item in items)
    missing = [
        i for i in items if i.required and (electric or not i.new_energy_only) and not _answered(i, found.get(i.pk))
    ]
    if missing:
        raise DomainError(_("Still to be filled: %(items)s.") % {"items": _names(missing)}, code="missing")
    odd = [row.item for row in found.values() if outside(row) and not row.note]
    if odd:
        raise DomainError(
            _("Outside the range, so a note is needed: %(items)s.") % {"items": _names(odd)}, code="out_of_range"
        )
    run.completed_at = clock.now()
    run.save(update_fields=["completed_at"])
    evt = RunCompleted(
        use=run.checklist.use,
        version=run.checklist.version,
        round=run.round,
        failures=sum(row.state == ItemState.FAIL for row in found.values()),
    )
    record(evt, store_id=run.store_id, subject=run, visit_id=run.visit_ref, by=by)
    return run


def outside(row: ItemResult) -> bool:
    """Whether a measured value lies outside its item's range (the limits themselves are inside)."""
    if row.value is None or row.state == ItemState.NA:
        return False
    low, high = row.item.low, row.item.high
    return (low is not None and row.value < low) or (high is not None and row.value > high)


def _answered(item: ChecklistItem, row: ItemResult | None) -> bool:
    if row is None:
        return False
    if row.state == ItemState.NA:
        return item.kind != ItemKind.TEXT
    if item.kind == ItemKind.VALUE:
        return row.value is not None
    return bool(row.note) if item.kind == ItemKind.TEXT else True


def _names(items: list[ChecklistItem]) -> str:
    return _(", ").join(item.name for item in items)


def _lock(run: ChecklistRun) -> ChecklistRun:
    run = ChecklistRun.objects.select_for_update(of=("self",), no_key=True).select_related("checklist").get(pk=run.pk)
    if run.completed_at:
        raise Conflict(_("This checklist is completed already."), code="completed")
    return run
