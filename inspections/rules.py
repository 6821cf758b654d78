"""Who may inspect what: three levels, three people (domain.md 1.3, F7)."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.choices import Level
from orders.choices import Risk
from standards.choices import ItemState
from standards.models import ChecklistItem
from stores.models import Staff

COLOURS = {
    ItemState.OK: gettext_lazy("Green"),
    ItemState.WATCH: gettext_lazy("Yellow"),
    ItemState.FAIL: gettext_lazy("Red"),
}
RISK = {ItemState.FAIL: Risk.SAFETY, ItemState.WATCH: Risk.ADVISED}

PERMISSION = {
    Level.SELF: "inspections.self",
    Level.CROSS: "inspections.cross",
    Level.FINAL: "inspections.final",
}


def waits_for(level: Level, *, main: Staff | None) -> str:
    """Whose turn a level is, as a sentence for those whose it is not."""
    if level == Level.SELF and main:
        return _("Waits for %(name)s, the main technician.") % {"name": main.name}
    return {
        Level.SELF: _("Waits for a technician who worked on it."),
        Level.CROSS: _("Waits for another technician or the controller."),
        Level.FINAL: _("Waits for an inspector."),
    }[level]


def refusal(
    staff: Staff,
    level: Level,
    *,
    main: Staff | None,
    workers: set[int],
    inspected_by: dict[int, int],
) -> str:
    """Why this person may not do this level now, as a sentence; empty if he may.

    `main` is the technician the self-check belongs to (None: nobody worked, or he has left), `workers` the ids of all who
    worked on the car in any round, `inspected_by` who inspected which level of this round (level -> staff id).
    """
    if not staff.may(PERMISSION[level]):
        return _("Your role does not do the %(level)s.") % {"level": level.label}
    for done, person in inspected_by.items():
        if person == staff.pk:
            return _("You did the %(level)s of this car; somebody else has to do the next one.") % {
                "level": Level(done).label
            }
    if level == Level.SELF and main and main.pk != staff.pk:
        return _("The self-check belongs to the main technician, %(name)s.") % {"name": main.name}
    if level == Level.SELF and workers and not main and staff.pk not in workers:
        return _("The self-check belongs to somebody who worked on this car.")
    if level == Level.FINAL and staff.pk in workers:
        return _("You worked on this car; another inspector has to pass it.")
    return ""


def light_of(item: ChecklistItem, value: Decimal) -> ItemState:
    """The colour of a measured value: red beyond the limits, yellow beyond the narrower ones; a limit itself is inside."""
    if _beyond(value, item.low, item.high):
        return ItemState.FAIL
    return ItemState.WATCH if _beyond(value, item.watch_low, item.watch_high) else ItemState.OK


def _beyond(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


def limits_of(item: ChecklistItem) -> str:
    """The limits of red and yellow as people write them: "≥ 3 (yellow < 5) mm"; empty without any."""
    said = []
    for sign, red, yellow, beyond in (("≥", item.low, item.watch_low, "<"), ("≤", item.high, item.watch_high, ">")):
        if red is not None:
            near = (
                ""
                if yellow is None
                else " " + _("(yellow %(sign)s %(limit)s)") % {"sign": beyond, "limit": _figure(yellow)}
            )
            said.append(f"{sign} {_figure(red)}{near}")
    return f"{', '.join(said)} {item.unit}".strip() if said else ""


def _figure(number: Decimal) -> str:
    return format(Decimal(number).normalize(), "f")
