"""The traffic-light inspection: measured and looked at, coloured by its limits, and proposed with one tap.

Green is in order, yellow is due soon, red has to be done; each item knows the operation that mends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from inspections import queries, rules
from inspections.events import LightProposed, LightsFilled
from inspections.models import Light
from journal.domain import record
from orders import domain as orders
from orders.models import Line
from repairs import domain as repairs
from standards import domain as standards
from standards import queries as standard_queries
from standards.choices import ChecklistUse, ItemState
from standards.models import Checklist, ChecklistItem, ChecklistRun, ItemResult
from stores.models import Staff
from visits import domain as visits
from visits.choices import PhotoKind
from visits.models import Visit

STAGES = (Stage.RECEPTION, Stage.REPAIR)
PERMISSION = "repairs.propose"


@transaction.atomic
def save_lights(
    visit: Visit,
    *,
    results: Mapping[int, Mapping],
    by: Staff,
    photos: Mapping[int, UploadedFile] | None = None,
    finish: bool = False,
    checklist: Checklist | None = None,
) -> ChecklistRun:
    """Keep what was looked at so far; `finish` completes the list.

    `results` is {item id: {state, value, note}}: a measured value gives its own colour, and cannot be called better than it
    is. `photos` is {item id: picture}. Conflict once the list is finished or the car has left the workshop.
    """
    visit = visits.lock(visit)
    _guard(visit, by)
    if (last := queries.lights_run(visit)) and last.completed_at:
        raise Conflict(_("The traffic-light inspection of this visit is finished."), code="finished")
    run = standards.start_run(use=ChecklistUse.LIGHTS, visit_id=visit.pk, by=by, round=visit.round, checklist=checklist)
    items = {item.pk: item for item in run.checklist.items.all()}
    coloured = {key: _coloured(items[key], result) for key, result in results.items() if key in items}
    _keep_proposed(run, coloured)
    standards.fill(run, coloured, by=by)
    _keep_photos(visit, run, photos or {}, by)
    if finish:
        run = standards.complete(run, by=by)
    counts = queries.light_counts(run)
    record(
        LightsFilled(counts["ok"], counts["warn"], counts["fail"], finish, by.pk),
        store_id=visit.store_id,
        subject=run,
        visit_id=visit.pk,
        by=by,
    )
    return run


def _guard(visit: Visit, by: Staff) -> None:
    if not by.may(PERMISSION):
        raise NotAllowed(_("Your role does not do the traffic-light inspection."))
    if visit.stage not in STAGES:
        raise Conflict(
            _("This car is at “%(stage)s”; it is looked at in the workshop.") % {"stage": Stage(visit.stage).label},
            code="stage",
        )


def _coloured(item: ChecklistItem, result: Mapping) -> dict:
    value, state, note = result.get("value"), result.get("state") or "", str(result.get("note") or "").strip()
    if value in (None, "") or state == ItemState.NA:
        return {"state": state, "value": None, "note": note}
    value = Decimal(str(value))
    measured = rules.light_of(item, value)
    order = [ItemState.OK, ItemState.WATCH, ItemState.FAIL]
    if state and order.index(ItemState(state)) < order.index(measured):
        raise DomainError(
            _("%(item)s: %(value)s is “%(measured)s” by its limits.")
            % {"item": item.name, "value": f"{value} {item.unit}", "measured": rules.COLOURS[measured]},
            code="better_than_measured",
        )
    state = state or measured
    # A value outside the limits is explained by the limits themselves.
    return {"state": state, "value": value, "note": note or (rules.limits_of(item) if state == ItemState.FAIL else "")}


def _keep_proposed(run: ChecklistRun, results: dict[int, dict]) -> None:
    """What was proposed to the customer stays as he is told it."""
    told = Light.objects.filter(result__run=run, line__isnull=False).select_related("result")
    for light in told:
        new = results.get(light.result.item_id)
        if new and (new["state"], new["value"]) != (light.result.state, light.result.value):
            results.pop(light.result.item_id)


def _keep_photos(visit: Visit, run: ChecklistRun, photos: Mapping[int, UploadedFile], by: Staff) -> None:
    found = standard_queries.results(run)
    for item_id, upload in photos.items():
        if (result := found.get(item_id)) is None:
            continue
        photo = visits.store_photo(
            visit, kind=PhotoKind.FINDING, upload=upload, by=by, caption=f"{result.item.name} {result.note}".strip()
        )
        Light.objects.update_or_create(
            result=result, defaults={"store_id": visit.store_id, "visit": visit, "photo": photo}
        )


@transaction.atomic
def propose_light(result: ItemResult, *, by: Staff) -> Line:
    """Propose the added item that mends a yellow or red item, with its measured value and picture. A second tap finds the
    first one's line. DomainError for a green item; Conflict outside the workshop."""
    visit = visits.lock(result.run.visit_ref)
    _guard(visit, by)
    result = ItemResult.objects.select_related("item__operation", "run").get(pk=result.pk)
    if result.state not in rules.RISK:
        raise DomainError(_("This item is in order; there is nothing to propose."), code="green")
    light, _made = Light.objects.get_or_create(result=result, defaults={"store_id": visit.store_id, "visit": visit})
    if light.line_id:
        return light.line
    risk = rules.RISK[ItemState(result.state)]
    line = repairs.propose(
        visit,
        by=by,
        risk=risk,
        title="" if result.item.operation_id else result.item.name,
        operation=result.item.operation,
        concern=_words(result),
        measured=_measured(result),
        replace_reason=_reason(result),
    )
    if light.photo_id:
        orders.attach_photo(line, light.photo)
    light.line = line
    light.save(update_fields=["line"])
    record(
        LightProposed(result.item_id, line.pk, str(risk)),
        store_id=visit.store_id,
        subject=light,
        visit_id=visit.pk,
        by=by,
    )
    return line


def _measured(result: ItemResult) -> orders.Measured | None:
    """The value beside the limits of green, so that replacing what is in order has to be explained."""
    item = result.item
    if result.value is None:
        return None
    low = item.low if item.watch_low is None else item.watch_low
    high = item.high if item.watch_high is None else item.watch_high
    return orders.Measured(result.value, item.unit, low, high)


def _reason(result: ItemResult) -> str:
    """Called worse than its value says: what was noted is why."""
    called = result.value is not None and rules.light_of(result.item, result.value) == ItemState.OK
    return result.note if called else ""


def _words(result: ItemResult) -> str:
    """What the customer reads: the item, its measured value beside the limits, and what was noted."""
    item, limits = result.item, rules.limits_of(result.item)
    said = item.name
    if result.value is not None:
        said += f" {format(result.value.normalize(), 'f')} {item.unit}".rstrip()
        said += f" ({limits})" if limits else ""
    return f"{said}; {result.note}" if result.note and result.note != limits else said
