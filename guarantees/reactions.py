"""Counters follow the order and the inspection; the radar looks whenever a car arrives or something is put on its order."""

from __future__ import annotations

from core.stages import Stage
from guarantees import domain as guarantees
from guarantees.models import GuaranteeRepair
from journal.reactions import reacts_to
from orders.choices import PayType
from orders.events import LineAdded, LineApproved, LineChanged
from orders.models import Line
from reception.events import CheckedIn
from visits.events import NeedAdded, StageEntered


@reacts_to(LineApproved, LineChanged, StageEntered, CheckedIn, since="beginning", name="guarantees.keep")
def keep(event) -> None:
    """A repair begins with the customer's word on a line the maker pays, and ends with the passed final inspection."""
    known = GuaranteeRepair.objects.filter(visit=event.visit_id).exists()
    if known or Line.objects.filter(visit=event.visit_id, pay_type=PayType.WARRANTY).exists():
        guarantees.keep(event.visit_id)


@reacts_to(StageEntered, NeedAdded, LineAdded, LineChanged, CheckedIn, name="guarantees.radar")
def radar(event) -> None:
    """What was said or ordered may be an earlier repair that did not hold. Before the car is there nobody can tell."""
    if event.name == StageEntered.event_name and event.data["stage"] != Stage.RECEPTION:
        return
    guarantees.look(event.visit_id)
