"""Lock order: the visit, then its settlement list, then payments, approvals and the gate pass."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import Conflict
from core.stages import Stage
from orders.models import Settlement
from visits import domain as visits
from visits.models import Visit


def lock_list(settlement: Settlement) -> tuple[Visit, Settlement]:
    """Visit and list, fresh and locked: whoever takes money meanwhile waits, so that a balance read here stays true.

    Conflict if the car is not at checkout or a newer list replaced this one.
    """
    visit = visits.lock(settlement.visit_id)
    settlement = visit.settlements.select_for_update(of=("self",), no_key=True).get(pk=settlement.pk)
    if visit.stage != Stage.CHECKOUT:
        raise Conflict(
            _("This car is at “%(stage)s”; money is taken and given back at checkout.")
            % {"stage": Stage(visit.stage).label},
            code="stage",
        )
    if settlement.superseded_at:
        raise Conflict(
            _("A newer settlement list replaced this one; reload and use that one."),
            code="superseded",
        )
    return visit, settlement
