"""Filled checklists for tests: everything in order unless items are said to fail."""

from __future__ import annotations

from decimal import Decimal

from standards import domain as standards
from standards import queries
from standards.choices import ChecklistUse, ItemKind
from standards.models import ChecklistItem, ChecklistRun
from stores.models import Staff
from visits.models import Visit


def good_results(use: ChecklistUse | str, *, fail: int = 0) -> dict[int, dict]:
    """{item id: result} with everything in order; the first `fail` tick items are not."""
    results = {}
    for item in queries.items(queries.in_force(use), new_energy=False):
        results[item.pk] = _good(item)
        if fail and item.kind == ItemKind.CHECK:
            results[item.pk] = {"state": "fail", "value": None, "note": "未到位"}
            fail -= 1
    return results


def _good(item: ChecklistItem) -> dict:
    value = None
    if item.kind == ItemKind.VALUE:
        value = item.low if item.low is not None else item.high
        value = Decimal(1) if value is None else value
    return {"state": "ok", "value": value, "note": "正常" if item.kind == ItemKind.TEXT else ""}


def filled_run(
    visit: Visit, use: ChecklistUse | str, by: Staff, *, fail: int = 0, complete: bool = True
) -> ChecklistRun:
    """A run of the visit's round filled by `by`, completed unless told otherwise."""
    run = standards.start_run(use=use, visit_id=visit.pk, by=by, round=visit.round)
    standards.fill(run, good_results(use, fail=fail), by=by)
    return standards.complete(run, by=by) if complete else run


def posted(use: ChecklistUse | str, *, prefix: str = "list", fail: int = 0) -> dict[str, str]:
    """The same as a form posts it (`standards.forms.ChecklistForm`)."""
    data = {f"{prefix}-checklist": str(queries.in_force(use).pk)}
    for item_id, result in good_results(use, fail=fail).items():
        base = f"{prefix}-checks-{item_id}"
        data |= {
            f"{base}-state": result["state"],
            f"{base}-value": "" if result["value"] is None else str(result["value"]),
            f"{base}-note": result["note"],
        }
    return data
