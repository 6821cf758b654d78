"""Reads of work that is done outside the house."""

from __future__ import annotations

from django.db.models import QuerySet

from core.stages import Stage
from orders.models import Line
from repairs.choices import SubletState
from repairs.models import Sublet


def live_sublet(line: Line) -> Sublet | None:
    """The supplier who has a line right now, if any."""
    return Sublet.objects.filter(line=line, state=SubletState.OUT).first()


def outside() -> QuerySet[Sublet]:
    """Everything that is outside now, what is due back first."""
    return (
        Sublet.objects.filter(state=SubletState.OUT, line__visit__stage=Stage.REPAIR)
        .select_related("line__visit__vehicle", "sent_by")
        .order_by("due_at", "pk")
    )
