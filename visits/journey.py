"""The journey of a visit as one table: where a stage leads, who may leave it, and the gate that must be open.

Gates are dotted paths into higher apps: `gate(visit) -> list of sentences that say what is missing` (empty = open).
This is the only place where the spine names its stages' apps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.module_loading import import_string

from core.stages import Stage


@dataclass(frozen=True)
class Way:
    """One way out of a stage. `permissions`: any one of them suffices; `gate`: dotted path or None; `by_customer`: the
    customer himself may take it (his link); `needs_reason`: it ends or repeats something, so it says why."""

    to: Stage
    permissions: tuple[str, ...]
    gate: str | None = None
    by_customer: bool = False
    needs_reason: bool = False

    def blockers(self, visit) -> list[str]:
        """Sentences that say what is missing; empty when the gate is open."""
        return list(self.check(visit)) if self.gate else []

    @property
    def check(self) -> Callable:
        return import_string(self.gate)


JOURNEY: dict[Stage, tuple[Way, ...]] = {
    Stage.BOOKING: (
        Way(Stage.RECEPTION, ("reception.check_in",), "appointments.gates.leave_booking"),
        Way(Stage.CANCELLED, ("visits.cancel",), by_customer=True, needs_reason=True),
        Way(
            Stage.NO_SHOW,
            ("visits.cancel",),
            "appointments.gates.be_no_show",
            needs_reason=True,
        ),
    ),
    Stage.RECEPTION: (
        Way(Stage.REPAIR, ("reception.check_in",), "reception.gates.leave_reception"),
        Way(Stage.LEFT_WITHOUT_SERVICE, ("reception.check_in",), needs_reason=True),
    ),
    Stage.REPAIR: (
        Way(
            Stage.INSPECTION,
            ("repairs.work", "repairs.dispatch"),
            "repairs.gates.leave_repair",
        ),
        Way(
            Stage.LEFT_WITHOUT_SERVICE,
            ("reception.check_in",),
            "repairs.gates.leave_without_service",
            needs_reason=True,
        ),
    ),
    Stage.INSPECTION: (
        Way(Stage.WASH, ("inspections.final",), "inspections.gates.leave_inspection"),
        Way(
            Stage.REPAIR,
            ("inspections.self", "inspections.cross", "inspections.final"),
            "inspections.gates.send_back",
            needs_reason=True,
        ),
    ),
    Stage.WASH: (
        Way(
            Stage.HANDOVER,
            ("inspections.wash", "inspections.check_wash", "inspections.waive_wash"),
            "inspections.gates.leave_wash",
        ),
    ),
    Stage.HANDOVER: (Way(Stage.CHECKOUT, ("handover.hand_over",), "handover.gates.leave_handover"),),
    Stage.CHECKOUT: (Way(Stage.FOLLOW_UP, ("checkout.gate",), "checkout.gates.leave_checkout"),),
    Stage.FOLLOW_UP: (Way(Stage.CLOSED, ("followups.call",), "followups.gates.leave_follow_up"),),
    Stage.CLOSED: (),
    Stage.CANCELLED: (),
    Stage.NO_SHOW: (),
    Stage.LEFT_WITHOUT_SERVICE: (),
}


def way(stage: str, to: str) -> Way | None:
    """The way from `stage` to `to`, or None if there is none."""
    return next((w for w in JOURNEY[Stage(stage)] if w.to == to), None)


def next_way(stage: str) -> Way | None:
    """The regular way on; None at an end."""
    return next(iter(JOURNEY[Stage(stage)]), None)


def all_ways() -> list[tuple[Stage, Way]]:
    return [(stage, w) for stage, ways in JOURNEY.items() for w in ways]
